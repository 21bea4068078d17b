; Across the desert and back with a tank of fourteen: the short way to the camp, by the dunes, empties it.
(define (problem fuel-desert)
  (:domain fuel)
  (:objects
    oasis well ruins dunes camp - place
    jeep - truck
    tents maps water - parcel)
  (:init
    (road oasis well) (= (distance oasis well) 7) (road well oasis) (= (distance well oasis) 7)
    (road well ruins) (= (distance well ruins) 6) (road ruins well) (= (distance ruins well) 6)
    (road ruins camp) (= (distance ruins camp) 8) (road camp ruins) (= (distance camp ruins) 8)
    (road oasis dunes) (= (distance oasis dunes) 5) (road dunes oasis) (= (distance dunes oasis) 5)
    (road dunes camp) (= (distance dunes camp) 9) (road camp dunes) (= (distance camp dunes) 9)
    (road well dunes) (= (distance well dunes) 4) (road dunes well) (= (distance dunes well) 4)
    (pump oasis) (pump well) (pump camp)
    (truck-at jeep oasis) (= (fuel jeep) 8) (= (tank jeep) 14)
    (= (burnt) 0)
    (parcel-at tents oasis) (parcel-at water well) (parcel-at maps camp))
  (:goal (and (parcel-at tents camp) (parcel-at water ruins) (parcel-at maps oasis)))
  (:metric minimize (burnt)))
