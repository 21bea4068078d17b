; Two lines are broken. Cut off what is to be repaired, mend it, and bring light back to every house but the
; empty one, which stays dark.
(define (problem power-grid-village)
  (:domain power-grid)
  (:objects dam mill school church farm inn empty-house - station)
  (:init
    (plant dam)
    (line dam mill) (line mill dam) (line mill school) (line school mill)
    (line mill church) (line church mill) (line school church) (line church school)
    (line church farm) (line farm church) (line farm inn) (line inn farm)
    (line school empty-house) (line empty-house school) (line empty-house inn) (line inn empty-house)
    (closed dam mill) (closed mill dam) (closed mill school) (closed school mill)
    (closed mill church) (closed church mill)
    (closed school empty-house) (closed empty-house school)
    (broken church farm) (broken farm church) (broken farm inn) (broken inn farm))
  (:goal (and
    (live mill) (live school) (live church) (live farm) (live inn)
    (not (live empty-house)))))
