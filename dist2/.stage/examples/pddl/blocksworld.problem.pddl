; Eight lettered blocks stand in three towers; from the top down, one tower is to read PLANETS.
(define (problem blocksworld-planets)
  (:domain blocksworld)
  (:objects a e l n o p s t - block)
  (:init
    (hand-empty)
    (clear n) (on n s) (on s a) (on-table a)
    (clear e) (on e p) (on p o) (on-table o)
    (clear t) (on t l) (on-table l))
  (:goal (and (on p l) (on l a) (on a n) (on n e) (on e t) (on t s))))
