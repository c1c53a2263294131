#!/usr/bin/python3
"""No name is defined in two rooms: the linker would take one of them for both, without a word."""
import collections
import os
import pathlib
import subprocess
import sys

BUILD = pathlib.Path(os.environ["FLASHDECK"]).parent.parent
ROOMS = ["base", "kernels", "harness", "reports", "slides"]


def symbols(library):
    listed = subprocess.run(["nm", "--defined-only", "--extern-only", str(library)], capture_output=True, text=True,
                            check=True).stdout
    return {line.split()[2] for line in listed.splitlines() if len(line.split()) == 3 and line.split()[1] in "TDBR"}


libraries = {room: BUILD / room / f"lib{room}.a" for room in ROOMS if (BUILD / room / f"lib{room}.a").exists()}
if len(libraries) < 3:
    print(f"the rooms' libraries are not in {BUILD}")
    sys.exit(77)
owners = collections.defaultdict(list)
for room, library in libraries.items():
    for symbol in symbols(library):
        owners[symbol].append(room)
twice = [f"{symbol}: {', '.join(rooms)}" for symbol, rooms in sorted(owners.items()) if len(rooms) > 1]
print("\n".join(twice))
print(f"{len(owners)} names in {len(libraries)} rooms, {len(twice)} of them twice")
sys.exit(1 if twice or len(owners) < 100 else 0)
