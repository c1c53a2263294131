#!/usr/bin/env bash
# Everything that a real GPU is wanted for, in one go, into ONE record: measures our kernels and PyTorch's, verifies every
# kernel on the full matrix, holds the GPU's outputs against the simulator's, and runs compute-sanitizer where it is.
#
#   scripts/gpu_check.sh [--minutes M] [--out FOLDER] [--program FOLDER] [--rehearse]
#   scripts/gpu_check.sh --pack        only builds build/gpu, to be carried to a machine that cannot build (no libraries)
#
# The most valuable comes first, and each case is written as it ends: when the time is up (--minutes, 25), what is there
# is a good record. FOLDER (out/gpu) receives record.json and a log of each step. --rehearse puts the simulator in the
# GPU's place, with tiny shapes: its record says so, and neither reports nor decks take it for measured.
# --program FOLDER takes a build made elsewhere (as --pack makes it) in place of building.
# Exit code: 0; 4 a kernel was wrong; 6 a step failed; 77 there is no GPU.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
minutes=25 out=$root/out/gpu program='' rehearse=no pack=no
while (($#)); do
    case $1 in
    --minutes) minutes=${2:?--minutes needs a number}; shift ;;
    --out) out=${2:?--out needs a folder}; shift ;;
    --program) program=${2:?--program needs a folder}; shift ;;
    --rehearse) rehearse=yes ;;
    --pack) pack=yes ;;
    -h | --help) sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) echo "gpu_check.sh: unknown: $1 (--help explains)" >&2; exit 2 ;;
    esac
    shift
done
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "gpu_check.sh: --minutes takes a whole number" >&2; exit 2; }
SECONDS=0
mkdir -p "$out"
record=$out/record.json steps=$out/steps.tsv
rm -f "$record" "$steps"

# Only what the check needs: no slides, and everything from outside in the program itself, so that it can be carried.
build() {
    local architectures=()
    if [[ $pack == no ]] && command -v nvidia-smi >/dev/null; then
        architectures=(-DFLASHDECK_CUDA_ARCHITECTURES="$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -1 | tr -d .)")
    fi
    cmake -G Ninja -S "$root" -B "$root/build/gpu" -DCMAKE_BUILD_TYPE=Release -DFLASHDECK_SLIDES=OFF \
        -DFLASHDECK_STATIC=ON "${architectures[@]}" && ninja -C "$root/build/gpu"
}

left() { echo $((60 * minutes - SECONDS)); }

# step NAME SHARE COMMAND...: runs it for at most SHARE per cent of the whole time and never beyond the end; Ctrl-C is
# what tells it that the time is up, so that records stay whole. What it said is in NAME.log.
worst=0
step() {
    local name=$1 share=$2 limit code=0 began=$SECONDS
    shift 2
    limit=$((60 * minutes * share / 100))
    ((limit > $(left))) && limit=$(left)
    if ((limit < 5)); then
        printf '%s\tleft out: the time is up\t0\t\n' "$name" >>"$steps"
        return 0
    fi
    printf '\n== %s (at most %d s)\n' "$name" "$limit"
    timeout --foreground --signal=INT --kill-after=40 "$limit" "$@" 2>&1 | tee "$out/$name.log"
    code=${PIPESTATUS[0]}
    local outcome="exit code $code" says
    case $code in
    0) outcome="done" ;;
    124 | 130) outcome="stopped: its time was up" code=0 ;;
    77) outcome="left out" code=0 ;;
    esac
    says=$(grep -v '^ *$' "$out/$name.log" | tail -1 | tr '\t' ' ' | cut -c1-200)
    printf '%s\t%s\t%d\t%s\n' "$name" "$outcome" $((SECONDS - began)) "$says" >>"$steps"
    if ((code == 4)); then worst=4; elif ((code != 0 && worst == 0)); then worst=6; fi
}

if [[ -z $program ]]; then
    program=$root/build/gpu
    if ! build >"$out/build.log" 2>&1; then
        tail -5 "$out/build.log" >&2
        echo "gpu_check.sh: it cannot be built here ($out/build.log). Build elsewhere with --pack, carry build/gpu along," >&2
        echo "    and say --program build/gpu." >&2
        exit 2
    fi
fi
[[ $pack == yes ]] && { ls -l "$program/cli/flashdeck" "$program"/kernels/cuda/*.so; exit 0; }
flashdeck=$program/cli/flashdeck
export FLASHDECK_DATA=$root
[[ -x $flashdeck ]] || { echo "gpu_check.sh: there is no $flashdeck" >&2; exit 2; }

device=cuda tiny=() python=$(command -v python3 || true)
if [[ $rehearse == yes ]]; then
    device=simt
    tiny=(-a N=32 -a heads=1 -a kv_heads=1 -a batch=1 -a d=32 -a layers=1)
fi

bench() { # preset, share
    local how=(--benchmark_out="$record")
    [[ -s $record ]] && how=(--resume "$record")
    step "bench-$1" "$2" "$flashdeck" bench --device "$device" --preset "$1" "${tiny[@]}" "${how[@]}"
}

step devices 10 "$flashdeck" devices
"$flashdeck" bench --device "$device" --benchmark_list_tests >/dev/null 2>"$out/no-device.log"
if (($? == 77)); then
    cat "$out/no-device.log"
    echo "gpu_check.sh: nothing to do; --rehearse runs all of it in the simulator"
    exit 77
fi

bench gpu 30
if [[ -s $record && -n $python && -e $program/kernels/cuda/libflashdeck_cuda.so ]]; then
    step peers 30 "$python" "$root/scripts/peers_torch.py" --library "$program/kernels/cuda/libflashdeck_cuda.so" \
        --record "$record" --minutes $((minutes * 30 / 100 + 1))
else
    printf 'peers\tleft out\t0\tno python3, no record or no libflashdeck_cuda.so\n' >>"$steps"
fi
bench figure1 10

# ModernBERT's stack over packed sequences, into the same record.
step modernbert 8 "$flashdeck" reproduce modernbert --device "$device" --benchmark_out "$record"

# Lengths around the edges of tiles, head sizes, masks, types, grouped heads.
edges=(-a "N=127,128,129,200,513") depths=(-a "d=32,64,128,256")
masks=(-a "mask=full,causal,causal_w63,w16_16,w64_0") types=(-a "dtype=f32,bf16,f16")
if [[ $rehearse == yes ]]; then
    edges=(-a N=17) depths=(-a d=32) masks=(-a "mask=causal,w4_4")
fi
step verify-matrix 15 "$flashdeck" verify --device "$device" "${edges[@]}" "${depths[@]}" "${masks[@]}" "${types[@]}" \
    -a heads=4 -a kv_heads=1,4
step verify-lengths 5 "$flashdeck" verify --device "$device" -a Nq=1,33,128 -a Nkv=1,65,300 -a mask=full,causal \
    -a heads=2 "${types[@]}"
bench scaling 15
bench quick 10

# The simulator runs the same file on the same inputs: where the arithmetic is the same, so is every bit.
step compare-simt 10 "$flashdeck" verify --device "$device" --compare simt -a N=65 -a d=32,64 "${masks[@]}" \
    "${types[@]}" -a heads=2 "${tiny[@]}"

if [[ $rehearse == no ]] && command -v compute-sanitizer >/dev/null; then
    for tool in memcheck racecheck; do
        step "sanitizer-$tool" 8 compute-sanitizer --tool "$tool" --target-processes all --error-exitcode 6 \
            "$flashdeck" verify --device cuda --case-limit 600 -a N=129 -a d=64 -a heads=2 \
            -a mask=full,causal,causal_w63 -a dtype=f32,bf16
    done
else
    printf 'sanitizer\tleft out\t0\tcompute-sanitizer is not here, or this is a rehearsal\n' >>"$steps"
fi

if [[ -n $python ]]; then
    "$python" "$root/scripts/gpu_record.py" "$record" "$steps" || worst=${worst/#0/6}
else
    cat "$steps"
fi
printf '\ngpu_check.sh: %d min %02d s in all, record %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$record"
exit "$worst"
