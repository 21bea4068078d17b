; A triangle of fifteen holes, the topmost empty: thirteen jumps, and the last peg ends at the top.
;        00
;       10 11
;      20 21 22
;     30 31 32 33
;    40 41 42 43 44
(define (problem peg-solitaire-triangle)
  (:domain peg-solitaire)
  (:objects
    h00
    h10 h11
    h20 h21 h22
    h30 h31 h32 h33
    h40 h41 h42 h43 h44 - hole)
  (:init
    (line h00 h10 h20) (line h20 h10 h00)
    (line h00 h11 h22) (line h22 h11 h00)
    (line h10 h20 h30) (line h30 h20 h10)
    (line h10 h21 h32) (line h32 h21 h10)
    (line h11 h21 h31) (line h31 h21 h11)
    (line h11 h22 h33) (line h33 h22 h11)
    (line h20 h21 h22) (line h22 h21 h20)
    (line h20 h30 h40) (line h40 h30 h20)
    (line h20 h31 h42) (line h42 h31 h20)
    (line h21 h31 h41) (line h41 h31 h21)
    (line h21 h32 h43) (line h43 h32 h21)
    (line h22 h32 h42) (line h42 h32 h22)
    (line h22 h33 h44) (line h44 h33 h22)
    (line h30 h31 h32) (line h32 h31 h30)
    (line h31 h32 h33) (line h33 h32 h31)
    (line h40 h41 h42) (line h42 h41 h40)
    (line h41 h42 h43) (line h43 h42 h41)
    (line h42 h43 h44) (line h44 h43 h42)
    (empty h00)
    (peg h10) (peg h11)
    (peg h20) (peg h21) (peg h22)
    (peg h30) (peg h31) (peg h32) (peg h33)
    (peg h40) (peg h41) (peg h42) (peg h43) (peg h44))
  (:goal (and
    (peg h00)
    (empty h10) (empty h11)
    (empty h20) (empty h21) (empty h22)
    (empty h30) (empty h31) (empty h32) (empty h33)
    (empty h40) (empty h41) (empty h42) (empty h43) (empty h44))))
