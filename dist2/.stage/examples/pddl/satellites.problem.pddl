; Two satellites, three instruments, five images: power is for one instrument at a time.
(define (problem satellites-night)
  (:domain satellites)
  (:objects
    kite lark - satellite
    radiometer prism spectroscope - instrument
    infrared visible ultraviolet - band
    earth polaris vega sirius rigel - target)
  (:init
    (carries kite radiometer) (carries kite prism) (carries lark spectroscope)
    (sees radiometer infrared)
    (sees prism visible)
    (sees spectroscope ultraviolet) (sees spectroscope visible)
    (calibrates-on radiometer polaris) (calibrates-on prism earth) (calibrates-on spectroscope polaris)
    (points-at kite earth) (points-at lark rigel)
    (power-spare kite) (power-spare lark))
  (:goal (and
    (image-of vega infrared) (image-of vega visible)
    (image-of sirius ultraviolet) (image-of rigel infrared) (image-of sirius visible)
    (points-at lark earth))))
