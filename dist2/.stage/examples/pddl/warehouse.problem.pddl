; Three crates to the loading bay; cX-Y is column X of row Y, @ the worker, $ a crate, . a goal.
;   # # # # # # # # # #
;   #         #       #
;   #   $ $         . #
;   #     #     #   . #
;   #   $       #   . #
;   # @         #     #
;   # # # # # # # # # #
(define (problem warehouse-aisles)
  (:domain warehouse)
  (:objects
    up down left right - direction
    c1-1 c2-1 c3-1 c4-1 c6-1 c7-1 c8-1
    c1-2 c2-2 c3-2 c4-2 c5-2 c6-2 c7-2 c8-2
    c1-3 c2-3 c4-3 c5-3 c7-3 c8-3
    c1-4 c2-4 c3-4 c4-4 c5-4 c7-4 c8-4
    c1-5 c2-5 c3-5 c4-5 c5-5 c7-5 c8-5 - cell)
  (:init
    (next c1-1 c2-1 right) (next c2-1 c1-1 left)
    (next c1-1 c1-2 down) (next c1-2 c1-1 up)
    (next c2-1 c3-1 right) (next c3-1 c2-1 left)
    (next c2-1 c2-2 down) (next c2-2 c2-1 up)
    (next c3-1 c4-1 right) (next c4-1 c3-1 left)
    (next c3-1 c3-2 down) (next c3-2 c3-1 up)
    (next c4-1 c4-2 down) (next c4-2 c4-1 up)
    (next c6-1 c7-1 right) (next c7-1 c6-1 left)
    (next c6-1 c6-2 down) (next c6-2 c6-1 up)
    (next c7-1 c8-1 right) (next c8-1 c7-1 left)
    (next c7-1 c7-2 down) (next c7-2 c7-1 up)
    (next c8-1 c8-2 down) (next c8-2 c8-1 up)
    (next c1-2 c2-2 right) (next c2-2 c1-2 left)
    (next c1-2 c1-3 down) (next c1-3 c1-2 up)
    (next c2-2 c3-2 right) (next c3-2 c2-2 left)
    (next c2-2 c2-3 down) (next c2-3 c2-2 up)
    (next c3-2 c4-2 right) (next c4-2 c3-2 left)
    (next c4-2 c5-2 right) (next c5-2 c4-2 left)
    (next c4-2 c4-3 down) (next c4-3 c4-2 up)
    (next c5-2 c6-2 right) (next c6-2 c5-2 left)
    (next c5-2 c5-3 down) (next c5-3 c5-2 up)
    (next c6-2 c7-2 right) (next c7-2 c6-2 left)
    (next c7-2 c8-2 right) (next c8-2 c7-2 left)
    (next c7-2 c7-3 down) (next c7-3 c7-2 up)
    (next c8-2 c8-3 down) (next c8-3 c8-2 up)
    (next c1-3 c2-3 right) (next c2-3 c1-3 left)
    (next c1-3 c1-4 down) (next c1-4 c1-3 up)
    (next c2-3 c2-4 down) (next c2-4 c2-3 up)
    (next c4-3 c5-3 right) (next c5-3 c4-3 left)
    (next c4-3 c4-4 down) (next c4-4 c4-3 up)
    (next c5-3 c5-4 down) (next c5-4 c5-3 up)
    (next c7-3 c8-3 right) (next c8-3 c7-3 left)
    (next c7-3 c7-4 down) (next c7-4 c7-3 up)
    (next c8-3 c8-4 down) (next c8-4 c8-3 up)
    (next c1-4 c2-4 right) (next c2-4 c1-4 left)
    (next c1-4 c1-5 down) (next c1-5 c1-4 up)
    (next c2-4 c3-4 right) (next c3-4 c2-4 left)
    (next c2-4 c2-5 down) (next c2-5 c2-4 up)
    (next c3-4 c4-4 right) (next c4-4 c3-4 left)
    (next c3-4 c3-5 down) (next c3-5 c3-4 up)
    (next c4-4 c5-4 right) (next c5-4 c4-4 left)
    (next c4-4 c4-5 down) (next c4-5 c4-4 up)
    (next c5-4 c5-5 down) (next c5-5 c5-4 up)
    (next c7-4 c8-4 right) (next c8-4 c7-4 left)
    (next c7-4 c7-5 down) (next c7-5 c7-4 up)
    (next c8-4 c8-5 down) (next c8-5 c8-4 up)
    (next c1-5 c2-5 right) (next c2-5 c1-5 left)
    (next c2-5 c3-5 right) (next c3-5 c2-5 left)
    (next c3-5 c4-5 right) (next c4-5 c3-5 left)
    (next c4-5 c5-5 right) (next c5-5 c4-5 left)
    (next c7-5 c8-5 right) (next c8-5 c7-5 left)
    (worker-at c1-5) (crate-at c2-2) (crate-at c3-2) (crate-at c2-4)
    (free c1-1) (free c2-1) (free c3-1) (free c4-1) (free c6-1) (free c7-1) (free c8-1)
    (free c1-2) (free c4-2) (free c5-2) (free c6-2) (free c7-2) (free c8-2)
    (free c1-3) (free c2-3) (free c4-3) (free c5-3) (free c7-3) (free c8-3)
    (free c1-4) (free c3-4) (free c4-4) (free c5-4) (free c7-4) (free c8-4)
    (free c1-5) (free c2-5) (free c3-5) (free c4-5) (free c5-5) (free c7-5) (free c8-5))
  (:goal (and (crate-at c8-2) (crate-at c8-3) (crate-at c8-4))))
