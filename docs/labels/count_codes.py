"""Counts the codes that the program finds on the pictures of a folder, and how long each takes: count_codes.py PROGRAM FOLDER."""

import json
import pathlib
import resource
import struct
import subprocess
import sys

program, folder = sys.argv[1:]
times, found = [], 0


def spent():
    """Seconds of processor time that the children have taken."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


for picture in sorted(pathlib.Path(folder).rglob("*")):
    if picture.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp"}:
        continue
    shot = picture.read_bytes()
    start = spent()
    told = subprocess.run([program, "labels", "shots", "--codes"], input=struct.pack("<Q", len(shot)) + shot, capture_output=True)
    times.append(spent() - start)
    codes = json.loads(told.stdout.split(b"\n", 1)[0] or b"{}").get("read", {}).get("codes", [])
    found += bool(codes)
    for code in codes:
        print(picture.name, code["kind"], code["text"])
times.sort()
print(f"{len(times)} pictures, {found} with codes; {times[len(times) // 2]:.2f} s of processor time in the median, {times[-1]:.2f} s at most")
