; Eight litres in the largest of three jugs, to be halved with the help of a five and a three: seven pourings.
(define (problem water-jugs-halves)
  (:domain water-jugs)
  (:objects large middle small - jug)
  (:init
    (= (capacity large) 8) (= (content large) 8)
    (= (capacity middle) 5) (= (content middle) 0)
    (= (capacity small) 3) (= (content small) 0))
  (:goal (and (= (content large) 4) (= (content middle) 4))))
