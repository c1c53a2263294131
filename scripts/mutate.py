#!/usr/bin/python3
"""Changes code one spot at a time and runs its tests on each change: scripts/mutate.sh calls it.

Sets: `cuda`, the kernels of kernels/cuda under the simulator's tests, and `select`, the choice of blocks
(kernels/select) under the tests kernels.pool, kernels.gate, kernels.selection, kernels.choice
and kernels.select.

A mutant that compiles and passes every test survives: either a test is missing, or the change does not matter. The
latter are explained in the set's survivors.md, which is read here: what survives and is not explained there, what is
explained and was killed, and what is explained and no longer exists, are all told, with exit code 1.

Nearly all mutants stand in one build and are chosen at run time (schemata.py); the others, mostly types and what is
constant for the compiler, are built one by one. Each is tried up to the first test that fails: the problems that killed
most of its file's mutants a second first, then all others from the cheapest up to a budget (--seconds of the processor
for each kernel that includes the file), then the other test programs. No operator is left out to look better; where two
make the same text only one stays."""
import argparse
import collections
import json
import os
import random
import re
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutant_build import All, Build
from mutant_run import Jobs, Server, meaning, run_program, time_of
from mutants import mutants_of

ROOT = Path(__file__).resolve().parent.parent


class Cuda:
    folder, server = "kernels/cuda", "problems"
    survivors = ROOT / "tests/simt/survivors.md"
    programs = {name: f"tests/simt/simt_{name}" for name in ("problems", "offsets", "huge", "refusals", "rows", "optional",
                                                             "work", "groups", "choosing", "learned", "packed", "rope")}
    # What other units' mutants cannot change.
    only = {"rows": "naive_blas.cu", "choosing": "learned_sparse.cu", "learned": "learned_sparse.cu",
            "packed": "packed.cu", "rope": "rope.cu"}
    # What no row of the kernel table runs: no other program does.
    apart = {"packed.cu": {"packed"}, "rope.cu": {"rope"}}
    optimize = {"-O2": "-O1"}  # counts are the same, and there is much to compile
    # Inlined by force, mutants would multiply with every place that a function is called from.
    changes = [("kernels/simt/cuda.cuh", "inline __attribute__((always_inline))", "inline")]
    # What two compilers read with two bodies: the simulator's side is tested by itself (tests/simt/test_faults.c).
    left_out = {"launch.cuh", "instructions.cuh"}

    def files(self):
        return [path.name for path in sorted((ROOT / self.folder).glob("*.cu*")) if path.name not in self.left_out]

    def units(self, root):
        return sorted((root / self.folder).glob("*.cu"))

    def object_of(self, unit):
        return f"kernels/simt/{unit}.simt.o"


class Select:
    folder, server, only, apart, optimize, changes = "kernels/select", None, {}, {}, {}, []
    survivors = ROOT / "tests/kernels/survivors.md"
    programs = {name: f"tests/kernels_{name}" for name in ("pool", "products", "gate", "selection", "choice", "select")}

    def files(self):
        return [f"{name}.c" for name in ("gate", "select", "pool", "mass", "selection", "products")]

    def units(self, root):
        return [root / self.folder / name for name in self.files()]

    def object_of(self, unit):
        return f"kernels/CMakeFiles/kernels.dir/select/{unit}.o"


SETS = {"cuda": Cuda(), "select": Select()}


def explained(what):
    """(file, before, after) -> line in survivors.md; faults in words. There a heading and its words explain what
    follows up to the next one: under the name of a file the changes, as a diff."""
    found, faults, file, fence, before, words = {}, [], None, False, None, False
    path = what.survivors
    for number, line in enumerate(path.read_text().split("\n") if path.exists() else [], 1):
        if line.startswith("```"):
            fence = not fence
            if fence and not words:
                faults.append(f"{path.name}:{number}: no explanation stands before these changes")
        elif fence and line.startswith("- "):
            before = line[2:]
        elif fence and line.startswith("+"):
            found[file, before, line[2:]] = number
        elif line.startswith("### "):
            file = line[4:].strip()
        elif line.startswith("## "):
            words, file = False, None
        elif line.strip() and file is None:
            words = True
    return found, faults


def all_mutants(what, files=None):
    for name in what.files():
        if not files or name in files:
            yield from mutants_of(name, (ROOT / what.folder / name).read_text())


def stale(what, known):
    there = {(m.file, m.before, m.after) for m in all_mutants(what)}
    return [(key, line) for key, line in known.items() if key not in there]


class Trial:
    """All that is needed to try a mutant."""

    def __init__(self, what, mutants, survived, options, out):
        self.what, self.out, self.local, self.seconds = what, out, threading.local(), options.seconds
        self.survived = survived
        self.build = Build(what, ROOT, options.build.resolve(), out)
        self.all = All(self.build, what.files(), log)
        objects = self.all.objects.values()
        self.programs = {}
        for name in what.programs:
            if name != what.server:
                self.programs[name] = self._linked(self.build.link, name, objects, out / f"all.{name}")
        self.usual = self._usual(options.build.resolve())
        self.kernels = {unit: self.build.kernels_of(unit) if what.server else [] for unit in self.build.units}
        if what.server:
            self.program = self._linked(self.build.link_server, objects, out / "all.server")
            wanted = {k for m in mutants for unit in self.build.units_with(m.file) for k in self.kernels[unit]}
            self.jobs = Jobs(*self._costs(wanted, options.jobs), options.seconds)

    def _linked(self, link, *arguments):
        code, said = link(*arguments)
        if code:
            raise SystemExit(f"the mutants do not link: {said}")
        return arguments[-1]

    def _usual(self, release):
        """Each program's seconds without a mutant, which it must pass; known as long as it is the same program."""
        note = self.out / "usual.json"
        known = json.loads(note.read_text()) if note.exists() else {}
        usual = {}
        for name, program in self.programs.items():
            key = f"{self.all.key} {(release / self.what.programs[name]).stat().st_mtime_ns}"
            usual[name] = (key, known[name][1] if known.get(name, [0])[0] == key else time_of(program))
        note.write_text(json.dumps(usual))
        return {name: seconds for name, (_, seconds) in usual.items()}

    def _costs(self, kernels, jobs):
        """Each job's kernel, and its seconds where it matters: all must pass without a mutant."""
        note, key = self.out / "costs.json", f"{self.all.key} {time_stamp(self.build.release, self.what)}"
        known = json.loads(note.read_text()) if note.exists() else {}
        costs = {int(j): s for j, s in known.get("costs", {}).items()} if known.get("key") == key else {}
        servers = [Server(self.program) for _ in range(jobs)]
        todo = [j for j, kernel in enumerate(servers[0].jobs) if kernel in kernels and j not in costs]

        def one(n):
            for j in todo[n::jobs]:
                how, _, seconds, words = servers[n].ask(0, [(j, 100)])
                if how != "survived":
                    raise SystemExit(f"without a mutant {servers[n].jobs[j]} fails in job {j}: {words}")
                costs[j] = seconds

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(one, range(jobs)))
        for server in servers:
            server.close()
        note.write_text(json.dumps({"key": key, "costs": costs}))
        log(f"{len(costs)} problems take {sum(costs.values()):.0f} s without a mutant")
        return servers[0].jobs, costs

    def _server(self):
        """One for each thread."""
        if not hasattr(self.local, "server"):
            self.local.server = Server(self.program)
        return self.local.server

    def _run_jobs(self, server, number, mutant, units):
        kernels = {kernel for unit in units for kernel in self.kernels[unit]}
        budget = self.jobs.looks(mutant.file, kernels)
        for look in budget:
            how, job, _, words = server.ask(number, look)
            if how != "survived":
                self.jobs.killed(mutant.file, job)
                return meaning(words) if how == "killed" else how
        return None

    def _run_programs(self, programs, number, units):
        of_units = set().union(*(self.what.apart.get(unit, programs) for unit in units))
        own = {name for name, unit in self.what.only.items() if unit in units}  # which know the most of it
        for name in sorted(of_units.intersection(programs), key=lambda n: (n not in own, self.usual[n])):
            if self.usual[name] <= self.seconds and self.what.only.get(name, units[0]) in units:
                how = run_program(programs[name], number, self.usual[name])
                if how:
                    return how
        return None

    def __call__(self, mutant):
        """('no build' | 'survived' | 'killed', how)."""
        number = self.all.numbers.get(mutant.name)
        if number is None:
            return self._alone(mutant)
        units, server = self.build.units_with(mutant.file), self.what.server
        looks = [lambda: self._run_jobs(self._server(), number, mutant, units) if server else None,
                 lambda: self._run_programs(self.programs, number, units)]
        if mutant in self.survived:
            looks.reverse()  # above all it survived problems
        how = looks[0]() or looks[1]()
        return ("killed", how) if how else ("survived", "")

    def _alone(self, mutant):
        """Unit by unit, the smallest first: most are killed, or do not compile, in the first."""
        name = f"alone.{threading.get_ident()}"
        overlay, objects = self.build.alone(mutant, name), dict(self.all.objects)
        units = sorted(self.build.units_with(mutant.file), key=lambda u: self.all.objects[u].stat().st_size)
        for unit in units:
            objects[unit] = overlay / f"{unit}.o"
            if self.build.compile(unit, overlay, objects[unit])[0]:
                return "no build", ""
            if self.what.server:
                if self.build.link_server(objects.values(), overlay / "server", again=True)[0]:
                    return "no build", ""
                server = Server(overlay / "server")
                how = self._run_jobs(server, 0, mutant, [unit])
                server.close()
                if how:
                    return "killed", how
        programs = {}
        for program in self.programs:
            programs[program] = overlay / program
            if self.build.link(program, objects.values(), overlay / program)[0]:
                return "no build", ""
        how = self._run_programs(programs, 0, units)
        return ("killed", how) if how else ("survived", "")


def time_stamp(release, what):
    """When what the tests are linked from was built."""
    parts = ["kernels/simt/libsimt.a", "kernels/libkernels.a", what.programs[what.server]]
    return " ".join(str((release / part).stat().st_mtime_ns) for part in parts)


def log(words):
    print(words, file=sys.stderr, flush=True)


def write_survivors(path, survivors):
    """In the form of survivors.md, for those who explain."""
    with open(path, "w") as out:
        for file in dict.fromkeys(m.file for m in survivors):
            out.write(f"### {file}\n\n")
            for m in survivors:
                if m.file == file:
                    out.write(f"{m.name}\n\n```diff\n- {m.before}\n+ {m.after}\n```\n\n")


def table(results, known):
    rows = ["| file | mutants | no build | killed | explained | survived | score |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for file in [*dict.fromkeys(m.file for m, _, _ in results), "all"]:
        of = [(m, s) for m, s, _ in results if file in (m.file, "all")]
        count = collections.Counter(s for _, s in of)
        alike = sum(s == "survived" and (m.file, m.before, m.after) in known for m, s in of)
        tried = len(of) - count["no build"] - alike
        score = f"{100 * count['killed'] / tried:.1f} %" if tried else "-"
        rows.append(f"| {file} | {len(of)} | {count['no build']} | {count['killed']} | {alike} | "
                    f"{count['survived'] - alike} | {score} |")
    return "\n".join(rows)


def report(what, results, known, whole, out):
    """The score of each file; returns whether anything needs doing."""
    print(table(results, known))
    how = collections.Counter(h for _, s, h in results if s == "killed")
    print("killed by: " + ", ".join(f"{words} {n}" for words, n in how.most_common()))
    print("The score is killed over those that built and are not explained as equivalent.")
    unexplained = [m for m, s, _ in results if s == "survived" and (m.file, m.before, m.after) not in known]
    write_survivors(out / "survivors.md", unexplained)
    todo = [f"survived: {m.name}\n    - {m.before}\n    + {m.after}" for m in unexplained]
    lived = {(m.file, m.before, m.after) for m, s, _ in results if s == "survived"}
    for m, s, _ in results:
        key = (m.file, m.before, m.after)
        if s == "killed" and key in known and key not in lived:
            todo.append(f"{what.survivors.name}:{known[key]} is explained, and was killed: {m.name}")
    if whole:
        todo += [f"{what.survivors.name}:{line} is explained, and no such mutant exists: {key[1]!r} to {key[2]!r}"
                 for key, line in stale(what, known)]
    for words in todo:
        print(words)
    print(f"{len(todo)} to be looked at; all of them in {out}" if todo else f"nothing left; all of them in {out}")
    return bool(todo)


def keyed(lines):
    """(file, before, after, how many alike stand above) -> what comes with it: lines move, and are the same."""
    found, alike = {}, collections.Counter()
    for (name, before, after), rest in sorted(lines, key=lambda e: (int(e[0][0].split(":")[1]), e[0])):
        key = (name.split(":")[0], before, after)
        found[(*key, alike[key])] = rest
        alike[key] += 1
    return found


def read_results(path, mutants):
    """What earlier runs found out about the same changes."""
    lines = [line.split("\t") for line in path.read_text().split("\n")] if path.exists() else []
    found = keyed([((w[0], w[3], w[4]), (w[1], w[2])) for w in lines if len(w) == 5])
    kept = {m: found.get(key) for key, m in keyed([((m.name, m.before, m.after), m) for m in mutants]).items()}
    return {m: r for m, r in kept.items() if r}


def settled(mutants, found, known, options):
    """Without what this run is to find out: the chosen mutants, or those of them that nothing is known of."""
    again = {m for m in mutants if found.get(m, [""])[0] == "survived" and (m.file, m.before, m.after) not in known}
    wanted = again if options.again else set() if options.resume else set(mutants)
    return {m: r for m, r in found.items() if m not in wanted}


def options_of():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="cuda (the default) or select, then only these of its files")
    parser.add_argument("--sample", type=int, help="only so many mutants, drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="REGEX", help="only mutants whose name (file:line:operator) matches")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time (all processors)")
    parser.add_argument("--seconds", type=float, default=3, help="that a survivor's problems may take, and each other program (3); less is a first look")
    parser.add_argument("--resume", action="store_true", help="what results.tsv holds already is not tried again")
    parser.add_argument("--again", action="store_true", help="the same, but what survived unexplained is tried again")
    parser.add_argument("--report", action="store_true", help="only what results.tsv holds, nothing is run")
    parser.add_argument("--list", action="store_true", help="names and changes, nothing is run")
    parser.add_argument("--check", action="store_true", help="only whether every explanation still has its mutant")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="where the tests were built")
    parser.add_argument("--out", type=Path, help="where survivors.md and results.tsv go (build/mutate/SET)")
    options = parser.parse_args()
    options.set = options.files.pop(0) if options.files and options.files[0] in SETS else "cuda"
    return options


def check(what, known, faults):
    faults += [f"{what.survivors.name}:{line}: no such mutant of {key[0]} exists any more: {key[1]!r} to {key[2]!r}"
               for key, line in stale(what, known)]
    print("\n".join(faults + [f"{len(known)} survivors explained, {len(faults)} faults"]))
    return 1 if faults else 0


def try_all(mutants, settled_results, trial, path, jobs):
    """Writes each result as it comes, behind what is known already."""
    began, lock, results = time.monotonic(), threading.Lock(), dict(settled_results)
    todo = [m for m in mutants if m not in results]
    random.Random(1).shuffle(todo)  # so that an interrupted run tells of all files
    todo.sort(key=lambda m: m.name not in trial.all.numbers)  # what must be built alone last
    with open(path, "w") as file, ThreadPoolExecutor(jobs) as pool:
        for m, (status, how) in results.items():
            file.write(f"{m.name}\t{status}\t{how}\t{m.before}\t{m.after}\n")

        def one(mutant):
            status, how = trial(mutant)
            with lock:
                results[mutant] = (status, how)
                file.write(f"{mutant.name}\t{status}\t{how}\t{mutant.before}\t{mutant.after}\n")
                file.flush()
                done = sum(m in results for m in mutants)
                if done % 100 == 0:
                    log(f"{done} of {len(mutants)} in {time.monotonic() - began:.0f} s")

        try:
            list(pool.map(one, todo))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            left = sum(m not in results for m in mutants)
            log(f"interrupted: {left} of {len(mutants)} were not tried; --resume goes on")
    print(f"{len(todo)} mutants tried in {time.monotonic() - began:.0f} s, {jobs} at a time")
    return [(m, *results[m]) for m in mutants if m in results]


def main():
    options = options_of()
    what = SETS[options.set]
    known, faults = explained(what)
    mutants = [m for m in all_mutants(what, options.files) if not options.only or re.search(options.only, m.name)]
    if options.check:
        return check(what, known, faults)
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
    out = (options.out or ROOT / "build/mutate" / options.set).resolve()
    out.mkdir(parents=True, exist_ok=True)
    path = out / "results.tsv"
    found = read_results(path, list(all_mutants(what)))
    if options.report:
        tried = [m for m in mutants if m in found]
        print(f"{len(tried)} of {len(mutants)} mutants were tried")
        return 1 if report(what, [(m, *found[m]) for m in tried], known, False, out) or faults else 0
    os.nice(10)
    trial = Trial(what, mutants, {m for m, result in found.items() if result[0] == "survived"}, options, out)
    results = try_all(mutants, settled(mutants, found, known, options), trial, path, options.jobs)
    for folder in out.glob("alone.*"):
        shutil.rmtree(folder)
    whole = len(results) == len(mutants) and not (options.files or options.only or options.sample)
    return 1 if report(what, results, known, whole, out) or faults else 0


if __name__ == "__main__":
    sys.exit(main())
