#!/usr/bin/env python3
"""Compares the verdicts of `planscope validate` with those of unified-planning's validator.

    pip install unified-planning
    compare_validators.py FOLDER [--planscope PATH]

FOLDER holds triples: NAME.domain.pddl, NAME.problem.pddl and any number of NAME.*.plan. Costs are compared
too where both know one. Prints every disagreement, then a line with counts; exit code 1 where there is a
disagreement. What unified-planning cannot read is counted apart.

unified-planning 1.3.0 differs from PDDL in ways that triples have to keep clear of: of a `when` within a
`when` it keeps the inner condition alone; a change of a number under `forall` is made once where it does not
name the variable; `forall` over a type without objects is not true where its body is false; an action that
assigns and increases one fluent is refused.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import warnings

from unified_planning.engines import SequentialPlanValidator, UPSequentialSimulator
from unified_planning.engines.results import ValidationResultStatus
from unified_planning.engines.sequential_simulator import evaluate_quality_metric_in_initial_state
from unified_planning.exceptions import UPException
from unified_planning.io import PDDLReader
from unified_planning.plans import ActionInstance, SequentialPlan
from unified_planning.shortcuts import get_environment


def ours(planscope, domain, problem, plan):
    """Our verdict and cost."""
    command = [planscope, "validate", "--json", str(domain), str(problem), str(plan)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{plan}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    report = json.loads(run.stdout)
    return report["valid"], report["cost"], (report["violation"] or {}).get("message")


def steps(plan):
    """Each step of a plan file as a list of words."""
    lines = (line.split(";")[0].strip() for line in plan.read_text().splitlines())
    return [re.findall(r"[^\s()]+", line.lower()) for line in lines if line]


def theirs(problem, plan):
    """unified-planning's verdict, the value of its metric, and why."""
    expressions = problem.environment.expression_manager
    actions = []
    for name, *arguments in steps(plan):
        try:
            action = problem.action(name)
            objects = [problem.object(argument) for argument in arguments]
        except UPException as error:
            return False, None, str(error)
        if len(objects) != len(action.parameters):
            return False, None, "wrong number of arguments"
        for one, parameter in zip(objects, action.parameters):
            if not parameter.type.is_compatible(one.type):
                return False, None, f"{one} is no {parameter.type}"
        actions.append(ActionInstance(action, tuple(expressions.ObjectExp(one) for one in objects)))
    result = SequentialPlanValidator().validate(problem, SequentialPlan(actions))
    valid = result.status == ValidationResultStatus.VALID
    cost = None
    if valid and result.metric_evaluations:
        # The metric at the end; ours is its change.
        metric, at_end = next(iter(result.metric_evaluations.items()))
        simulator = UPSequentialSimulator(problem, error_on_failed_checks=False)
        cost = float(at_end) - float(evaluate_quality_metric_in_initial_state(simulator, metric))
    return valid, cost, "; ".join(message.message for message in result.log_messages or [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--planscope", default="planscope")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    get_environment().credits_stream = None

    counts = collections.Counter()
    for domain in sorted(options.folder.glob("*.domain.pddl")):
        name = domain.name.removesuffix(".domain.pddl")
        problem_file = domain.with_name(f"{name}.problem.pddl")
        plans = sorted(options.folder.glob(f"{name}.*.plan"))
        try:
            problem = PDDLReader().parse_problem(str(domain), str(problem_file))
        except Exception as error:  # pylint: disable=broad-except
            counts["not read by unified-planning"] += len(plans)
            print(f"{name}: not read: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        for plan in plans:
            valid, cost, why = ours(options.planscope, domain, problem_file, plan)
            try:
                their_valid, their_cost, their_why = theirs(problem, plan)
            except Exception as error:  # pylint: disable=broad-except
                counts["not judged by unified-planning"] += 1
                print(f"{plan.name}: not judged: {type(error).__name__}: {error}", file=sys.stderr)
                continue
            counts["compared"] += 1
            if counts["compared"] % 200 == 0:
                print(f"{counts['compared']} compared", file=sys.stderr)
            counts["valid" if valid else "invalid"] += 1
            if valid != their_valid:
                counts["disagreements"] += 1
                print(f"{plan}: ours {valid} ({why}), theirs {their_valid} ({their_why})")
            elif valid and their_cost is not None:
                counts["costs compared"] += 1
                if abs(cost - their_cost) > 1e-6:
                    counts["costs that differ"] += 1
                    print(f"{plan}: our cost {cost}, theirs {their_cost}")
    print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    sys.exit(bool(counts["disagreements"] or counts["costs that differ"]))


if __name__ == "__main__":
    main()
