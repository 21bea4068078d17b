; Trucks burn fuel by the kilometre and fill up where there is a pump; the plan should burn little.
(define (domain fuel)
  (:requirements :strips :typing :numeric-fluents)
  (:types place truck parcel)
  (:predicates
    (road ?from ?to - place)
    (pump ?place - place)
    (truck-at ?truck - truck ?place - place)
    (parcel-at ?parcel - parcel ?place - place)
    (loaded ?parcel - parcel ?truck - truck))
  (:functions
    (distance ?from ?to - place)
    (fuel ?truck - truck)
    (tank ?truck - truck)
    (burnt))

  (:action drive
    :parameters (?truck - truck ?from ?to - place)
    :precondition (and (truck-at ?truck ?from) (road ?from ?to)
                       (>= (fuel ?truck) (distance ?from ?to)))
    :effect (and (truck-at ?truck ?to) (not (truck-at ?truck ?from))
                 (decrease (fuel ?truck) (distance ?from ?to))
                 (increase (burnt) (distance ?from ?to))))

  (:action fill-up
    :parameters (?truck - truck ?place - place)
    :precondition (and (truck-at ?truck ?place) (pump ?place) (< (fuel ?truck) (tank ?truck)))
    :effect (assign (fuel ?truck) (tank ?truck)))

  (:action load
    :parameters (?parcel - parcel ?truck - truck ?place - place)
    :precondition (and (truck-at ?truck ?place) (parcel-at ?parcel ?place))
    :effect (and (loaded ?parcel ?truck) (not (parcel-at ?parcel ?place))))

  (:action unload
    :parameters (?parcel - parcel ?truck - truck ?place - place)
    :precondition (and (truck-at ?truck ?place) (loaded ?parcel ?truck))
    :effect (and (parcel-at ?parcel ?place) (not (loaded ?parcel ?truck)))))
