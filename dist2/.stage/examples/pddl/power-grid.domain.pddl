; Current flows from a plant through closed switches: which stations are live is derived, never an effect.
; A broken line cannot be switched on, and is repaired only while both of its ends are dead.
(define (domain power-grid)
  (:requirements :adl :derived-predicates)
  (:types station)
  (:predicates
    (line ?a ?b - station)          ; listed in both directions
    (plant ?station - station)
    (closed ?a ?b - station)
    (broken ?a ?b - station)
    (live ?station - station))      ; derived

  (:derived (live ?station - station)
    (or (plant ?station)
        (exists (?near - station) (and (live ?near) (closed ?near ?station)))))

  (:action close
    :parameters (?a ?b - station)
    :precondition (and (line ?a ?b) (not (closed ?a ?b)) (not (broken ?a ?b)))
    :effect (and (closed ?a ?b) (closed ?b ?a)))

  (:action open
    :parameters (?a ?b - station)
    :precondition (and (line ?a ?b) (closed ?a ?b))
    :effect (and (not (closed ?a ?b)) (not (closed ?b ?a))))

  (:action repair
    :parameters (?a ?b - station)
    :precondition (and (line ?a ?b) (broken ?a ?b) (not (live ?a)) (not (live ?b)))
    :effect (and (not (broken ?a ?b)) (not (broken ?b ?a)))))
