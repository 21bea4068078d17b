; Jugs without marks: pour until one is empty or the other is full. Contents are numeric fluents.
(define (domain water-jugs)
  (:requirements :strips :typing :equality :negative-preconditions :numeric-fluents)
  (:types jug)
  (:functions
    (capacity ?jug - jug)
    (content ?jug - jug))

  (:action pour-out
    :parameters (?from ?to - jug)
    :precondition (and (not (= ?from ?to)) (> (content ?from) 0)
                       (<= (+ (content ?from) (content ?to)) (capacity ?to)))
    :effect (and (increase (content ?to) (content ?from))
                 (assign (content ?from) 0)))

  (:action fill-up
    :parameters (?from ?to - jug)
    :precondition (and (not (= ?from ?to)) (< (content ?to) (capacity ?to))
                       (> (+ (content ?from) (content ?to)) (capacity ?to)))
    :effect (and (decrease (content ?from) (- (capacity ?to) (content ?to)))
                 (assign (content ?to) (capacity ?to)))))
