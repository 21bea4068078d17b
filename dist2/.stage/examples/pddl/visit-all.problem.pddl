; A garden of five by five with four ponds: see every plot, beginning in the middle.
;   . . . . .
;   . # . # .
;   . . @ . .
;   . # . # .
;   . . . . .
(define (problem visit-all-garden)
  (:domain visit-all)
  (:objects
    c0-0 c1-0 c2-0 c3-0 c4-0
    c0-1 c2-1 c4-1
    c0-2 c1-2 c2-2 c3-2 c4-2
    c0-3 c2-3 c4-3
    c0-4 c1-4 c2-4 c3-4 c4-4 - cell)
  (:init
    (beside c0-0 c1-0) (beside c1-0 c0-0) (beside c0-0 c0-1) (beside c0-1 c0-0)
    (beside c1-0 c2-0) (beside c2-0 c1-0) (beside c2-0 c3-0) (beside c3-0 c2-0)
    (beside c2-0 c2-1) (beside c2-1 c2-0) (beside c3-0 c4-0) (beside c4-0 c3-0)
    (beside c4-0 c4-1) (beside c4-1 c4-0) (beside c0-1 c0-2) (beside c0-2 c0-1)
    (beside c2-1 c2-2) (beside c2-2 c2-1) (beside c4-1 c4-2) (beside c4-2 c4-1)
    (beside c0-2 c1-2) (beside c1-2 c0-2) (beside c0-2 c0-3) (beside c0-3 c0-2)
    (beside c1-2 c2-2) (beside c2-2 c1-2) (beside c2-2 c3-2) (beside c3-2 c2-2)
    (beside c2-2 c2-3) (beside c2-3 c2-2) (beside c3-2 c4-2) (beside c4-2 c3-2)
    (beside c4-2 c4-3) (beside c4-3 c4-2) (beside c0-3 c0-4) (beside c0-4 c0-3)
    (beside c2-3 c2-4) (beside c2-4 c2-3) (beside c4-3 c4-4) (beside c4-4 c4-3)
    (beside c0-4 c1-4) (beside c1-4 c0-4) (beside c1-4 c2-4) (beside c2-4 c1-4)
    (beside c2-4 c3-4) (beside c3-4 c2-4) (beside c3-4 c4-4) (beside c4-4 c3-4)
    (at c2-2) (visited c2-2))
  (:goal (and
    (visited c0-0) (visited c1-0) (visited c2-0) (visited c3-0) (visited c4-0)
    (visited c0-1) (visited c2-1) (visited c4-1)
    (visited c0-2) (visited c1-2) (visited c2-2) (visited c3-2) (visited c4-2)
    (visited c0-3) (visited c2-3) (visited c4-3)
    (visited c0-4) (visited c1-4) (visited c2-4) (visited c3-4) (visited c4-4))))
