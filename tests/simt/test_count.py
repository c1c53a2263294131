#!/usr/bin/python3
"""flashdeck count: what it counts equals what is worked out here by hand, and bad flags say how to go on."""
import json
import os
import re
import subprocess
import sys
import tempfile

FLASHDECK = os.environ["FLASHDECK"]
SOURCE = os.environ["SOURCE"]


def count(*flags):
    return subprocess.run([FLASHDECK, "count", *flags], capture_output=True, text=True, check=False)



def rows(text):
    """(kernel, stage) -> columns."""
    found = {}
    for line in text.splitlines():
        columns = re.split(r"  +", line.strip())
        if len(columns) == 10 and columns[0] != "kernel":
            found[columns[0], columns[1]] = columns[2:]
    return found


def same(got, value):
    number, unit = got.split()
    size = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}[unit]
    return abs(float(number) * size - value) <= 0.006 * value


def check_theorem():
    """N d + pairs with the scores in HBM, N d + pairs d^2 / M without, by hand."""
    n, d, head = 256, 64, 4
    least = head * (4 * n * d + n)
    table = rows(count("-a", f"N={n}", "-a", f"d={d}", "-a", "heads=1").stdout)
    stored, tiled = least + head * n * n, least + head * n * n * d * d / (227 * 1024 / 4)
    if not same(table["naive", "all"][4], stored) or not same(table["flash_tiled", "one pass"][4], tiled):
        sys.exit(f"by hand the theorem says {stored} and {tiled}, the table {table}")


def deck(path, record, binding):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"---\ntitle: t\n---\n\n# {{{{ {binding} }}}} moved\n")
    return subprocess.run([FLASHDECK, "deck", "explain", path, "--record", record], capture_output=True, text=True,
                          check=False)


def check_record(folder):
    """The same counts in the record, the report and on a slide, each by its kind."""
    path = os.path.join(folder, "counts.json")
    done = count("--preset", "figure2", f"--benchmark_out={path}")
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    try:
        import jsonschema
        with open(os.path.join(SOURCE, "reports/record.schema.json"), encoding="utf-8") as file:
            schema = jsonschema.Draft202012Validator(json.load(file))
        faults = [error.message for error in schema.iter_errors(record)]
        broken = json.loads(json.dumps(record))
        broken["counts"][0]["stages"][0]["hbm_read"] += 0.5
        if faults or schema.is_valid(broken):
            sys.exit(f"the schema says {faults}; half a byte is {'right' if schema.is_valid(broken) else 'wrong'}")
    except ImportError:
        print("python3-jsonschema is not installed: the schema was not tried")
    if record["benchmarks"] or any(row["kind"] != "counted" or not row["equal"] for row in record["counts"]):
        sys.exit(f"counts are not a kind of their own: {record}")
    kernels = {row["kernel"] for row in record["counts"]}
    report = subprocess.run([FLASHDECK, "report", path], capture_output=True, text=True, check=True).stdout
    flash = next(row for row in record["counts"] if row["kernel"] == "flash_tiled")
    moved = sum(stage["hbm_read"] + stage["hbm_written"] for stage in flash["stages"])
    for words in ["40.3 GB", "4.4 GB", f"{moved / 1e9:.2f} GB", *(name.replace("_", "\\_") for name in kernels)]:
        if words not in report:
            sys.exit(f"the report lacks {words!r}:\n{report}")
    wanted = {"naive", "naive_blas", "flash_tiled", "flash_mma", "sliding", "block_sparse", "alternating"}
    if wanted - kernels or "naive\\_blas in bf16 9.13 GB (computed)" not in report:
        sys.exit(f"{wanted - kernels} were not counted, or the report takes computed bytes for counted:\n{report}")
    slide = os.path.join(folder, "deck.md")
    for binding, shown in (("flash_tiled.n1024.full.hbm | GB 2", f"{moved / 1e9:.2f}"),
                           ("naive.n1024.full.hbm / flash_tiled.n1024.full.hbm | x 2", "5.67"),
                           ("naive.n1024.full.stage.softmax.hbm_written | GB 2", "4.30")):
        done = deck(slide, path, binding)
        if done.returncode != 0 or shown not in done.stdout or "counted" not in done.stdout:
            sys.exit(f"{binding}: exit {done.returncode}, {done.stdout}{done.stderr}")
    for binding, say in (("naive.n1024.full.hbm / flash_tiled.n1024.full.formula", "different kinds"),
                         ("naive.n1024.full.stage.sum.hbm", "no such stage"),
                         ("flash_tiled.n64.hbm", "flashdeck count")):
        done = deck(slide, path, binding)
        if done.returncode == 0 or say not in done.stderr:
            sys.exit(f"{binding}: exit {done.returncode}, {done.stderr!r} lacks {say!r}")
    # What the file claims is held against itself.
    for change, say in ((lambda row: row["stages"][0].update(hbm_read=1.0), "differs from its formula"),
                        (lambda row: row.update(kind="measured"), "kind"),
                        (lambda row: row["stages"].clear(), "stages"),
                        (lambda row: row.update(parts=0), "parts")):
        broken = json.loads(json.dumps(record))
        tiled = next(i for i, row in enumerate(broken["counts"]) if row["kernel"] == "flash_tiled")
        change(broken["counts"][tiled])
        with open(path, "w", encoding="utf-8") as file:
            json.dump(broken, file)
        done = subprocess.run([FLASHDECK, "report", path], capture_output=True, text=True, check=False)
        if done.returncode != 2 or f"counts[{tiled}]" not in done.stderr or say not in done.stderr:
            sys.exit(f"a broken count: exit {done.returncode}, {done.stderr!r} lacks {say!r}")
    return len(record["counts"])


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
    # cuBLAS's products are not counted: their rows have no count to be equal, and so their sum has none.
    uncounted = {row for row, columns in table.items() if columns[3] == "-" and columns[0] == "-"}
    if uncounted != {("naive_blas", stage) for stage in ("scores", "values", "all")}:
        sys.exit(f"not counted: {uncounted}")
    if any(columns[3] != "yes" for row, columns in table.items() if row not in uncounted):
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
    check_theorem()
    with tempfile.TemporaryDirectory() as folder:
        counted = check_record(folder)
    print(f"{counted} counts of FlashAttention's Figure 2 in record, report and deck")
    print(f"{len(by_hand)} counts equal those by hand, a part is as the whole, bad flags are refused")


main()
