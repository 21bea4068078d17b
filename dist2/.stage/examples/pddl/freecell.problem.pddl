; Three suits of four cards, four columns and two open cells; the aces lie deep.
;   column 1: h1 s3 c4      column 2: s1 h4 h3      column 3: c1 h2 s4      column 4: c2 s2 c3
(define (problem freecell-twelve)
  (:domain freecell)
  (:objects
    h1 h2 h3 h4 s1 s2 s3 s4 c1 c2 c3 c4 - card       ; hearts are red, spades and clubs black
    column1 column2 column3 column4 - column
    cell1 cell2 - cell
    hearts spades clubs - base)
  (:init
    (follows h1 hearts) (follows h2 h1) (follows h3 h2) (follows h4 h3)
    (follows s1 spades) (follows s2 s1) (follows s3 s2) (follows s4 s3)
    (follows c1 clubs) (follows c2 c1) (follows c3 c2) (follows c4 c3)
    (builds h1 s2) (builds h1 c2) (builds h2 s3) (builds h2 c3) (builds h3 s4) (builds h3 c4)
    (builds s1 h2) (builds c1 h2) (builds s2 h3) (builds c2 h3) (builds s3 h4) (builds c3 h4)
    (home hearts) (home spades) (home clubs)
    (on h1 column1) (on s3 h1) (on c4 s3) (clear c4)
    (on s1 column2) (on h4 s1) (on h3 h4) (clear h3)
    (on c1 column3) (on h2 c1) (on s4 h2) (clear s4)
    (on c2 column4) (on s2 c2) (on c3 s2) (clear c3)
    (in-column h1) (in-column s3) (in-column c4)
    (in-column s1) (in-column h4) (in-column h3)
    (in-column c1) (in-column h2) (in-column s4)
    (in-column c2) (in-column s2) (in-column c3)
    (clear cell1) (clear cell2))
  (:goal (and (home h4) (home s4) (home c4))))
