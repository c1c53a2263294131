#!/usr/bin/env python3
"""How fast others compute the same attention on this machine's CPU: PyTorch's scaled_dot_product_attention and ONNX
Runtime's attention, in turns with ours.

    scripts/peers_cpu.py                     every shape, all processors, about ten minutes
    scripts/peers_cpu.py --only n1024        shapes whose name holds these letters
    scripts/peers_cpu.py --threads 1 --rounds 20 --out peers.json

The first call makes a virtual environment outside the tree (~/.cache/flashdeck/peers, or under XDG_CACHE_HOME) and
installs numpy, torch, onnx and onnxruntime from the package index that pip is set up for. PyPI's torch for Linux brings
gigabytes of GPU libraries along; an index with CPU wheels (PIP_INDEX_URL) spares them. Build and tests never need this.

How it is kept fair. float32, standard normal inputs, the same number of threads. Each has its tensors in the layout it
likes before the clock starts: [batch, heads, len, dim] for PyTorch, [batch, len, heads * dim] for ONNX Runtime,
[batch, len, heads, dim] for us. Outputs are held against `flashdeck attend` first; who disagrees gets no time. Then
rounds: in each, everyone fills the same minimum time once, in an order that rotates, with a pause so that spinning
threads fall asleep. A round's figure is the median call. Ratios are paired by round: their time over ours, the median
with its 99 % interval by order statistics, as harness/stats.h has it.
"""
import argparse
import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "flashdeck" / "peers"
PACKAGES = [("numpy",), ("torch",), ("onnxruntime", "onnx")]  # each row is had whole or not at all
DISK_NEEDED = 9e9  # bytes: torch with its GPU libraries, and pip's copy while it unpacks
TOLERANCE = 2e-5  # largest difference from ours: logits and outputs are of the order of one
PAUSE = 0.1  # seconds between two programs

# name of the shape: (N, head_dim, heads, causal, keys to the left or -1)
SHAPES = {
    f"n{n}.d{d}.h{heads}.{label}": (n, d, heads, causal, left)
    for n, heads in ((1024, 8), (2048, 8), (4096, 8), (8192, 2))
    for d in (64, 128)
    for label, causal, left in (("full", False, -1), ("causal", True, -1), ("causal_w255", True, 255))
}


def prepare_environment():
    """Goes on inside the virtual environment; makes it, and installs what it lacks, first."""
    python = HOME / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == HOME.resolve():
        return
    if not python.exists():
        HOME.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(HOME.parent).free < DISK_NEEDED:
            sys.exit(f"error: {HOME.parent} has less than {DISK_NEEDED / 1e9:.0f} GB free, which PyTorch may need\n"
                     "    Set XDG_CACHE_HOME to a folder on a larger disk.")
        print(f"peers: making a virtual environment in {HOME}", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", HOME]).returncode:
            shutil.rmtree(HOME, ignore_errors=True)  # half an environment would be taken for a whole one
            sys.exit("error: python could not make a virtual environment\n    Debian: apt-get install python3-venv")
    for row in PACKAGES:
        modules = "; ".join(f"import {name}" for name in row)
        if subprocess.run([python, "-c", modules], capture_output=True).returncode:
            print(f"peers: installing {' '.join(row)}", flush=True)
            if subprocess.run([python, "-m", "pip", "install", "-q", *row]).returncode:
                print(f"warning: {' and '.join(row)} could not be had; going on without", file=sys.stderr)
    os.execv(python, [python, *sys.argv])


def clean_environment(threads):
    """Settings that would make threads unlike are taken out before any library reads them."""
    for name in list(os.environ):
        if name.startswith(("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_")):
            print(f"note: {name}={os.environ.pop(name)} is ignored here")
    os.environ["OMP_NUM_THREADS"] = str(threads)


def median_call(call, min_time):
    """The median of the calls that fill `min_time`, after one that is not timed: harness/measure.c's repetition."""
    call()
    times, spent = [], 0.0
    while not times or (spent < min_time and len(times) < 1000):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
        spent += times[-1]
    return statistics.median(times)


class Torch:
    name = "PyTorch"

    def __init__(self, threads):
        import torch
        self.torch, self.version = torch, torch.__version__
        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)

    def calls(self, shape, q, k, v):
        """Ways to compute it: (name, function without arguments that gives [batch, len, heads, dim])."""
        n, _, _, causal, left = shape
        torch = self.torch
        tensors = [torch.from_numpy(x).transpose(1, 2).contiguous() for x in (q, k, v)]
        sdpa = torch.nn.functional.scaled_dot_product_attention
        if left < 0:
            return [("sdpa", lambda: sdpa(*tensors, is_causal=causal))]
        i = torch.arange(n)
        kept = (i[None, :] <= i[:, None]) & (i[None, :] >= i[:, None] - left)
        mask = torch.zeros(n, n).masked_fill(~kept, float("-inf"))  # added to the scores, no conversion at each call
        return [("sdpa with a mask", lambda: sdpa(*tensors, attn_mask=mask))]

    @staticmethod
    def output(result):
        return result.transpose(1, 2).numpy()


class OnnxRuntime:
    name = "ONNX Runtime"

    def __init__(self, threads):
        import onnx
        import onnxruntime
        self.onnx, self.ort, self.version = onnx, onnxruntime, onnxruntime.__version__
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1
        self.options.log_severity_level = 3

    def session(self, operator, attributes, inputs, outputs):
        """A model of one node; `inputs` are (name, element type, shape), a shape of None leaves that place empty."""
        helper, float32 = self.onnx.helper, self.onnx.TensorProto.FLOAT
        node = helper.make_node(operator, [name if shape is not None else "" for name, _, shape in inputs],
                                [name for name, _ in outputs], domain="com.microsoft", **attributes)
        given = [helper.make_tensor_value_info(*each) for each in inputs if each[2] is not None]
        made = [helper.make_tensor_value_info(name, float32, shape) for name, shape in outputs]
        model = helper.make_model(helper.make_graph([node], operator, given, made),
                                  opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
        model.ir_version = 8  # runtimes older than the onnx package read it too
        return self.ort.InferenceSession(model.SerializeToString(), self.options, providers=["CPUExecutionProvider"])

    def calls(self, shape, q, k, v):
        import numpy
        n, d, heads, causal, left = shape
        kinds = self.onnx.TensorProto
        self.shape = q.shape
        feed = {name: x.reshape(1, n, heads * d) for name, x in (("q", q), ("k", k), ("v", v))}
        flat = [1, n, heads * d]
        qkv = [(name, kinds.FLOAT, flat) for name in "qkv"]
        ways = []
        if left < 0:
            session = self.session("MultiHeadAttention", {"num_heads": heads, "unidirectional": int(causal)}, qkv,
                                   [("o", flat)])
            ways.append(("MultiHeadAttention", lambda: session.run(["o"], feed)[0]))
        if causal:  # this operator is always causal, and knows windows
            past = [1, heads, n, d]
            grouped = self.session(
                "GroupQueryAttention", {"num_heads": heads, "kv_num_heads": heads, "local_window_size":
                                        left + 1 if left >= 0 else -1},
                qkv + [("past_k", kinds.FLOAT, [1, heads, 0, d]), ("past_v", kinds.FLOAT, [1, heads, 0, d]),
                       ("seqlens", kinds.INT32, [1]), ("total", kinds.INT32, [1])],
                [("o", flat), ("present_k", past), ("present_v", past)])
            empty = numpy.zeros((1, heads, 0, d), numpy.float32)
            more = dict(feed, past_k=empty, past_v=empty, seqlens=numpy.array([n - 1], numpy.int32),
                        total=numpy.array([n], numpy.int32))
            ways.append(("GroupQueryAttention", lambda: grouped.run(["o"], more)[0]))
        return ways

    def output(self, result):
        return result.reshape(self.shape)


class Ours:
    name = "flashdeck"

    def __init__(self, program, threads, folder):
        self.program, self.threads, self.folder = program, threads, folder

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"error: {self.program} {arguments[0]} failed\n{done.stderr}")

    @staticmethod
    def kernel(shape):
        return "flash" if shape[4] < 0 else "sliding"

    def attend(self, shape, tensors):
        import numpy
        files = []
        for name, tensor in tensors.items():
            numpy.save(self.folder / f"{name}.npy", tensor)
            files.append(f"--{name}={self.folder / name}.npy")
        mask = ["--causal"] if shape[3] else []
        mask += [f"--window={shape[4]},0"] if shape[4] >= 0 else []
        out = self.folder / "o.npy"
        self.run("attend", f"--kernel={self.kernel(shape)}", *files, *mask, f"--threads={self.threads}", f"--out={out}")
        return numpy.load(out)

    def seconds(self, shape, min_time):
        """One repetition, in a process of its own: the median call, from its record."""
        n, d, heads, causal, left = shape
        mask = "full" if not causal else "causal" if left < 0 else f"causal_w{left}"
        out = self.folder / "ours.json"
        axes = [f"kernel={self.kernel(shape)}", f"mask={mask}", f"N={n}", f"d={d}", f"heads={heads}",
                f"threads={self.threads}"]
        self.run("bench", *(word for axis in axes for word in ("-a", axis)), "--benchmark_repetitions=1",
                 f"--benchmark_min_time={min_time}", "--verify-rows=16", "--quiet", f"--benchmark_out={out}")
        rows = json.loads(out.read_text())["benchmarks"]
        row = next(row for row in rows if row["run_type"] == "iteration")
        return row["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[row["time_unit"]]


def interval(samples):
    """Median, low, high, level: stats_estimate of harness/stats.c."""
    order, count = sorted(samples), len(samples)
    term, below, depth, level = 2.0 ** -count, 0.0, 0, 1 - 2 * 2.0 ** -count
    for k in range(1, count // 2 + 1):
        below += term
        if 1 - 2 * below < 0.99:
            break
        depth, level = k, 1 - 2 * below
        term *= (count - k + 1) / k
    depth = max(depth, 1)
    return statistics.median(order), order[depth - 1], order[count - depth], level


def verified_ways(peers, shape, tensors, expected):
    """Of each peer the fastest way whose output agrees with ours: [(peer, way, call)]."""
    chosen = []
    for peer in peers:
        best = None
        try:
            ways = peer.calls(shape, *tensors.values())
        except Exception as error:  # an operator that this version lacks
            print(f"    {peer.name}: not computed: {str(error).splitlines()[0][:160]}")
            continue
        for way, call in ways:
            try:
                error = float(abs(peer.output(call()) - expected).max())
            except Exception as fault:
                print(f"    {peer.name} {way}: not computed: {str(fault).splitlines()[0][:160]}")
                continue
            if not error <= TOLERANCE:
                print(f"    {peer.name} {way}: differs from ours by {error:.2g}, not timed")
                continue
            seconds = median_call(call, 0.1)
            if best is None or seconds < best[0]:
                best = (seconds, way, call)
        if best:
            chosen.append((peer, best[1], best[2]))
    return chosen


def measure_shape(name, shape, ours, peers, options):
    import numpy
    n, d, heads, _, _ = shape
    random = numpy.random.default_rng(1)
    tensors = {x: random.standard_normal((1, n, heads, d), dtype=numpy.float32) for x in "qkv"}
    chosen = verified_ways(peers, shape, tensors, ours.attend(shape, tensors))
    runners = [(ours.name, lambda: ours.seconds(shape, options.min_time))]
    runners += [(peer.name, lambda call=call: median_call(call, options.min_time)) for peer, _, call in chosen]
    samples = {who: [] for who, _ in runners}
    for turn in range(options.rounds):
        first = turn % len(runners)
        for who, seconds in itertools.chain(runners[first:], runners[:first]):
            time.sleep(PAUSE)
            samples[who].append(seconds())
    rows = []
    for peer, way, _ in chosen:
        ratios = [theirs / own for theirs, own in zip(samples[peer.name], samples[ours.name])]
        median, low, high, level = interval(ratios)
        rows.append({"shape": name, "peer": peer.name, "version": peer.version, "way": way,
                     "kernel": ours.kernel(shape), "ratio": median, "low": low, "high": high, "level": level,
                     "rounds": options.rounds,
                     "ours_seconds": samples[ours.name], "peer_seconds": samples[peer.name]})
        between = f"[{low:.2f}, {high:.2f}]"
        print(f"{name:24s} {1e3 * statistics.median(samples[ours.name]):9.2f} ms"
              f" {1e3 * statistics.median(samples[peer.name]):9.2f} ms   {median:6.2f} {between:15s}"
              f" {min(samples[peer.name]) / min(samples[ours.name]):6.2f}   {peer.name}, {way}", flush=True)
    return rows


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=10, help="8 are the least that give 99 %%")
    parser.add_argument("--min-time", type=float, default=0.2, help="seconds that a round fills for each")
    parser.add_argument("--only", default="", help="shapes whose name holds these letters: " + ", ".join(SHAPES))
    parser.add_argument("--program", default=str(ROOT / "build/release/cli/flashdeck"))
    parser.add_argument("--out", help="all samples, as JSON")
    options = parser.parse_args()
    if options.threads < 1 or options.rounds < 2 or not options.min_time > 0:
        parser.error("--threads from 1, --rounds from 2, --min-time above 0")
    if not any(options.only in name for name in SHAPES):
        parser.error(f"no shape holds '{options.only}': " + ", ".join(SHAPES))
    if not os.access(options.program, os.X_OK):
        parser.error(f"{options.program} is not there: run scripts/build.sh first")
    return options


def main():
    options = read_options()
    prepare_environment()
    clean_environment(options.threads)
    peers = []
    for kind in (Torch, OnnxRuntime):
        try:
            peers.append(kind(options.threads))
        except Exception as error:
            print(f"warning: {kind.name} is left out: {error}", file=sys.stderr)
    if not peers:
        sys.exit("error: neither PyTorch nor ONNX Runtime could be loaded")
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        cpu = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "unknown processor")
    load = os.getloadavg()[0]
    print(f"{cpu}, {options.threads} threads, load {load:.1f}, {options.rounds} rounds; "
          + ", ".join(f"{peer.name} {peer.version}" for peer in peers))
    print("A ratio over 1: ours is faster; best: the fastest round of each, which a busy machine disturbs least.\n"
          "With a window, PyTorch takes a mask and still computes every key.\n")
    print(f"{'shape':24s} {'ours':>12s} {'theirs':>12s}    ratio {'99 % interval':15s}   best")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.program, options.threads, pathlib.Path(folder))
        for name, shape in SHAPES.items():
            if options.only in name:
                rows += measure_shape(name, shape, ours, peers, options)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps({"cpu": cpu, "threads": options.threads, "load": load,
                                                         "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
