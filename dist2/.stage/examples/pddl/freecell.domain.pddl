; A patience with open cells: columns build downward in alternating colours, suits go home from the ace up.
(define (domain freecell)
  (:requirements :strips :typing)
  (:types
    spot - object
    card column cell base - spot)   ; a base is where the home pile of a suit begins
  (:predicates
    (builds ?card ?onto - card)             ; one rank lower and of the other colour
    (follows ?card - card ?last - spot)     ; the next of its suit on the home pile
    (on ?card - card ?spot - spot)
    (clear ?spot - spot)                    ; nothing lies on it
    (in-column ?card - card)
    (home ?last - spot))                    ; the top of a home pile

  (:action stack
    :parameters (?card - card ?from - spot ?onto - card)
    :precondition (and (on ?card ?from) (clear ?card)
                       (clear ?onto) (in-column ?onto) (builds ?card ?onto))
    :effect (and (on ?card ?onto) (in-column ?card) (clear ?from)
                 (not (on ?card ?from)) (not (clear ?onto))))

  (:action open-column
    :parameters (?card - card ?from - spot ?column - column)
    :precondition (and (on ?card ?from) (clear ?card) (clear ?column))
    :effect (and (on ?card ?column) (in-column ?card) (clear ?from)
                 (not (on ?card ?from)) (not (clear ?column))))

  (:action put-aside
    :parameters (?card - card ?from - spot ?cell - cell)
    :precondition (and (on ?card ?from) (clear ?card) (in-column ?card) (clear ?cell))
    :effect (and (on ?card ?cell) (clear ?from)
                 (not (on ?card ?from)) (not (in-column ?card)) (not (clear ?cell))))

  (:action send-home
    :parameters (?card - card ?from ?last - spot)
    :precondition (and (on ?card ?from) (clear ?card) (home ?last) (follows ?card ?last))
    :effect (and (home ?card) (clear ?from)
                 (not (home ?last)) (not (on ?card ?from))
                 (not (clear ?card)) (not (in-column ?card)))))
