#!/usr/bin/env python3
"""Writes a list of invented wines for the catalogue, to measure the search in it: many_wines.py COUNT > FILE.csv

The wines of X-Wines that are named come first, as they are; the others are made of the words of the tables in labels/tables
and of syllables, so that common words are as common, and rare ones as many, as in a list of the world's wines."""

import csv
import random
import sys
from pathlib import Path

TABLES = Path(__file__).resolve().parents[2] / "labels" / "tables"
HOUSES = ["Château", "Domaine", "Weingut", "Bodegas", "Quinta do", "Cantina", "Tenuta", "Casa", "Viña", "Maison", "Podere", "Finca"]
SYLLABLES = "ba be bi bo bra ca che cla da del do fa fer fio ga gna gra la le li lo lu ma me mi mon na ne no pa pe pi por ra re ri ro sa se si ta te tor va ve vi vo za".split()
KINDS = ["Red", "Red", "Red", "White", "White", "Rosé", "Sparkling", "Dessert"]


def names(table):
    lines = (TABLES / table).read_text(encoding="utf-8").splitlines()
    lines = (line for line in lines if line.strip() and not line.startswith("#"))
    return [line.split("=")[0].split("|")[0].split(";")[0].strip() for line in lines]


def main():
    count = int(sys.argv[1])
    rng = random.Random(9)
    word = lambda: "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))).capitalize()
    grapes, regions, appellations = names("grapes.txt"), names("regions.txt"), names("appellations.txt")
    houses = [f"{rng.choice(HOUSES)} {word()}" + (f" {word()}" if rng.random() < 0.4 else "") for _ in range(count // 4)]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["WineName", "Type", "Grapes", "ABV", "Country", "RegionName", "WineryName"])
    for number in range(count):
        grape = rng.choice(grapes)
        name = rng.choice([f"{rng.choice(appellations)} {word()}", f"{word()} {grape}", f"{grape} Reserva", f"Cuvée {word()} {word()}"])
        out.writerow([f"{name} {number % 97}", rng.choice(KINDS), f"['{grape}']", "13.0", "France", rng.choice(regions), rng.choice(houses)])


if __name__ == "__main__":
    main()
