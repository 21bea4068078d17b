; Two rovers share a crater: one drills, both take photos, and only the rim and the camp are heard.
(define (problem rovers-crater)
  (:domain rovers)
  (:objects
    badger heron - rover
    camp slope rim floor vent dune - site
    arch spire boulder - sight)
  (:init
    ; the badger climbs, the heron keeps to the sand
    (track badger camp slope) (track badger slope camp) (track badger slope rim) (track badger rim slope)
    (track badger slope floor) (track badger floor slope) (track badger floor vent) (track badger vent floor)
    (track heron camp dune) (track heron dune camp) (track heron dune floor) (track heron floor dune)
    (at badger camp) (at heron dune)
    (has-drill badger) (has-camera badger) (has-camera heron)
    (hold-empty badger)
    (rock rim) (rock vent) (rock floor)
    (test-card camp) (test-card slope)
    (in-view arch rim) (in-view spire dune) (in-view spire floor) (in-view boulder vent)
    (heard-from rim) (heard-from camp))
  (:goal (and
    (rock-reported rim) (rock-reported vent) (rock-reported floor)
    (photo-reported arch) (photo-reported spire) (photo-reported boulder))))
