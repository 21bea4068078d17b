; Six stops around a lake, with one short cut; three children wait, and somebody has to ride with them.
(define (problem tour-bus-lake)
  (:domain tour-bus)
  (:objects
    station museum beach castle zoo tower - stop
    mia noah zoe - child
    grandma uncle teacher - adult)
  (:init
    (road station museum) (road museum station) (road museum beach) (road beach museum)
    (road beach castle) (road castle beach) (road castle zoo) (road zoo castle)
    (road zoo tower) (road tower zoo) (road tower station) (road station tower)
    (road museum zoo)                       ; one way
    (bus-at station)
    (waits mia museum) (wants mia tower)
    (waits noah beach) (wants noah station)
    (waits zoe castle) (wants zoe beach)
    (waits grandma zoo) (wants grandma museum)
    (waits uncle tower) (wants uncle castle)
    (waits teacher beach) (wants teacher zoo))
  (:goal (forall (?guest - guest) (arrived ?guest))))
