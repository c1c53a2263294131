"""What the tests of the command line share: run the program in a folder of its own and look at what it left there."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WRONG = """
#define _GNU_SOURCE
#include <dlfcn.h>
typedef void product(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
product cblas_sgemm;
void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
                 int ldb, float beta, float *c, int ldc)
{
    product *real = (product *)dlsym(RTLD_NEXT, "cblas_sgemm");
    real(order, ta, tb, m, n, k, alpha * 1.001f, a, lda, b, ldb, beta, c, ldc);
}
"""
PROGRAM = os.environ["FLASHDECK"]
SOURCE = pathlib.Path(os.environ["SOURCE"])
failures = []


def fail(words):
    failures.append(words)
    print("FAILED:", words, flush=True)


def end():
    """The last line of each test."""
    print(f"{len(failures)} failures" if failures else "all passed")
    sys.exit(1 if failures else 0)


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def look(folder):
    """Every file below a folder with its content, to see that nothing was changed."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


class Folder:
    """A temporary folder to run the program in."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="flashdeck-cli-"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name, content):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments, env=None, timeout=120):
        environment = dict(os.environ, **(env or {}))
        result = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.path, capture_output=True, text=True,
                                errors="replace", env=environment, timeout=timeout, stdin=subprocess.DEVNULL)
        called = " ".join(map(str, arguments))
        if result.returncode < 0:
            fail(f"`{called}` died of signal {-result.returncode}: {result.stderr[-400:]}")
        for word in ("AddressSanitizer", "LeakSanitizer", "runtime error:", "Assertion"):
            if word in result.stderr:
                fail(f"`{called}`: {result.stderr[-2000:]}")
        return result

    def done(self, *arguments, **how):
        """Must succeed."""
        result = self.run(*arguments, **how)
        if result.returncode != 0:
            fail(f"`{' '.join(map(str, arguments))}` ended with {result.returncode}: {result.stderr}")
        return result

    def refused(self, *arguments, say=(), code=2, how_to_go_on=True, **how):
        """Must be refused: with this code, these words on stderr, a line on how to go on, and nothing written."""
        before = look(self.path)
        result = self.run(*arguments, **how)
        called = "`" + " ".join(str(a)[:80] for a in arguments) + "`"
        if result.returncode != code:
            fail(f"{called} ended with {result.returncode}, not {code}: {result.stderr[:600]}{result.stdout[:300]}")
        for word in say:
            if word not in result.stderr:
                fail(f"{called} does not say '{word}':\n{result.stderr[:1200]}")
        lines = result.stderr.splitlines()
        if "error:" not in result.stderr:
            fail(f"{called} gives no line with error: {result.stderr[:300]}")
        if how_to_go_on and not any(line.startswith("    ") for line in lines):
            fail(f"{called} does not say how to go on:\n{result.stderr[:600]}")
        after = look(self.path)
        if after != before:
            fail(f"{called} left something behind: {sorted(set(after.items()) ^ set(before.items()))}")
        return result


def wrong_product(at):
    """An environment in which OpenBLAS's product is off by a little, made in the folder `at`; skips without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        skip("no C compiler")
    at.write("wrong.c", WRONG)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", at.path / "wrong.so", at.path / "wrong.c", "-ldl"], check=True)
    # A program built with a sanitizer wants to be loaded first; here it need not.
    return {"LD_PRELOAD": str(at.path / "wrong.so"), "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
