//! Where planners differ over PDDL, each decision by its name.

use crate::texts::{
    ACTION, HEAD, check, domain, model, plain, problem, problem_with, with_effect, with_precondition,
};
use planscope::lang::pddl::canonical::{domain_bytes, instance_bytes};
use planscope::lang::pddl::model::{
    Arithmetic, Assignment, Comparator, ConditionKind, EffectKind, ExpressionKind, Metric, ObjectId, Term,
    TypeId,
};
use planscope::lang::pddl::{Model, Verdict, parse, parse_domain, text};

/// The model of texts that are solved in spite of these warnings.
fn warned(domain: &str, problem: &str, codes: &[&str]) -> Model {
    check(domain, problem, codes).model.expect("warnings do not keep from solving")
}

fn verdict(domain: &str, problem: &str) -> Verdict {
    parse(domain, problem).verdict()
}

// What is read.

#[test]
fn either_stands_for_several_types_in_all_places() {
    let domain = "(define (domain d) (:requirements :typing)
      (:types a b - object c - (either a b))
      (:constants k - (either a b))
      (:predicates (p ?x - (either a b)))
      (:action go :parameters (?x - (either a b)) :effect (p ?x)))";
    let problem = "(define (problem q) (:domain d) (:objects o - c u - object) (:init (p o)) (:goal (p k)))";
    let model = model(domain, problem);
    assert_eq!(model.types[3].parents, [TypeId(1), TypeId(2)]);
    assert_eq!(model.types[1].objects, [ObjectId(0), ObjectId(1)]);
    assert_eq!(model.types[2].objects, [ObjectId(0), ObjectId(1)]);
    assert_eq!(model.types[0].objects.len(), 3);
    assert_eq!(model.objects_of(&model.actions[0].parameters[0].types), [ObjectId(0), ObjectId(1)]);
}

#[test]
fn a_type_declared_twice_has_both_supertypes() {
    let text = HEAD.replace("red - block", "red - block red - place");
    let model = model(&(text + ")"), &plain());
    assert_eq!(model.types[3].parents, [TypeId(1), TypeId(2)]);
}

#[test]
fn quantifiers_and_connectives_nest() {
    let condition =
        "(forall (?y - block) (imply (exists (?z - place) (or (at ?y ?z) (not (= ?z ?p)))) (clear ?y)))";
    let model = model(&with_precondition(condition), &plain());
    let ConditionKind::Forall(forall) = &model.actions[0].precondition.kind else { panic!() };
    assert_eq!((forall.first, forall.parameters.len()), (2, 1));
    let ConditionKind::Imply(sides) = &forall.body.kind else { panic!() };
    let ConditionKind::Exists(exists) = &sides[0].kind else { panic!() };
    assert_eq!(exists.first, 3);
    let ConditionKind::Or(parts) = &exists.body.kind else { panic!() };
    let ConditionKind::Not(equal) = &parts[1].kind else { panic!() };
    assert!(matches!(equal.kind, ConditionKind::Equal(Term::Variable(3), Term::Variable(1))));
    let mut objects = |variable| text::object_name(&model, ObjectId(variable)).to_owned();
    let shown = text::condition(&model, &model.actions[0].precondition, &mut objects);
    assert_eq!(shown, "(forall (?y) (imply (exists (?z) (or (at ?y ?z) (not (= ?z home)))) (clear ?y)))");
}

#[test]
fn quantifiers_beside_each_other_share_places() {
    let condition = "(and (exists (?y - block) (clear ?y)) (exists (?z - block) (on ?z ?x)))";
    let model = model(&with_precondition(condition), &plain());
    let ConditionKind::And(parts) = &model.actions[0].precondition.kind else { panic!() };
    let firsts = parts.iter().map(|part| match &part.kind {
        ConditionKind::Exists(inner) => inner.first,
        _ => panic!(),
    });
    assert!(firsts.eq([2, 2]));
}

#[test]
fn conjunctions_of_effects_are_flattened_and_nested_when_works() {
    let effect = "(and (and (done)) (forall (?y - block)
        (when (on ?y ?x) (and (not (clear ?y)) (when (clear ?x) (at ?y ?p))))))";
    let model = model(&with_effect(effect), &plain());
    let effects = &model.actions[0].effects;
    assert_eq!(effects.len(), 2);
    let EffectKind::Forall(forall) = &effects[1].kind else { panic!() };
    let EffectKind::When(_, inner) = &forall.body[0].kind else { panic!() };
    assert!(matches!(&inner[1].kind, EffectKind::When(_, last) if last.len() == 1));
}

#[test]
fn numbers_are_compared_and_changed() {
    let text = domain(
        "(:action go :parameters (?x - block)
          :precondition (and (= (fuel) 1.5) (< (weight ?x) fuel) (> (- (fuel)) (* 1 2 (fuel)))
            (<= (/ (fuel) 2) 1) (>= (- 3 1) .5))
          :effect (and (assign (fuel) 1) (increase (fuel) 2) (decrease (weight ?x) (fuel))
            (scale-up (fuel) 2) (scale-down (fuel) 2)))",
    );
    let model = model(&text, &problem("(= (fuel) 1e3) (= (weight a) -2)", "(>= (weight a) 1)"));
    let ConditionKind::And(parts) = &model.actions[0].precondition.kind else { panic!() };
    let ConditionKind::Compare(Comparator::Greater, left, right) = &parts[2].kind else { panic!() };
    assert!(matches!(left.kind, ExpressionKind::Negate(_)));
    let ExpressionKind::Binary(Arithmetic::Multiply, sides) = &right.kind else { panic!() };
    assert!(matches!(sides[0].kind, ExpressionKind::Binary(Arithmetic::Multiply, _)));
    let kinds = model.actions[0].effects.iter().map(|effect| match &effect.kind {
        EffectKind::Change(change) => change.assignment,
        _ => panic!(),
    });
    assert!(kinds.eq([
        Assignment::Assign,
        Assignment::Increase,
        Assignment::Decrease,
        Assignment::ScaleUp,
        Assignment::ScaleDown
    ]));
    assert_eq!(model.values.iter().map(|value| value.2).collect::<Vec<_>>(), [1000.0, -2.0]);
}

#[test]
fn objects_may_have_numbers_for_names() {
    let text =
        with_precondition("(and (not (= ?x 1)) (clear 1) (= (fuel) 1))").replace("k - block", "k 1 - block");
    let model = model(&text, &problem("(clear 1)", "(done)"));
    let ConditionKind::And(parts) = &model.actions[0].precondition.kind else { panic!() };
    let ConditionKind::Not(equal) = &parts[0].kind else { panic!() };
    assert!(matches!(equal.kind, ConditionKind::Equal(..)));
    assert!(matches!(parts[2].kind, ConditionKind::Compare(..)));
}

#[test]
fn long_sums_do_not_nest_deep() {
    let sum = format!("(>= (+ {}) 1)", "(fuel) ".repeat(16_000));
    let model = model(&domain(ACTION), &problem("", &sum));
    assert!(text::condition(&model, &model.goal, &mut |_| String::new()).len() > 16_000);
}

#[test]
fn the_metric_may_be_a_numeric_expression() {
    let text = problem_with("(:init) (:goal ()) (:metric minimize (+ (* 2 (total-cost)) (fuel)))");
    assert!(matches!(model(&domain(ACTION), &text).metric, Metric::Minimize(_)));
    assert!(matches!(model(&domain(ACTION), &plain()).metric, Metric::Steps));
}

#[test]
fn sections_may_stand_in_any_order() {
    let domain = "(define (domain d) (:action a :effect (p k) :parameters ()) (:predicates (p ?x - t))
      (:constants k - t) (:types t) (:requirements :typing))";
    let problem = "(define (problem q) (:goal (p k)) (:init) (:domain d))";
    model(domain, problem);
}

// ENGINE.md, §5.

#[test]
fn names_ignore_case_and_a_semicolon_starts_a_comment() {
    let model = model(&domain(ACTION).replace("(done)", "(DONE) ; )"), &problem("(Clear A)", "(doNe)"));
    assert_eq!(model.atoms.len(), 1);
}

#[test]
fn equality_is_always_available_and_parameters_may_be_the_same_object() {
    let text = with_precondition("(= ?x k)").replace(":adl", ":typing");
    let text = text.replace("(= ?x k)", "«(= ?x k)»");
    let model = warned(&text, &plain(), &["PD501"]);
    assert!(matches!(
        model.actions[0].precondition.kind,
        ConditionKind::Equal(Term::Variable(0), Term::Object(ObjectId(0)))
    ));
}

#[test]
fn constants_join_the_objects() {
    let model = model(&domain(ACTION), &problem("(on a k)", "(clear k)"));
    let names: Vec<_> = model.objects.iter().map(|object| object.name.as_str()).collect();
    assert_eq!(names, ["k", "home", "a", "b", "r", "t"]);
}

#[test]
fn requirements_never_refuse() {
    let text = "(define (domain d) (:predicates (p ?x) (q))
      (:action a :parameters (?x) :precondition «(or (q) «(exists (?y) (p ?y))»)» :effect «(when (p ?x) (q))»))";
    let problem = "(define (problem p) (:domain d) (:init) (:goal (q)))";
    warned(text, problem, &["PD501", "PD501", "PD501"]);
    warned(&domain(ACTION).replace(":adl", ":adl «:wizardry»"), &plain(), &["PD503"]);
}

#[test]
fn a_requirement_is_missed_where_the_texts_use_it_first() {
    let text = "(define (domain d) (:types t) (:predicates (p ?x - «t»)) (:action a :parameters (?x - t) :effect (p ?x))
      (:constants k - t))";
    warned(text, "(define (problem p) (:domain d) (:objects o - t) (:init) (:goal (p k)))", &["PD501"]);
}

#[test]
fn a_missing_precondition_effect_or_list_of_parameters_is_empty() {
    let model = model(
        &domain("(:action a) (:action b :effect (done)) (:action c :parameters () :effect ())"),
        &plain(),
    );
    assert_eq!(model.actions.len(), 3);
    assert!(matches!(&model.actions[1].precondition.kind, ConditionKind::And(parts) if parts.is_empty()));
    assert!(model.actions[2].effects.is_empty());
}

#[test]
fn an_empty_goal_is_read() {
    for goal in ["()", "(and)", "(and (and) ())"] {
        model(&domain(ACTION), &problem("", goal));
    }
}

#[test]
fn duplicate_initial_atoms_count_once() {
    let model = warned(&domain(ACTION), &problem("(clear a) (clear b) «(Clear A)»", "()"), &["PD509"]);
    assert_eq!(model.atoms.len(), 2);
}

#[test]
fn negative_literals_in_the_initial_state_are_read() {
    let model = model(&domain(ACTION), &problem("(not (clear b)) (clear a) (not (done))", "()"));
    let atoms: Vec<_> =
        model.atoms.iter().map(|(predicate, objects, _)| text::atom(&model, predicate, objects)).collect();
    assert_eq!(atoms, ["(clear a)"]);
}

#[test]
fn object_may_be_declared_again() {
    let types = "(:types block place - object";
    let text = domain(ACTION).replace(types, "(:types block place «object» - object");
    assert_eq!(warned(&text, &plain(), &["PD510"]).types.len(), 4);
    let text = domain(ACTION).replace(types, "(:types ««object»» - block block place - object");
    let model = warned(&text, &plain(), &["PD510", "PD511"]);
    assert!(model.types[0].parents.is_empty());
    assert_eq!(model.types[1].objects.len(), model.objects.len());
}

#[test]
fn types_in_a_cycle_have_the_same_objects() {
    let text = domain(ACTION).replace("block place - object red - block", "block - red place «red» - block");
    let model = warned(&text, &plain(), &["PD511"]);
    assert_eq!(model.types[1].objects, model.types[3].objects);
    let above = |of: usize| model.types[of].parents[0].0 as usize;
    assert!(above(1) != 3 || above(3) != 1);
    let text = domain(ACTION).replace("red - block", "«red» - red");
    assert_eq!(
        warned(
            &text.replace("r - red", "r - block"),
            &problem("", "()").replace("r - red", "r - block"),
            &["PD511"]
        )
        .types
        .len(),
        4
    );
}

#[test]
fn derived_predicates_are_stratified() {
    let text = domain(
        "(:derived (above ?x ?y - block) (or (on ?x ?y) (exists (?z - block) (and (on ?x ?z) (above ?z ?y)))))
         (:derived (done) (forall (?x - block) (imply (above k ?x) (clear ?x))))
         (:action lift :parameters (?x - block) :effect (clear ?x))",
    );
    let model = model(&text, &problem("", "(done)"));
    let strata: Vec<_> = model.predicates.iter().map(|predicate| predicate.stratum).collect();
    assert_eq!(strata, [None, None, None, Some(1), Some(0)]);
    assert_eq!(model.axioms.len(), 2);
}

#[test]
fn rules_are_no_wider_than_their_predicates() {
    let model = model(&domain("(:derived (above ?x ?y) (on ?x ?y))"), &problem("", "(above a b)"));
    assert!(model.axioms[0].parameters.iter().all(|parameter| parameter.types == [TypeId(1)]));
}

#[test]
fn repeated_increases_are_kept_in_order() {
    let model = model(
        &with_effect(
            "(and (increase (total-cost) 1) (increase (total-cost) (weight ?x)) (increase (total-cost) 0.5))",
        ),
        &plain(),
    );
    assert_eq!(model.actions[0].effects.len(), 3);
}

// Errors.

#[test]
fn a_duplicate_action_or_parameter_is_an_error() {
    check(&domain(&(ACTION.to_owned() + "(:action «Lift» :effect (done))")), &plain(), &["PD208"]);
    check(&domain("(:action a :parameters (?x - block «?X» - place) :effect (done))"), &plain(), &["PD209"]);
    check(&with_precondition("(exists (?y «?y» - block) (clear ?y))"), &plain(), &["PD209"]);
}

#[test]
fn a_predicate_or_function_may_be_declared_twice_in_the_same_way_alone() {
    warned(&domain(ACTION).replace("(done)", "(done) («clear» ?z - block)"), &plain(), &["PD510"]);
    check(&domain(ACTION).replace("(done)", "(done) («clear» ?z - place)"), &plain(), &["PD211"]);
    warned(&domain(ACTION).replace("(fuel)", "(fuel) («weight» ?z - block)"), &plain(), &["PD510"]);
    check(&domain(ACTION).replace("(fuel)", "(fuel) («weight»)"), &plain(), &["PD212"]);
}

#[test]
fn an_object_may_be_declared_twice_with_the_same_type_alone() {
    let two = |second: &str| plain().replace("t - place", &format!("t - place {second}"));
    warned(&domain(ACTION), &two("«a» - block"), &["PD510"]);
    warned(&domain(ACTION), &two("«k» - block"), &["PD510"]);
    check(&domain(ACTION), &two("«a» - red"), &["PD210"]);
    check(&domain(ACTION), &two("«k» - place"), &["PD210"]);
}

#[test]
fn a_type_must_be_declared() {
    check(&domain("(:action a :parameters (?x - «bloc») :effect (clear ?x))"), &plain(), &["PD201"]);
    check(&domain(ACTION), &plain().replace("t - place", "t - «palce»"), &["PD201"]);
    check(&domain(ACTION).replace("?p - place", "?p - «plaze»"), &plain(), &["PD201"]);
}

#[test]
fn a_supertype_that_is_not_declared_is_taken_for_one() {
    let text = domain(ACTION).replace("block place - object", "block place - «thing»");
    assert_eq!(warned(&text, &plain(), &["PD512"]).types[3].name, "red");
}

#[test]
fn an_argument_that_cannot_fit_is_an_error_and_one_that_may_is_a_warning() {
    check(&domain(ACTION), &problem("(clear «t»)", "(on a «home»)"), &["PD207", "PD207"]);
    check(&with_precondition("(at «?p» ?p)"), &plain(), &["PD207"]);
    check(&with_effect("(at ?x «?x»)"), &plain(), &["PD207"]);
    let text = domain("(:action a :parameters (?o) :effect (clear «?o»))");
    warned(&text, &plain(), &["PD513"]);
    let declared = |red: &str| domain(ACTION).replace("(done)", &format!("(done) (warm ?x - {red})"));
    warned(&declared("red"), &problem("(warm «a»)", "()"), &["PD513"]);
    model(&declared("red"), &problem("(warm r)", "()"));
}

#[test]
fn types_with_an_object_in_common_can_fit() {
    let text = with_precondition("(clear «?p»)");
    let both = plain().replace("t - place", "t - place u - (either block place)");
    warned(&text, &both, &["PD513"]);
}

#[test]
fn negative_costs_are_errors() {
    check(&with_effect("(increase (total-cost) «-1»)"), &plain(), &["PD310"]);
    check(&with_effect("(increase (total-cost) «(- 1 2)»)"), &plain(), &["PD310"]);
    check(&with_effect("«(decrease (total-cost) 1)»"), &plain(), &["PD310"]);
    check(
        &with_effect("(increase (total-cost) «(weight ?x)»)"),
        &problem("(= (weight a) -3)", "()"),
        &["PD310"],
    );
    model(&with_effect("(increase (total-cost) (weight ?x))"), &problem("(= (weight a) 3)", "()"));
    model(&with_effect("(increase (total-cost) 0.5)"), &plain());
}

#[test]
fn derived_predicates_do_not_stand_in_effects_or_in_the_initial_state() {
    let rule = "(:derived (done) (clear k))";
    check(
        &domain(
            &format!("{rule} (:action a :effect (not «(done)»))").replace("(not «(done)»)", "(not «(done)»)"),
        ),
        &problem("", "()"),
        &["PD302"],
    );
    check(&domain(rule), &problem("«(done)»", "()"), &["PD303"]);
    check(&domain(rule), &problem("«(not (done))»", "()"), &["PD303"]);
}

#[test]
fn rules_that_depend_on_their_own_negation_are_errors() {
    check(&domain("(:derived (done) (not «(done)»))"), &plain().replace("(done)", "()"), &["PD304"]);
    check(
        &domain(
            "(:derived (done) (exists (?x - block) (above ?x k))) (:derived (above ?x ?y - block) (imply «(done)» (on ?x ?y)))",
        ),
        &plain().replace("(done)", "()"),
        &["PD304"],
    );
    model(&domain("(:derived (done) (not (not (done))))"), &plain().replace("(done)", "()"));
}

#[test]
fn errors_beside_unsupported_features_are_errors() {
    let unsupported = problem_with("(:init) (:goal ()) (:metric maximize (fuel))");
    assert_eq!(verdict(&domain(ACTION), &unsupported), Verdict::Unsupported);
    assert_eq!(verdict(&domain(&ACTION.replace("?x - block", "?x - blok")), &unsupported), Verdict::Errors);
    assert_eq!(verdict(&domain(ACTION), &plain()), Verdict::Fine);
    let maximized = "(:init) (:goal ()) (:metric «maximize» (+ (fuel) («weigt» a)))";
    let parsed = check(&domain(ACTION), &problem_with(maximized), &["PD409", "PD203"]);
    assert_eq!(parsed.verdict(), Verdict::Errors);
}

// Not supported.

#[test]
fn what_is_not_supported_is_named_and_no_syntax_error() {
    let in_domain = [
        "(:durative-action a :parameters (?x - block) :duration (and (>= ?duration 1) (<= ?duration (weight ?x)))
           :condition (and (at start (clear ?x)) (over all (done)) (at end (done)))
           :effect (and (at start (not (done))) (at end (increase (fuel) (* #t 2)))))",
        "(:process p :parameters () :precondition (done) :effect (increase (fuel) (* #t 1)))",
        "(:event e :parameters () :precondition (done) :effect (assign (fuel) 0))",
        "(:constraints (and (always (done)) (sometime-before (done) (clear k))))",
        "(:action a :precondition (preference p (done)) :effect (done))",
        "(:action a :effect (increase (fuel) (* #t 1)))",
    ];
    for sections in in_domain {
        assert_eq!(verdict(&domain(sections), &plain()), Verdict::Unsupported, "{sections}");
        assert_eq!(parse_domain(&domain(sections)).verdict(), Verdict::Unsupported, "{sections}");
    }
    let in_problem = [
        "(:init (at 5 (done)) (at 7.5 (not (done)))) (:goal ())",
        "(:init) (:goal (and (preference p (done)) (clear a)))",
        "(:init) (:goal ()) (:constraints (forall (?x - block) (at-most-once (clear ?x))))",
        "(:init) (:goal ()) (:metric minimize (+ (* 3 (is-violated p)) (total-cost)))",
        "(:init) (:goal ()) (:metric maximize (fuel))",
        "(:init) (:goal ()) (:metric minimize (+ (total-time) (fuel)))",
        "(:init) (:goal (within 5 (done)))",
    ];
    for sections in in_problem {
        let parsed = parse(&domain(ACTION), &problem_with(sections));
        assert_eq!(parsed.verdict(), Verdict::Unsupported, "{sections}\n{:#?}", parsed.diagnostics);
    }
}

#[test]
fn functions_to_objects_are_not_supported_wherever_they_are_used() {
    let text = "(define (domain d) (:requirements :typing :fluents) (:types t) (:predicates (p ?x - t))
      (:functions (f ?x - t) - t (n) - number)
      (:action a :parameters (?x ?y - t) :precondition (and (= (f ?x) ?y) (p (f ?x)))
        :effect (and (assign (f ?x) ?y) (p (f ?y)))))";
    let problem =
        "(define (problem p) (:domain d) (:objects o - t) (:init (= (f o) o) (= (n) 1)) (:goal (= (f o) o)))";
    let parsed = parse(text, problem);
    assert_eq!(parsed.verdict(), Verdict::Unsupported, "{:#?}", parsed.diagnostics);
}

#[test]
fn a_metric_that_an_action_decreases_whatever_the_state_is_not_supported() {
    let minimize =
        |metric: &str| problem_with(&format!("(:init (= (fuel) 1)) (:goal ()) (:metric minimize {metric})"));
    for (effect, metric) in [
        ("(decrease (fuel) 1)", "(fuel)"),
        ("(increase (fuel) -1)", "(+ 1 (fuel))"),
        ("(increase (fuel) 1)", "(* -1 (fuel))"),
        ("(increase (fuel) 1)", "(- (total-cost) (fuel))"),
        ("(increase (fuel) 1)", "(* (fuel) (fuel))"),
        ("(increase (fuel) 1)", "(/ 1 (fuel))"),
    ] {
        let parsed = parse(&with_effect(effect), &minimize(metric));
        assert_eq!(parsed.verdict(), Verdict::Unsupported, "{effect} {metric}\n{:#?}", parsed.diagnostics);
    }
    for (effect, metric) in [
        ("(increase (fuel) 1)", "(fuel)"),
        ("(assign (fuel) 1)", "(fuel)"),
        ("(scale-up (fuel) 2)", "(/ (fuel) 2)"),
        ("(decrease (fuel) 1)", "(- 0 (fuel))"),
        ("(decrease (fuel) 1)", "(total-cost)"),
        ("(decrease (fuel) (weight ?x))", "(* (weight a) (total-cost))"),
        ("(increase (total-cost) (weight ?x))", "(* (fuel) (fuel))"),
    ] {
        assert_eq!(verdict(&with_effect(effect), &minimize(metric)), Verdict::Fine, "{effect} {metric}");
    }
}

// Warnings.

#[test]
fn unsupported_requirements_that_are_not_used_are_warnings() {
    let text = domain(ACTION).replace(":adl", ":adl «:durative-actions» «:preferences»");
    warned(&text, &plain(), &["PD502", "PD502"]);
}

#[test]
fn requirements_may_stand_in_the_problem_too() {
    let text = with_precondition("(or (clear ?x) (done))").replace(":adl", ":typing");
    let problem = plain().replace("(:domain d)", "(:domain d) (:requirements :disjunctive-preconditions)");
    model(&text, &problem);
}

#[test]
fn another_name_of_the_domain_is_a_warning() {
    warned(&domain(ACTION), &plain().replace("(:domain d)", "(:domain «other»)"), &["PD504"]);
}

#[test]
fn a_missing_init_or_domain_is_a_warning() {
    let text = "(define «(problem p)» (:goal ()))".replace("«(problem p)»", "««(problem p)»»");
    let model = warned(&domain(ACTION), &text, &["PD506", "PD505"]);
    assert!(model.atoms.is_empty());
}

#[test]
fn the_total_time_counts_steps() {
    for metric in ["«(total-time)»", "«total-time»"] {
        let text = problem_with(&format!("(:init) (:goal ()) (:metric minimize {metric})"));
        assert!(matches!(warned(&domain(ACTION), &text, &["PD507"]).metric, Metric::Steps));
    }
}

#[test]
fn of_contradictory_initial_values_the_last_one_counts() {
    let model = warned(&domain(ACTION), &problem("(= (fuel) 1) «(= (fuel) 2)»", "()"), &["PD508"]);
    assert_eq!(model.values.iter().map(|value| value.2).collect::<Vec<_>>(), [2.0]);
    let model = warned(&domain(ACTION), &problem("(done) (clear a) «(not (done))»", "()"), &["PD508"]);
    assert_eq!(model.atoms.len(), 1);
    let model = warned(&domain(ACTION), &problem("(not (done)) «(done)»", "()"), &["PD508"]);
    assert_eq!(model.atoms.len(), 1);
    warned(&domain(ACTION), &problem("(= (fuel) 1) «(= (fuel) 1)»", "()"), &["PD509"]);
}

#[test]
fn a_total_cost_that_is_not_declared_is_taken_for_a_function() {
    let text =
        domain("(:action a :effect (increase («total-cost») 2))").replace("(total-cost) (weight", "(weight");
    let model = warned(&text, &problem("(= (total-cost) 0)", "()"), &["PD515"]);
    assert!(model.total_cost().is_some());
}

#[test]
fn an_unset_fluent_has_no_value() {
    assert!(model(&domain(ACTION), &plain()).values.is_empty());
}

#[test]
fn the_inner_one_of_two_variables_of_a_name_is_meant() {
    let model = warned(&with_precondition("(exists («?x» - block) (clear ?x))"), &plain(), &["PD514"]);
    let ConditionKind::Exists(inner) = &model.actions[0].precondition.kind else { panic!() };
    assert!(matches!(&inner.body.kind, ConditionKind::Atom(_, terms) if terms[..] == [Term::Variable(2)]));
}

// Keys.

#[test]
fn keys_do_not_depend_on_how_a_text_is_written() {
    let (domain, problem) = (with_precondition("(clear ?x)"), problem("(= (fuel) 1.50)", "(done)"));
    let one = model(&domain, &problem);
    let domain = domain.replace("(domain d)", "(domain E) ; comment").replace("?x", "?what").to_uppercase();
    let problem = problem.replace("(problem p)", "(problem q)").replace("d)", "e)").replace("1.50", "1.5");
    let other = model(&domain, &problem);
    assert_eq!(domain_bytes(&one), domain_bytes(&other));
    assert_eq!(instance_bytes(&one), instance_bytes(&other));
}

#[test]
fn keys_depend_on_what_a_text_says() {
    let problem = problem("(clear a)", "(done)");
    let one = model(&with_precondition("(clear ?x)"), &problem);
    let texts = ["(clear k)", "(not (clear ?x))", "(and (clear ?x))", "(or (clear ?x))", "()"];
    for text in texts {
        assert_ne!(domain_bytes(&one), domain_bytes(&model(&with_precondition(text), &problem)), "{text}");
    }
    for (from, to) in [("(clear a)", "(clear b)"), ("(done)", "(clear a)"), ("a b", "a b c")] {
        let other = model(&with_precondition("(clear ?x)"), &problem.replacen(from, to, 1));
        assert_eq!(domain_bytes(&one), domain_bytes(&other));
        assert_ne!(instance_bytes(&one), instance_bytes(&other), "{to}");
    }
}

#[test]
fn words_of_the_language_may_be_names_where_they_mean_nothing_else() {
    let domain = "(define (domain define) (:requirements :typing)
      (:types domain problem - object goal - problem)
      (:predicates (define ?define) (domain ?at - domain) (at ?after ?over - domain) (over ?x) (either ?either)
        (increase ?x) (start) (object ?problem))
      (:action define :parameters (?define ?over - domain ?and - goal)
        :precondition (and (define ?define) (at ?define ?over) (either ?and))
        :effect (and (not (define ?define)) (domain ?over) (increase ?and) (start) (object ?define))))";
    let problem = "(define (problem problem) (:domain define) (:objects all when - domain not - goal)
      (:init (define all) (at all when) (either not)) (:goal (and (domain when) (increase not) (start))))";
    let model = model(domain, problem);
    assert_eq!((model.actions[0].name.as_str(), model.actions[0].effects.len()), ("define", 5));
}
