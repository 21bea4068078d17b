; A robot with two hands carries balls from room to room.
(define (domain gripper)
  (:requirements :strips :typing)
  (:types room ball hand)
  (:predicates
    (door ?from ?to - room)
    (robot-in ?room - room)
    (lies-in ?ball - ball ?room - room)
    (free ?hand - hand)
    (holds ?hand - hand ?ball - ball))

  (:action go
    :parameters (?from ?to - room)
    :precondition (and (door ?from ?to) (robot-in ?from))
    :effect (and (robot-in ?to) (not (robot-in ?from))))

  (:action grasp
    :parameters (?hand - hand ?ball - ball ?room - room)
    :precondition (and (robot-in ?room) (lies-in ?ball ?room) (free ?hand))
    :effect (and (holds ?hand ?ball) (not (lies-in ?ball ?room)) (not (free ?hand))))

  (:action release
    :parameters (?hand - hand ?ball - ball ?room - room)
    :precondition (and (robot-in ?room) (holds ?hand ?ball))
    :effect (and (lies-in ?ball ?room) (free ?hand) (not (holds ?hand ?ball)))))
