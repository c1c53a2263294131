#!/usr/bin/python3
"""Every header of ours compiles alone: what it needs, it includes.

The compiler and its flags are those of the build (compile_commands.json beside the program under test). A self-check
first wants a header that lacks an include to fail.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOMS = ["base", "kernels", "harness", "reports", "slides", "cli"]
# What a header's own words ask of whoever includes it.
NEEDED = {
    "kernels/cpu/vector.h": ["-DTILE_VECTOR=4"],
    "kernels/cpu/tile_pack.h": ["-DTILE_VECTOR=4", "-DTILE_ROWS=6", "-DTILE_VECTORS=2"],
    "kernels/cpu/tile_products.h": ["-DTILE_VECTOR=4", "-DTILE_ROWS=6", "-DTILE_VECTORS=2"],
}
KEPT = ("-I", "-D", "-std=")


def build_folder():
    program = os.environ.get("FLASHDECK")
    for folder in Path(program).resolve().parents if program else []:
        if (folder / "compile_commands.json").exists():
            return folder
    print("no compile_commands.json beside the program: configure with CMake first")
    sys.exit(77)


def compiler_and_flags(commands, root):
    """The compiler, and every include folder and definition that any of our files is compiled with."""
    compiler, flags = None, []
    for entry in commands:
        if not Path(entry["file"]).resolve().is_relative_to(root):
            continue
        words = shlex.split(entry["command"]) if "command" in entry else entry["arguments"]
        compiler = compiler or words[0]
        for at, word in enumerate(words):
            pair = [word, words[at + 1]] if word in ("-isystem", "-I") else [word] if word.startswith(KEPT) else None
            if pair and pair not in flags and not word.startswith(("-DTILE_", "-DSOURCE_DIR")):
                flags.append(pair)
    return compiler, [word for pair in flags for word in pair]


def compile_alone(compiler, flags, name):
    """None when it compiles, by itself and twice over, else what the compiler said."""
    command = [compiler, *flags, *NEEDED.get(name, []), "-Wall", "-Wextra", "-Wstrict-prototypes", "-Werror",
               "-fsyntax-only", "-x", "c", "-"]
    text = f'#include "{name}"\n#include "{name}"\n'
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{name} does not compile alone:\n{done.stderr}"


def self_check(compiler, flags):
    planted = {
        "good.h": "#include <stddef.h>\nsize_t planted(void);\n",
        "lacking.h": "size_t planted(void);\n",
        "unguarded.h": "struct planted { int x; };\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, content in planted.items():
            Path(folder, name).write_text(content)
            said = compile_alone(compiler, [*flags, "-I", folder], name)
            if (said is None) != (name == "good.h"):
                sys.exit(f"self-check: {name}: {said}")


def main():
    root = Path(os.environ.get("SOURCE", Path(__file__).resolve().parents[2])).resolve()
    commands = json.loads((build_folder() / "compile_commands.json").read_text())
    compiler, flags = compiler_and_flags(commands, root)
    self_check(compiler, flags)
    headers = sorted(str(path.relative_to(root)) for room in ROOMS for path in (root / room).rglob("*.h"))
    if len(headers) < len(ROOMS):
        sys.exit(f"only {len(headers)} headers found below {root}: nothing was tested")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = [words for words in pool.map(lambda name: compile_alone(compiler, flags, name), headers) if words]
    if said:
        sys.exit("\n".join(said))
    print(f"{len(headers)} headers compile alone")


main()
