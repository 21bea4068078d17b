"""Tasks whose conditions multiply out badly: disjunctions, quantifiers, conditional effects and axioms over
sparse relations of many objects. `write(folder)` writes them, each in a folder of its own."""

import random
from pathlib import Path


def names(prefix, count):
    return [f"{prefix}{index}" for index in range(count)]


def tree(nodes, seed, reach=4):
    """Edges of a random tree in which nodes hang on one of the last before them."""
    choose = random.Random(seed)
    return [(nodes[max(0, at - choose.randint(1, reach))], nodes[at]) for at in range(1, len(nodes))]


def facts(predicate, rows):
    return "\n".join(f"({predicate} {' '.join(row)})" for row in rows)


def task(parts, objects, init, goal):
    domain = f"(define (domain shape) (:requirements :adl :derived-predicates) {parts})"
    problem = f"(define (problem one) (:domain shape) (:objects {' '.join(objects)}) (:init {init}) (:goal {goal}))"
    return domain, problem


def both_ways(edges):
    return [pair for a, b in edges for pair in ((a, b), (b, a))]


def or_of_paths(count=400):
    """A precondition with two alternatives, each of them a join over three parameters."""
    nodes = names("n", count)
    parts = """(:predicates (at ?x) (a ?x ?y) (b ?x ?y) (pass) (over ?x))
      (:action hop :parameters (?x ?y ?z)
        :precondition (or (and (at ?x) (a ?x ?y) (a ?y ?z)) (and (at ?x) (pass) (b ?x ?y) (b ?y ?z)))
        :effect (and (not (at ?x)) (at ?z) (over ?y)))"""
    ways = both_ways(tree(nodes, 1))
    rails = both_ways(list(zip(nodes[::7], nodes[7::7])))
    return task(parts, nodes, f"(at n0) (pass) {facts('a', ways)} {facts('b', rails)}", f"(over {nodes[-2]})")


def or_of_statics(count=20000):
    """A road that may stand either way round."""
    nodes = names("n", count)
    parts = """(:predicates (at ?x) (road ?x ?y))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (or (road ?x ?y) (road ?y ?x)))
        :effect (and (not (at ?x)) (at ?y)))"""
    return task(parts, nodes, f"(at n0) {facts('road', tree(nodes, 2))}", f"(at {nodes[-1]})")


def exists_chain(count=1000):
    """Three variables joined through two static relations and two that actions change."""
    nodes = names("n", count)
    mates = [(node, nodes[(at * 7 + 3) % count]) for at, node in enumerate(nodes)]
    parts = """(:predicates (r ?x ?y) (s ?x ?y) (open ?x) (seen ?x) (met))
      (:action see :parameters (?x) :precondition (open ?x) :effect (seen ?x))
      (:action meet :parameters ()
        :precondition (exists (?x ?y ?z) (and (seen ?x) (seen ?y) (r ?x ?z) (s ?y ?z))) :effect (met))"""
    init = f"{facts('open', [[n] for n in nodes])} {facts('r', mates)} {facts('s', mates[::-1])}"
    return task(parts, nodes, init, "(met)")


def exists_wide(count=200):
    """Four variables, one relation."""
    nodes = names("n", count)
    parts = """(:predicates (p ?x) (e ?a ?b ?c ?d) (g))
      (:action mark :parameters (?x) :effect (p ?x))
      (:action win :parameters ()
        :precondition (exists (?a ?b ?c ?d) (and (p ?a) (p ?b) (not (= ?a ?b)) (e ?a ?b ?c ?d))) :effect (g))"""
    return task(parts, nodes, "(e n0 n1 n2 n3) (e n4 n4 n2 n3)", "(g)")


def forall_goal(count=20000):
    """A goal for every edge of a graph."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (in ?x) (hub ?x))
      (:action take :parameters (?x) :precondition (hub ?x) :effect (in ?x))"""
    edges = [("n0", node) for node in nodes[2:]]
    init = f"(hub n0) (hub n1) {facts('edge', edges)}"
    return task(parts, nodes, init, "(and (in n1) (forall (?x ?y) (imply (edge ?x ?y) (or (in ?x) (in ?y)))))")


def forall_precondition(count=3000):
    """A precondition that all edges have something done, and each action of it changes one."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (in ?x) (ready))
      (:action take :parameters (?x) :effect (in ?x))
      (:action end :parameters ()
        :precondition (forall (?x ?y) (or (not (edge ?x ?y)) (in ?x) (in ?y))) :effect (ready))"""
    return task(parts, nodes, facts("edge", tree(nodes, 3)), "(ready)")


def forall_exists(count=1500):
    """Every node has a neighbour that is taken."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (in ?x) (ready))
      (:action take :parameters (?x) :effect (in ?x))
      (:action end :parameters ()
        :precondition (forall (?x) (exists (?y) (and (edge ?x ?y) (in ?y)))) :effect (ready))"""
    return task(parts, nodes, facts("edge", both_ways(tree(nodes, 4))), "(ready)")


def when_or(count=2000):
    """A conditional effect for every edge, either way round."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (lit ?x) (on))
      (:action spread :parameters ()
        :effect (and (on) (forall (?x ?y) (when (and (lit ?x) (or (edge ?x ?y) (edge ?y ?x))) (lit ?y)))))"""
    return task(parts, nodes, f"(lit n0) {facts('edge', tree(nodes, 5))}", f"(and (on) (lit {nodes[-1]}))")


def when_delete(count=300):
    """A conditional effect over triples of which few can be deleted."""
    nodes = names("n", count)
    parts = """(:predicates (q ?x) (r ?a ?b ?c) (g))
      (:action show :parameters (?x) :effect (q ?x))
      (:action wipe :parameters ()
        :effect (and (g) (forall (?a ?b ?c) (when (and (q ?a) (q ?b) (q ?c)) (not (r ?a ?b ?c))))))"""
    init = facts("r", zip(nodes, nodes[1:], nodes[2:]))
    return task(parts, nodes, init, "(and (g) (not (r n0 n1 n2)))")


def axiom_or(count=4000):
    """An axiom with alternatives, one of which is a join."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (at ?x) (done) (near ?x))
      (:derived (near ?x) (or (at ?x) (exists (?y) (and (at ?y) (or (edge ?x ?y) (edge ?y ?x))))))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (edge ?x ?y)) :effect (and (not (at ?x)) (at ?y)))
      (:action end :parameters () :precondition (near LAST) :effect (done))""".replace("LAST", nodes[-1])
    parts = f"(:constants {nodes[-1]}) {parts}"
    return task(parts, nodes[:-1], f"(at n0) {facts('edge', tree(nodes, 6))}", "(done)")


def not_static(count=4000):
    """A way that is not blocked, where few roads are."""
    nodes = names("n", count)
    edges = tree(nodes, 7)
    parts = """(:predicates (edge ?x ?y) (blocked ?x ?y) (at ?x))
      (:action go :parameters (?x ?y)
        :precondition (and (at ?x) (not (or (not (edge ?x ?y)) (blocked ?x ?y) (= ?x ?y)))) :effect (at ?y))"""
    init = f"(at n0) {facts('edge', edges)} {facts('blocked', edges[5::50])}"
    return task(parts, nodes, init, f"(or (at {nodes[-1]}) (at n3))")


def when_exists(count=2000):
    """A conditional effect for every node that has a lit neighbour."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (lit ?x) (on))
      (:action spread :parameters ()
        :effect (and (on) (forall (?x) (when (exists (?y) (and (edge ?x ?y) (lit ?y))) (lit ?x)))))"""
    return task(parts, nodes, f"(lit n0) {facts('edge', both_ways(tree(nodes, 8)))}", f"(and (on) (lit {nodes[-1]}))")


def goal_or(count=3000):
    """A goal that one edge has both its ends taken, or some node is done."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (in ?x) (done ?x) (hub ?x))
      (:action take :parameters (?x) :effect (in ?x))
      (:action do :parameters (?x) :precondition (and (hub ?x) (in ?x)) :effect (done ?x))"""
    init = f"(hub n5) {facts('edge', tree(nodes, 9))}"
    goal = "(or (exists (?x ?y) (and (edge ?x ?y) (in ?x) (in ?y))) (exists (?x) (done ?x)))"
    return task(parts, nodes, init, goal)


def not_exists(count=3000):
    """A precondition that no neighbour is blocked."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (at ?x) (blocked ?x))
      (:action block :parameters (?x ?y) :precondition (and (at ?x) (edge ?x ?y)) :effect (blocked ?y))
      (:action go :parameters (?x ?y)
        :precondition (and (at ?x) (edge ?x ?y) (not (exists (?z) (and (edge ?y ?z) (blocked ?z)))))
        :effect (and (not (at ?x)) (at ?y)))"""
    return task(parts, nodes, f"(at n0) {facts('edge', both_ways(tree(nodes, 10)))}", f"(at {nodes[-1]})")


def forall_imply(count=1500):
    """A precondition about all that several static relations lead to."""
    nodes, kinds = names("n", count), names("k", 40)
    parts = """(:predicates (edge ?x ?y) (kind ?x ?k) (needs ?k) (in ?x) (ready ?x))
      (:action take :parameters (?x ?k) :precondition (kind ?x ?k) :effect (in ?x))
      (:action end :parameters (?x ?k)
        :precondition (and (kind ?x ?k) (forall (?y ?z) (imply (and (edge ?x ?y) (kind ?y ?z) (needs ?z)) (in ?y))))
        :effect (ready ?x))"""
    sorts = [(node, kinds[at % 40]) for at, node in enumerate(nodes)]
    needs = facts("needs", [[kind] for kind in kinds[::3]])
    init = f"{facts('edge', both_ways(tree(nodes, 11)))} {facts('kind', sorts)} {needs}"
    return task(parts, nodes + kinds, init, f"(and (ready n0) (ready {nodes[-1]}))")


def exists_equal(count=1500):
    """A precondition that two different neighbours are taken."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (in ?x))
      (:action start :parameters (?x ?y) :precondition (edge ?x ?y) :effect (in ?x))
      (:action take :parameters (?x)
        :precondition (exists (?y ?z) (and (edge ?x ?y) (edge ?x ?z) (not (= ?y ?z)) (in ?y) (in ?z)))
        :effect (in ?x))"""
    return task(parts, nodes, facts("edge", both_ways(tree(nodes, 12))), "(and (in n0) (in n1))")


def or_exists(count=2000):
    """A precondition with quantifiers within alternatives within quantifiers."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (at ?x) (seen ?x))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (edge ?x ?y)) :effect (and (not (at ?x)) (at ?y)))
      (:action see :parameters (?x)
        :precondition (or (at ?x) (exists (?y) (and (edge ?x ?y)
          (or (at ?y) (exists (?z) (and (edge ?y ?z) (at ?z)))))))
        :effect (seen ?x))"""
    return task(parts, nodes, f"(at n0) {facts('edge', both_ways(tree(nodes, 13)))}", f"(seen {nodes[-1]})")


def forall_or_static(count=1500):
    """A precondition about all nodes, where a static relation decides for most of them."""
    nodes = names("n", count)
    parts = """(:predicates (edge ?x ?y) (shut ?x) (in ?x) (on ?x))
      (:action take :parameters (?x) :effect (in ?x))
      (:action end :parameters (?x)
        :precondition (and (shut ?x) (forall (?y) (or (not (edge ?x ?y)) (shut ?y) (in ?y)))) :effect (on ?x))"""
    init = f"{facts('edge', both_ways(tree(nodes, 14)))} {facts('shut', [[node] for node in nodes[::2]])}"
    return task(parts, nodes, init, "(and (on n0) (on n2))")


SHAPES = [or_of_paths, or_of_statics, exists_chain, exists_wide, forall_goal, forall_precondition, forall_exists,
          when_or, when_delete, axiom_or, not_static, when_exists, goal_or, not_exists, forall_imply, exists_equal,
          or_exists, forall_or_static]


def write(folder):
    """Writes all of them below a folder."""
    for shape in SHAPES:
        place = Path(folder) / shape.__name__.replace("_", "-")
        place.mkdir(parents=True, exist_ok=True)
        domain, problem = shape()
        (place / "domain.pddl").write_text(domain)
        (place / "problem.pddl").write_text(problem)
