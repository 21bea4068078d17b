#!/usr/bin/env python3
"""Planning against Fast Downward, pyperplan or ferroplan, pair by pair in one run.

    search.py BINARY [--ours NAME] [--theirs NAME] [--seconds N] [--mib N] [--out FOLDER] PATH...

Each PATH is a folder that is searched for problems, or a problem file; the domain of `p.pddl` is `p-domain.pddl` or
`domain.pddl` beside it. Engines that look for better plans (`lama`, `auto`) are interrupted after N CPU seconds, as
Fast Downward is; compare their costs with `--ours auto --theirs lama --seconds 30`. NAME is one of those below (`lama-first` if nothing is said). Figures are CPU
seconds of whole processes, the translator included, under equal limits; a plan counts when
`BINARY validate` accepts it. Memory is what a search says that it held at most. Prints a table and writes
`rivals.csv` and `rivals.svg` to FOLDER (target/rivals).

Needs the PyPI package `up-fast-downward`; `--theirs pyperplan...` the package `pyperplan`; `--theirs ferroplan` its
command `ff` (crates.io: `ferroplan-cli`) on the PATH.
"""

import argparse
import csv
import importlib.util
import json
import math
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What our `plan` is given.
OURS = {
    "lama-first": ["--search", "lama-first"],
    "softmin-lama": ["--search", "softmin-lama"],
    "auto": ["--search", "auto"],
    "lama": ["--search", "lama"],
    "lazy-ff": ["--search", "lazy-ff"],
    "bfws": ["--search", "bfws"],
    "astar-lmcut": ["--search", "astar-lmcut"],
    "blind": ["--search", "astar", "--heuristic", "blind"],
}
# Those that go on after a plan.
ANYTIME = ["auto", "lama"]
# What Fast Downward's search is given, and pyperplan.
FAST_DOWNWARD = {
    "lama-first": ["--alias", "lama-first"],
    "lama": ["--alias", "seq-sat-lama-2011"],
    "lazy-ff": ["--evaluator", "h=ff()", "--search", "lazy_greedy([h],preferred=[h],cost_type=one)"],
    "astar-lmcut": ["--search", "astar(lmcut())"],
    "blind": ["--search", "astar(blind())"],
}
PYPERPLAN = {
    "pyperplan": ["-s", "gbf", "-H", "hff"],
    "pyperplan-lmcut": ["-s", "astar", "-H", "lmcut"],
}
THEIRS = [*FAST_DOWNWARD, *PYPERPLAN, "ferroplan"]
COLUMNS = ["task", "planner", "solved", "cpu", "peak_mib", "cost", "evaluated"]


def problems(paths):
    for path in map(Path, paths):
        for problem in [path] if path.is_file() else sorted(path.rglob("*.pddl")):
            own, shared = problem.with_name(f"{problem.stem}-domain.pddl"), problem.with_name("domain.pddl")
            domain = own if own.exists() else shared
            if problem != shared and not problem.stem.endswith("-domain") and domain.exists():
                yield domain, problem


def run(command, cwd, seconds, mib):
    """CPU seconds, peak MiB and output of a process with its children, within limits."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds) + 1, math.ceil(seconds) + 1))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, preexec_fn=limit,
                              timeout=4 * seconds + 10)
        output = done.stdout
    except subprocess.TimeoutExpired as stopped:
        output = (stopped.stdout or b"").decode(errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


def interrupted(command, cwd, seconds):
    """Output of a process that is interrupted, as by Ctrl-C, after so many CPU seconds, and what it took."""
    ticks = os.sysconf("SC_CLK_TCK")
    cpu = 0.0
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            cpu = (int(fields[11]) + int(fields[12])) / ticks
            if cpu >= seconds:
                process.send_signal(signal.SIGINT)
                process.wait()
            time.sleep(0.02)
        output.seek(0)
        return cpu, output.read()


def cost_of(binary, domain, problem, plan):
    """The plan's cost by the validator; None where it is not accepted."""
    done = subprocess.run([binary, "validate", domain, problem, plan, "--json"], capture_output=True, text=True)
    report = json.loads(done.stdout or "{}")
    return report.get("cost") if done.returncode == 0 else None


def ours(binary, domain, problem, arguments, seconds, mib, folder):
    plan = Path(folder, "ours.plan")
    command = [binary, "plan", domain, problem, *arguments, "--memory", str(mib), "--no-cache", "--json",
               "--plan-file", plan]
    if arguments[1] in ANYTIME:
        cpu, output = interrupted(command, folder, seconds)
    else:
        cpu, output = run([*command, "--timeout", str(seconds)], folder, seconds, mib)
    report = json.loads(output) if output.startswith("{") else {}
    cost = cost_of(binary, domain, problem, plan) if plan.exists() else None
    peak = report.get("peak_memory_bytes", 0) / 2**20
    return dict(cpu=cpu, cost=cost, peak_mib=peak, evaluated=report.get("statistics", {}).get("evaluated"))


def theirs(name, *given):
    if name in FAST_DOWNWARD:
        return "fast-downward", fast_downward(FAST_DOWNWARD[name], *given)
    if name in PYPERPLAN:
        return "pyperplan", pyperplan(PYPERPLAN[name], *given)
    return "ferroplan", ferroplan(*given)


def check_installed(name):
    """Ends where the planner is missing: it would count as one that solves nothing."""
    if name in PYPERPLAN:
        found, needed = importlib.util.find_spec("pyperplan"), "pip install pyperplan"
    elif name == "ferroplan":
        found, needed = shutil.which("ff"), "cargo install ferroplan-cli"
    else:
        found, needed = importlib.util.find_spec("up_fast_downward"), "pip install up-fast-downward"
    if not found:
        sys.exit(f"{name} is not installed: {needed}")


def pyperplan(arguments, binary, domain, problem, seconds, mib, folder):
    # It writes the plan beside the problem.
    copy = Path(shutil.copy(problem, folder))
    cpu, _ = run([sys.executable, "-m", "pyperplan", *arguments, domain, copy], folder, seconds, mib)
    plan = copy.with_name(copy.name + ".soln")
    cost = cost_of(binary, domain, problem, plan) if plan.exists() else None
    return dict(cpu=cpu, cost=cost, peak_mib=0, evaluated=None)


def ferroplan(binary, domain, problem, seconds, mib, folder):
    cpu, output = run(["ff", "-o", domain, "-f", problem, "--json", "--threads", "1"], folder, seconds, mib)
    report = json.loads(output) if output.startswith("{") else {}
    plan = Path(folder, "ferroplan.plan")
    steps = report.get("plan", {}).get("steps", []) if report.get("solved") else None
    cost = None
    if steps is not None:
        plan.write_text("".join(f"({' '.join([step['action'], *step.get('args', [])])})\n" for step in steps))
        cost = cost_of(binary, domain, problem, plan)
    return dict(cpu=cpu, cost=cost, peak_mib=0, evaluated=report.get("statistics", {}).get("evaluated_states"))


def fast_downward(arguments, binary, domain, problem, seconds, mib, folder):
    import up_fast_downward
    home = Path(up_fast_downward.__file__).parent / "downward"
    translate = [sys.executable, "-m", "fast_downward.translate", domain, problem, "--sas-file", "output.sas"]
    cpu, _ = run(translate, folder, seconds, mib)
    sas = Path(folder, "output.sas")
    if not sas.exists() or cpu >= seconds:
        return dict(cpu=cpu, cost=None, peak_mib=0, evaluated=None)
    if arguments[0] == "--alias":
        driver = [sys.executable, home / "fast-downward.py", *arguments, "output.sas"]
        searched, output = run(driver, folder, seconds - cpu, mib)
    else:
        search = [home / "builds/release/bin/downward", *arguments]
        with sas.open() as given:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(["timeout", str(seconds - cpu), *search], cwd=folder, stdin=given,
                                  capture_output=True, text=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = done.stdout
        searched = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    plans = sorted(Path(folder).glob("sas_plan*"))
    costs = [cost_of(binary, domain, problem, plan) for plan in plans]
    costs = [cost for cost in costs if cost is not None]
    evaluated = re.findall(r"Evaluated (\d+) state", output)
    peaks = re.findall(r"Peak memory: (\d+) KB", output)
    return dict(cpu=cpu + searched, cost=min(costs, default=None),
                peak_mib=int(peaks[-1]) / 1024 if peaks else 0, evaluated=int(evaluated[-1]) if evaluated else None)


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else math.nan


def plot(pairs, limit, path):
    """A log-log scatter of CPU seconds: below the diagonal ours is faster."""
    low, size = 0.001, 480
    def at(value):
        return 40 + (size - 60) * math.log(max(value, low) / low) / math.log(limit / low)
    dots = "".join(f'<circle cx="{at(their):.1f}" cy="{size - at(our):.1f}" r="4"><title>{name}</title></circle>'
                   for name, our, their in pairs)
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif">'
                    f'<path d="M{at(low)} {size - at(low)}L{at(limit)} {size - at(limit)}" stroke="#999"/>'
                    f'<g fill="#2a78d6" fill-opacity=".7">{dots}</g>'
                    f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">theirs, CPU seconds</text>'
                    f'<text transform="translate(16 {size / 2}) rotate(-90)" text-anchor="middle">ours</text></svg>\n')


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("binary")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--ours", default="lama-first", choices=OURS)
    parser.add_argument("--theirs", choices=THEIRS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--mib", type=int, default=4096)
    parser.add_argument("--out", type=Path, default=Path("target/rivals"))
    given = parser.parse_args()
    rival = given.theirs or (given.ours if given.ours in FAST_DOWNWARD else "lama-first")
    check_installed(rival)
    binary = Path(given.binary).resolve()
    given.out.mkdir(parents=True, exist_ok=True)
    rows, pairs, solved, both = [], [], [0, 0], []
    print(f"{'task':40} {'ours s':>8} {'theirs s':>8} {'ratio':>6} {'cost':>8} {'theirs':>8} {'evaluated':>10} {'theirs':>10}")
    for domain, problem in problems(given.paths):
        domain, problem = domain.resolve(), problem.resolve()
        name = f"{domain.parent.name}/{problem.stem}"
        with tempfile.TemporaryDirectory() as folder:
            our = ours(binary, domain, problem, OURS[given.ours], given.seconds, given.mib, folder)
            planner, their = theirs(rival, binary, domain, problem, given.seconds, given.mib, folder)
        for planner, result in (("planscope", our), (planner, their)):
            rows.append(dict(task=name, planner=planner, solved=result["cost"] is not None, **result))
        solved[0] += our["cost"] is not None
        solved[1] += their["cost"] is not None
        pairs.append((name, our["cpu"] if our["cost"] is not None else given.seconds,
                      their["cpu"] if their["cost"] is not None else given.seconds))
        if our["cost"] is not None and their["cost"] is not None:
            both.append((our, their))
        ratio = f"{our['cpu'] / their['cpu']:6.3f}" if our["cost"] is not None and their["cost"] is not None else "     -"
        figures = [str(value) if value is not None else "-" for value in
                   (our["cost"], their["cost"], our["evaluated"], their["evaluated"])]
        print(f"{name:40} {our['cpu']:8.3f} {their['cpu']:8.3f} {ratio} {figures[0]:>8} {figures[1]:>8} "
              f"{figures[2]:>10} {figures[3]:>10}", flush=True)
    with (given.out / "rivals.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({key: row.get(key) for key in COLUMNS} for row in rows)
    plot(pairs, given.seconds, given.out / "rivals.svg")
    times = mean([our["cpu"] / their["cpu"] for our, their in both])
    ratios = [our["cost"] / their["cost"] for our, their in both if our["cost"] and their["cost"]]
    costs, worst = mean(ratios), max(ratios, default=math.nan)
    memory = mean([our["peak_mib"] / their["peak_mib"] for our, their in both if their["peak_mib"]])
    print(f"solved: {solved[0]} and {solved[1]} of {len(pairs)}; of the {len(both)} that both solve, "
          f"geometric means of time {times:.3f}, of cost {costs:.3f} (worst {worst:.3f})"
          + ("" if math.isnan(memory) else f", of memory {memory:.3f}"))


if __name__ == "__main__":
    main()
