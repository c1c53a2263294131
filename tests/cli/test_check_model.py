#!/usr/bin/python3
"""flashdeck verify --check-model: a layer's tensors from files that this test writes by itself, every kernel right on
them, and what selectors keep and lose as NumPy computes it; files and flags that are wrong are refused."""
import json
import math
import re
import struct

from help_cli import Folder, end, fail, skip, wrong_product

try:
    import numpy as np
except ImportError:
    skip("no numpy")

TOKENS, HEADS, KV_HEADS, WIDTH, BLOCK = 400, 4, 2, 32, 64 # 400 tokens: six blocks and a ragged seventh
TITLES = {"local": "nearest blocks", "mean": "mean of keys", "bound": "bound of keys", "mass": "the attention itself"}


def bf16(x):
    bits = np.ascontiguousarray(x, "<f4").view("<u4")
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2")


def widen(bits):
    return (bits.astype("<u4") << 16).view("<f4")


def safetensors(tensors, change=None):
    """The file's bytes: tensors is {name: (dtype, array)}; `change` may spoil the header."""
    header, data = {}, b""
    for name, (dtype, array) in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    if change:
        change(header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def spread(k):
    return np.repeat(k, HEADS // KV_HEADS, axis=1)


def weights_of(q, k, causal):
    """[heads, queries, keys], float64."""
    logits = np.einsum("ihc,jhc->hij", q.astype(float), spread(k).astype(float)) / math.sqrt(WIDTH)
    if causal:
        logits = np.where(np.tri(TOKENS, dtype=bool), logits, -np.inf)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    return weights / weights.sum(axis=2, keepdims=True)


def blocks_of(x):
    return [x[at:at + BLOCK] for at in range(0, TOKENS, BLOCK)]


def scores_of(selector, q, k, mass):
    """[heads, blocks, blocks]."""
    n = len(blocks_of(q))
    if selector == "local":
        place = np.arange(n)
        return np.broadcast_to(-np.abs(place[:, None] - place), (HEADS, n, n))
    if selector == "mass":
        return mass
    q_mean = np.stack([b.mean(axis=0) for b in blocks_of(q)])
    keys = blocks_of(spread(k))
    if selector == "mean":
        return np.einsum("ihc,jhc->hij", q_mean, np.stack([b.mean(axis=0) for b in keys]))
    most, least = (np.stack([getattr(b, way)(axis=0) for b in keys]) for way in ("max", "min"))
    return np.einsum("ihc,jhc->hij", np.maximum(q_mean, 0), most) + np.einsum("ihc,jhc->hij", np.minimum(q_mean, 0), least)


def expect(selector, density, q, k, v, causal):
    """Mass kept, and |O - dense| / |dense|, by NumPy."""
    weights = weights_of(q, k, causal)
    n = -(-TOKENS // BLOCK)
    edges = [*range(0, TOKENS, BLOCK), TOKENS]
    mass = np.array([[[weights[h, edges[i]:edges[i + 1], edges[j]:edges[j + 1]].sum() / (edges[i + 1] - edges[i])
                       for j in range(n)] for i in range(n)] for h in range(HEADS)])
    scores = scores_of(selector, q.astype(float), k.astype(float), mass)
    keep = np.zeros((HEADS, TOKENS, TOKENS), bool)
    kept = []
    for h in range(HEADS):
        for i in range(n):
            seen = i + 1 if causal else n
            own = scores[h, i, :seen].astype(float).copy()
            own[i] = np.inf
            count = min(seen, max(2, math.ceil(density * seen - 1e-9)))
            best = sorted(range(seen), key=lambda j: (-own[j], -j))[:count]
            if i >= (n // 4 if causal else 0):
                kept.append(sum(mass[h, i, j] for j in best))
            for j in best:
                keep[h, edges[i]:edges[i + 1], edges[j]:edges[j + 1]] = True
    values = spread(v).astype(float)
    dense = np.einsum("hij,jhc->ihc", weights, values)
    sparse = np.where(keep, weights, 0)
    sparse = np.einsum("hij,jhc->ihc", sparse / sparse.sum(axis=2, keepdims=True), values)
    return np.mean(kept), np.linalg.norm(sparse - dense) / np.linalg.norm(dense)


def points(output):
    """{(title, percent): (mass, error)} of the printed table."""
    rows = re.findall(r"^(\S.*?) +(\d+) % +(\d\.\d{4}) +(\d\.\d{4}) ", output, re.M)
    return {(title, int(percent)): (float(mass), float(error)) for title, percent, mass, error in rows}


def compare(output, q, k, v, causal, what):
    found = points(output)
    for selector, title in TITLES.items():
        for percent in (30, 50):
            want = expect(selector, percent / 100, q, k, v, causal)
            got = found.get((title, percent))
            if not got or max(abs(got[0] - want[0]), abs(got[1] - want[1])) > 2e-4:
                fail(f"{what}: {title} at {percent} %: {got}, by NumPy {want}")


def turn(x, theta):
    half = WIDTH // 2
    angles = np.arange(TOKENS)[:, None, None] * theta ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)],
                          axis=-1).astype("<f4")


random = np.random.default_rng(5)
q, k, v = (random.normal(0, 1.6, (TOKENS, heads, WIDTH)).astype("<f4") for heads in (HEADS, KV_HEADS, KV_HEADS))
VERIFY = ["verify", "--threads", "1", "--rounds", "2", "--rows", "200"]
ASK = ["--density", "0.3", "--density=0.5"]


def layer(dtype="F32", change=None, cast=lambda x: x, **other):
    tensors = {"q": (dtype, cast(q)), "k": (dtype, cast(k)), "v": (dtype, cast(v))}
    tensors.update(other)
    return safetensors(tensors, change)


def right_layers(at):
    at.write("f32.safetensors", layer())
    for causal in (False, True):
        flags = ["--causal"] if causal else []
        out = at.done(*VERIFY, "--check-model", "f32.safetensors", *ASK, *flags).stdout
        mask = "causal" if causal else "full"
        window = "causal_w127" if causal else "w64_64"
        for kernel, label in {"naive": mask, "naive_blas": mask, "flash": mask, "sliding": window,
                              "alternating": window + "_g3", "block_sparse": mask + "_a1_4_b64",
                              "learned_sparse": mask + "_g10_b64"}.items():
            if not re.search(rf"^{kernel} +{label} +200 .* pass ", out, re.M):
                fail(f"{kernel} is not right under {label}:\n{out}")
        compare(out, q, k, v, causal, f"float32, {mask}")
        if "learned gate          not run" not in out:
            fail(f"nothing is said of the gate:\n{out}")
    plain = points(at.done(*VERIFY, "--check-model=f32.safetensors", *ASK).stdout)

    # The same numbers in another order, under other names, in other files.
    heads_first = {"a.q": q, "a.k": k, "a.v": v}
    at.write("heads.safetensors", safetensors({n: ("F32", x.transpose(1, 0, 2)) for n, x in heads_first.items()}))
    other = at.done(*VERIFY, "--check-model", "heads.safetensors", "--heads-first", "--q", "a.q", "--k=a.k", "--v", "a.v",
                    *ASK)
    for name, x in {"q": q, "k": k, "v": v}.items():
        np.save(at.path / f"{name}.npy", x[None].astype(float)) # with a batch of one, in float64
    arrays = at.done(*VERIFY, "--check-model", "q.npy,k.npy,v.npy", *ASK)
    for what, result in (("heads first", other), (".npy", arrays)):
        if points(result.stdout) != plain:
            fail(f"{what} gives other numbers:\n{result.stdout}")

    at.write("bf16.safetensors", layer("BF16", cast=bf16))
    rounded = [widen(bf16(x)) for x in (q, k, v)]
    compare(at.done(*VERIFY, "--check-model", "bf16.safetensors", *ASK).stdout, *rounded, False, "bf16")
    at.write("f16.safetensors", layer("F16", cast=lambda x: x.astype("<f2")))
    halves = [x.astype("<f2").astype("<f4") for x in (q, k, v)]
    compare(at.done(*VERIFY, "--check-model", "f16.safetensors", *ASK).stdout, *halves, False, "f16")

    before = at.done(*VERIFY, "--check-model", "f32.safetensors", "--before-rope", "--theta", "10000", "--causal", *ASK)
    compare(before.stdout, turn(q, 10000), turn(k, 10000), v, True, "before RoPE")

    # Fewer queries than keys: kernels run, selectors say why not.
    at.write("last.safetensors", layer(q=("F32", q[-9:])))
    last = at.done(*VERIFY, "--check-model", "last.safetensors", "--causal").stdout
    why = "not run: selection needs as many queries as keys"
    if last.count(" pass ") != 6 or last.count(why) != 2:
        fail(last)
    one = at.write("one.safetensors", layer(**{n: ("F32", x[:1]) for n, x in {"q": q, "k": k, "v": v}.items()}))
    if at.done(*VERIFY, "--check-model", one).stdout.count("FAIL"):
        fail("a single token is wrong")


def gates(at):
    train = ["train-gate", "--length", "512", "--documents", "2", "--models", "1", "--steps", "2", "-o", "gate", "-q"]
    at.done(*train)
    wide = [random.normal(0, 1, (200, 2, 64)).astype("<f4") for _ in "qkv"]
    at.write("wide.safetensors", safetensors({n: ("F32", x) for n, x in zip("qkv", wide)}))
    out = at.done(*VERIFY, "--check-model", "wide.safetensors", "--gate", "gate", "--theta", "500000", *ASK).stdout
    if ("learned gate", 50) not in points(out):
        fail(f"the gate was not tried:\n{out}")
    at.write("f32.safetensors", layer())
    at.refused(*VERIFY, "--check-model", "f32.safetensors", "--gate", "gate", say=["head_dim of 64, the layer has 32"])
    at.refused(*VERIFY, "--check-model", "wide.safetensors", "--gate", "f32.safetensors", say=["no gate of flashdeck's"])
    spoiled = bytearray((at.path / "gate").read_bytes())
    spoiled[-4:] = struct.pack("<f", math.nan)
    at.write("nan", bytes(spoiled))
    at.refused(*VERIFY, "--check-model", "wide.safetensors", "--gate", "nan", say=["not a finite number"])


def wrong_input(at):
    def refused(content, *flags, **how):
        at.write("bad.safetensors", content)
        at.refused(*VERIFY, "--check-model", "bad.safetensors", *flags, **how)

    def overlap(header):
        header["k"]["data_offsets"] = [header["k"]["data_offsets"][0] - 4, header["k"]["data_offsets"][1] - 4]

    def nan(x, value):
        x = x.copy()
        x[3, 1, 7] = value
        return "F32", x

    whole = layer()
    refused(whole[:-4], say=["pass the end of the file"])
    refused(whole[:40], say=["header passes the end of the file"])
    refused(whole[:5], say=["shorter"])
    refused(b"", say=["shorter"])
    refused(struct.pack("<Q", 1 << 62) + whole[8:], say=["header passes the end of the file, or 100 MB"])
    refused(layer(change=overlap), say=["bad.safetensors"])
    refused(whole + b"more", say=["behind the last tensor"])
    refused(whole, "--q", "qq", "--v", "w", say=["no tensor 'qq'", "no tensor 'w'", "Did you mean"])
    refused(layer(q=("F32", q.reshape(TOKENS, -1))), say=["'q' has 2 axes, [400, 128]", "--heads-first"])
    refused(layer(q=("F32", q[None, None])), say=["'q' has 5 axes"])
    refused(layer(v=("I32", v.astype("<i4"))), say=["'v' holds integers"])
    refused(layer(q=nan(q, math.nan), v=nan(v, math.inf)), say=["'q' holds 1 elements", "'v' holds 1 elements"])
    refused(layer(k=("F32", k[:-1])), say=["tokens of 'k' is 399, of 'v' 400"])
    refused(layer(v=("F32", v[:, :, :16])), say=["head_dim of 'k' is 32, of 'v' 16"])
    refused(layer(q=("F32", q[:, :3])), say=["kv_heads"])
    refused(layer(**{n: ("F32", x[:0]) for n, x in {"q": q, "k": k, "v": v}.items()}), say=["len_q is 0"], how_to_go_on=False)
    refused(layer(**{n: ("F32", x[..., :30]) for n, x in {"q": q, "k": k, "v": v}.items()}), say=["multiple of 8"])
    at.refused(*VERIFY, "--check-model", "none.safetensors", say=["none.safetensors", "No such file"], how_to_go_on=False)
    at.refused(*VERIFY, "--check-model", "q.npy", say=["three .npy files"])
    at.write("q.npy", b"\x93NUMPY")
    at.refused(*VERIFY, "--check-model", "q.npy,q.npy,q.npy", say=["q.npy"])

    at.write("f32.safetensors", whole)
    flags = [*VERIFY, "--check-model", "f32.safetensors"]
    for density in ("0", "-0.1", "1.01", "nan", "half", ""):
        at.refused(*flags, "--density", density, say=[f"--density is '{density}'", "at most 1"])
    at.refused(*flags, "--before-rope", say=["needs the base"])
    at.refused(*flags, "--theta", "0.5", say=["must be above 1"])
    for flag in ("--rounds", "--rows", "--threads"):
        at.refused(*flags, flag, "0", say=[flag, "1 to"], how_to_go_on=False)
    at.refused(*flags, "--scale", "1e39", say=["--scale"])
    forty = {n: ("F32", np.zeros((64, 1, 40), "<f4")) for n in "qkv"}
    at.write("forty.safetensors", safetensors(forty))
    at.refused(*VERIFY, "--check-model", "forty.safetensors", "--theta", "10000", say=["power of two", "this is 40"])
    at.done(*VERIFY, "--check-model", "forty.safetensors")


def wrong_kernel(at):
    env = wrong_product(at)
    at.write("f32.safetensors", layer())
    wrong = at.run(*VERIFY, "--check-model", "f32.safetensors", env=env)
    if wrong.returncode != 4 or not re.search(r"^naive_blas .* FAIL", wrong.stdout, re.M):
        fail(f"a wrong kernel is not seen: {wrong.returncode}\n{wrong.stdout}{wrong.stderr}")


for case in (right_layers, gates, wrong_input, wrong_kernel):
    with Folder() as folder:
        case(folder)
end()
