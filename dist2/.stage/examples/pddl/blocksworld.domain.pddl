; A hand rearranges towers of blocks, one block at a time and only ever from the top.
(define (domain blocksworld)
  (:requirements :strips :typing)
  (:types block)
  (:predicates
    (on ?upper ?lower - block)
    (on-table ?block - block)
    (clear ?block - block)          ; nothing lies on it, and the hand does not hold it
    (held ?block - block)
    (hand-empty))

  (:action lift
    :parameters (?block - block)
    :precondition (and (hand-empty) (clear ?block) (on-table ?block))
    :effect (and (held ?block)
                 (not (hand-empty)) (not (clear ?block)) (not (on-table ?block))))

  (:action lay-down
    :parameters (?block - block)
    :precondition (held ?block)
    :effect (and (hand-empty) (clear ?block) (on-table ?block)
                 (not (held ?block))))

  (:action take-off
    :parameters (?upper ?lower - block)
    :precondition (and (hand-empty) (clear ?upper) (on ?upper ?lower))
    :effect (and (held ?upper) (clear ?lower)
                 (not (hand-empty)) (not (clear ?upper)) (not (on ?upper ?lower))))

  (:action put-on
    :parameters (?upper ?lower - block)
    :precondition (and (held ?upper) (clear ?lower))
    :effect (and (hand-empty) (clear ?upper) (on ?upper ?lower)
                 (not (held ?upper)) (not (clear ?lower)))))
