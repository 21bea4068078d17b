; Parcels travel by van within a city and by plane between airports.
(define (domain logistics)
  (:requirements :strips :typing)
  (:types
    place city thing - object
    airport - place
    parcel vehicle - thing
    van plane - vehicle)
  (:predicates
    (in-city ?place - place ?city - city)
    (at ?thing - thing ?place - place)
    (inside ?parcel - parcel ?vehicle - vehicle))

  (:action load
    :parameters (?parcel - parcel ?vehicle - vehicle ?place - place)
    :precondition (and (at ?vehicle ?place) (at ?parcel ?place))
    :effect (and (inside ?parcel ?vehicle) (not (at ?parcel ?place))))

  (:action unload
    :parameters (?parcel - parcel ?vehicle - vehicle ?place - place)
    :precondition (and (at ?vehicle ?place) (inside ?parcel ?vehicle))
    :effect (and (at ?parcel ?place) (not (inside ?parcel ?vehicle))))

  (:action drive
    :parameters (?van - van ?from ?to - place ?city - city)
    :precondition (and (at ?van ?from) (in-city ?from ?city) (in-city ?to ?city))
    :effect (and (not (at ?van ?from)) (at ?van ?to)))

  (:action fly
    :parameters (?plane - plane ?from ?to - airport)
    :precondition (at ?plane ?from)
    :effect (and (not (at ?plane ?from)) (at ?plane ?to))))
