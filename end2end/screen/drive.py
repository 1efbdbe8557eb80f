"""The screen test from outside: waits for what systemd starts, and looks at the output. Called by run.sh.
drive.py MONITOR AGENT FOLDER WIDTH HEIGHT"""
import sys
import time

from machine import Machine

monitor, agent, folder = sys.argv[1:4]
size = tuple(map(int, sys.argv[4:6]))
# Emulated, a start of the browser takes minutes.
patience = 900
# Of pixels; letters' edges come out the same, a cursor of 16 by 16 does not pass.
ALIKE = 40
started, failures = time.monotonic(), 0


def check(name, good, remark=""):
    global failures
    failures += not good
    print(f"{'ok' if good else 'not ok'} {name} ({time.monotonic() - started:.0f} s){'' if good or not remark else chr(10) + '# | ' + str(remark)}", flush=True)
    return good


def within(seconds, ask):
    """The first answer that counts, or the last one."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(3)


def box(points):
    return "none" if not points else f"{len(points)} pixels in x {min(x for x, _ in points)}..{max(x for x, _ in points)}, y {min(y for _, y in points)}..{max(y for _, y in points)}"


machine = Machine(monitor, agent, folder)
machine.until(b"::ready\n", 400)
print(f"# the guest is up after {time.monotonic() - started:.0f} s", flush=True)


def words(command):
    return machine.do(command)[1].strip()


def journal(text):
    return int(words(f"journalctl -b -u winecellar-kiosk.service --no-pager --output=cat | grep -c '{text}' || true") or 0)


def wait_for_page(times):
    """The supervisor has found its page for so many times, and the page is alive."""
    return within(patience, lambda: journal("the page is shown") >= times) and within(
        300, lambda: machine.page("document.readyState === 'complete' && !document.querySelector('.idle')") is True
    )


def is_drawn_whole(name, what):
    """What the browser has painted is on the output, all of it and nothing else: no corner is left black, no cursor lies on it."""
    tries, until = 4, time.monotonic() + 180
    while True:
        shown = machine.still(name)
        painted = machine.painted()
        if painted is None:
            # A page that is being loaded anew has no picture: this slow, its watchdog takes it for one that does not come alive.
            if time.monotonic() > until:
                return check(what, False, "the browser gave no picture")
            time.sleep(3)
            continue
        if (painted.width, painted.height) != (shown.width, shown.height):
            return check(what, False, f"painted {painted.width}x{painted.height}, shown {shown.width}x{shown.height}")
        other = shown.differs(painted)
        tries -= 1
        if len(other) <= ALIKE:
            break
        if not tries:
            painted.save(f"{folder}/{name}-painted.png")
            break
    return check(what, len(other) <= ALIKE, f"differs: {box(other)}; see {name}.png and {name}-painted.png")


def middle(selector):
    """Where an element of the page is."""
    return machine.page(f"(() => {{ const e = document.querySelector('{selector}'); if (!e) return null; const b = e.getBoundingClientRect(); return [Math.round(b.x + b.width / 2), Math.round(b.y + b.height / 2)]; }})()")


def leads(name, hand, selector, path):
    """A tap on a link opens its page; a screen that has dimmed meanwhile takes the first one to wake up."""
    before = machine.still()
    here = None
    for _ in range(3):
        at = middle(selector)
        if not isinstance(at, list):
            return check(name, False, f"no {selector} on the page: {at}")
        hand(*at)
        here = within(60, lambda: machine.page("location.pathname") == path)
        if here:
            break
    after = machine.still(path.strip("/") or "home-again")
    changed = len(after.differs(before))
    return check(name, bool(here) and changed > 1000, f"at {machine.page('location.pathname')}, {changed} pixels changed")


try:
    print("# " + words("dpkg-query -W -f '${Package} ${Version}, ' cage chromium systemd libwlroots10 2>/dev/null; uname -r"), flush=True)
    check("systemd starts the cellar", within(300, lambda: machine.do("curl -sf -o /dev/null http://127.0.0.1:8000/readyz")[0] == 0))
    check("systemd starts the kiosk, and its browser shows a page", wait_for_page(1), words("systemctl status --no-pager -n 30 winecellar-kiosk.service"))
    shown = machine.screen("first")
    check("the output has the size of the screen", (shown.width, shown.height) == size, (shown.width, shown.height))
    inner = machine.page("[innerWidth, innerHeight, devicePixelRatio]")
    check("the page has all of it", inner == [*size, 1], inner)
    is_drawn_whole("home", "the page is on the whole output, and nothing else is: no cursor")
    ground = machine.screen("colours").at(size[0] - 5, size[1] - 5)
    check("it is in the dark colours", max(ground) < 60, ground)
    leads("a finger opens the rack", machine.finger, 'a[href="/rack"]', "/rack")
    is_drawn_whole("rack-whole", "the rack is on the whole output, and no cursor after the touch")

    starts = journal("the page is shown")
    words("pkill -KILL -o -u kiosk chromium")
    check("its browser killed, the kiosk comes back", wait_for_page(starts + 1), words("systemctl status --no-pager -n 30 winecellar-kiosk.service"))
    is_drawn_whole("after-kill", "and covers the whole output again")

    machine.tell("device_add", driver="usb-tablet", bus="usb.0", id="mouse")
    time.sleep(10)
    leads("a mouse that is plugged in opens the rack", lambda x, y: machine.pointer(x, y, size, press=True), 'a[href="/rack"]', "/rack")
    machine.still("mouse")
    machine.tell("device_del", id="mouse")
    time.sleep(10)
    is_drawn_whole("mouse-gone", "its cursor goes with it")

    now = int(words("date +%s"))
    hours = "-".join(time.strftime("%H:%M", time.gmtime(now + minutes * 60)) for minutes in (-5, 60))
    starts = journal("the page is shown")
    words(f"printf 'KIOSK_DARK={hours}\\nKIOSK_AWAKE=30\\n' >>/etc/winecellar/kiosk.env; systemctl restart --no-block winecellar-kiosk.service")
    check("dark hours: the supervisor says so", within(patience, lambda: journal(f"dark until {hours}")) > 0, hours)
    dark = within(60, lambda: not any(machine.screen("dark").pixels))
    check("the whole output is black then", dark)
    machine.finger(400, 300)
    check("a touch brings the page back", within(60, lambda: machine.still("woken").at(30, 300) != (0, 0, 0)) and machine.page("location.pathname") == "/", machine.page("location.pathname"))
finally:
    code, log = machine.do("journalctl -b --no-pager --output=short-precise", 300)
    with open(f"{folder}/journal.log", "w") as out:
        out.write(log)
    machine.do("systemctl --no-block poweroff")
print(f"{failures} failed, in {time.monotonic() - started:.0f} s; pictures and logs in {folder}")
sys.exit(failures > 0)
