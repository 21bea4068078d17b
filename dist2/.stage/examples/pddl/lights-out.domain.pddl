; Pressing a lamp toggles it and its neighbours: each toggle is a conditional effect.
(define (domain lights-out)
  (:requirements :strips :typing :negative-preconditions :conditional-effects :universal-preconditions)
  (:types lamp)
  (:predicates
    (wired ?button ?lamp - lamp)    ; the button of the one toggles the other
    (lit ?lamp - lamp))

  (:action press
    :parameters (?button - lamp)
    :precondition ()
    :effect (forall (?lamp - lamp)
      (and (when (and (wired ?button ?lamp) (lit ?lamp))
             (not (lit ?lamp)))
           (when (and (wired ?button ?lamp) (not (lit ?lamp)))
             (lit ?lamp))))))
