"""The commands of the build, turned to mutants: one build that holds all that can be held so, and builds of one."""
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import code_of, mutants_of, without_comments
from schemata import Schemata

NUMBER = """/* Which mutant the kernels are: for them it is constant. */
#ifdef __cplusplus
extern "C" {
#endif
extern const int mutant_now;
#ifdef __cplusplus
}
#endif
"""
SET_NUMBER = """#include <stdlib.h>
int mutant_now;
__attribute__((constructor)) static void set_mutant(void)
{
    const char *number = getenv("MUTANT");
    mutant_now = number ? atoi(number) : 0;
}
"""


def execute(words, cwd):
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, errors="replace",
                          env={**os.environ, "CCACHE_DISABLE": "1"}, check=False)
    return done.returncode, done.stdout + done.stderr


class Build:
    """`what` says which files, objects and programs (mutate.SETS); `release`: where the tests were built."""

    def __init__(self, what, root, release, folder):
        self.what, self.root, self.release, self.folder = what, root, release, folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "number.h").write_text(NUMBER)
        (folder / "number.c").write_text(SET_NUMBER)
        self.number_object = folder / "number.o"
        if execute(["cc", "-c", folder / "number.c", "-o", self.number_object], folder)[0]:
            raise SystemExit("cc does not compile")
        self.units = {path.name: self._command(what.object_of(path.name)) for path in what.units(root)}
        self.programs = {name: self._command(target) for name, target in what.programs.items()}
        self.includes = {name: self._includes(name) for name in self.units}

    def _command(self, target):
        done = subprocess.run(["ninja", "-C", self.release, "-t", "commands", target], capture_output=True, text=True,
                              check=True)
        return done.stdout.strip().split("\n")[-1].removeprefix(": && ").removesuffix(" && :")

    def _includes(self, unit):
        """Files of the set that the unit reads, itself too."""
        seen, todo = set(), [unit]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                text = (self.root / self.what.folder / name).read_text()
                todo += re.findall(rf'#include "{self.what.folder}/([\w.]+)"', text)
        return seen

    def units_with(self, file):
        return [unit for unit in self.units if file in self.includes[unit]]

    def kernels_of(self, unit):
        symbols = subprocess.run(["nm", self.release / self.what.object_of(unit)], capture_output=True, text=True,
                                 check=True).stdout
        # These two are no rows of the table: tests/simt/test_packed.c and test_rope.c are their judges.
        return re.findall(r" [A-Z] simt_kernel_(?!(?:packed|rope)\b)(\w+)", symbols)

    def _compile_words(self, command, source, to):
        words = shlex.split(command)
        if words[0] == "cd":  # cd FOLDER && ...
            words = words[words.index("&&") + 1:]
        if "&&" in words:
            words = words[:words.index("&&")]
        words = [w for w in words if w not in ("-MD", "-Werror", "-g")]
        for option in ("-MF", "-MT"):
            if option in words:
                at = words.index(option)
                del words[at:at + 2]
        words[words.index("-c") + 1] = str(source)
        words[words.index("-o") + 1] = str(to)
        return words

    def compile(self, unit, overlay, to):
        """What stands in `overlay` goes before the tree's. Exit code, what was said."""
        source = overlay / self.what.folder / unit
        words = self._compile_words(self.units[unit],
                                    source if source.exists() else self.root / self.what.folder / unit, to)
        words = [self.what.optimize.get(w, w) for w in words]
        return execute([words[0], "-w", "-Wno-narrowing", f"-I{overlay}", "-include", self.folder / "number.h",
                        *words[1:]], self.release)

    def _link(self, words, objects, to):
        words[words.index("-o") + 1] = str(to)
        first = next(i for i, word in enumerate(words) if word.endswith(".a"))
        return execute(words[:first] + [*objects, self.number_object] + words[first:], self.release)

    def link(self, program, objects, to):
        return self._link(shlex.split(self.programs[program]), objects, to)

    def link_server(self, objects, to, again=False):
        """The server, in the place of the test that it shares its problems with. Again: it is compiled already."""
        words = shlex.split(self.programs[self.what.server])
        test = next(i for i, word in enumerate(words) if word.endswith("/test_problems.c.o"))
        server = self.folder / "server.o"
        if not again:
            code, said = execute(self._compile_words(self._command(words[test]), self.root / "scripts/mutant_server.c",
                                                     server), self.release)
            if code:
                return code, said
        words[test] = str(server)
        return self._link(words, objects, to)

    def overlay(self, name):
        """A folder in whose files the kernels' small functions may stay functions: inlined, their mutants would multiply
        with every place that they are called from."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        (folder / self.what.folder).mkdir(parents=True)
        for path, before, after in self.what.changes:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            text = (self.root / path).read_text()
            if before not in text:
                raise SystemExit(f"{path} no longer says {before!r}")
            (folder / path).write_text(text.replace(before, after))
        return folder

    def alone(self, mutant, name):
        """A folder with this mutant only."""
        folder = self.overlay(name)
        path = f"{self.what.folder}/{mutant.file}"
        (folder / path).write_text(mutant.in_text((self.root / path).read_text()))
        return folder


class All:
    """All mutants in one build. `numbers`: mutant's name to its number; those that must be built alone have none. What
    was built from the same sources before is taken again."""

    def __init__(self, build, files, log):
        self.build, self.schemata, self.moves, first = build, {}, [], 1
        for name in files:
            source = (build.root / build.what.folder / name).read_text()
            mutants = mutants_of(name, source)
            self.schemata[name] = Schemata(without_comments(source), code_of(source), mutants, first)
            first += len(mutants)
        self.objects = {unit: build.folder / f"all.{unit}.o" for unit in build.units}
        if not self._found_built(files):
            self._build(files, log)
        alone = {n for s in self.schemata.values() for n in s.alone()}
        self.numbers = {m.name: n for s in self.schemata.values() for n, m in s.mutants.items() if n not in alone}

    def _key(self, files):
        """Of all that the objects depend on."""
        root, what = self.build.root, self.build.what
        paths = [root / what.folder / name for name in files] + sorted((root / "kernels").glob("*.h"))
        paths += [root / "kernels/simt" / name for name in ("cuda.cuh", "device.h", "simt.h")]
        paths += [root / "scripts" / name for name in ("mutants.py", "schemata.py")]
        key = hashlib.sha256(json.dumps([self.build.units, what.changes, what.optimize]).encode())
        for path in paths:
            key.update(path.read_bytes())
        return key.hexdigest()

    def _found_built(self, files):
        note = self.build.folder / "all.json"
        self.key = self._key(files)
        if not note.exists() or not all(o.exists() for o in self.objects.values()):
            return False
        before = json.loads(note.read_text())
        if before["key"] != self.key:
            return False
        for file, number in before["moves"]:
            self.schemata[file].move(number)
        return True

    def _build(self, files, log):
        self.overlay = self.build.overlay("all")
        for name in files:
            self._write(name)
        todo = list(self.build.units)
        while todo:
            with ThreadPoolExecutor(2) as pool:
                done = list(pool.map(lambda unit: self.build.compile(unit, self.overlay, self.objects[unit]), todo))
            failed = {unit: said for unit, (code, said) in zip(todo, done) if code}
            moved = set()
            for unit, said in failed.items():
                culprits = self._culprits(said)
                if not culprits:
                    raise SystemExit(f"{unit} does not compile with its mutants, none of whom is to blame:\n{said[:4000]}")
                moved |= culprits
            for file, number in sorted(moved):
                self.schemata[file].move(number)
                self.moves.append((file, number))
            for file in {file for file, _ in moved}:
                self._write(file)
            if moved:
                log(f"{len(moved)} mutants do not compile where they stand ({', '.join(failed)}): moved")
            todo = list(failed)
        (self.build.folder / "all.json").write_text(json.dumps({"key": self.key, "moves": self.moves}))

    def _write(self, file):
        (self.overlay / self.build.what.folder / file).write_text(self.schemata[file].render())

    def _culprits(self, said):
        """The mutants in the lines that a compiler complains about: where the error is, else what led there."""
        culprits, led, open_error = set(), [], False
        for line in said.split("\n"):
            found = re.match(r"(\S+?):(\d+):", line)
            if not found:
                continue
            file, number = Path(found.group(1)).name, int(found.group(2))
            ours = found.group(1).startswith(str(self.overlay))
            here = {(file, m) for m in self.schemata[file].blame(number)} if ours and file in self.schemata else set()
            if " error: " in line:
                blamed = here or next((l for l in led if l), set())
                culprits |= blamed
                led, open_error = [], not blamed
            elif "in expansion of macro" in line and open_error:
                culprits |= here
            elif "required from" in line:
                led.append(here)
        return culprits
