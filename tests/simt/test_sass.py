#!/usr/bin/python3
"""The build's facts of machine code, with a compiler of ours in nvcc's place: registers, spills and names are read from
what ptxas says; a spill fails the build of a kernel that is listed as spill-free, and of no other; a list that names no
kernel is refused."""
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ["SOURCE"])
SAID = """ptxas info    : Compiling entry function '_ZN47_GLOBAL__N__a8a88810_14_tidy_cu_2a7d12625tidyE14device_problem' for 'sm_80'
    {stack} bytes stack frame, {stores} bytes spill stores, {loads} bytes spill loads
ptxas info    : Used 76 registers, used 1 barriers, 544 bytes cmem[0]
ptxas info    : Compiling entry function '_ZN47_GLOBAL__N__a8a88810_14_tidy_cu_2a7d12624wideILi64EEv14device_problem' for 'sm_90a'
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 255 registers, used 1 barriers, 1024 bytes smem, 544 bytes cmem[0]
"""


def build(folder, listed, stack=0, stores=0, loads=0):
    """(nvcc.cmake's exit code and words, the facts' exit code and words, the table in C)."""
    nvcc, spill_free, out = folder / "nvcc", folder / "spill_free.txt", folder / "facts.c"
    said = folder / "said"
    said.write_text(SAID.format(stack=stack, stores=stores, loads=loads))
    # The object is what stands behind -o.
    nvcc.write_text(f'#!/bin/sh\ncat "{said}"\nwhile [ "$1" != -o ]; do shift; done\n: > "$2"\n')
    nvcc.chmod(nvcc.stat().st_mode | stat.S_IXUSR)
    spill_free.write_text("# a comment\n" + listed)
    for old in folder.glob("tidy.cu.o*"):
        old.unlink()
    one = subprocess.run(["cmake", f"-DNVCC={nvcc}", "-DFLAGS=-O3", "-DSOURCE=/x/tidy.cu", f"-DOBJECT={folder}/tidy.cu.o",
                          f"-DSPILL_FREE={spill_free}", "-P", SOURCE / "cmake/nvcc.cmake"],
                         capture_output=True, text=True, check=False)
    two = subprocess.run(["cmake", f"-DFROM={folder}/tidy.cu.o.ptxas.txt", f"-DSPILL_FREE={spill_free}", f"-DOUT={out}",
                          "-P", SOURCE / "cmake/sass_facts.cmake"], capture_output=True, text=True, check=False)
    return one, two, out.read_text() if out.exists() else ""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one, two, table = build(folder, "tidy\n", stack=8, stores=0, loads=0)
        rows = ['{"tidy.cu", "sm_80", "tidy", 76, 0, 0, 8, 0, "unknown", "_ZN47_GLOBAL__N__a8a88810_14_tidy_cu_'
                '2a7d12625tidyE14device_problem", true}',
                '{"tidy.cu", "sm_90a", "wide<64>", 255, 0, 0, 0, 1024, "unknown", "_ZN47_GLOBAL__N__a8a88810_14_tidy_cu_'
                '2a7d12624wideILi64EEv14device_problem", false}', "sass_fact_count = 2"]
        if one.returncode or two.returncode or not all(row in table for row in rows):
            sys.exit(f"{one.stderr}{two.stderr}{table}\nlacks one of {rows}")
        one, _, _ = build(folder, "tidy\n", stores=4, loads=8)
        if one.returncode == 0 or "tidy sm_80: 4 bytes spilled, 8 read back" not in one.stderr:
            sys.exit(f"a spill was let through: {one.stderr}")
        if (folder / "tidy.cu.o").exists():
            sys.exit("the object of a kernel that spills was left for the linker")
        one, two, table = build(folder, "wide\n", stores=4, loads=8)
        if one.returncode or two.returncode or "76, 4, 8, 0, 0" not in table:
            sys.exit(f"a kernel that may spill was refused, or its spills are not told: {one.stderr}{table}")
        _, two, _ = build(folder, "tidy\nwdie\n")
        if two.returncode == 0 or "lists wdie" not in two.stderr:
            sys.exit(f"a list that names no kernel was taken: {two.stderr}")
    print("facts read, a listed spill refused, another told, a stale list refused")


main()
