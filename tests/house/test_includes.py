#!/usr/bin/python3
"""Includes run one way: a folder knows those to its left in the flow and none to its right.

A self-check first plants violations in a tree of its own and wants each to be found.
"""
import os
import re
import sys
import tempfile
from pathlib import Path

FLOW = ["base", "kernels", "harness", "reports", "slides", "cli"]
# Beyond the order of the flow: slides read records, never a kernel.
NEVER = {"slides": {"kernels"}}
SOURCES = {".c", ".h", ".cu", ".cuh", ".inc"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def allowed(room):
    return set(FLOW[: FLOW.index(room) + 1]) - NEVER.get(room, set())


def faults_of(room, file, text):
    for match in INCLUDE.finditer(text):
        bracket, name = match.groups()
        line = text.count("\n", 0, match.start(2)) + 1
        first = name.split("/")[0]
        if bracket == '"' and (first not in FLOW or ".." in name):
            yield f'{file}:{line}: includes "{name}"; name the room: "{room}/..."'
        elif first in FLOW and "/" in name and first not in allowed(room):
            yield f"{file}:{line}: {room}/ must not know {first}/ (includes {name})"


def faults_in(root):
    faults, files = [], 0
    for room in FLOW:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in SOURCES and path.is_file():
                files += 1
                text = path.read_text(encoding="utf-8", errors="replace")
                faults += faults_of(room, path.relative_to(root), text)
    return faults, files


# Planted file, its content, and whether it is a violation.
PLANTED = [
    ("base/a.c", '#include "kernels/attention.h"\n', True),
    ("kernels/a.h", '\n  #  include "harness/bench.h"\n', True),
    ("kernels/cpu/a.c", "#include <slides/deck.h>\n", True),
    ("kernels/cuda/a.cu", '#include "reports/report.h"\n', True),
    ("harness/a.c", '#include "slides/deck.h"\n', True),
    ("reports/a.c", '#include "cli/command.h"\n', True),
    ("slides/a.c", '#include "kernels/kernel.h"\n', True),
    ("slides/b.c", '#include "../kernels/kernel.h"\n', True),
    ("slides/c.c", '#include "deck.h"\n', True),
    ("slides/d.c", '#include "slides/../kernels/kernel.h"\n', True),
    ("cli/a.c", '#include "slides/deck.h"\n#include "kernels/kernel.h"\n#include "base/diag.h"\n', False),
    ("slides/e.c", '#include <stdio.h>\n#include "slides/deck.h"\n#include "harness/record.h"\n', False),
    ("kernels/b.c", '#include "kernels/a.h"\n#include <math.h>\n', False),
]


def self_check():
    for name, content, wrong in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True)
            path.write_text(content)
            faults, files = faults_in(Path(folder))
            if files != 1 or (len(faults) == 1) != wrong:
                sys.exit(f"self-check: {name} holding {content!r} gave {faults}")


def main():
    self_check()
    root = Path(os.environ.get("SOURCE", Path(__file__).resolve().parents[2]))
    faults, files = faults_in(root)
    print("\n".join(faults))
    if files < len(FLOW):
        sys.exit(f"only {files} sources found below {root}: nothing was tested")
    if faults:
        sys.exit(f"{len(faults)} includes against the flow {' -> '.join(FLOW)}")
    print(f"{files} files include in the direction of the flow")


main()
