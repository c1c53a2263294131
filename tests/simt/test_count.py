#!/usr/bin/python3
"""flashdeck count: what it counts equals what is worked out here by hand, and bad flags say how to go on."""
import os
import re
import subprocess
import sys

FLASHDECK = os.environ["FLASHDECK"]


def count(*flags):
    return subprocess.run([FLASHDECK, "count", *flags], capture_output=True, text=True, check=False)



def rows(text):
    """(kernel, stage) -> columns."""
    found = {}
    for line in text.splitlines():
        columns = re.split(r"  +", line.strip())
        if len(columns) == 8 and columns[0] != "kernel":
            found[columns[0], columns[1]] = columns[2:]
    return found


def same(got, value):
    number, unit = got.split()
    size = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}[unit]
    return abs(float(number) * size - value) <= 0.006 * value


def main():
    n, d, heads, batch = 128, 64, 4, 3
    done = count("-a", f"N={n}", "-a", f"d={d}", "-a", f"heads={heads}", "-a", f"batch={batch}")
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    table = rows(done.stdout)
    head = 4 * heads * batch
    # (kernel, stage): read, written; all tiles are whole here.
    by_hand = {
        ("naive", "scores"): (head * 2 * n * d * (n // 32), head * n * n),
        ("naive", "softmax"): (head * 2 * n * n, head * (n * n + n)),
        ("naive", "values"): (head * (n * n * (d // 32) + n * d * (n // 32)), head * n * d),
        ("flash_tiled", "one pass"): (head * (n * d + 2 * n * d * (n // 64)), head * (n * d + n)),
    }
    for row, (read, written) in by_hand.items():
        if row not in table:
            sys.exit(f"no row {row} in\n{done.stdout}")
        got = table[row]
        if not (same(got[0], read) and same(got[1], written) and same(got[2], read + written) and got[3] == "yes"):
            sys.exit(f"{row}: by hand {read} read and {written} written, the table says {got}")
    if any(columns[3] != "yes" for columns in table.values()):
        sys.exit(f"a count differs from its formula:\n{done.stdout}")

    # The whole, and one part multiplied, are the same.
    flags = ("-a", "N=70", "-a", "heads=4", "-a", "kv_heads=2", "-a", "mask=causal_w20", "-a", "batch=2")
    part, whole = count(*flags), count(*flags, "--whole")
    if part.returncode or whole.returncode or rows(part.stdout) != rows(whole.stdout) or len(rows(whole.stdout)) < 6:
        sys.exit(f"a part times its number is not the whole:\n{part.stdout}\n{whole.stdout}")

    for flags, say in (
        (("-a", "kernel=flash_tield"), "flash_tiled"),
        (("-a", "d=12"), "multiple of 8"),
        (("--hole",), "--whole"),
        (("-a", "kernel=sliding", "-a", "mask=full"), "there is no window"),
    ):
        done = count(*flags)
        if done.returncode != 2 or say not in done.stderr:
            sys.exit(f"count {flags}: exit {done.returncode}, {done.stderr!r} lacks {say!r}")
    print(f"{len(by_hand)} counts equal those by hand, a part is as the whole, bad flags are refused")


main()
