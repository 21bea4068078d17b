; Four crates among four pillars; cX-Y is column X of row Y, @ the worker, $ a crate, . a goal.
;   # # # # # # # #
;   #         .   #
;   #   $ # $ #   #
;   # @   .   $   #
;   #   $ # . #   #
;   #         .   #
;   # # # # # # # #
(define (problem sokoban-pillars)
  (:domain sokoban)
  (:objects
    up down left right - direction
    c1-1 c2-1 c3-1 c4-1 c5-1 c6-1
    c1-2 c2-2 c4-2 c6-2
    c1-3 c2-3 c3-3 c4-3 c5-3 c6-3
    c1-4 c2-4 c4-4 c6-4
    c1-5 c2-5 c3-5 c4-5 c5-5 c6-5 - cell)
  (:init
    (next c1-1 c2-1 right) (next c2-1 c1-1 left)
    (next c1-1 c1-2 down) (next c1-2 c1-1 up)
    (next c2-1 c3-1 right) (next c3-1 c2-1 left)
    (next c2-1 c2-2 down) (next c2-2 c2-1 up)
    (next c3-1 c4-1 right) (next c4-1 c3-1 left)
    (next c4-1 c5-1 right) (next c5-1 c4-1 left)
    (next c4-1 c4-2 down) (next c4-2 c4-1 up)
    (next c5-1 c6-1 right) (next c6-1 c5-1 left)
    (next c6-1 c6-2 down) (next c6-2 c6-1 up)
    (next c1-2 c2-2 right) (next c2-2 c1-2 left)
    (next c1-2 c1-3 down) (next c1-3 c1-2 up)
    (next c2-2 c2-3 down) (next c2-3 c2-2 up)
    (next c4-2 c4-3 down) (next c4-3 c4-2 up)
    (next c6-2 c6-3 down) (next c6-3 c6-2 up)
    (next c1-3 c2-3 right) (next c2-3 c1-3 left)
    (next c1-3 c1-4 down) (next c1-4 c1-3 up)
    (next c2-3 c3-3 right) (next c3-3 c2-3 left)
    (next c2-3 c2-4 down) (next c2-4 c2-3 up)
    (next c3-3 c4-3 right) (next c4-3 c3-3 left)
    (next c4-3 c5-3 right) (next c5-3 c4-3 left)
    (next c4-3 c4-4 down) (next c4-4 c4-3 up)
    (next c5-3 c6-3 right) (next c6-3 c5-3 left)
    (next c6-3 c6-4 down) (next c6-4 c6-3 up)
    (next c1-4 c2-4 right) (next c2-4 c1-4 left)
    (next c1-4 c1-5 down) (next c1-5 c1-4 up)
    (next c2-4 c2-5 down) (next c2-5 c2-4 up)
    (next c4-4 c4-5 down) (next c4-5 c4-4 up)
    (next c6-4 c6-5 down) (next c6-5 c6-4 up)
    (next c1-5 c2-5 right) (next c2-5 c1-5 left)
    (next c2-5 c3-5 right) (next c3-5 c2-5 left)
    (next c3-5 c4-5 right) (next c4-5 c3-5 left)
    (next c4-5 c5-5 right) (next c5-5 c4-5 left)
    (next c5-5 c6-5 right) (next c6-5 c5-5 left)
    (worker-at c1-3) (crate-at c2-2) (crate-at c4-2) (crate-at c5-3) (crate-at c2-4)
    (free c1-1) (free c2-1) (free c3-1) (free c4-1) (free c5-1) (free c6-1)
    (free c1-2) (free c6-2)
    (free c2-3) (free c3-3) (free c4-3) (free c6-3)
    (free c1-4) (free c4-4) (free c6-4)
    (free c1-5) (free c2-5) (free c3-5) (free c4-5) (free c5-5) (free c6-5))
  (:goal (and (crate-at c5-1) (crate-at c3-3) (crate-at c4-4) (crate-at c5-5))))
