; Six balls change rooms across a hall: four go east, two go west, and no walk should be empty-handed.
(define (problem gripper-swap)
  (:domain gripper)
  (:objects
    west hall east - room
    red orange yellow green blue violet - ball
    left right - hand)
  (:init
    (door west hall) (door hall west)
    (door hall east) (door east hall)
    (robot-in hall)
    (free left) (free right)
    (lies-in red west) (lies-in orange west) (lies-in yellow west) (lies-in green west)
    (lies-in blue east) (lies-in violet east))
  (:goal (and
    (lies-in red east) (lies-in orange east) (lies-in yellow east) (lies-in green east)
    (lies-in blue west) (lies-in violet west))))
