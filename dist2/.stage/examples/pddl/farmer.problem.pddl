; The wolf eats the goat, the goat eats the cabbage, and the boat takes one of them: seven crossings.
(define (problem farmer-wolf-goat-cabbage)
  (:domain farmer)
  (:objects
    near far - bank
    wolf goat cabbage - item)
  (:init
    (eats wolf goat) (eats goat cabbage)
    (farmer-at near) (at wolf near) (at goat near) (at cabbage near))
  (:goal (and (at wolf far) (at goat far) (at cabbage far))))
