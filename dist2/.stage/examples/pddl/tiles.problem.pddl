; The eight-puzzle, well shuffled; cX-Y is column X of row Y. A* with hmax against blind is worth a look.
(define (problem tiles-eight)
  (:domain tiles)
  (:objects
    t1 t2 t3 t4 t5 t6 t7 t8 - tile
    c0-0 c1-0 c2-0
    c0-1 c1-1 c2-1
    c0-2 c1-2 c2-2 - cell)
  (:init
    (beside c0-0 c1-0) (beside c1-0 c0-0) (beside c0-0 c0-1) (beside c0-1 c0-0)
    (beside c1-0 c2-0) (beside c2-0 c1-0) (beside c1-0 c1-1) (beside c1-1 c1-0)
    (beside c2-0 c2-1) (beside c2-1 c2-0)
    (beside c0-1 c1-1) (beside c1-1 c0-1) (beside c0-1 c0-2) (beside c0-2 c0-1)
    (beside c1-1 c2-1) (beside c2-1 c1-1) (beside c1-1 c1-2) (beside c1-2 c1-1)
    (beside c2-1 c2-2) (beside c2-2 c2-1)
    (beside c0-2 c1-2) (beside c1-2 c0-2) (beside c1-2 c2-2) (beside c2-2 c1-2)
    (at t7 c0-0) (at t2 c1-0) (at t4 c2-0)
    (at t5 c0-1) (gap c1-1) (at t6 c2-1)
    (at t8 c0-2) (at t3 c1-2) (at t1 c2-2))
  (:goal (and
    (at t1 c0-0) (at t2 c1-0) (at t3 c2-0)
    (at t4 c0-1) (at t5 c1-1) (at t6 c2-1)
    (at t7 c0-2) (at t8 c1-2))))
