"""Photographs with truth, laid one after the other into one buffer on the device that trains; more may come meanwhile."""

import glob
import json
import os
import queue
import threading
import time

import cv2
import numpy as np
import torch

SCAN = 5.0     # seconds between two looks into the folder


def read(path):
    """(picture as RGB bytes, bins) of a truth file; a bin is (polygon, ends, id), those of unsure count are left out."""
    with open(path, encoding="utf-8") as file:
        truth = json.load(file)
    picture = cv2.imread(os.path.join(os.path.dirname(path), truth["image"]), cv2.IMREAD_COLOR)
    bins = [(np.array(b["polygon"], np.float32), np.array(b["ends"], np.float32).reshape(-1, 3), b["id"])
            for b in truth["bins"] if b["count"] is not None]
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), bins


class Photos:
    """`pixels`: every photograph's rows, one int32 a pixel (red in the lowest byte). `start`, `width`, `height`: per photograph.

    `polygons`, `ends` and `photo`: per bin.
    """

    def __init__(self, folder, device):
        self.pixels = torch.zeros(1 << 22, dtype=torch.int32, device=device)
        self.used = 0
        self.start, self.width, self.height = [], [], []
        self.polygons, self.ends, self.photo = [], [], []
        self.waiting = queue.Queue(maxsize=512)
        threading.Thread(target=self._watch, args=(folder,), daemon=True).start()

    def _watch(self, folder):
        known = set()
        while True:
            paths = set(glob.glob(os.path.join(folder, "*.json"))) - known
            for path in sorted(paths):
                self.waiting.put(read(path))
            known |= paths
            time.sleep(SCAN)

    def take_in(self, at_least=0, within=0.0):
        """Lays down what was read meanwhile; waits `within` seconds at most until there are `at_least` photographs."""
        end, before = time.time() + within, len(self.start)
        while True:
            try:
                self._add(*self.waiting.get(timeout=0.1 if len(self.start) < at_least else 0.001))
            except queue.Empty:
                if len(self.start) >= at_least or time.time() > end:
                    return len(self.start) > before

    def _add(self, picture, bins):
        height, width = picture.shape[:2]
        packed = (picture.astype(np.int32) << np.array([0, 8, 16], np.int32)).sum(-1).ravel()
        if self.used + packed.size > len(self.pixels):
            grown = self.pixels.new_zeros(max(2 * len(self.pixels), self.used + packed.size))
            grown[: self.used] = self.pixels[: self.used]
            self.pixels = grown
        self.pixels[self.used : self.used + packed.size] = torch.from_numpy(packed.astype(np.int32)).to(self.pixels.device)
        for polygon, ends, _ in bins:
            self.polygons.append(polygon)
            self.ends.append(ends)
            self.photo.append(len(self.start))
        self.start.append(self.used)
        self.width.append(width)
        self.height.append(height)
        self.used += packed.size
