; A round of deliveries over roads of unequal cost: few legs are not the same as a cheap round.
(define (domain cheapest-route)
  (:requirements :strips :typing :action-costs)
  (:types town)
  (:predicates
    (link ?from ?to - town)
    (at ?town - town)
    (wanted ?town - town)
    (delivered ?town - town))
  (:functions
    (total-cost) - number
    (toll ?from ?to - town) - number)

  (:action drive
    :parameters (?from ?to - town)
    :precondition (and (at ?from) (link ?from ?to))
    :effect (and (at ?to) (not (at ?from))
                 (increase (total-cost) (toll ?from ?to))))

  (:action deliver
    :parameters (?town - town)
    :precondition (and (at ?town) (wanted ?town))
    :effect (and (delivered ?town) (not (wanted ?town))
                 (increase (total-cost) 1))))
