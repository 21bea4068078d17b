; A farmer rows one item at a time; what is left behind together must not eat each other.
(define (domain farmer)
  (:requirements :adl)
  (:types bank item)
  (:predicates
    (eats ?a ?b - item)
    (farmer-at ?bank - bank)
    (at ?item - item ?bank - bank))

  (:action cross-with
    :parameters (?item - item ?from ?to - bank)
    :precondition (and
      (farmer-at ?from) (at ?item ?from) (not (= ?from ?to))
      (forall (?a ?b - item)
        (imply (and (eats ?a ?b) (at ?a ?from) (at ?b ?from))
               (or (= ?a ?item) (= ?b ?item)))))
    :effect (and (farmer-at ?to) (at ?item ?to)
                 (not (farmer-at ?from)) (not (at ?item ?from))))

  (:action cross-alone
    :parameters (?from ?to - bank)
    :precondition (and
      (farmer-at ?from) (not (= ?from ?to))
      (forall (?a ?b - item)
        (not (and (eats ?a ?b) (at ?a ?from) (at ?b ?from)))))
    :effect (and (farmer-at ?to) (not (farmer-at ?from)))))
