//! x
mod support;
#[test]
fn x() {
    let _ = support::random_pddl::task(1, support::random_pddl::Features::ALL);
}
