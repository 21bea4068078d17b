; A worker pushes crates, one at a time and never pulls, until each goal cell is covered.
(define (domain sokoban)
  (:requirements :strips :typing)
  (:types cell direction)
  (:predicates
    (next ?from ?to - cell ?direction - direction)
    (worker-at ?cell - cell)
    (crate-at ?cell - cell)
    (free ?cell - cell))            ; neither the worker nor a crate is there

  (:action walk
    :parameters (?from ?to - cell ?direction - direction)
    :precondition (and (worker-at ?from) (next ?from ?to ?direction) (free ?to))
    :effect (and (worker-at ?to) (free ?from)
                 (not (worker-at ?from)) (not (free ?to))))

  (:action push
    :parameters (?from ?to ?beyond - cell ?direction - direction)
    :precondition (and (worker-at ?from) (crate-at ?to) (free ?beyond)
                       (next ?from ?to ?direction) (next ?to ?beyond ?direction))
    :effect (and (worker-at ?to) (crate-at ?beyond) (free ?from)
                 (not (worker-at ?from)) (not (crate-at ?to)) (not (free ?beyond)))))
