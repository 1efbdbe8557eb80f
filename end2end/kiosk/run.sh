#!/usr/bin/env bash
# Tries the supervisor of the kiosk's browser with a real Chromium, without a screen: a page that works, one that loops for
# ever, a renderer that is killed, a browser that is killed, one that has come nowhere, and hours without light. One that answers in pieces is played.
set -euo pipefail
cd "$(dirname "$0")"
command -v chromium >/dev/null || { echo "kiosk: chromium is missing: make setup-test"; exit 1; }
work=$(mktemp -d)
kiosk=
trap '[ -z "$kiosk" ] || kill "$kiosk" 2>/dev/null || true; rm -rf "$work"' EXIT
printf '<title>well</title><p>A page that works' >"$work/well.html"
# It works for a moment, then it does not.
printf '<title>loop</title><script>setTimeout(() => { for (;;); }, 5000)</script>' >"$work/loop.html"
passed=0 failed=0
told() { # NAME WORDS: ok if the supervisor's log has the words in time
    local until=$((SECONDS + 120))
    until grep -q "$2" "$work/log"; do
        [ $SECONDS -lt $until ] || { echo "not ok $1"; sed 's/^/# | /' "$work/log" | tail -n 5; failed=$((failed + 1)); return; }
        sleep 0.1
    done
    echo "ok $1"
    passed=$((passed + 1))
}
supervise() { # PAGE URL
    : >"$work/log"
    KIOSK_URL=$2 KIOSK_EVERY=1 KIOSK_PATIENCE=5 KIOSK_PROFILE=$work/$1.profile XDG_RUNTIME_DIR=$work \
        ../../packaging/kiosk headless >"$work/log" 2>&1 &
    kiosk=$!
}
start() { # PAGE
    supervise "$1" "file://$work/$1.html"
    told "the page \`$1\` is shown" "the page is shown"
}
ended() { # NAME: ok if the supervisor ended with 1, so that systemd starts it anew, and left no browser behind
    local code=0
    wait "$kiosk" || code=$?
    kiosk=
    # What the browser has started ends by itself soon after it; on a box systemd sees to that.
    local until=$((SECONDS + 60))
    while [ $SECONDS -lt $until ] && pgrep -f "user-data-dir=$work" >/dev/null; do sleep 0.1; done
    if [ $code = 1 ] && ! pgrep -f "user-data-dir=$work" >/dev/null; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "not ok $1 (code $code)"
        failed=$((failed + 1))
    fi
}
# The renderers of this test's browser: the page is one of them.
renderers() { for id in $(pgrep -f "user-data-dir=$work"); do if grep -aq -- --type=renderer "/proc/$id/cmdline"; then echo "$id"; fi; done; }

start loop
told "a page that loops for ever is noticed" "has not answered"
ended "and the browser is ended"
start well
# More than once: on a busy machine the page may come up in a renderer that was not there at first.
for _ in 1 2 3; do renderers | xargs -r kill -KILL; sleep 2; done
told "a renderer that was killed is noticed" "has not answered\|shows no page"
ended "and the browser is ended"
start well
kill -KILL "$(pgrep -P "$kiosk" -f "user-data-dir=$work" | head -n 1)"
told "a browser that was killed is noticed" "has ended"
ended "and the supervisor ends"

# A browser that stands somewhere else answers as well as one that shows the page: it is sent there. (Its own page of an error, and an empty one.)
supervise late "file://$work/late.html"
told "a browser that shows an error is sent anew" "sending it anew"
echo '<title>late</title>' >"$work/late.html"
told "and the page is shown when it is there" "the page is shown"
kill "$kiosk"
wait "$kiosk" || true
supervise empty about:blank
told "a browser that stays empty is sent anew" "sending it anew"
kill "$kiosk"
wait "$kiosk" || true
kiosk=

# On a busy box a message may come in two pieces, with the end of the second for which the supervisor listens between them.
mkdir "$work/slow"
cat >"$work/slow/chromium" <<'BROWSER'
#!/usr/bin/env bash
while IFS= read -r -d '' question <&3; do
    number=${question#*\"id\":}
    case $question in
        *getTargets*) result='{"targetInfos":[{"targetId":"A","type":"page","url":"http://cellar/"}]}' ;;
        *attachToTarget*) result='{"sessionId":"B"}' ;;
        *) result='{"result":{"type":"number","value":0}}' ;;
    esac
    printf '{"id":%s,' "${number%%,*}" >&4
    sleep 1.3
    printf '"result":%s}\0' "$result" >&4
done
BROWSER
chmod +x "$work/slow/chromium"
PATH=$work/slow:$PATH supervise slow http://cellar/
told "an answer that comes in two pieces is heard" "the page is shown"
kill "$kiosk"
wait "$kiosk" || true
kiosk=

# In the dark hours: no light, a touch brings it back and presses nothing, then it is dark again.
cat >"$work/dark.html" <<'PAGE'
<title>dark</title><button style="position:fixed;inset:0" onclick="for (;;);">drunk</button>
<script>
let touched = false;
setInterval(() => {
  if (touched || !document.getElementById("kiosk-dark")) return;
  touched = true;
  const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  at.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  at.click();
}, 500);
</script>
PAGE
printf '#!/bin/sh\necho "screen $1" >>%s/screen\n' "$work" >"$work/switch"
chmod +x "$work/switch"
export KIOSK_AWAKE=2 KIOSK_SCREEN=$work/switch
KIOSK_DARK=$(date -d '-1 minute' +%H:%M)-$(date -d '+20 minutes' +%H:%M)
export KIOSK_DARK
start dark
told "the light goes out" "dark until $KIOSK_DARK"
told "a touch brings it back" "the screen is on"
: >"$work/log"
told "and it goes out again: the touch has pressed nothing" "dark until"
kill "$kiosk"
wait "$kiosk" || true
kiosk=
if [ "$(paste -sd' ' "$work/screen")" = "screen off screen on screen off screen on" ]; then
    echo "ok no screen stays dark without somebody to light it"
    passed=$((passed + 1))
else
    echo "not ok no screen stays dark without somebody to light it: $(paste -sd' ' "$work/screen")"
    failed=$((failed + 1))
fi
for wrong in 23-6 25:00-06:00 23:00; do
    code=0
    KIOSK_DARK=$wrong ../../packaging/kiosk headless 2>"$work/log" || code=$?
    if [ $code = 2 ] && grep -q KIOSK_DARK "$work/log"; then passed=$((passed + 1)); else echo "not ok KIOSK_DARK=$wrong is refused"; failed=$((failed + 1)); fi
done
printf '%s passed, %s failed\n' $passed $failed
[ $failed = 0 ]
