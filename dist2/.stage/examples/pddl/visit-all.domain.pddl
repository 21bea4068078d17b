; Walk from cell to cell until every one that matters has been stepped on.
(define (domain visit-all)
  (:requirements :strips :typing)
  (:types cell)
  (:predicates
    (beside ?a ?b - cell)
    (at ?cell - cell)
    (visited ?cell - cell))

  (:action walk
    :parameters (?from ?to - cell)
    :precondition (and (at ?from) (beside ?from ?to))
    :effect (and (at ?to) (visited ?to) (not (at ?from)))))
