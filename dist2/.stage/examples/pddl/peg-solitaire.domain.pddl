; A peg jumps over its neighbour into an empty hole, and the neighbour is taken off the board.
(define (domain peg-solitaire)
  (:requirements :strips :typing)
  (:types hole)
  (:predicates
    (line ?from ?over ?to - hole)
    (peg ?hole - hole)
    (empty ?hole - hole))

  (:action jump
    :parameters (?from ?over ?to - hole)
    :precondition (and (line ?from ?over ?to) (peg ?from) (peg ?over) (empty ?to))
    :effect (and (peg ?to) (empty ?from) (empty ?over)
                 (not (peg ?from)) (not (peg ?over)) (not (empty ?to)))))
