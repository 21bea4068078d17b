; Two rows of three with 4 and 5 swapped. Each slide keeps the parity of the puzzle, so the goal cannot be
; reached; no heuristic here sees it, and the search has to visit all 360 reachable states to prove it.
(define (problem swapped-tiles-five)
  (:domain swapped-tiles)
  (:objects
    t1 t2 t3 t4 t5 - tile
    c0-0 c1-0 c2-0
    c0-1 c1-1 c2-1 - cell)
  (:init
    (beside c0-0 c1-0) (beside c1-0 c0-0) (beside c0-0 c0-1) (beside c0-1 c0-0)
    (beside c1-0 c2-0) (beside c2-0 c1-0) (beside c1-0 c1-1) (beside c1-1 c1-0)
    (beside c2-0 c2-1) (beside c2-1 c2-0)
    (beside c0-1 c1-1) (beside c1-1 c0-1) (beside c1-1 c2-1) (beside c2-1 c1-1)
    (at t1 c0-0) (at t2 c1-0) (at t3 c2-0)
    (at t5 c0-1) (at t4 c1-1) (gap c2-1))
  (:goal (and
    (at t1 c0-0) (at t2 c1-0) (at t3 c2-0)
    (at t4 c0-1) (at t5 c1-1))))
