; Hoists stack crates on pallets and load them onto trucks: towers as in Blocksworld, in several places.
(define (domain depots)
  (:requirements :strips :typing)
  (:types
    depot truck hoist surface - object
    pallet crate - surface)
  (:predicates
    (truck-at ?truck - truck ?depot - depot)
    (belongs ?hoist - hoist ?depot - depot)
    (stands ?surface - surface ?depot - depot)
    (on ?crate - crate ?surface - surface)
    (in ?crate - crate ?truck - truck)
    (lifts ?hoist - hoist ?crate - crate)
    (idle ?hoist - hoist)
    (clear ?surface - surface))

  (:action drive
    :parameters (?truck - truck ?from ?to - depot)
    :precondition (truck-at ?truck ?from)
    :effect (and (not (truck-at ?truck ?from)) (truck-at ?truck ?to)))

  (:action hoist-up
    :parameters (?hoist - hoist ?crate - crate ?from - surface ?depot - depot)
    :precondition (and (belongs ?hoist ?depot) (idle ?hoist)
                       (stands ?crate ?depot) (on ?crate ?from) (clear ?crate))
    :effect (and (lifts ?hoist ?crate) (clear ?from)
                 (not (idle ?hoist)) (not (stands ?crate ?depot))
                 (not (on ?crate ?from)) (not (clear ?crate))))

  (:action let-down
    :parameters (?hoist - hoist ?crate - crate ?onto - surface ?depot - depot)
    :precondition (and (belongs ?hoist ?depot) (lifts ?hoist ?crate)
                       (stands ?onto ?depot) (clear ?onto))
    :effect (and (idle ?hoist) (stands ?crate ?depot) (on ?crate ?onto) (clear ?crate)
                 (not (lifts ?hoist ?crate)) (not (clear ?onto))))

  (:action load
    :parameters (?hoist - hoist ?crate - crate ?truck - truck ?depot - depot)
    :precondition (and (belongs ?hoist ?depot) (truck-at ?truck ?depot) (lifts ?hoist ?crate))
    :effect (and (in ?crate ?truck) (idle ?hoist) (not (lifts ?hoist ?crate))))

  (:action unload
    :parameters (?hoist - hoist ?crate - crate ?truck - truck ?depot - depot)
    :precondition (and (belongs ?hoist ?depot) (truck-at ?truck ?depot) (in ?crate ?truck)
                       (idle ?hoist))
    :effect (and (lifts ?hoist ?crate) (not (in ?crate ?truck)) (not (idle ?hoist)))))
