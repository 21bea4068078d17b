; A bus collects guests and takes them where they want: at an open door everybody who waits gets in and
; everybody who has arrived gets out. Children are never driven without an adult aboard.
(define (domain tour-bus)
  (:requirements :adl)
  (:types
    stop guest - object
    adult child - guest)
  (:predicates
    (road ?from ?to - stop)
    (bus-at ?stop - stop)
    (waits ?guest - guest ?stop - stop)
    (wants ?guest - guest ?stop - stop)
    (aboard ?guest - guest)
    (arrived ?guest - guest))

  (:action drive
    :parameters (?from ?to - stop)
    :precondition (and
      (bus-at ?from) (road ?from ?to)
      (or (not (exists (?child - child) (aboard ?child)))
          (exists (?adult - adult) (aboard ?adult))))
    :effect (and (bus-at ?to) (not (bus-at ?from))))

  (:action open-doors
    :parameters (?stop - stop)
    :precondition (bus-at ?stop)
    :effect (forall (?guest - guest)
      (and (when (waits ?guest ?stop)
             (and (aboard ?guest) (not (waits ?guest ?stop))))
           (when (and (aboard ?guest) (wants ?guest ?stop))
             (and (arrived ?guest) (not (aboard ?guest))))))))
