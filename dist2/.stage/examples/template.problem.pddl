; Where it begins and what is wanted.
(define (problem tea-and-letter)
  (:domain errands)

  (:objects
    kitchen hall desk - place
    cup letter - thing)

  (:init
    (at hall)
    (lies cup kitchen)
    (lies letter hall)
    (= (total-cost) 0))

  (:goal (and (lies cup desk) (lies letter desk)))

  (:metric minimize (total-cost)))
