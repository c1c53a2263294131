#!/usr/bin/python3
"""attend against NumPy in float64: every kernel, masks, windows, grouped heads, lengths, layers; and what it refuses."""
import io

import numpy as np
from help_cli import Folder, end, fail

random = np.random.default_rng(7)


def keep(lq, lk, causal, left, right):
    """[lq, lk]: what the mask keeps. The last query stands at the last key."""
    at = np.arange(lq)[:, None] + lk - lq
    keys = np.arange(lk)[None, :]
    right = 0 if causal else right
    kept = np.ones((lq, lk), bool)
    if left >= 0:
        kept &= keys >= at - left
    if right >= 0:
        kept &= keys <= at + right
    return kept


def attention(q, k, v, kept, scale):
    """[batch, len, heads, d] in float64; kept [layer or 1, lq, lk] broadcasts over the batch."""
    group = q.shape[2] // k.shape[2]
    k, v = np.repeat(k, group, axis=2), np.repeat(v, group, axis=2)
    scores = np.einsum("bihd,bjhd->bhij", q, k) * scale
    scores = np.where(kept, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = weights.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        lse = np.where(total > 0, np.log(total) + top, -np.inf)[..., 0]
        weights = np.where(total > 0, weights / total, 0)
    return np.einsum("bhij,bjhd->bihd", weights, v), lse


def draw(shape, dtype):
    return random.standard_normal(shape).astype(dtype)


def save(at, **arrays):
    for name, array in arrays.items():
        np.save(at.path / f"{name}.npy", array)


FILES = ["--q=q.npy", "--k=k.npy", "--v=v.npy", "--out=o.npy"]


def compare(at, name, want_o, want_lse, shape):
    o, lse = np.load(at.path / "o.npy"), np.load(at.path / "lse.npy")
    if o.dtype != np.float32 or o.shape != shape:
        fail(f"{name}: o is {o.dtype} {o.shape}, not float32 {shape}")
        return
    if lse.dtype != np.float32 or lse.shape != want_lse.shape:
        fail(f"{name}: lse is {lse.dtype} {lse.shape}, not float32 {want_lse.shape}")
        return
    error = np.abs(o - want_o).max()
    same = np.isneginf(want_lse) == np.isneginf(lse)
    seen = ~np.isneginf(want_lse)
    lse_error = np.abs(lse[seen] - want_lse[seen]).max(initial=0) if same.all() else np.inf
    if not error < 2e-5 or not lse_error < 2e-5:
        fail(f"{name}: o is off by {error:.2e}, lse by {lse_error:.2e}")


MASKS = [(False, -1, -1), (True, -1, -1), (False, 16, 3), (True, 20, 0), (False, 0, 0), (False, -1, 5)]
SHAPES = [  # batch, heads, kv_heads, lq, lk, d
    (1, 1, 1, 1, 1, 8), (1, 4, 4, 129, 129, 64), (2, 6, 2, 65, 130, 40), (1, 2, 1, 90, 33, 128), (1, 3, 3, 7, 257, 256)]

with Folder() as at:
    count = 0
    for batch, heads, kv_heads, lq, lk, d in SHAPES:
        for causal, left, right in MASKS:
            dtype = (np.float32, np.float64)[count % 2]
            scale = (None, 0.3, -0.1, 0.0)[count % 4]
            q = draw((batch, lq, heads, d), dtype)
            k, v = draw((batch, lk, kv_heads, d), dtype), draw((batch, lk, kv_heads, d), dtype)
            save(at, q=q, k=k, v=v)
            want = attention(*(x.astype(np.float32).astype(np.float64) for x in (q, k, v)),
                             keep(lq, lk, causal, left, right), d**-0.5 if scale is None else scale)
            flags = [*FILES, "--lse=lse.npy", f"--threads={1 + count % 2}"]
            flags += ["--causal"] if causal else []
            flags += [f"--window={left},{right}"] if left >= 0 or (right >= 0 and not causal) else []
            flags += [f"--scale={scale}"] if scale is not None else []
            kernels = ["flash", "naive", "naive_blas"] + (["sliding"] if "--window" in " ".join(flags) else [])
            for kernel in kernels:
                said = at.done("attend", f"--kernel={kernel}", *flags).stdout
                compare(at, f"{kernel} {q.shape} {k.shape} {causal, left, right} {scale}", *want, q.shape)
                if ("float64 inputs were rounded" in said) != (dtype == np.float64):
                    fail(f"rounding is told wrongly: {said}")
            count += 1

    # Three axes, and five: layers, of which every second one sees all keys.
    q, k, v = draw((50, 4, 16), np.float32), draw((70, 2, 16), np.float32), draw((70, 2, 16), np.float32)
    save(at, q=q, k=k, v=v)
    at.done("attend", *FILES, "--lse=lse.npy", "--causal", "--verify")
    o, lse = attention(*(x[None].astype(np.float64) for x in (q, k, v)), keep(50, 70, True, -1, -1), 0.25)
    compare(at, "three axes", o[0], lse[0], q.shape)
    q, k, v = (draw((3, 2, 60, 2, 16), np.float32) for _ in range(3))
    save(at, q=q, k=k, v=v)
    layers = [attention(*(x[layer].astype(np.float64) for x in (q, k, v)),
                        keep(60, 60, False, *((-1, -1) if layer % 2 == 0 else (5, 5))), 0.25) for layer in range(3)]
    for kernel in ("alternating", "flash", "naive", "naive_blas"):
        at.done("attend", *FILES, f"--kernel={kernel}", "--lse=lse.npy", "--window=5,5", "--global-every=2")
        compare(at, "five axes, " + kernel, np.stack([x[0] for x in layers]), np.stack([x[1] for x in layers]), q.shape)

    # A block mask in two files of integers: one for all heads, or one each.
    for per_head, causal, block, kind in [(False, False, (32, 32), np.int32), (True, True, (16, 64), np.int64)]:
        q, k, v = draw((2, 90, 2, 16), np.float32), draw((2, 130, 1, 16), np.float32), draw((2, 130, 1, 16), np.float32)
        save(at, q=q, k=k, v=v)
        rows, columns = -(-90 // block[0]), -(-130 // block[1])
        listed = random.random((4 if per_head else 1, rows, columns)) < 0.5
        listed[0, 1] = False
        save(at, indptr=np.concatenate([[0], listed.sum(axis=2).ravel().cumsum()]).astype(kind),
             indices=np.nonzero(listed.reshape(-1, columns))[1].astype(kind))
        kept = np.broadcast_to(listed, (4, rows, columns)).reshape(2, 2, rows, columns)
        kept = kept.repeat(block[0], axis=2).repeat(block[1], axis=3)[:, :, :90, :130]
        want = attention(*(x.astype(np.float64) for x in (q, k, v)), kept & keep(90, 130, causal, -1, -1), 0.25)
        at.done("attend", *FILES, "--kernel=block_sparse", "--block-mask=indptr.npy,indices.npy", "--lse=lse.npy",
                f"--block={block[0]},{block[1]}", "--verify", *(["--causal"] if causal else []))
        compare(at, f"block mask, {block}", *want, q.shape)

with Folder() as at:
    good = draw((1, 8, 2, 16), np.float32)
    save(at, q=good, k=good, v=good)
    refused = lambda *flags, **how: at.refused("attend", *FILES, *flags, **how)
    at.refused("attend", "--q=q.npy", say=["--k is missing", "--v is missing", "--out is missing"])
    refused("--kernel=sliding", say=["sliding cannot do this: there is no window"])
    refused("--kernel=alternating", say=["alternating cannot do this"])
    refused("--window=-2,0", say=["the window (-2, 0) is negative"])
    refused("--window=3", say=["--window: '3'"])
    refused("--window=3,4,5", say=["--window: '3,4,5'"])
    refused("--scale=big", say=["--scale: 'big'"])
    refused("--scale=nan", say=["--scale: 'nan'"])
    refused("--threads=99999", say=["--threads is 99999"], how_to_go_on=False)
    refused("--lse=o.npy", say=["same file"])
    refused("--lse=nowhere/lse.npy", say=["nowhere"])
    refused("--out=q.npy/o.npy", say=["q.npy/o.npy", "Not a directory"])
    refused("--out=.", say=["folder"])
    refused("--q=missing.npy", say=["missing.npy", "No such file"])
    refused("--q=.", say=["folder"])
    refused("--q=/dev/zero", say=["device"])

    # Block masks: 8 tokens in blocks of 2 queries and 32 keys are 4 rows of one block.
    masked = lambda *flags, **how: refused("--kernel=block_sparse", "--block-mask=indptr.npy,indices.npy", "--block=2,32",
                                           *flags, **how)
    save(at, indptr=np.array([0, 1, 1, 2, 2]), indices=np.array([0, 0], np.int32))
    at.done("attend", *FILES, "--kernel=block_sparse", "--block-mask=indptr.npy,indices.npy", "--block=2,32")
    save(at, indptr=np.array([0, 0, 0, 0, 0]), indices=np.array([], np.int32))
    at.done("attend", *FILES, "--kernel=block_sparse", "--block-mask=indptr.npy,indices.npy", "--block=2,32")
    if np.any(np.load(at.path / "o.npy")):
        fail("rows without a block are not zero")
    for indptr, indices, words in [
        ([0, 1, 1, 2, 2], [0, 1], ["indices[1] is 1, out of range", "1 blocks of 32"]),
        ([0, 1, 1, 2, 2], [-1, 0], ["indices[0] is -1, out of range"]),
        ([0, 1, 1, 2, 2], [0, 2**40], ["indices[1] is 1099511627776"]),
        ([0, 2, 2, 2, 2], [0, 0], ["block mask 0, row 0: block 0 is listed twice"]),
        ([0, 1, 0, 2, 2], [0, 0], ["row 1 of the block mask ends before it starts"]),
        ([1, 1, 1, 2, 2], [0, 0], ["span 1 to 2"]),
        ([0, 1, 1, 2, 3], [0, 0], ["span 0 to 3; its list has 0 to 2"]),
        ([0, 1, 2], [0, 0], ["indptr has 3 places", "4 blocks of 2"]),
        ([0] * 13, [], ["3 block masks for 2 heads"]),
        ([[0, 1, 1, 2, 2]], [0, 0], ["indptr.npy", "2 dimensions"]),
        ([0.0, 1, 1, 2, 2], [0, 0], ["indptr.npy", "'<f8'", "int32 and int64"]),
    ]:
        save(at, indptr=np.array(indptr), indices=np.array(indices, None if indices else int))
        masked(say=words)
    save(at, indptr=np.array([0, 1, 1, 2, 2]), indices=np.array([0, 0]))
    masked("--kernel=flash", say=["flash cannot do this: this kernel knows no block masks", "--kernel=block_sparse"])
    masked("--block=2,x", say=["--block: '2,x'"])
    masked("--block=0", say=["--block: '0'"])
    refused("--block=2", say=["--block is given without a mask", "--block-mask"])
    refused("--block-mask=indptr.npy", say=["'indptr.npy' is not two files"])
    refused("--block-mask=indptr.npy,", say=["is not two files"])
    refused("--block-mask=none.npy,indices.npy", say=["none.npy", "No such file"])

    for name, bad, words in [
        ("k", draw((1, 8, 2, 24), np.float32), ["head_dim of q is 16, of k 24"]),
        ("k", draw((2, 8, 2, 16), np.float32), ["batch of q is 1, of k 2"]),
        ("v", draw((1, 9, 2, 16), np.float32), ["len of k is 8, of v 9", "(1, 9, 2, 16)"]),
        ("v", draw((8, 2, 16), np.float32), ["v has 3 dimensions"]),
        ("q", draw((8, 16), np.float32), ["q has 2 dimensions"]),
        ("q", draw((1, 8, 3, 16), np.float32), ["kv_heads 2 does not divide heads 3"]),
    ]:
        save(at, q=good, k=good, v=good)
        save(at, **{name: bad})
        refused(say=words)
    odd = draw((1, 8, 2, 12), np.float32)
    save(at, q=odd, k=odd, v=odd)
    refused(say=["head_dim is 12", "multiple of 8"])

    # Elements that are no numbers, by their index.
    for value, words in [(np.nan, "NaN"), (np.inf, "infinite")]:
        bad = good.copy()
        bad[0, 5, 1, 3] = value
        save(at, q=good, k=bad, v=good)
        refused(say=[f"k[0, 5, 1, 3] is {words}", "1 of 256 elements", "k.npy"])
    save(at, q=good.astype(np.float64) * 1e300, k=good, v=good)
    refused(say=["q[0, 0, 0, 0] is infinite in float32 (the file holds float64)"])

    # Files that NumPy writes and we refuse, with the call that mends them.
    def saved(array, **how):
        stream = io.BytesIO()
        np.lib.format.write_array(stream, array, **how)
        return stream.getvalue()

    save(at, k=good, v=good)
    whole = saved(good)
    for bad, words in [
        (saved(good.astype(">f4")), ["big endian", "astype('<f4')"]),
        (saved(np.asfortranarray(good)), ["Fortran order", "np.ascontiguousarray"]),
        (saved(good.astype(np.float16)), ["float16", "astype"]),
        (saved(good.astype(np.int32)), ["integers", "astype"]),
        (saved(good.astype(complex)), ["complex", "astype"]),
        (saved(good > 0), ["booleans"]),
        (saved(np.array([{"a": 1}], dtype=object)), ["object array", "never run"]),
        (saved(np.zeros(4, dtype=[("x", "<f4")])), ["structured"]),
        (saved(np.float32(3)), ["without dimensions"]),
        (saved(np.zeros((0, 3, 2, 8), np.float32)), ["no elements"]),
        (whole[:-1], ["needs 1024 bytes, 1023 are there", "cut short"]),
        (whole + b"x", ["1 bytes follow"]),
        (whole[:40], ["ends inside its header"]),
        (b"", ["the file is empty"]),
        (b"PK\x03\x04rest", [".npz"]),
        (b"\x00\xff" * 300, ["not an .npy file"]),
    ]:
        at.write("q.npy", bad)
        refused(say=["q.npy", *words])

    # All three versions of the format are read alike.
    for version in ((1, 0), (2, 0), (3, 0)):
        at.write("q.npy", saved(good, version=version))
        at.done("attend", *FILES)
        if not np.allclose(np.load(at.path / "o.npy"), attention(*[good.astype(np.float64)] * 3, True, 0.25)[0],
                           atol=1e-5):
            fail(f"version {version} was read wrongly")
end()
