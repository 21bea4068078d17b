; Satellites turn, power and calibrate their instruments, and photograph stars in several wavebands.
(define (domain satellites)
  (:requirements :strips :typing)
  (:types satellite instrument band target)
  (:predicates
    (carries ?satellite - satellite ?instrument - instrument)
    (sees ?instrument - instrument ?band - band)
    (calibrates-on ?instrument - instrument ?target - target)
    (points-at ?satellite - satellite ?target - target)
    (power-spare ?satellite - satellite)
    (powered ?instrument - instrument)
    (calibrated ?instrument - instrument)
    (image-of ?target - target ?band - band))

  (:action turn
    :parameters (?satellite - satellite ?from ?to - target)
    :precondition (points-at ?satellite ?from)
    :effect (and (not (points-at ?satellite ?from)) (points-at ?satellite ?to)))

  (:action switch-on
    :parameters (?satellite - satellite ?instrument - instrument)
    :precondition (and (carries ?satellite ?instrument) (power-spare ?satellite))
    :effect (and (powered ?instrument)
                 (not (power-spare ?satellite)) (not (calibrated ?instrument))))

  (:action switch-off
    :parameters (?satellite - satellite ?instrument - instrument)
    :precondition (and (carries ?satellite ?instrument) (powered ?instrument))
    :effect (and (power-spare ?satellite) (not (powered ?instrument))))

  (:action calibrate
    :parameters (?satellite - satellite ?instrument - instrument ?target - target)
    :precondition (and (carries ?satellite ?instrument) (powered ?instrument)
                       (points-at ?satellite ?target) (calibrates-on ?instrument ?target))
    :effect (calibrated ?instrument))

  (:action photograph
    :parameters (?satellite - satellite ?instrument - instrument ?band - band ?target - target)
    :precondition (and (carries ?satellite ?instrument) (powered ?instrument)
                       (calibrated ?instrument) (sees ?instrument ?band)
                       (points-at ?satellite ?target))
    :effect (image-of ?target ?band)))
