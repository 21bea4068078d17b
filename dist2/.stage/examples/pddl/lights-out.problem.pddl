; Four by four lamps, lXY in column X of row Y, the corners lit: six presses put them all out.
;   * . . *
;   . . . .
;   . . . .
;   * . . *
(define (problem lights-out-corners)
  (:domain lights-out)
  (:objects
    l00 l10 l20 l30
    l01 l11 l21 l31
    l02 l12 l22 l32
    l03 l13 l23 l33 - lamp)
  (:init
    (wired l00 l00) (wired l00 l10) (wired l00 l01)
    (wired l10 l10) (wired l10 l00) (wired l10 l20) (wired l10 l11)
    (wired l20 l20) (wired l20 l10) (wired l20 l30) (wired l20 l21)
    (wired l30 l30) (wired l30 l20) (wired l30 l31)
    (wired l01 l01) (wired l01 l00) (wired l01 l11) (wired l01 l02)
    (wired l11 l11) (wired l11 l10) (wired l11 l01) (wired l11 l21) (wired l11 l12)
    (wired l21 l21) (wired l21 l20) (wired l21 l11) (wired l21 l31) (wired l21 l22)
    (wired l31 l31) (wired l31 l30) (wired l31 l21) (wired l31 l32)
    (wired l02 l02) (wired l02 l01) (wired l02 l12) (wired l02 l03)
    (wired l12 l12) (wired l12 l11) (wired l12 l02) (wired l12 l22) (wired l12 l13)
    (wired l22 l22) (wired l22 l21) (wired l22 l12) (wired l22 l32) (wired l22 l23)
    (wired l32 l32) (wired l32 l31) (wired l32 l22) (wired l32 l33)
    (wired l03 l03) (wired l03 l02) (wired l03 l13)
    (wired l13 l13) (wired l13 l12) (wired l13 l03) (wired l13 l23)
    (wired l23 l23) (wired l23 l22) (wired l23 l13) (wired l23 l33)
    (wired l33 l33) (wired l33 l32) (wired l33 l23)
    (lit l00) (lit l30)
    (lit l03) (lit l33))
  (:goal (forall (?lamp - lamp) (not (lit ?lamp)))))
