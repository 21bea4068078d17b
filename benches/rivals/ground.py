#!/usr/bin/env python3
"""Parsing and grounding against Fast Downward's translator, pair by pair in one run.

    ground.py BINARY FOLDER...

Each folder is searched for `domain.pddl` with problems beside it. CPU seconds of whole processes, the least
of three runs each; costs nothing but time. Needs the PyPI package `up-fast-downward`.
"""

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 3
LIMIT_SECONDS = 300


def cpu_seconds(command, cwd):
    """CPU seconds of a process and its children, and its output; the least of several runs."""
    least, output = math.inf, ""
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 11):
            return None, f"exit code {done.returncode}: {(done.stderr or done.stdout)[-300:]}"
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        output = done.stdout
        if least > 5:
            break
    return least, output


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
    binary, folders = os.path.abspath(sys.argv[1]), sys.argv[2:]
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    ratios = []
    print(f"{'task':44}{'ours ms':>9}{'theirs ms':>11}{'ratio':>8}  operators, variables, facts (theirs)")
    with tempfile.TemporaryDirectory() as scratch:
        for domain, problem in tasks(folders):
            name = f"{domain.parent.name}/{problem.stem}"[:43]
            ours, output = cpu_seconds([binary, "ground", str(domain), str(problem), "--json"], scratch)
            theirs, log = cpu_seconds([sys.executable, "-m", "fast_downward.translate", str(domain), str(problem)], scratch)
            if ours is None or theirs is None:
                print(f"{name:44}ours: {output if ours is None else 'fine'}; theirs: {log if theirs is None else 'fine'}")
                continue
            counts, known = json.loads(output), translator_counts(log)
            ratios.append(ours / theirs)
            pair = lambda key: f"{counts[key]} ({known.get(key, '?')})"
            print(f"{name:44}{ours * 1e3:9.1f}{theirs * 1e3:11.1f}{ours / theirs:8.4f}  {pair('operators')}, {pair('variables')}, {pair('facts')}", flush=True)
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"{len(ratios)} tasks: geometric mean {mean:.4f}, worst {max(ratios):.4f}")


if __name__ == "__main__":
    main()
