; A ferry with room for a single car serves every port.
(define (domain ferry)
  (:requirements :strips :typing)
  (:types port car)
  (:predicates
    (moored ?port - port)
    (parked ?car - car ?port - port)
    (aboard ?car - car)
    (deck-empty))

  (:action sail
    :parameters (?from ?to - port)
    :precondition (moored ?from)
    :effect (and (not (moored ?from)) (moored ?to)))

  (:action drive-on
    :parameters (?car - car ?port - port)
    :precondition (and (moored ?port) (parked ?car ?port) (deck-empty))
    :effect (and (aboard ?car) (not (parked ?car ?port)) (not (deck-empty))))

  (:action drive-off
    :parameters (?car - car ?port - port)
    :precondition (and (moored ?port) (aboard ?car))
    :effect (and (parked ?car ?port) (deck-empty) (not (aboard ?car)))))
