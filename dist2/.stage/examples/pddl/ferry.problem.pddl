; Six cars on four islands: each crossing should end where the next car waits.
(define (problem ferry-islands)
  (:domain ferry)
  (:objects
    skye mull islay jura - port
    bus beetle jeep lorry mini tractor - car)
  (:init
    (moored jura) (deck-empty)
    (parked bus skye) (parked beetle skye)
    (parked jeep mull) (parked lorry mull)
    (parked mini islay) (parked tractor islay))
  (:goal (and
    (parked bus mull) (parked beetle islay)
    (parked jeep skye) (parked lorry islay)
    (parked mini skye) (parked tractor jura))))
