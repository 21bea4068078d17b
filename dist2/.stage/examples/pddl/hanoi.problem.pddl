; Six discs, d1 the smallest, move from the left peg to the right one: 63 moves at the least.
(define (problem hanoi-six)
  (:domain hanoi)
  (:objects
    d1 d2 d3 d4 d5 d6 - disc
    left middle right - peg)
  (:init
    (fits d1 d2) (fits d1 d3) (fits d1 d4) (fits d1 d5) (fits d1 d6)
    (fits d1 left) (fits d1 middle) (fits d1 right)
    (fits d2 d3) (fits d2 d4) (fits d2 d5) (fits d2 d6) (fits d2 left) (fits d2 middle) (fits d2 right)
    (fits d3 d4) (fits d3 d5) (fits d3 d6) (fits d3 left) (fits d3 middle) (fits d3 right)
    (fits d4 d5) (fits d4 d6) (fits d4 left) (fits d4 middle) (fits d4 right)
    (fits d5 d6) (fits d5 left) (fits d5 middle) (fits d5 right)
    (fits d6 left) (fits d6 middle) (fits d6 right)
    (clear d1) (on d1 d2) (on d2 d3) (on d3 d4) (on d4 d5) (on d5 d6) (on d6 left)
    (clear middle) (clear right))
  (:goal (and (on d1 d2) (on d2 d3) (on d3 d4) (on d4 d5) (on d5 d6) (on d6 right))))
