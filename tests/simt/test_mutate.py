#!/usr/bin/python3
"""scripts/mutate.py itself: mutants are deterministic and change code alone, every explained survivor still has its
mutant, and an explanation without one is told."""
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ["SOURCE"])
sys.path.insert(0, str(SOURCE / "scripts"))
sys.dont_write_bytecode = True
from mutants import code_of, mutants_of, without_comments  # noqa: E402
from schemata import Schemata  # noqa: E402

TEXT = '''/* a + b */
#define N 4
enum { TILE = 32 };
#ifdef __CUDACC__
int gpu() { return 1 + 2; }
#else
int cpu(int a, int b) { return a < b ? a + 1 : 0; } // 5 + 6
#endif
void f()
{
    __syncthreads();
    printf("%d + 7", 8);
    if (a && b)
        x[i][j] += fmaxf(y, 3);
}
'''
# (line, operator, what it becomes): each must be there.
WANTED = [
    (3, "constant", "enum { TILE = 33 };"),
    (3, "constant", "enum { TILE = 31 };"),
    (7, "compare", "int cpu(int a, int b) { return a <= b ? a + 1 : 0; } // 5 + 6"),
    (7, "plus_minus", "int cpu(int a, int b) { return a < b ? a - 1 : 0; } // 5 + 6"),
    (7, "ternary", "int cpu(int a, int b) { return a < b || true ? a + 1 : 0; } // 5 + 6"),
    (11, "remove_barrier", ";"),
    (13, "and_or", "if (a || b)"),
    (13, "drop_condition", "if (true && b)"),
    (13, "drop_condition", "if (a && true)"),
    (13, "if", "if (false)"),
    (14, "min_max", "x[i][j] += fminf(y, 3);"),
    (14, "swap_index", "x[j][i] += fmaxf(y, 3);"),
    (14, "assign", "x[i][j] = fmaxf(y, 3);"),
]


# All of a mutant's ways into one build: an argument, a subscript, a condition, a statement, an initializer, a returned
# value, a loop's parts, a local type, the size of an array.
PROGRAM = """#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int twice(int a, int b)
{
    int64_t sum = 0, parts[6] = {a, b, 2};
    for (int64_t i = 0; i < 3; i++)
        sum += parts[i] * 2;
    if (a > b && sum > 10)
        sum -= 1;
    else
        sum = parts[a % 3] + twice(b + 3, a / 2);
    int64_t large = (int64_t)a * 2000000000;
    return (int)(sum < 0 ? -1 : sum) + (int)(large / 1000000000);
}

int main(void)
{
    for (int a = 0; a < 4; a++)
        printf("%d ", twice(a + 1, a));
    return 0;
}
"""


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, **more)


def in_one_as_alone(folder):
    """What a program says as each of its mutants, all in one build, is what each says that is built alone."""
    flags = ["-w", "-O1", "-fwrapv"]
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1))}
    mutants = mutants_of("p.c", PROGRAM)
    schemata = Schemata(without_comments(PROGRAM), code_of(PROGRAM), mutants, 1)
    (folder / "p.c").write_text("#include <stdlib.h>\nstatic int mutant_now;\n#define main main_of_program\n"
                                + schemata.render() + "\n#undef main\nint main(int count, char **words)\n{\n"
                                "    mutant_now = count > 1 ? atoi(words[1]) : 0;\n    return main_of_program();\n}\n")
    built = run(["cc", *flags, folder / "p.c", "-o", folder / "all"])
    if built.returncode:
        sys.exit(f"the mutants do not compile in one: {built.stderr}")
    apart = 0
    for number, mutant in schemata.mutants.items():
        (folder / "a.c").write_text(mutant.in_text(PROGRAM))
        if schemata.places[number] is None or run(["cc", *flags, folder / "a.c", "-o", folder / "alone"]).returncode:
            continue
        one, other = run([folder / "all", str(number)], **limit), run([folder / "alone"], **limit)
        if (one.returncode == 0) != (other.returncode == 0) or (one.returncode == 0 and one.stdout != other.stdout):
            sys.exit(f"{mutant.name}, {mutant.after}: alone {other.stdout!r}, in one build {one.stdout!r}")
        apart += one.stdout != run([folder / "all"]).stdout
    if apart < 30:
        sys.exit(f"only {apart} mutants say anything else than the program")
    return len(mutants)


def main():
    found = mutants_of("t.cu", TEXT)
    have = {(m.line, m.operator, m.after) for m in found}
    missing = [w for w in WANTED if w not in have]
    untouched = [m for m in found if m.line in (1, 2, 4, 5, 6, 8)]
    strings = [m for m in found if m.line == 12 and m.after != ";" and '"%d + 7"' not in m.after]
    texts = [m.in_text(TEXT) for m in found]
    if missing or untouched or strings or len(set(texts)) != len(texts) or len({m.name for m in found}) != len(found):
        sys.exit(f"missing {missing}; changed what is no code {untouched}; strings {strings}; or some are alike")
    if found != mutants_of("t.cu", TEXT):
        sys.exit("two looks give different mutants")
    for what in ("cuda", "select"):
        done = run([sys.executable, "-B", SOURCE / "scripts/mutate.py", what, "--check"])
        print(done.stdout + done.stderr, end="")
        if done.returncode:
            sys.exit(1)
    with tempfile.TemporaryDirectory() as folder:
        alike = in_one_as_alone(Path(folder))
    print(f"{len(WANTED)} mutants as wanted, of {len(found)}; {alike} say in one build what they say alone")


main()
