//! Scores and tables, over the runs of a small batch.

use planscope::score::{Comparison, End, Pair, Run, csv, html, text};

fn run(task: &str, engine: &str, seconds: f64, end: End) -> Run {
    Run { task: task.to_owned(), engine: engine.to_owned(), seconds, end }
}

fn plan(cost: f64) -> End {
    End::Plan { cost, optimal: false }
}

/// Two engines on three tasks of two domains, and on one of none.
fn comparison() -> Comparison {
    Comparison::new(
        [
            run("logistics/1", "a", 0.5, plan(10.0)),
            run("logistics/1", "b", 10.0, End::Plan { cost: 8.0, optimal: true }),
            run("logistics/2", "a", 100.0, plan(30.0)),
            run("logistics/2", "b", 7.0, End::Open),
            run("blocks/x/1", "a", 2.0, End::Unsolvable),
            run("blocks/x/1", "b", 3.0, plan(0.0)),
            run("alone", "b", 1.0, plan(4.0)),
            run("alone", "b", 50.0, End::Open),
        ],
        100.0,
    )
}

#[test]
fn scores_are_those_that_were_computed_by_hand() {
    let comparison = comparison();
    assert_eq!(comparison.domains(), ["logistics", "blocks/x", ""]);
    assert_eq!([None, Some(0), Some(1)].map(|domain| comparison.tasks(domain)), [4, 2, 1]);
    let a = comparison.score(0, None);
    // 0.5 s scores 1, 100 s of 100 scores 0; 8 / 10 and 30 / 30.
    assert_eq!((a.runs, a.solved, a.optimal, a.unsolvable), (3, 2, 0, 1));
    assert!((a.agile - 1.0).abs() < 1e-12 && (a.satisficing - 1.8).abs() < 1e-12, "{a:?}");
    let b = comparison.score(1, None);
    // 10 s of 100 scores 1 - 1/2, 1 s scores 1, 3 s score 1 - ln 3 / ln 100 = 0.76143937; each plan is the cheapest.
    assert_eq!((b.runs, b.solved, b.optimal, b.unsolvable), (4, 3, 1, 0));
    assert!((b.agile - 2.261_439_37).abs() < 1e-8 && (b.satisficing - 3.0).abs() < 1e-12, "{b:?}");
    let logistics = comparison.score(1, Some(0));
    assert!(logistics.solved == 1 && (logistics.agile - 0.5).abs() < 1e-12);
}

#[test]
fn beyond_the_limit_a_plan_counts_and_is_not_agile() {
    let late = Comparison::new([run("t", "a", 500.0, plan(1.0))], 300.0);
    let score = late.score(0, None);
    assert_eq!((score.solved, score.agile, score.satisficing), (1, 0.0, 1.0));
}

#[test]
fn pairs_count_what_both_solve_and_what_one_alone_does() {
    let comparison = comparison();
    assert_eq!(comparison.pair(0, 1), Pair { faster: 1, cheaper: 0, solves_more: 1 });
    assert_eq!(comparison.pair(1, 0), Pair { faster: 0, cheaper: 1, solves_more: 2 });
    let rounded =
        Comparison::new([run("t", "a", 1.0, plan(0.1 + 0.2)), run("t", "b", 1.0, plan(0.3))], 300.0);
    assert_eq!([rounded.pair(0, 1), rounded.pair(1, 0)], [Pair::default(); 2]);
}

#[test]
fn text_has_aligned_tables() {
    insta::assert_snapshot!(text::write(&comparison()), @r"
    4 tasks of 2 domains, 2 engines

    Scores
    Sums over all tasks; what was not run counts as not solved.
    engine  runs  plans  coverage  optimal  unsolvable  agile  satisficing
    a          3      2    50.0 %        0           1   1.00         1.80
    b          4      3    75.0 %        1           0   2.26         3.00

    Faster
    Tasks that both have a plan for, and the row's engine took less time than the column's.
    engine  a  b
    a       –  1
    b       0  –

    Cheaper
    Tasks that both have a plan for, and the row's costs less than the column's.
    engine  a  b
    a       –  0
    b       1  –

    Solves more
    Tasks that the row's engine has a plan for, and the column's has not.
    engine  a  b
    a       –  1
    b       2  –

    Plans by domain
    domain     tasks  a  b
    logistics      2  2  1
    blocks/x       1  0  1
    (none)         1  0  1

    Agile scores by domain
    domain     tasks     a     b
    logistics      2  1.00  0.50
    blocks/x       1  0.00  0.76
    (none)         1  0.00  1.00

    Satisficing scores by domain
    domain     tasks     a     b
    logistics      2  1.80  1.00
    blocks/x       1  0.00  1.00
    (none)         1  0.00  1.00
    ");
}

#[test]
fn csv_has_a_row_for_each_domain_and_engine_and_for_each_pair() {
    let odd =
        Comparison::new([run("x,\"y\"/1", "a", 1.0, plan(1.0)), run("x,\"y\"/1", "b", 2.0, plan(2.0))], 4.0);
    insta::assert_snapshot!(csv::write(&odd), @r#"
    domain,engine,versus,tasks,runs,plans,optimal,unsolvable,agile,satisficing,faster,cheaper,solves_more
    *,a,,1,1,1,0,0,1,1,,,
    *,b,,1,1,1,0,0,0.5,0.5,,,
    "x,""y""",a,,1,1,1,0,0,1,1,,,
    "x,""y""",b,,1,1,1,0,0,0.5,0.5,,,
    *,a,b,,,,,,,,1,1,0
    *,b,a,,,,,,,,0,0,0
    "#);
}

#[test]
fn html_shows_names_as_text_and_needs_nothing_beside_itself() {
    let page = html::write(&Comparison::new(
        [run("d/<script>", "a&b", 1.0, plan(2.5)), run("d/2", "c", 1.0, End::Open)],
        300.0,
    ));
    assert!(page.contains("d/&lt;script&gt;") && page.contains("a&amp;b") && !page.contains("<script"));
    assert!(!page.contains("http") && !page.contains("url(") && !page.contains("@import"));
    assert!(page.contains("<td>2.5 <small>1 s</small></td>"), "{page}");
    assert!(page.contains("not run") && page.contains("no plan"));
}

#[test]
fn nothing_compared_is_written_too() {
    let nothing = Comparison::new([], 300.0);
    assert!(text::write(&nothing).starts_with("0 tasks, 0 engines\n"));
    assert_eq!(csv::write(&nothing).lines().count(), 1);
    assert!(html::write(&nothing).ends_with("</html>\n"));
}
