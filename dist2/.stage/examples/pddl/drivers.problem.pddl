; Two drivers, two trucks and a valley; nobody starts where their truck is, and both want to sleep at home.
(define (problem drivers-valley)
  (:domain drivers)
  (:objects
    mill dairy bridge chapel ridge - place
    nora olaf - driver
    tipper tanker - truck
    milk flour cheese stone - parcel)
  (:init
    ; the road rings the valley, the paths cut across it
    (road mill dairy) (road dairy mill) (road dairy bridge) (road bridge dairy)
    (road bridge chapel) (road chapel bridge) (road chapel mill) (road mill chapel)
    (path mill ridge) (path ridge mill) (path ridge bridge) (path bridge ridge)
    (path chapel dairy) (path dairy chapel)
    (at nora ridge) (at olaf chapel)
    (at tipper bridge) (at tanker dairy)
    (unmanned tipper) (unmanned tanker)
    (at milk dairy) (at flour mill) (at cheese dairy) (at stone bridge))
  (:goal (and
    (at milk chapel) (at flour bridge) (at cheese mill) (at stone chapel)
    (at nora ridge) (at olaf chapel) (at tipper mill))))
