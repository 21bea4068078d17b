; Five crates in three depots, two of them buried; one tower is to be built where none stands yet.
(define (problem depots-three)
  (:domain depots)
  (:objects
    north south quay - depot
    north-pallet south-pallet quay-pallet - pallet
    north-hoist south-hoist quay-hoist - hoist
    lorry - truck
    apples books chairs drums eggs - crate)
  (:init
    (belongs north-hoist north) (belongs south-hoist south) (belongs quay-hoist quay)
    (idle north-hoist) (idle south-hoist) (idle quay-hoist)
    (stands north-pallet north) (stands south-pallet south) (stands quay-pallet quay)
    (truck-at lorry quay)
    (stands drums north) (on drums north-pallet)
    (stands eggs north) (on eggs drums)
    (stands apples north) (on apples eggs) (clear apples)
    (stands chairs south) (on chairs south-pallet)
    (stands books south) (on books chairs) (clear books)
    (clear quay-pallet))
  (:goal (and
    (on drums quay-pallet) (on chairs drums) (on eggs chairs)
    (on apples south-pallet))))
