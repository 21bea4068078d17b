; Trucks need a driver and roads; drivers without a truck take the footpaths.
(define (domain drivers)
  (:requirements :strips :typing)
  (:types
    place thing - object
    driver truck parcel - thing)
  (:predicates
    (road ?from ?to - place)
    (path ?from ?to - place)
    (at ?thing - thing ?place - place)
    (loaded ?parcel - parcel ?truck - truck)
    (drives ?driver - driver ?truck - truck)
    (unmanned ?truck - truck))

  (:action load
    :parameters (?parcel - parcel ?truck - truck ?place - place)
    :precondition (and (at ?truck ?place) (at ?parcel ?place))
    :effect (and (loaded ?parcel ?truck) (not (at ?parcel ?place))))

  (:action unload
    :parameters (?parcel - parcel ?truck - truck ?place - place)
    :precondition (and (at ?truck ?place) (loaded ?parcel ?truck))
    :effect (and (at ?parcel ?place) (not (loaded ?parcel ?truck))))

  (:action get-in
    :parameters (?driver - driver ?truck - truck ?place - place)
    :precondition (and (at ?driver ?place) (at ?truck ?place) (unmanned ?truck))
    :effect (and (drives ?driver ?truck) (not (at ?driver ?place)) (not (unmanned ?truck))))

  (:action get-out
    :parameters (?driver - driver ?truck - truck ?place - place)
    :precondition (and (drives ?driver ?truck) (at ?truck ?place))
    :effect (and (at ?driver ?place) (unmanned ?truck) (not (drives ?driver ?truck))))

  (:action drive
    :parameters (?driver - driver ?truck - truck ?from ?to - place)
    :precondition (and (drives ?driver ?truck) (at ?truck ?from) (road ?from ?to))
    :effect (and (at ?truck ?to) (not (at ?truck ?from))))

  (:action walk
    :parameters (?driver - driver ?from ?to - place)
    :precondition (and (at ?driver ?from) (path ?from ?to))
    :effect (and (at ?driver ?to) (not (at ?driver ?from)))))
