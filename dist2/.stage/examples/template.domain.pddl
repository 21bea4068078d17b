; What there is and what can be done. Names are completed with Ctrl Space.
(define (domain errands)
  (:requirements :strips :typing :action-costs)
  (:types place thing)

  (:predicates
    (at ?here - place)                  ; where the robot is
    (lies ?thing - thing ?at - place)
    (holds ?thing - thing))

  (:functions (total-cost) - number)

  (:action go
    :parameters (?from ?to - place)
    :precondition (at ?from)
    :effect (and (not (at ?from)) (at ?to) (increase (total-cost) 2)))

  (:action pick-up
    :parameters (?thing - thing ?here - place)
    :precondition (and (at ?here) (lies ?thing ?here))
    :effect (and (not (lies ?thing ?here)) (holds ?thing) (increase (total-cost) 1)))

  (:action put-down
    :parameters (?thing - thing ?here - place)
    :precondition (and (at ?here) (holds ?thing))
    :effect (and (not (holds ?thing)) (lies ?thing ?here) (increase (total-cost) 1))))
