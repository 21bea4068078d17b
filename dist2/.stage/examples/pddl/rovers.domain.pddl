; Rovers drill rock samples and take photos, then report from where the base hears them.
(define (domain rovers)
  (:requirements :strips :typing)
  (:types rover site sight)
  (:predicates
    (track ?rover - rover ?from ?to - site)
    (at ?rover - rover ?site - site)
    (has-drill ?rover - rover)
    (has-camera ?rover - rover)
    (rock ?site - site)
    (hold-empty ?rover - rover)
    (sampled ?rover - rover ?site - site)
    (test-card ?site - site)                ; cameras are focused on it
    (focused ?rover - rover)
    (in-view ?sight - sight ?site - site)
    (photo ?rover - rover ?sight - sight)
    (heard-from ?site - site)
    (rock-reported ?site - site)
    (photo-reported ?sight - sight))

  (:action drive
    :parameters (?rover - rover ?from ?to - site)
    :precondition (and (at ?rover ?from) (track ?rover ?from ?to))
    :effect (and (not (at ?rover ?from)) (at ?rover ?to)))

  (:action drill
    :parameters (?rover - rover ?site - site)
    :precondition (and (has-drill ?rover) (at ?rover ?site) (rock ?site) (hold-empty ?rover))
    :effect (and (sampled ?rover ?site) (not (rock ?site)) (not (hold-empty ?rover))))

  (:action tip-out
    :parameters (?rover - rover ?site - site)
    :precondition (sampled ?rover ?site)
    :effect (and (hold-empty ?rover) (not (sampled ?rover ?site))))

  (:action focus
    :parameters (?rover - rover ?site - site)
    :precondition (and (has-camera ?rover) (at ?rover ?site) (test-card ?site))
    :effect (focused ?rover))

  (:action photograph
    :parameters (?rover - rover ?sight - sight ?site - site)
    :precondition (and (focused ?rover) (at ?rover ?site) (in-view ?sight ?site))
    :effect (and (photo ?rover ?sight) (not (focused ?rover))))

  (:action report-rock
    :parameters (?rover - rover ?rock ?site - site)
    :precondition (and (sampled ?rover ?rock) (at ?rover ?site) (heard-from ?site))
    :effect (rock-reported ?rock))

  (:action report-photo
    :parameters (?rover - rover ?sight - sight ?site - site)
    :precondition (and (photo ?rover ?sight) (at ?rover ?site) (heard-from ?site))
    :effect (photo-reported ?sight)))
