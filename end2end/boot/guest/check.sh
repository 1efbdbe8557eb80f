# The words of the checks.

# check NAME COMMAND...: says ok or not ok; what a failed command printed follows as remarks.
check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok $name"
    else
        echo "not ok $name"
        printf '%s\n' "$said" | tail -n 20 | sed 's/^/# | /'
    fi
}

# within SECONDS COMMAND...: asks again until the command succeeds.
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || { echo "still not after the time: $*"; "$@"; return 1; }
        sleep 0.1
    done
}

not() { ! "$@"; }
prop() { systemctl show --property="$2" --value "$1"; } # UNIT PROPERTY
is() { [ "$1" = "$2" ] || { echo "is \`$1\`, wanted \`$2\`"; return 1; }; }
has() { case $1 in *"$2"*) ;; *) echo "\`$2\` is not in: $1"; return 1 ;; esac; }

ready() { curl -sf -o /dev/null http://127.0.0.1:8000/readyz; }
page() { curl -sf "http://127.0.0.1:8000$1" "${@:2}"; }
book() { sqlite3 -readonly /var/lib/winecellar/cellar.db "$1"; }
is_activating() { [ "$(systemctl is-active "$1")" = activating ]; }
is_waiting() { [ "$(prop "$1" SubState)" = waiting ]; }
is_failed() { [ "$(systemctl is-active "$1")" = failed ]; }
is_inactive() { [ "$(systemctl is-active "$1")" = inactive ]; }
asked_for_a_picture() { pgrep -u winecellar -f '/var/lib/winecellar/camera$'; }
settings() { # KEY=VALUE: set in shared.env, in place of what was there
    sed -i "/^${1%%=*}=/d" /etc/winecellar/shared.env
    printf '%s\n' "$1" >>/etc/winecellar/shared.env
}
