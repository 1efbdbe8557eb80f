"""The emulated PC from outside: its monitor (QMP), a hand in the guest (guest/agent.sh), and pictures of its screen."""
import base64
import json
import os
import re
import shlex
import socket
import struct
import time
import zlib


class Picture:
    """Rows of red, green and blue."""

    def __init__(self, width, height, pixels):
        self.width, self.height, self.pixels = width, height, pixels

    @classmethod
    def of_ppm(cls, data):
        head = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", data)
        assert head, "a PPM of another kind"
        return cls(int(head[1]), int(head[2]), data[head.end() :])

    @classmethod
    def of_png(cls, data):
        at, packed, width, height, channels = 8, b"", 0, 0, 3
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at : at + 8])
            body = data[at + 8 : at + 8 + length]
            if kind == b"IHDR":
                width, height, depth, colour, _, _, woven = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and colour in (2, 6) and not woven, "a PNG of another kind"
                channels = 3 if colour == 2 else 4
            elif kind == b"IDAT":
                packed += body
            at += length + 12
        raw, row = zlib.decompress(packed), width * channels
        above, pixels = bytearray(row), bytearray()
        for y in range(height):
            method, line = raw[y * (row + 1)], bytearray(raw[y * (row + 1) + 1 : (y + 1) * (row + 1)])
            for x in range(row):
                left = line[x - channels] if x >= channels else 0
                corner = above[x - channels] if x >= channels else 0
                if method == 1:
                    line[x] = (line[x] + left) & 255
                elif method == 2:
                    line[x] = (line[x] + above[x]) & 255
                elif method == 3:
                    line[x] = (line[x] + (left + above[x]) // 2) & 255
                elif method == 4:
                    guess = left + above[x] - corner
                    order = ((abs(guess - left), 0, left), (abs(guess - above[x]), 1, above[x]), (abs(guess - corner), 2, corner))
                    line[x] = (line[x] + min(order)[2]) & 255
            if channels == 3:
                pixels += line
            else:
                for x in range(0, row, 4):
                    pixels += line[x : x + 3]
            above = line
        return cls(width, height, bytes(pixels))

    def save(self, file):
        row = self.width * 3
        raw = b"".join(b"\0" + self.pixels[y * row : (y + 1) * row] for y in range(self.height))
        with open(file, "wb") as out:
            out.write(b"\x89PNG\r\n\x1a\n")
            for kind, body in [(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b"")]:
                out.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))

    def at(self, x, y):
        start = (y * self.width + x) * 3
        return tuple(self.pixels[start : start + 3])

    def differs(self, other, by=12):
        """Where another picture of the same size is another: a list of (x, y)."""
        assert (self.width, self.height) == (other.width, other.height), "pictures of two sizes"
        row, found = self.width * 3, []
        for y in range(self.height):
            mine, others = self.pixels[y * row : (y + 1) * row], other.pixels[y * row : (y + 1) * row]
            if mine != others:
                found += [(x, y) for x in range(self.width) if any(abs(mine[3 * x + c] - others[3 * x + c]) > by for c in (0, 1, 2))]
        return found


class Machine:
    def __init__(self, monitor, agent, folder):
        self.folder = folder
        self.monitor, self.agent = (self.connect(path) for path in (monitor, agent))
        self.monitor.settimeout(120)
        self.heard, self.said = b"", b""
        self.message()
        self.tell("qmp_capabilities")

    @staticmethod
    def connect(path):
        until = time.monotonic() + 30
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(path)
                return line
            except OSError:
                line.close()
                if time.monotonic() > until:
                    raise SystemExit("screen: qemu does not start; see qemu.log")
                time.sleep(0.3)

    def message(self):
        while b"\n" not in self.heard:
            more = self.monitor.recv(1 << 16)
            if not more:
                raise SystemExit("screen: qemu has ended; see qemu.log and console.log")
            self.heard += more
        line, self.heard = self.heard.split(b"\n", 1)
        return json.loads(line)

    def tell(self, command, **arguments):
        self.monitor.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            message = self.message()
            if "error" in message:
                raise SystemExit(f"screen: qemu on {command}: {message['error']['desc']}")
            if "return" in message:
                return message["return"]

    def until(self, mark, seconds):
        """What the guest says up to the mark."""
        end = time.monotonic() + seconds
        while mark not in self.said:
            self.agent.settimeout(max(0.1, end - time.monotonic()))
            try:
                more = self.agent.recv(1 << 16)
            except TimeoutError:
                raise SystemExit(f"screen: the guest did not say {mark.decode().strip()} within {seconds} s; see console.log") from None
            if not more:
                raise SystemExit("screen: the guest has ended; see console.log")
            self.said += more
        before, self.said = self.said.split(mark, 1)
        return before

    def do(self, command, seconds=180):
        """Exit code and words of a command in the guest."""
        self.agent.sendall(command.encode() + b"\n")
        self.until(b"::begin\n", seconds)
        words = self.until(b"\n::end ", seconds).decode(errors="replace")
        return int(self.until(b"\n", 30)), words

    def screen(self, name=None):
        """What the output shows now; kept under a name."""
        file = os.path.join(self.folder, "screen.ppm")
        self.tell("screendump", filename=file)
        with open(file, "rb") as dump:
            picture = Picture.of_ppm(dump.read())
        os.unlink(file)
        if name:
            picture.save(os.path.join(self.folder, name + ".png"))
        return picture

    def still(self, name=None, seconds=60):
        """The screen once two pictures of it, a second and a half apart, are alike."""
        end, last = time.monotonic() + seconds, self.screen()
        while time.monotonic() < end:
            time.sleep(1.5)
            now = self.screen()
            if (now.width, now.height, now.pixels) == (last.width, last.height, last.pixels):
                break
            last = now
        if name:
            last.save(os.path.join(self.folder, name + ".png"))
        return last

    def page(self, expression):
        """What the page says, asked through the kiosk's own pipe."""
        code, words = self.do("python3 /screen-test/page.py " + shlex.quote(expression))
        return json.loads(words) if code == 0 else f"(no answer: {words.strip()[-200:]})"

    def painted(self):
        """The picture that the browser has painted."""
        code, words = self.do("python3 /screen-test/page.py --picture", 300)
        return Picture.of_png(base64.b64decode(words)) if code == 0 else None

    def finger(self, x, y):
        # A pipe with its reader: without one this would write a file, and nobody would touch anything.
        code, words = self.do(f"systemctl is-active finger.service && test -p /run/finger && timeout 60 bash -c 'echo {x} {y} 120 >/run/finger'")
        if code:
            raise SystemExit(f"screen: the test's own touch panel is not there: {words.strip()}")
        return True

    def pointer(self, x, y, size, press=False):
        """The mouse: QMP counts 0 to 32767 over the whole output."""
        at = [{"type": "abs", "data": {"axis": axis, "value": round(value * 32767 / (whole - 1))}} for axis, value, whole in (("x", x, size[0]), ("y", y, size[1]))]
        self.tell("input-send-event", events=at)
        for down in (True, False) if press else ():
            time.sleep(0.4)
            self.tell("input-send-event", events=[{"type": "btn", "data": {"button": "left", "down": down}}])
