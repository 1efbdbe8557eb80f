#!/usr/bin/env python3
"""How often a label's wine comes first in the catalogue: first_of_many.py FOLDER [http://127.0.0.1:8000]

FOLDER is that of X-Wines, whose lists the server at that address has been given. Waits where the server bids to."""

import csv
import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.request

folder = pathlib.Path(sys.argv[1])
base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"
truth = {row["WineID"]: row for row in csv.DictReader(open(folder / "XWines_Test_100_wines.csv", encoding="utf-8"))}


def catalogue(picture):
    part = b'--x\r\ncontent-disposition: form-data; name="shot"; filename="a.jpg"\r\n\r\n' + picture + b"\r\n--x--\r\n"
    asked = urllib.request.Request(f"{base}/api/v1/labels:parse", part, {"content-type": "multipart/form-data; boundary=x"})
    while True:
        try:
            return json.load(urllib.request.urlopen(asked))["catalogue"]
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(5)


first = pictures = 0
for file in sorted((folder / "label_images").iterdir()):
    wine, found = truth[re.sub(r"\D", "", file.stem)], catalogue(file.read_bytes())
    right = bool(found) and (found[0]["wine"]["producer"], found[0]["wine"]["name"]) == (wine["WineryName"], wine["WineName"])
    pictures, first = pictures + 1, first + right
    if not right:
        taken = f"{found[0]['wine']['producer']}: {found[0]['wine']['name']}" if found else "nothing"
        print(f"{file.name}: is {wine['WineryName']}: {wine['WineName']}; taken for {taken}")
print(f"{first} of {pictures} first")
