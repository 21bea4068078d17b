; Lifts with few places carry people between floors; every trip has a price, and the plan should be cheap.
(define (domain elevators)
  (:requirements :strips :typing :equality :negative-preconditions :action-costs)
  (:types lift floor person places)
  (:predicates
    (stops-at ?lift - lift ?floor - floor)
    (lift-at ?lift - lift ?floor - floor)
    (waits ?person - person ?floor - floor)
    (rides ?person - person ?lift - lift)
    (vacant ?lift - lift ?places - places)
    (one-less ?fewer ?more - places))
  (:functions
    (total-cost) - number
    (price ?lift - lift ?from ?to - floor) - number)

  (:action travel
    :parameters (?lift - lift ?from ?to - floor)
    :precondition (and (lift-at ?lift ?from) (stops-at ?lift ?from) (stops-at ?lift ?to)
                       (not (= ?from ?to)))
    :effect (and (lift-at ?lift ?to) (not (lift-at ?lift ?from))
                 (increase (total-cost) (price ?lift ?from ?to))))

  (:action enter
    :parameters (?person - person ?lift - lift ?floor - floor ?fewer ?more - places)
    :precondition (and (lift-at ?lift ?floor) (waits ?person ?floor)
                       (vacant ?lift ?more) (one-less ?fewer ?more))
    :effect (and (rides ?person ?lift) (vacant ?lift ?fewer)
                 (not (waits ?person ?floor)) (not (vacant ?lift ?more))
                 (increase (total-cost) 1)))

  (:action leave
    :parameters (?person - person ?lift - lift ?floor - floor ?fewer ?more - places)
    :precondition (and (lift-at ?lift ?floor) (rides ?person ?lift)
                       (vacant ?lift ?fewer) (one-less ?fewer ?more))
    :effect (and (waits ?person ?floor) (vacant ?lift ?more)
                 (not (rides ?person ?lift)) (not (vacant ?lift ?fewer))
                 (increase (total-cost) 1))))
