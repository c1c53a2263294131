#!/usr/bin/env python3
"""flashdeck train-gate and tradeoff: a stopped training goes on to the same bits, wrong files and flags are refused."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

FLASHDECK = os.environ["FLASHDECK"]
SMALL = ["--length", "512", "--documents", "4", "--models", "2", "--steps", "60", "--threads", "1"]


def train(*flags, expect=0):
    done = subprocess.run([FLASHDECK, "train-gate", *flags], capture_output=True, text=True, timeout=120)
    assert done.returncode == expect, (flags, done.returncode, done.stderr)
    return done


def killed_run_goes_on(folder):
    whole, stopped = folder / "whole.safetensors", folder / "stopped.safetensors"
    train(*SMALL, "-o", str(whole), "-q")
    # Slow enough to be stopped in the middle, wherever that is: the file of the last 20 steps stays.
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen([FLASHDECK, "train-gate", *SMALL, "-o", str(stopped), "--fresh"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until = time.monotonic() + 60
        while not stopped.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(signal_number)
        process.communicate(timeout=60)
        train(*SMALL, "-o", str(stopped))
        assert whole.read_bytes() == stopped.read_bytes(), "a resumed training ends elsewhere"
        stopped.unlink()


def table_is_printed(folder):
    done = train(*SMALL, "-o", str(folder / "table.safetensors"))
    for words in ("learned gate", "bound of keys", "the attention itself", "loss, step by step"):
        assert words in done.stdout, done.stdout


def bad_input_is_refused(folder):
    gate = folder / "gate.safetensors"
    train(*SMALL, "-o", str(gate), "-q")
    assert "was trained otherwise" in train(*SMALL, "--seed", "2", "-o", str(gate), expect=2).stderr
    gate.write_bytes(gate.read_bytes()[:-4])
    assert "pass the end of the file" in train(*SMALL, "-o", str(gate), expect=2).stderr
    gate.write_bytes(b"")
    assert "shorter" in train(*SMALL, "-o", str(gate), expect=2).stderr
    for flags in (["--length", "100"], ["--steps", "0"], ["--documents", "0"], ["--models", "0"], ["--threads", "0"], ["--lenght", "9"]):
        assert train(*flags, "-o", str(folder / "none"), expect=2).stderr.startswith("error: ")
    assert not (folder / "none").exists()


def tradeoff_reads_the_gate(folder):
    gate = folder / "small.safetensors"
    train(*SMALL, "-o", str(gate), "-q")

    def tradeoff(*flags, expect=0):
        done = subprocess.run([FLASHDECK, "tradeoff", *flags], capture_output=True, text=True, timeout=120)
        assert done.returncode == expect, (flags, done.returncode, done.stderr)
        return done

    table = tradeoff("--gate", str(gate), "--rounds", "2", "--documents", "2", "--threads", "1").stdout
    for words in ("learned gate", "bound of keys", "the attention itself", "dense flash", "at 50 %: pool"):
        assert words in table, table
    assert table.count("learned gate") == 5, table
    assert "No such file" in tradeoff("--gate", str(folder / "none"), expect=2).stderr
    assert tradeoff("--gate", str(gate), "--rounds", "0", expect=2).stderr.startswith("error: ")
    gate.write_bytes(gate.read_bytes().replace(b'"steps":"60"', b'"steps":"90"'))
    assert "lacks what its training" in tradeoff("--gate", str(gate), expect=2).stderr


with tempfile.TemporaryDirectory() as name:
    for case in (killed_run_goes_on, table_is_printed, bad_input_is_refused,
                 tradeoff_reads_the_gate):
        case(pathlib.Path(name))
        print("ok", case.__name__)
sys.exit(0)
