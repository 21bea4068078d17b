; A sliding puzzle that cannot be solved: a tile beside the gap may slide into it.
(define (domain swapped-tiles)
  (:requirements :strips :typing)
  (:types tile cell)
  (:predicates
    (beside ?a ?b - cell)
    (at ?tile - tile ?cell - cell)
    (gap ?cell - cell))

  (:action slide
    :parameters (?tile - tile ?from ?to - cell)
    :precondition (and (at ?tile ?from) (gap ?to) (beside ?from ?to))
    :effect (and (at ?tile ?to) (gap ?from)
                 (not (at ?tile ?from)) (not (gap ?to)))))
