#!/usr/bin/env python3
"""PyTorch's attention beside ours on one GPU: same process, same inputs, in turns.

    peers_torch.py --library build/gpu/kernels/cuda/libflashdeck_cuda.so --record FILE [--minutes M]

Peers: scaled_dot_product_attention's flash, cuDNN, memory-efficient and math back ends, and FlexAttention with causal,
window and block masks. Ours: every kernel of the library that does the problem, called with PyTorch's own pointers and
stream. A repetition of each in every round, so that what drifts drifts for all; inputs take turns so that the L2 holds
none; times by events. Results are held against float64 first, and a wrong one gets no time.

Each case goes into the record as it ends: "torch_flash", "torch_math" ... and ours as "NAME_beside_torch". Without
PyTorch or a GPU it says so and ends with 77.
"""
import argparse
import ctypes
import json
import math
import os
import statistics
import sys
import time
from pathlib import Path

SAMPLES = 10
MIN_TIME = 0.03  # seconds that a repetition fills
SKIPPED = 77
DTYPES = {"f32": 0, "bf16": 1, "f16": 2}

# Most valuable first. `blocks`: share of 128 x 128 blocks that a random block mask keeps.
CASES = [
    {"n": 4096, "d": 128, "heads": 16, "batch": 4, "mask": "causal"},
    {"n": 4096, "d": 128, "heads": 16, "batch": 4, "mask": "full"},
    {"n": 4096, "d": 64, "heads": 32, "batch": 4, "mask": "causal"},
    {"n": 1024, "d": 64, "heads": 16, "batch": 64, "mask": "full"},
    {"n": 16384, "d": 128, "heads": 16, "batch": 1, "mask": "causal"},
    {"n": 4096, "d": 128, "heads": 16, "batch": 4, "mask": "causal_w255"},
    {"n": 16384, "d": 128, "heads": 16, "batch": 1, "mask": "causal_w255"},
    {"n": 4096, "d": 128, "heads": 16, "batch": 4, "mask": "full", "blocks": 0.25},
    {"n": 1024, "d": 128, "heads": 16, "batch": 16, "mask": "causal"},
    {"n": 8192, "d": 128, "heads": 16, "batch": 2, "mask": "causal"},
    {"n": 2048, "d": 128, "heads": 16, "batch": 8, "mask": "causal"},
    {"n": 512, "d": 128, "heads": 16, "batch": 32, "mask": "causal"},
]
BLOCK = 128


class PeerProblem(ctypes.Structure):
    """As struct peer_problem in kernels/cuda/peer.h."""
    _fields_ = [(name, ctypes.c_int64) for name in
                ("layers", "batch", "heads", "kv_heads", "len_q", "len_kv", "head_dim", "window_left", "window_right")]
    _fields_ += [("causal", ctypes.c_int32), ("dtype", ctypes.c_int32), ("scale", ctypes.c_float),
                 ("block", ctypes.c_int32), ("host_first", ctypes.c_void_p), ("first", ctypes.c_void_p),
                 ("host_list", ctypes.c_void_p), ("list", ctypes.c_void_p)]


def open_library(path):
    library = ctypes.CDLL(path)
    library.flashdeck_kernels.restype = ctypes.c_int64
    library.flashdeck_kernel.restype = ctypes.c_char_p
    library.flashdeck_kernel.argtypes = [ctypes.c_int64]
    for name, result in (("unsupported", ctypes.c_char_p), ("workspace", ctypes.c_int64)):
        call = getattr(library, "flashdeck_" + name)
        call.restype = result
        call.argtypes = [ctypes.c_char_p, ctypes.POINTER(PeerProblem)]
    library.flashdeck_launch.restype = ctypes.c_int32
    library.flashdeck_launch.argtypes = [ctypes.c_char_p, ctypes.POINTER(PeerProblem)] + [ctypes.c_void_p] * 7
    return library


def kernels_of(library):
    return [library.flashdeck_kernel(i).decode() for i in range(library.flashdeck_kernels())]


def window(mask):
    """(causal, keys to the left or -1) of "full", "causal", "causal_w255"."""
    return mask.startswith("causal"), int(mask.split("_w")[1]) if "_w" in mask else -1


def problem_of(case, dtype="bf16"):
    causal, left = window(case["mask"])
    return PeerProblem(layers=1, batch=case["batch"], heads=case["heads"], kv_heads=case["heads"], len_q=case["n"],
                       len_kv=case["n"], head_dim=case["d"], window_left=left, window_right=0 if causal else -1,
                       causal=int(causal), dtype=DTYPES[dtype], scale=1 / math.sqrt(case["d"]), block=0)


def pairs_of(case, rows=None):
    """Kept pairs of one head. `rows`: lists of blocks, where there is a block mask."""
    causal, left = window(case["mask"])
    n = case["n"]
    if rows is not None:
        return sum(min(BLOCK, n - r * BLOCK) * min(BLOCK, n - c * BLOCK) for r, row in enumerate(rows) for c in row)
    if not causal:
        return n * n
    seen = n if left < 0 else min(n, left + 1)
    return seen * (seen + 1) // 2 + (n - seen) * seen


def estimate(samples):
    """Median and its interval by order statistics, as harness/stats.h has it."""
    ordered, n = sorted(samples), len(samples)
    below, inside = 0.0, 0
    while inside < n // 2 and 2 * (below + math.comb(n, inside) * 0.5**n) <= 0.01:
        below += math.comb(n, inside) * 0.5**n
        inside += 1
    level = 1 - 2 * below if inside else 1 - 2 * 0.5**n
    low = max(inside - 1, 0)
    return {"median": statistics.median(ordered), "low": ordered[low], "high": ordered[n - 1 - low], "level": level}


def mask_label(case):
    return case["mask"] if "blocks" not in case else f"{case['mask']}_blocks{round(100 * case['blocks'])}"


def describe(case, kernel, family, title, dtype="bf16"):
    mask = mask_label(case)
    key = f"{kernel}.cuda.{dtype}.{mask}.n{case['n']}.d{case['d']}.h{case['heads']}.b{case['batch']}.t1"
    name = (f"{kernel}/cuda/{dtype}/{mask}/N:{case['n']}/d:{case['d']}/heads:{case['heads']}/batch:{case['batch']}"
            "/threads:1")
    causal, left = window(case["mask"])
    return {
        "key": key, "name": name, "kernel": kernel, "family": family, "backend": "cuda", "title": title, "mask": mask,
        "threads": 1, "fill": "gaussian", "seed": "1", "failed": False, "error": None, "device": "cuda:0",
        "problem": {"layers": 1, "batch": case["batch"], "heads": case["heads"], "kv_heads": case["heads"],
                    "len_q": case["n"], "len_kv": case["n"], "head_dim": case["d"], "dtype": dtype, "causal": causal,
                    "window_left": left, "window_right": 0 if causal else -1, "global_every": 0,
                    "scale": 1 / math.sqrt(case["d"])},
        "flops_convention": "4 * head_dim * kept pairs, softmax not counted", "stages": [], "workspace": None,
        "peak_memory": None, "mhz_low": 0, "mhz_high": 0, "flags": None,
    }


def rows_of(case, own, pairs, result):
    """Google Benchmark's rows. `result`: error, or samples, cpu, calls, sets, and what the check saw."""
    heads = case["heads"] * case["batch"]
    size = 2 if own["problem"]["dtype"] != "f32" else 4
    samples = result.get("samples", [])
    own = dict(own, flops=4.0 * case["d"] * pairs * heads,
               bytes=float(heads * case["n"] * (4 * case["d"] * size + 4)), roof_flops=result.get("roof"),
               max_error=result.get("max_error"), plain_error=result.get("plain_error"),
               tolerance=result.get("tolerance"), rows_compared=result.get("rows", 0),
               rows_total=heads * case["n"], input_sets=result.get("sets", 0), hot=None, graph=None, memory_mhz=None,
               watts=None, celsius=None, samples=samples, cpu_samples=result.get("cpu", []),
               iterations=result.get("calls", []))
    common = {"family_index": 0, "per_family_instance_index": 0, "run_name": own["name"], "repetitions": len(samples),
              "threads": 1, "time_unit": "ns"}
    if "error" in result:
        own.update(failed=True, error=result["error"], stop_reason=None, spread=0.0,
                   seconds={"median": 0.0, "low": 0.0, "high": 0.0, "level": 0.0})
        return [dict(common, name=own["name"], run_type="iteration", repetition_index=0, iterations=0, real_time=0.0,
                     cpu_time=0.0, error_occurred=True, error_message=result["error"], flashdeck=own)]
    middle = statistics.median(samples)
    own.update(stop_reason="repetitions", seconds=estimate(samples),
               spread=statistics.median(abs(s - middle) for s in samples) / middle)
    rows = []
    for i, seconds in enumerate(samples):
        roof = own["flops"] / seconds / own["roof_flops"] if own["roof_flops"] else None
        row = dict(common, name=own["name"], run_type="iteration", repetition_index=i, iterations=own["iterations"][i],
                   real_time=seconds * 1e9, cpu_time=own["cpu_samples"][i] * 1e9, flops=own["flops"] / seconds,
                   bytes_per_second=own["bytes"] / seconds, roof_share=roof, label=own["title"])
        rows.append(dict(row, flashdeck=own) if i == 0 else row)
    deviation = statistics.stdev(samples) if len(samples) > 1 else 0.0
    for name, unit, value in (("mean", "time", statistics.mean(samples) * 1e9), ("median", "time", middle * 1e9),
                              ("stddev", "time", deviation * 1e9),
                              ("cv", "percentage", deviation / statistics.mean(samples))):
        rows.append(dict(common, name=f"{own['name']}_{name}", run_type="aggregate", aggregate_name=name,
                         aggregate_unit=unit, iterations=len(samples), real_time=value, cpu_time=0.0))
    return rows


def add_rows(path, rows):
    """Into the record, in place of rows of the same names; the file is whole at every moment."""
    path = Path(path)
    record = json.loads(path.read_text(encoding="utf-8"))
    names = {row["run_name"] for row in rows}
    record["benchmarks"] = [row for row in record["benchmarks"] if row["run_name"] not in names] + rows
    families = {}
    for row in record["benchmarks"]:
        row["family_index"] = families.setdefault(row["run_name"], len(families))
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(beside, path)


def roof_of(path):
    record = json.loads(Path(path).read_text(encoding="utf-8"))
    gpu = record["context"]["flashdeck"]["machine"].get("gpu") or {}
    return gpu.get("product_bf16")


class Bench:
    """One case on the GPU: inputs in several sets, contenders, the check, the rounds."""

    def __init__(self, torch, library, case):
        self.torch, self.library, self.case = torch, library, case
        shape = (case["batch"], case["n"], case["heads"], case["d"])
        one = 4 * 2 * math.prod(shape)
        l2 = torch.cuda.get_device_properties(0).L2_cache_size
        self.sets = max(2, min(64, math.ceil(5 * l2 / one)))
        generator = torch.Generator(device="cuda").manual_seed(1)
        self.inputs = [[torch.randn(shape, generator=generator, device="cuda", dtype=torch.bfloat16) for _ in range(3)]
                       for _ in range(self.sets)]
        self.turn = 0
        self.blocks = self.make_blocks() if "blocks" in case else None

    def make_blocks(self):
        """CSR rows of a seeded random block mask; every query block sees at least its own keys."""
        rows, generator = math.ceil(self.case["n"] / BLOCK), self.torch.Generator().manual_seed(2)
        drawn = self.torch.rand((rows, rows), generator=generator)
        return [[c for c in range(rows) if c == r or drawn[r, c] < self.case["blocks"]] for r in range(rows)]

    def next_set(self):
        self.turn = (self.turn + 1) % self.sets
        return self.inputs[self.turn]

    def keep(self, rows):
        """Which keys the given rows see, as a matrix of booleans."""
        torch, n = self.torch, self.case["n"]
        i, j = rows[:, None], torch.arange(n, device="cuda")[None, :]
        causal, left = window(self.case["mask"])
        kept = torch.ones((len(rows), n), dtype=torch.bool, device="cuda")
        if causal:
            kept &= j <= i
        if left >= 0:
            kept &= j >= i - left
        if self.blocks:
            count = math.ceil(n / BLOCK)
            table = torch.zeros((count, count), dtype=torch.bool)
            for r, row in enumerate(self.blocks):
                table[r, row] = True
            kept &= table.cuda()[(i // BLOCK), (j // BLOCK)]
        return kept

    def check(self, output):
        """The largest error over random rows of two heads, and what a plain computation in bf16 would have."""
        torch = self.torch
        q, k, v = (t[-1, :, [0, -1]].transpose(0, 1) for t in self.inputs[0])  # two heads of the last sequence
        rows = torch.randperm(self.case["n"], generator=torch.Generator().manual_seed(3))[:256].sort().values.cuda()
        kept, scale = self.keep(rows), 1 / math.sqrt(self.case["d"])
        exact = (q[:, rows].double() @ k.double().transpose(1, 2) * scale).masked_fill(~kept, -math.inf)
        exact = exact.softmax(-1) @ v.double()
        plain = ((q[:, rows] @ k.transpose(1, 2)) * scale).masked_fill(~kept, -math.inf)
        plain = plain.softmax(-1) @ v
        plain_error = (plain.double() - exact).abs().max().item()
        got = output[-1, :, [0, -1]].transpose(0, 1)[:, rows].double()
        error = (got - exact).abs().max().item()
        tolerance = 2 * plain_error + 2.0**-9 * exact.abs().max().item()
        return {"max_error": error, "plain_error": plain_error, "tolerance": tolerance, "rows": 2 * len(rows),
                "right": bool(error <= tolerance)}  # NaN is not

    def measure(self, call):
        """One repetition: median seconds of a call, the processor's for one, and how many were made."""
        torch = self.torch
        call(*self.next_set())
        seconds, spent, processor = [], 0.0, time.process_time()
        while spent < MIN_TIME and len(seconds) < 1000:
            marks = []
            for _ in range(16):
                start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
                tensors = self.next_set()
                start.record()
                call(*tensors)
                end.record()
                marks.append((start, end))
            torch.cuda.synchronize()
            seconds += [1e-3 * start.elapsed_time(end) for start, end in marks]
            spent = sum(seconds)
        return statistics.median(seconds), (time.process_time() - processor) / len(seconds), len(seconds)


def ours(bench):
    """Our kernels as calls on [batch, len, heads, d]."""
    torch, library, found = bench.torch, bench.library, []
    problem = problem_of(bench.case)
    if bench.blocks:
        flat, first = [c for row in bench.blocks for c in row], [0]
        for row in bench.blocks:
            first.append(first[-1] + len(row))
        bench.arrays = [torch.tensor(first, dtype=torch.int64), torch.tensor(flat, dtype=torch.int32)]
        bench.arrays += [t.cuda() for t in bench.arrays]
        problem.block = BLOCK
        problem.host_first, problem.host_list, problem.first, problem.list = (t.data_ptr() for t in bench.arrays)
    for name in kernels_of(library):
        if library.flashdeck_unsupported(name.encode(), ctypes.byref(problem)):
            continue
        scratch = torch.empty(max(1, library.flashdeck_workspace(name.encode(), ctypes.byref(problem))),
                              dtype=torch.uint8, device="cuda")
        o = torch.empty_like(bench.inputs[0][0])
        lse = torch.empty((bench.case["batch"], bench.case["heads"], bench.case["n"]), device="cuda")

        def call(q, k, v, name=name, scratch=scratch, o=o, lse=lse):
            status = library.flashdeck_launch(name.encode(), ctypes.byref(problem), q.data_ptr(), k.data_ptr(),
                                              v.data_ptr(), o.data_ptr(), lse.data_ptr(), scratch.data_ptr(),
                                              torch.cuda.current_stream().cuda_stream)
            if status != 0:
                raise RuntimeError(f"the launch failed (status {status})")
            return o
        found.append((name + "_beside_torch", "ours", f"{name}, in PyTorch's process", call))
    return found


def sdpa(bench):
    """PyTorch's own back ends, on views of the same memory; the math back end on tensors laid out as it likes them."""
    torch = bench.torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    if "_w" in bench.case["mask"] or bench.blocks:
        return []  # they know no windows: given as a dense mask they would measure something else
    causal, _ = window(bench.case["mask"])
    attend = torch.nn.functional.scaled_dot_product_attention

    def through(backend):
        def call(q, k, v):
            with sdpa_kernel(backend):
                return attend(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=causal).transpose(1, 2)
        return call

    laid_out = {}

    def math_call(q, k, v):
        if q.data_ptr() not in laid_out:  # the first call of a set is never timed twice: rotation is warmed up
            laid_out[q.data_ptr()] = [t.transpose(1, 2).contiguous() for t in (q, k, v)]
        with sdpa_kernel(SDPBackend.MATH):
            return attend(*laid_out[q.data_ptr()], is_causal=causal).transpose(1, 2)
    peers = [("torch_flash", "peer", "PyTorch, flash", through(SDPBackend.FLASH_ATTENTION)),
             ("torch_cudnn", "peer", "PyTorch, cuDNN", through(SDPBackend.CUDNN_ATTENTION)),
             ("torch_efficient", "peer", "PyTorch, memory-efficient", through(SDPBackend.EFFICIENT_ATTENTION))]
    if bench.case["n"] <= 8192:
        for tensors in bench.inputs:
            laid_out[tensors[0].data_ptr()] = [t.transpose(1, 2).contiguous() for t in tensors]
        peers.append(("torch_math", "peer", "PyTorch, math (unfused)", math_call))
    return peers


def flex(bench):
    torch = bench.torch
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention
    n = bench.case["n"]
    causal, left = window(bench.case["mask"])
    table = None
    if bench.blocks:
        count = math.ceil(n / BLOCK)
        table = torch.zeros((count, count), dtype=torch.bool)
        for r, row in enumerate(bench.blocks):
            table[r, row] = True
        table = table.cuda()

    def keeps(_batch, _head, i, j):
        kept = j >= 0
        if causal:
            kept = kept & (j <= i)
        if left >= 0:
            kept = kept & (j >= i - left)
        if table is not None:
            kept = kept & table[i // BLOCK, j // BLOCK]
        return kept
    whole = not causal and left < 0 and table is None
    mask = None if whole else create_block_mask(keeps, None, None, n, n, device="cuda", BLOCK_SIZE=BLOCK)
    attend = torch.compile(flex_attention, dynamic=False)

    def call(q, k, v):
        return attend(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), block_mask=mask).transpose(1, 2)
    return [("torch_flex", "peer", "PyTorch, FlexAttention", call)]


def contenders_of(bench):
    found = []
    for group in (ours, sdpa, flex):
        try:
            found += group(bench)
        except Exception as error:  # a PyTorch without a back end goes on with the others
            print(f"  {group.__name__}: not here: {error}", file=sys.stderr)
    return found


def run_case(torch, library, case, record, until):
    bench = Bench(torch, library, case)
    pairs, roof = pairs_of(case, bench.blocks), roof_of(record)
    results, good = {}, []
    contenders = contenders_of(bench)
    for name, _, _, call in contenders:
        try:
            seen = bench.check(call(*bench.inputs[0]))
            results[name] = dict(seen, samples=[], cpu=[], calls=[], sets=bench.sets, roof=roof)
            if seen["right"]:
                good.append((name, call))
            else:
                results[name]["error"] = (f"wrong result, not timed: error {seen['max_error']:.2e}, allowed "
                                          f"{seen['tolerance']:.2e}")
        except Exception as error:
            results[name] = {"error": str(error).strip().split("\n")[0][:300] or type(error).__name__}
    for _ in range(SAMPLES):
        for name, call in good:
            if time.monotonic() < until and "error" not in results[name]:
                try:
                    for to, value in zip(("samples", "cpu", "calls"), bench.measure(call)):
                        results[name][to].append(value)
                except Exception as error:
                    results[name]["error"] = f"failed while it was timed: {str(error).strip()[:250]}"
    for name, family, title, _ in contenders:
        result = results[name]
        if "error" not in result and len(result["samples"]) < 1:
            result["error"] = "not measured: the time was up"
        add_rows(record, rows_of(case, describe(case, name, family, title), pairs, result))
        took = result["error"] if "error" in result else \
            f"{1e3 * statistics.median(result['samples']):9.3f} ms " \
            f"{4e-12 * case['d'] * pairs * case['heads'] * case['batch'] / statistics.median(result['samples']):7.1f} TFLOP/s"
        print(f"  {name:28} {took}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", required=True, help="libflashdeck_cuda.so")
    parser.add_argument("--record", required=True, help="a record of this machine's GPU, to which rows are added")
    parser.add_argument("--minutes", type=float, default=10)
    at = parser.parse_args()
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed for this python3: no peers are measured")
        return SKIPPED
    if not torch.cuda.is_available():
        print(f"PyTorch {torch.__version__} sees no GPU: no peers are measured")
        return SKIPPED
    until, library = time.monotonic() + 60 * at.minutes, open_library(at.library)
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name(0)}")
    for case in CASES:
        if time.monotonic() >= until:
            print("the time is up: the remaining cases are not measured")
            break
        print(f"{mask_label(case)}, N {case['n']}, d {case['d']}, heads {case['heads']}, batch {case['batch']}")
        try:
            run_case(torch, library, case, at.record, until)
        except torch.cuda.OutOfMemoryError as error:
            print(f"  does not fit: {str(error).splitlines()[0]}")
        torch.cuda.empty_cache()
    return 0


if __name__ == "__main__":
    sys.exit(main())
