#!/usr/bin/env python3
"""Parsing and grounding against Fast Downward's translator, pair by pair in one run.

    ground.py BINARY FOLDER... [--shapes]

Each folder is searched for `domain.pddl` with problems beside it; `--shapes` adds tasks whose conditions multiply
out badly (see `shapes.py`). CPU seconds of whole processes, the least of three runs each, and their largest
memory; costs nothing but time. Needs the PyPI package `up-fast-downward`.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import shapes

RUNS = 3
LIMIT_SECONDS = 300


def cpu_seconds(command, cwd):
    """CPU seconds of a process, its output and its largest memory in MiB; the least of several runs."""
    least, output, memory = math.inf, "", 0
    for _ in range(RUNS):
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=err)
            timer = threading.Timer(LIMIT_SECONDS, process.kill)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            output, errors = out.read(), err.read()
        if process.returncode not in (0, 11):
            return None, f"exit code {process.returncode}: {(errors or output)[-300:]}", 0
        least = min(least, usage.ru_utime + usage.ru_stime)
        memory = usage.ru_maxrss / 1024
        if least > 5:
            break
    return least, output, memory


def tasks(folders):
    for folder in folders:
        for domain in sorted(Path(folder).rglob("domain.pddl")):
            for problem in sorted(domain.parent.glob("*.pddl")):
                if problem != domain:
                    yield domain.resolve(), problem.resolve()


def translator_counts(output):
    """Variables, facts and operators as the translator says them."""
    found = {}
    for line in output.splitlines():
        words = line.split(":")
        if len(words) == 2 and words[0] in ("Translator variables", "Translator facts", "Translator operators"):
            found[words[0].split()[1]] = int(words[1])
    return found


def main():
    binary, folders = os.path.abspath(sys.argv[1]), [one for one in sys.argv[2:] if one != "--shapes"]
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    ratios = []
    print(f"{'task':44}{'ours ms':>9}{'theirs ms':>11}{'ratio':>8}{'MiB':>7}{'theirs':>8}  operators, variables, facts (theirs)")
    with tempfile.TemporaryDirectory() as scratch:
        if "--shapes" in sys.argv:
            shapes.write(Path(scratch) / "shapes")
            folders.append(Path(scratch) / "shapes")
        for domain, problem in tasks(folders):
            name = f"{domain.parent.name}/{problem.stem}"[:43]
            ours, output, bytes_ours = cpu_seconds([binary, "ground", str(domain), str(problem), "--json"], scratch)
            theirs, log, bytes_theirs = cpu_seconds([sys.executable, "-m", "fast_downward.translate", str(domain), str(problem)], scratch)
            if ours is None or theirs is None:
                print(f"{name:44}ours: {output if ours is None else 'fine'}; theirs: {log if theirs is None else 'fine'}")
                continue
            counts, known = json.loads(output), translator_counts(log)
            ratios.append(ours / theirs)
            pair = lambda key: f"{counts[key]} ({known.get(key, '?')})"
            print(f"{name:44}{ours * 1e3:9.1f}{theirs * 1e3:11.1f}{ours / theirs:8.4f}{bytes_ours:7.0f}{bytes_theirs:8.0f}  {pair('operators')}, {pair('variables')}, {pair('facts')}", flush=True)
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"{len(ratios)} tasks: geometric mean {mean:.4f}, worst {max(ratios):.4f}")


if __name__ == "__main__":
    main()
