; Crates are pushed as in Sokoban, but walking costs no step: an axiom derives which cells the worker can
; reach, so that a plan, and the search, consist of pushes alone.
(define (domain warehouse)
  (:requirements :strips :typing :derived-predicates :disjunctive-preconditions :existential-preconditions)
  (:types cell direction)
  (:predicates
    (next ?from ?to - cell ?direction - direction)
    (worker-at ?cell - cell)
    (crate-at ?cell - cell)
    (free ?cell - cell)             ; no crate is there
    (reachable ?cell - cell))       ; derived

  (:derived (reachable ?cell - cell)
    (or (worker-at ?cell)
        (and (free ?cell)
             (exists (?near - cell ?direction - direction)
               (and (reachable ?near) (next ?near ?cell ?direction))))))

  (:action push
    :parameters (?worker ?behind ?crate ?beyond - cell ?direction - direction)
    :precondition (and (worker-at ?worker) (reachable ?behind)
                       (next ?behind ?crate ?direction) (next ?crate ?beyond ?direction)
                       (crate-at ?crate) (free ?beyond))
    :effect (and (not (worker-at ?worker)) (worker-at ?crate)
                 (not (crate-at ?crate)) (crate-at ?beyond)
                 (free ?crate) (not (free ?beyond)))))
