"""Runs tests on mutants: first what kills most in the least time, up to the first failure."""
import os
import resource
import subprocess
import tempfile
import threading
import time

# Words in what a test says, and what they mean.
MEANINGS = [("the formula says", "count unlike formula"), ("the row has", "count unlike formula"),
            ("should have", "count unlike formula"), ("race:", "race"), ("out of bounds", "out of bounds"),
            ("neither HBM nor SRAM", "out of bounds"), ("nothing has written", "uninitialised"),
            ("divergence", "divergence"), ("lane mask", "divergence"), ("misaligned", "misaligned"),
            ("asynchronous copy", "copy in flight"), ("SRAM", "SRAM of a block"), ("never written", "wrong result")]
QUICK = 0.6  # seconds of the first look


def meaning(said):
    return next((what for words, what in MEANINGS if words in said), "wrong result")


class Server:
    """scripts/mutant_server.c; one mutant at a time."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        self.jobs = []  # each one's kernel
        while (line := self.process.stdout.readline().strip()):
            self.jobs.append(line.split()[1])

    def ask(self, number, jobs):
        """`jobs`: of (job, seconds that it may take). (survived|killed|hang|crash, job, seconds, words)."""
        asked = " ".join(f"{job}:{int(1000 * seconds) + 1}" for job, seconds in jobs)
        self.process.stdin.write(f"{number} {asked}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the server of mutants ended")
        _, how, job, seconds, words = line.rstrip("\n").split(" ", 4)
        return how, int(job), float(seconds), words

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Jobs:
    """What each job costs, and what it has killed so far: whoever kills most a second comes first."""

    def __init__(self, kernels, costs, budget):
        self.kernels, self.costs, self.budget = kernels, costs, budget
        self.kills = {}  # (file, job) -> how many; what kills the mutants of one file kills others of it
        self.lock = threading.Lock()

    def killed(self, file, job):
        with self.lock:
            self.kills[file, job] = self.kills.get((file, job), 0) + 1

    def looks(self, file, kernels):
        """The quick one, and the rest: the cheap ones first, as many as the budget holds."""
        ours = [j for j, kernel in enumerate(self.kernels) if kernel in kernels and j in self.costs]
        cost = self.costs
        with self.lock:
            kills = {j: self.kills.get((file, j), 0) for j in ours}
        ours.sort(key=lambda j: (-(kills[j] + 0.05) / (cost[j] + 0.005), j))
        quick, spent = [], 0
        for j in ours:
            if spent + cost[j] > QUICK and quick:
                break
            quick.append(j)
            spent += cost[j]
        rest = []
        for j in sorted(ours[len(quick):], key=lambda j: (-kills[j], cost[j], j)):
            if spent + cost[j] <= self.budget:
                rest.append(j)
                spent += cost[j]
        return [[(j, 6 * cost[j] + 0.3) for j in look] for look in (quick, rest) if look]


def run_program(program, number, seconds):
    """A test program as that mutant; None, or how it was killed. The limit is of the processor's time, and a generous
    one of the clock's for those that wait for each other."""
    most = int(6 * seconds) + 2

    def limit():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))

    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        try:
            done = subprocess.run([program], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  errors="replace", preexec_fn=limit, check=False, timeout=20 * most,
                                  env={**os.environ, "MUTANT": str(number), "PATH": "/nonexistent",
                                       "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "2"})
        except subprocess.TimeoutExpired:
            return "hang"
    if done.returncode == 0:
        return None
    if done.returncode == -24:  # SIGXCPU
        return "hang"
    return meaning(done.stdout) if done.returncode > 0 else "crash"


def time_of(program):
    """Seconds that a program takes with no mutant; it must pass."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    how = run_program(program, 0, 300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if how:
        raise SystemExit(f"{program} fails without a mutant: {how}")
    return min(time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
