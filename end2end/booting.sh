# Sourced by the tests that boot a Debian (boot, pi, screen), after env.sh: what they are told, and what they tell. $test is the test's name.
die() { printf '%s: %s\n' "$test" "$*" >&2; exit 1; }
program=$CARGO_TARGET_DIR/release/winecellar site=$CARGO_TARGET_DIR/release/site

# take ARGUMENT...: sets $program, $site, and $suite where the test has one, each by an option of its name.
take() {
    local known='--program FILE and --site DIR'
    [ -z "${suite:-}" ] || known="--suite bookworm|trixie, $known"
    while [ $# -gt 0 ]; do
        [[ $1 = --* && " $known" = *" $1 "* ]] || die "unknown option $1; there are $known"
        [ $# -gt 1 ] || die "$1 needs something behind it; there are $known"
        printf -v "${1#--}" %s "$2"
        shift 2
    done
}

# layer NAME MINUTES FOLDER: a throw-away layer $work for a container, in which the checks of FOLDER run at each boot, for so long at most,
# and a folder $logs for what they say.
layer() {
    logs=$CARGO_TARGET_DIR/$1
    rm -rf "$logs"
    mkdir -p "$logs"
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/winecellar-$test.XXXXXX")
    trap 'cp "$work"/upper/probe/*.log "$logs/" 2>/dev/null || true; rm -rf "$work"' EXIT
    local units=$work/upper/etc/systemd/system
    # A journal that outlives the reboots.
    mkdir -p "$work"/{upper/probe,work,root} "$units/multi-user.target.wants" "$work/upper/var/log/journal"
    cp "$root"/end2end/boot/guest/{check,probe}.sh "$work/upper/probe/"
    cp "$3"/*.sh "$work/upper/probe/"
    sed "s/^RuntimeMaxSec=.*/RuntimeMaxSec=$2min/" "$root/end2end/boot/guest/probe.service" >"$units/probe.service"
    ln -s ../probe.service "$units/multi-user.target.wants/"
    # A login prompt would take the console away from the checks.
    ln -s /dev/null "$units/console-getty.service"
    # A machine that is not being set up.
    tr -d - </proc/sys/kernel/random/uuid >"$work/upper/etc/machine-id"
}

# live SECONDS OPTION...: boots $lower with the layer over it, tells what the checks said, and fails where one did.
live() {
    local started=$SECONDS took failed passed
    timeout --kill-after=10 "$1" "$root/end2end/container.sh" "$lower" "$work" --timezone=off "${@:2}" >"$logs/console.log" 2>&1 || true
    took=$((SECONDS - started))
    journalctl --no-pager --output=short-precise --directory="$work/upper/var/log/journal" >"$logs/journal.log" 2>/dev/null || true
    grep -aE '^ *(ok|not ok|#) ' "$logs/console.log" | tr -d '\r' || true
    failed=$(grep -acE '^ *not ok ' "$logs/console.log") || true
    passed=$(grep -acE '^ *ok ' "$logs/console.log") || true
    grep -aq '^probe: done' "$logs/console.log" || die "the guest did not come to its end; its last words are in $logs/console.log"
    printf '%s passed, %s failed, in %s s; logs in %s\n' "$passed" "$failed" "$took" "$logs"
    [ "$failed" = 0 ]
}
