#!/usr/bin/python3
"""Changes the CUDA kernels one spot at a time and runs the simulator's tests on each: scripts/mutate.sh calls it.

A mutant that compiles and passes every test survives: either a test is missing, or the change does not matter. The
latter are explained in tests/simt/survivors.md, which is read here: what survives and is not explained there, what is
explained and was killed, and what is explained and no longer exists, are all told, with exit code 1."""
import argparse
import collections
import dataclasses
import os
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import mutants_of

ROOT = Path(__file__).resolve().parent.parent
KERNELS = ROOT / "kernels/cuda"
SURVIVORS = ROOT / "tests/simt/survivors.md"
# What two compilers read with two bodies: the simulator's side is tested by itself (tests/simt/test_faults.c).
LEFT_OUT = {"launch.cuh", "instructions.cuh"}
FAST = 24  # problems of the first look
# Words in what a test says, and what they mean.
MEANINGS = [("the formula says", "count unlike formula"), ("the row has", "count unlike formula"),
            ("race:", "race"), ("out of bounds", "out of bounds"), ("neither HBM nor SRAM", "out of bounds"),
            ("nothing has written", "uninitialised"), ("divergence", "divergence"), ("lane mask", "divergence"),
            ("misaligned", "misaligned"), ("asynchronous copy", "copy in flight"), ("SRAM array", "too much SRAM"),
            ("never written", "wrong result")]


def explained():
    """(file, before, after) -> line in survivors.md; faults in words."""
    found, faults, file, fence, before, words, last = {}, [], None, False, None, True, 0
    for number, line in enumerate(SURVIVORS.read_text().split("\n") if SURVIVORS.exists() else [], 1):
        if line.startswith("```"):
            if not fence and not words:
                faults.append(f"{SURVIVORS.name}:{last}: no explanation stands behind these changes")
            fence, words, last = not fence, False, number
        elif fence and line.startswith("- "):
            before = line[2:]
        elif fence and line.startswith("+"):
            found[file, before, line[2:]] = number
        elif not fence and line.startswith("## "):
            file = line[3:].strip()
        elif not fence and line.strip():
            words = True
    if not words:
        faults.append(f"{SURVIVORS.name}:{last}: no explanation stands behind these changes")
    return found, faults


def all_mutants(files):
    for path in sorted(KERNELS.glob("*.cu*")):
        if path.name not in LEFT_OUT and (not files or path.name in files):
            yield from mutants_of(path.name, path.read_text())


class Build:
    """The commands of the build, turned to mutants: what is prebuilt stays."""

    def __init__(self, folder):
        self.folder = folder
        self.compile, self.includes, self.kernels = {}, {}, {}
        for path in sorted(KERNELS.glob("*.cu")):
            target = f"kernels/simt/{path.name}.simt.o"
            self.compile[path.name] = self.command(target)
            self.includes[path.name] = set(re.findall(r"kernels/cuda/([\w.]+)", (folder / f"{target}.d").read_text()))
            symbols = subprocess.run(["nm", folder / target], capture_output=True, text=True, check=True).stdout
            # These two are no rows of the table: tests/simt/test_packed.c and test_rope.c are their judges.
            self.kernels[path.name] = re.findall(r" [A-Z] simt_kernel_(?!(?:packed|rope)\b)(\w+)", symbols)
        self.link = {name: self.command(f"tests/simt/simt_{name}") for name in ("problems", "offsets", "refusals", "rows", "optional", "packed", "rope")
                     if (ROOT / f"tests/simt/test_{name}.c").exists()}

    def command(self, target):
        done = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", target], capture_output=True, text=True,
                              check=True)
        return done.stdout.strip().split("\n")[-1].removeprefix(": && ").removesuffix(" && :")

    def compile_words(self, name, overlay, source, to):
        """The folder of changed files stands before the tree's; its own name in messages stays short."""
        words = shlex.split(self.compile[name])
        if words[0] == "cd":  # cd FOLDER && ...
            words = words[words.index("&&") + 1:]
        if "&&" in words:
            words = words[:words.index("&&")]
        words = [w for w in words if w not in ("-MD", "-Werror", "-g")]
        at = words.index("-MF")
        del words[at:at + 2]
        words[words.index("-c") + 1] = str(source)
        words[words.index("-o") + 1] = str(to)
        return [words[0], "-w", f"-I{overlay}", *words[1:]]

    def link_words(self, name, objects, to):
        words = shlex.split(self.link[name])
        words[words.index("-o") + 1] = str(to)
        first = next(i for i, word in enumerate(words) if word.endswith(".a"))
        return words[:first] + [str(o) for o in objects] + words[first:]


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(words, seconds, cwd):
    """Exit code (None: it took too long), what was said."""
    process = subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", preexec_fn=limits, start_new_session=True,
                               env={**os.environ, "CCACHE_DISABLE": "1"})
    try:
        said, _ = process.communicate(timeout=seconds)
        return process.returncode, said
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)  # its worker, too
        process.communicate()
        return None, ""


def meaning(code, said):
    if code is None:
        return "hang"
    for words, what in MEANINGS:
        if words in said:
            return what
    return "crash" if code < 0 or "FAILED" not in said else "wrong result"


def try_mutant(mutant, build, times):
    """('no build' | 'survived' | 'killed', how)."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        folder = Path(folder)
        overlay = folder / "kernels/cuda"
        overlay.mkdir(parents=True)
        (overlay / mutant.file).write_text(mutant.text)
        names = [n for n in build.compile if mutant.file in build.includes[n] or n == mutant.file]
        objects = []
        for name in names:
            source = overlay / name
            if name != mutant.file:
                shutil.copy(KERNELS / name, source)
            objects.append(folder / f"{name}.o")
            code, _ = run(build.compile_words(name, folder, source, objects[-1]), 120, folder)
            if code != 0:
                return ("no build", "") if code else ("killed", "the compiler hangs")
        programs = {}
        for name in build.link:
            programs[name] = folder / name
            code, said = run(build.link_words(name, objects, programs[name]), 60, build.folder)
            if code != 0:
                return "no build", said
        if not times:
            return "built", ""
        kernels = [k for name in names for k in build.kernels[name]]
        looks = [(programs["problems"], "--stop", "--kernel", k, "--problems", str(FAST)) for k in kernels]
        looks += [(programs[name],) for name in programs if name != "problems"]
        looks += [(programs["problems"], "--stop", "--kernel", k) for k in kernels]
        for words in looks:
            usual = times[tuple(str(w) for w in words[1:]) or words[0].name]
            code, said = run([str(w) for w in words], 10 * usual + 10, folder)
            if code != 0:
                return "killed", meaning(code, said)
        return "survived", ""


def usual_times(build, jobs):
    """Seconds of each look at the kernels as they are: what a hang is held against. They must pass."""
    kernels = [k for name in build.compile for k in build.kernels[name]]
    looks = [("problems", "--stop", "--kernel", k, "--problems", str(FAST)) for k in kernels]
    looks += [("problems", "--stop", "--kernel", k) for k in kernels] + [(n,) for n in build.link if n != "problems"]

    def one(look):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            code, said = run([build.folder / f"tests/simt/simt_{look[0]}", *look[1:]], 1800, folder)
        if code != 0:
            sys.exit(f"the kernels as they are fail {' '.join(look)}:\n{said}")
        return look[1:] or look[0], time.monotonic() - began

    with ThreadPoolExecutor(jobs) as pool:
        return dict(pool.map(one, looks))


def write_survivors(path, survivors):
    """In the form of survivors.md, for those who explain."""
    with open(path, "w") as out:
        for file in dict.fromkeys(m.file for m in survivors):
            out.write(f"## {file}\n\n")
            for m in survivors:
                if m.file == file:
                    out.write(f"```diff\n- {m.before}\n+ {m.after}\n```\n{m.name}\n\n")


def report(results, known, whole, out):
    """The score of each file; returns whether anything needs doing."""
    todo, rows = [], []
    print(f"\n{'file':16} {'mutants':>8} {'no build':>9} {'killed':>7} {'explained':>10} {'survived':>9} {'score':>8}")
    for file in [*dict.fromkeys(m.file for m, _, _ in results), "all"]:
        of = [(m, s) for m, s, _ in results if file in (m.file, "all")]
        count = collections.Counter(s for _, s in of)
        alike = sum(s == "survived" and (m.file, m.before, m.after) in known for m, s in of)
        tried = len(of) - count["no build"]
        score = f"{100 * count['killed'] / (tried - alike):.1f} %" if tried > alike else "-"
        rows.append(f"{file:16} {len(of):8} {count['no build']:9} {count['killed']:7} {alike:10} "
                    f"{count['survived'] - alike:9} {score:>8}")
        print(rows[-1])
    how = collections.Counter(h for _, s, h in results if s == "killed")
    print("killed by: " + ", ".join(f"{what} {n}" for what, n in how.most_common()))
    print("The score is killed over those that built and are not explained as equivalent.")
    survivors = [m for m, s, _ in results if s == "survived"]
    write_survivors(out / "survivors.md", [m for m in survivors if (m.file, m.before, m.after) not in known])
    with open(out / "results.tsv", "w") as file:
        file.writelines(f"{m.name}\t{s}\t{h}\t{m.before}\t{m.after}\n" for m, s, h in results)
    for m, s, _ in results:
        key = (m.file, m.before, m.after)
        if s == "survived" and key not in known:
            todo.append(f"survived: {m.name}\n    - {m.before}\n    + {m.after}")
        if s == "killed" and key in known and not any((n.file, n.before, n.after) == key and t == "survived"
                                                      for n, t, _ in results):
            todo.append(f"{SURVIVORS.name}:{known[key]} is explained, and was killed: {m.name}")
    if whole:
        todo += [f"{SURVIVORS.name}:{line} is explained, and no such mutant exists: {key[1]!r} to {key[2]!r}"
                 for key, line in stale(known)]
    for words in todo:
        print(words)
    print(f"{len(todo)} to be looked at; all of them in {out}" if todo else f"nothing left; all of them in {out}")
    return bool(todo)


def stale(known):
    there = {(m.file, m.before, m.after) for m in all_mutants(None)}
    return [(key, line) for key, line in known.items() if key not in there]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="only these, as in flash.cuh naive.cu")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of the mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="REGEX", help="only mutants whose name (file:line:operator) matches")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at a time (all processors)")
    parser.add_argument("--list", action="store_true", help="names and changes, nothing is run")
    parser.add_argument("--check", action="store_true", help="only whether every explanation still has its mutant")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="where the tests were built")
    parser.add_argument("--out", type=Path, help="where survivors.md and results.tsv go (build/mutate)")
    options = parser.parse_args()

    known, faults = explained()
    mutants = [m for m in all_mutants(options.files) if not options.only or re.search(options.only, m.name)]
    if options.check:
        faults += [f"{SURVIVORS.name}:{line}: no such mutant of {key[0]} exists any more: {key[1]!r} to {key[2]!r}"
                   for key, line in stale(known)]
        print("\n".join(faults + [f"{len(known)} survivors explained, {len(faults)} faults"]))
        return 1 if faults else 0
    if options.sample and options.sample < len(mutants):
        chosen = set(random.Random(options.seed).sample(range(len(mutants)), options.sample))
        print(f"a sample: {options.sample} of {len(mutants)} mutants, seed {options.seed}")
        mutants = [m for i, m in enumerate(mutants) if i in chosen]
    if options.list:
        for m in mutants:
            print(f"{m.name}\n    - {m.before}\n    + {m.after}")
        print(f"{len(mutants)} mutants")
        return 0
    if not mutants:
        sys.exit("no mutant matches")
    out = options.out or ROOT / "build/mutate"
    out.mkdir(parents=True, exist_ok=True)
    os.nice(5)
    build = Build(options.build.resolve())
    for m in {m.file: m for m in mutants}.values():
        unchanged = dataclasses.replace(m, text=(KERNELS / m.file).read_text())
        if try_mutant(unchanged, build, None) != ("built", ""):
            sys.exit(f"{m.file} as it is does not build here")
    times = usual_times(build, options.jobs)
    began, done, lock = time.monotonic(), [0], threading.Lock()

    def one(mutant):
        status, how = try_mutant(mutant, build, times)
        with lock:
            done[0] += 1
            seconds = time.monotonic() - began
            if sys.stderr.isatty() or done[0] % 50 == 0 or status == "survived":
                print(f"{done[0]}/{len(mutants)} in {seconds:.0f} s: {mutant.name} {status} {how}", file=sys.stderr,
                      flush=True)
        return mutant, status, how

    results = []
    with ThreadPoolExecutor(options.jobs) as pool:
        try:
            for result in pool.map(one, mutants):
                results.append(result)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            print(f"interrupted: {len(mutants) - len(results)} of {len(mutants)} mutants were not tried")
    print(f"{len(results)} mutants in {time.monotonic() - began:.0f} s, {options.jobs} at a time")
    whole = len(results) == len(mutants) and not (options.files or options.only or options.sample)
    return 1 if report(results, known, whole, out) or faults else 0


sys.exit(main())
