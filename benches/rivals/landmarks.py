#!/usr/bin/env python3
"""Our landmarks beside Fast Downward's, task by task.

    landmarks.py BINARY [--seconds N] [--mib N] [--strict] PATH...

Each PATH is a folder or a problem file, as in `search.py`. Both sides set up the heuristics of LAMA's first
search; the table has landmarks of one fact and of several, orders by kind (greedily necessary, natural,
reasonable), and what the landmarks and FF say of the initial state. Where the figures differ a second line
has Fast Downward's, and a line after that the difference of the sums. With `--strict` any difference in
landmarks or in the estimate of the initial state is a failure.

Needs the PyPI package `up-fast-downward`; ends with a message and code 0 where it is missing.
"""

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from search import problems, run

SEARCH = ("let(hlm, eval_modify_costs(landmark_sum(lm_reasonable_orders_hps(lm_rhw(), verbosity=debug)), cost_type=one),"
          "let(hff, eval_modify_costs(ff(), cost_type=one),"
          "lazy_greedy([hff, hlm], preferred=[hff, hlm], cost_type=one, max_time=0.01)))")
COLUMNS = ["simple", "disjunctive", "gn", "natural", "reasonable", "landmarks", "ff"]


def ours(binary, domain, problem, seconds, mib, folder):
    command = [binary, "plan", domain, problem, "--search", "lama-first", "--timeout", str(seconds),
               "--memory", str(mib), "--no-cache", "--json"]
    _, output = run(command, folder, seconds, 4 * mib)
    report = json.loads(output) if output.startswith("{") else {}
    starts = {one["name"]: one for one in report.get("heuristics", [])}
    if "landmarks" not in starts:
        return None
    counts = starts["landmarks"]["landmarks"]
    orders = counts["orders"]
    return dict(simple=counts["simple"], disjunctive=counts["disjunctive"], gn=orders["greedy_necessary"],
                natural=orders["natural"], reasonable=orders["reasonable"],
                landmarks=starts["landmarks"]["initial_h"], ff=starts["ff"]["initial_h"])


def theirs(domain, problem, seconds, mib, folder):
    import up_fast_downward
    binary = Path(up_fast_downward.__file__).parent / "downward/builds/release/bin/downward"
    run([sys.executable, "-m", "fast_downward.translate", domain, problem, "--sas-file", "output.sas"],
        folder, seconds, mib)
    sas = Path(folder, "output.sas")
    if not sas.exists():
        return None
    with sas.open() as given:
        done = subprocess.run(["timeout", str(seconds), binary, "--search", SEARCH], cwd=folder, stdin=given,
                              capture_output=True, text=True)
    output = done.stdout
    counts = re.findall(r"Landmark graph contains (\d+) landmarks, of which (\d+) are disjunctive", output)
    values = dict(re.findall(r"Initial heuristic value for (\w+): (\d+)", output))
    if not counts or not values:
        return None
    kinds = re.findall(r'-> lm\d+ \[label="(\w+)"', output)
    landmarks, disjunctive = map(int, counts[-1])
    return dict(simple=landmarks - disjunctive, disjunctive=disjunctive, gn=kinds.count("gn") + kinds.count("nec"),
                natural=kinds.count("n"), reasonable=kinds.count("r"),
                landmarks=values.get("landmark_sum_heuristic"), ff=values.get("ff"))


def row(name, found):
    cells = [f"{'-' if found is None or found[key] is None else int(float(found[key])):>11}" for key in COLUMNS]
    return f"{name:44}" + "".join(cells)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("binary")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--mib", type=int, default=4096)
    parser.add_argument("--strict", action="store_true")
    given = parser.parse_args()
    if not importlib.util.find_spec("up_fast_downward"):
        print("SKIPPED: Fast Downward is not installed, and nothing was compared: pip install up-fast-downward")
        return
    binary = Path(given.binary).resolve()
    tasks, equal, counted = 0, 0, 0
    print(f"{'task':44}" + "".join(f"{name:>11}" for name in COLUMNS))
    for domain, problem in problems(given.paths):
        domain, problem = domain.resolve(), problem.resolve()
        with tempfile.TemporaryDirectory() as folder:
            our = ours(binary, domain, problem, given.seconds, given.mib, folder)
            their = theirs(domain, problem, given.seconds, given.mib, folder)
        tasks += 1
        key = ["simple", "disjunctive", "landmarks"]
        is_counted = our is not None and their is not None
        counted += is_counted
        is_equal = is_counted and all(str(int(float(our[one] or 0))) == str(their[one] or 0) for one in key)
        equal += is_equal
        print(row(f"{'  ' if is_equal else '! '}{domain.parent.name}/{problem.stem}", our))
        if not is_equal or our["gn"] != their["gn"] or our["natural"] != their["natural"] or our["reasonable"] != their["reasonable"]:
            print(row("      Fast Downward", their), flush=True)
    print(f"{tasks} tasks; both found landmarks in {counted}, the same number with the same initial estimate in {equal}")
    if given.strict and equal < counted:
        sys.exit(1)


if __name__ == "__main__":
    main()
