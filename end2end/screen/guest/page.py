"""Asks the kiosk's page itself, through the pipes of its supervisor, which stands still meanwhile.
page.py EXPRESSION: prints its value as JSON.  page.py --picture: prints what the browser has painted, a PNG in base64."""
import glob
import json
import os
import select
import signal
import subprocess
import sys
import time

folder = glob.glob("/run/winecellar-kiosk/kiosk.*")[0]
supervisors = [int(pid) for pid in subprocess.run(["pgrep", "-f", "^/?[a-z/]*bash /usr/libexec/winecellar-kiosk"], capture_output=True, text=True).stdout.split()]
answers = os.open(folder + "/answer", os.O_RDWR | os.O_NONBLOCK)
questions = os.open(folder + "/ask", os.O_WRONLY)
FIRST = 900_000_000
number = FIRST + int(time.monotonic()) * 100
rest, others = b"", b""


def ask(method, params, session=None):
    global number, rest, others
    number += 1
    message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
    os.write(questions, json.dumps(message).encode() + b"\0")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if select.select([answers], [], [], 1)[0]:
            rest += os.read(answers, 1 << 20)
        *whole, rest = rest.split(b"\0")
        for text in whole:
            try:
                answer = json.loads(text)
                answer = answer if isinstance(answer, dict) else {}
            except ValueError:
                answer = {}  # the rest of one that the supervisor was reading
            if answer.get("id") == number:
                return answer["result"]
            if "method" not in answer and answer.get("id", 0) < FIRST:
                others += text + b"\0"
    raise SystemExit(f"no answer to {method}")


for pid in supervisors:
    os.kill(pid, signal.SIGSTOP)
try:
    pages = [target for target in ask("Target.getTargets", {})["targetInfos"] if target["type"] == "page" and target["url"].startswith("http")]
    session = ask("Target.attachToTarget", {"targetId": pages[0]["targetId"], "flatten": True})["sessionId"]
    if sys.argv[1] == "--picture":
        print(ask("Page.captureScreenshot", {"format": "png"}, session)["data"])
    else:
        print(json.dumps(ask("Runtime.evaluate", {"expression": sys.argv[1], "returnByValue": True}, session)["result"].get("value")))
    ask("Target.detachFromTarget", {"sessionId": session})
finally:
    # What it was answered meanwhile is its own.
    os.write(answers, others)
    for pid in supervisors:
        os.kill(pid, signal.SIGCONT)
