; Two cities, one plane between them: four parcels cross over, one only crosses town.
(define (problem logistics-two-cities)
  (:domain logistics)
  (:objects
    bergen porto - city
    bergen-airport porto-airport - airport
    fish-market harbour - place
    cellar tram-stop - place
    bergen-van porto-van - van
    plane - plane
    salmon skis wine tiles letter - parcel)
  (:init
    (in-city bergen-airport bergen) (in-city fish-market bergen) (in-city harbour bergen)
    (in-city porto-airport porto) (in-city cellar porto) (in-city tram-stop porto)
    (at bergen-van harbour) (at porto-van porto-airport) (at plane porto-airport)
    (at salmon fish-market) (at skis harbour)
    (at wine cellar) (at tiles tram-stop)
    (at letter fish-market))
  (:goal (and
    (at salmon cellar) (at skis tram-stop)
    (at wine harbour) (at tiles bergen-airport)
    (at letter harbour))))
