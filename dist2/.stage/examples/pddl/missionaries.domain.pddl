; Missionaries and cannibals cross a river by boat; on neither bank may cannibals outnumber missionaries.
; Nobody has a name here: a bank holds so many of each, and a crossing is a sum on both banks.
(define (domain missionaries)
  (:requirements :strips :typing)
  (:types bank count)
  (:predicates
    (sum ?a ?b ?total - count)
    (crew ?missionaries ?cannibals - count)         ; the boat takes them and can be rowed
    (peaceful ?missionaries ?cannibals - count)     ; they may stand on one bank
    (opposite ?from ?to - bank)
    (boat-at ?bank - bank)
    (missionaries ?bank - bank ?number - count)
    (cannibals ?bank - bank ?number - count))

  (:action row
    :parameters (?from ?to - bank ?m ?c - count
                 ?m-here ?m-stay ?m-there ?m-then - count
                 ?c-here ?c-stay ?c-there ?c-then - count)
    :precondition (and
      (boat-at ?from) (opposite ?from ?to) (crew ?m ?c)
      (missionaries ?from ?m-here) (sum ?m-stay ?m ?m-here)
      (missionaries ?to ?m-there) (sum ?m-there ?m ?m-then)
      (cannibals ?from ?c-here) (sum ?c-stay ?c ?c-here)
      (cannibals ?to ?c-there) (sum ?c-there ?c ?c-then)
      (peaceful ?m-stay ?c-stay) (peaceful ?m-then ?c-then))
    :effect (and
      (not (boat-at ?from)) (boat-at ?to)
      (not (missionaries ?from ?m-here)) (missionaries ?from ?m-stay)
      (not (missionaries ?to ?m-there)) (missionaries ?to ?m-then)
      (not (cannibals ?from ?c-here)) (cannibals ?from ?c-stay)
      (not (cannibals ?to ?c-there)) (cannibals ?to ?c-then))))
