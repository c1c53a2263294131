#!/usr/bin/python3
"""scripts/mutate.py itself: mutants are deterministic and change code alone, every explained survivor still has its
mutant, and an explanation without one is told."""
import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ["SOURCE"])
sys.path.insert(0, str(SOURCE / "scripts"))
sys.dont_write_bytecode = True
from mutants import mutants_of  # noqa: E402

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
    done = subprocess.run([sys.executable, "-B", SOURCE / "scripts/mutate.py", "--check"], capture_output=True, text=True,
                          check=False)
    print(done.stdout + done.stderr, end="")
    if done.returncode:
        sys.exit(1)
    print(f"{len(WANTED)} mutants as wanted, of {len(found)}")


main()
