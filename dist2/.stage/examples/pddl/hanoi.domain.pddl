; The Towers of Hanoi: move one disc at a time, never onto a smaller one.
(define (domain hanoi)
  (:requirements :strips :typing)
  (:types
    spot - object
    disc peg - spot)                 ; a disc lies on a larger disc or on a bare peg
  (:predicates
    (fits ?disc - disc ?under - spot)
    (on ?disc - disc ?under - spot)
    (clear ?top - spot))

  (:action move
    :parameters (?disc - disc ?from ?to - spot)
    :precondition (and (clear ?disc) (on ?disc ?from) (clear ?to) (fits ?disc ?to))
    :effect (and (on ?disc ?to) (clear ?from)
                 (not (on ?disc ?from)) (not (clear ?to)))))
