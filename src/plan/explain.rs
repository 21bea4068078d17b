//! Why there is no plan, in the document's own words.

use crate::diagnostic::{Fix, Span};
use crate::lang::goap::grounded::GroundCondition;
use crate::lang::goap::reach::{self, AskedBy, Blame, Obstacle, Reached, Root};
use crate::lang::goap::{Model, text};

/// Why a goal cannot be reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// The goal it is about.
    pub goal: String,
    /// Each condition of the goal.
    pub conditions: Vec<ConditionReport>,
    /// From a goal condition that is never true down to the root cause; empty where each
    /// condition is reachable by itself and only their combination is not.
    pub chain: Vec<Link>,
    /// Preconditions that never become true, by action.
    pub unreachable: Vec<UnreachablePrecondition>,
    /// The action that comes nearest to a remedy: what it does instead, and where.
    pub nearest_miss: Option<NearestMiss>,
}

/// A condition of the goal.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionReport {
    /// As a person reads it, for instance `coal ≥ 1`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Layer of relaxed reachability at which it first holds (0 = at the start); `None`: never.
    pub first_at: Option<u32>,
}

/// A link of the chain: a condition, and why it does not come true.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The condition.
    pub condition: String,
    /// Who asks for it and what could make it true.
    pub reason: String,
    /// Where it is asked for.
    pub span: Span,
    /// Whether the chain ends here.
    pub is_root: bool,
}

/// A precondition that never becomes true.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreachablePrecondition {
    /// The action.
    pub action: String,
    /// The condition.
    pub condition: String,
    /// The nearest value seen, for instance `coal 0`.
    pub seen: String,
    /// Where the condition stands.
    pub span: Span,
}

/// The action that comes nearest to a remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestMiss {
    /// What it does and what would help, in a sentence.
    pub text: String,
    /// Where it does that.
    pub span: Span,
    /// The edit that would fix it.
    pub fix: Option<Fix>,
}

/// Why a goal cannot be reached, as far as relaxed reachability tells. O(size of the document's
/// ground actions).
pub fn explain(model: &Model, reached: &Reached, goal: usize) -> Explanation {
    let mut explanation = Explanation { goal: model.goals[goal].name.clone(), ..Explanation::default() };
    if let Some(reach) = reached.goals.get(goal) {
        let goal = &model.goals[goal];
        let report = |(condition, first_at): &(GroundCondition, Option<u32>)| ConditionReport {
            text: text::condition(model, condition),
            span: span_of(condition).unwrap_or(goal.conditions_span),
            first_at: *first_at,
        };
        explanation.conditions = reach.conditions.iter().map(report).collect();
    }
    if let Some(blame) = reached.blame(model, goal) {
        explanation.chain = chain(model, reached, &blame);
        explanation.nearest_miss = blame.nearest_miss.as_ref().map(|miss| nearest_miss(model, miss));
    } else if reached.complete {
        explanation.chain = never(model, reached, goal).into_iter().collect();
    }
    explanation.unreachable = unreachable(model, reached);
    explanation
}

/// The only link of the chain where no single comparison keeps the goal from being met: a part that no state
/// satisfies, or two parts that exclude each other.
fn never(model: &Model, reached: &Reached, goal: usize) -> Option<Link> {
    let (reach, goal) = (reached.goals.get(goal)?, model.goals.get(goal)?);
    let link = |condition: String, reason: &str, span: Option<Span>| Link {
        condition,
        reason: reason.to_owned(),
        span: span.unwrap_or(goal.conditions_span),
        is_root: true,
    };
    if let Some((part, _)) = reach.conditions.iter().find(|(_, first)| first.is_none()) {
        let reason = "is asked for by the goal. It can never hold.";
        return Some(link(text::condition(model, part), reason, span_of(part)));
    }
    let whole = GroundCondition::All(reach.conditions.iter().map(|(part, _)| part.clone()).collect());
    if reach.together.is_some() {
        return None;
    }
    let (first, second) = reached.contradiction(&whole)?;
    let both = format!("{} and {}", text::condition(model, first), text::condition(model, second));
    Some(link(both, "are asked for by the goal. They exclude each other.", span_of(second)))
}

fn chain(model: &Model, reached: &Reached, blame: &Blame) -> Vec<Link> {
    let last = blame.links.len().saturating_sub(1);
    let link = |(at, link): (usize, &reach::Link)| {
        let asked = match link.asked_by {
            AskedBy::Goal(_) => "is asked for by the goal".to_owned(),
            AskedBy::Instance(instance) => {
                format!("is needed by {}", model.actions[reached.action_of(instance)].name)
            }
        };
        let cause = if at == last { cause(model, reached, link, &blame.root) } else { makers(model, link) };
        Link {
            condition: text::condition(model, &link.condition),
            reason: format!("{asked}. {cause}."),
            span: span_of(&link.condition).unwrap_or_default(),
            is_root: at == last,
        }
    };
    blame.links.iter().enumerate().map(link).collect()
}

fn makers(model: &Model, link: &reach::Link) -> String {
    let names: Vec<&str> = link.producers.iter().map(|&action| model.actions[action].name.as_str()).collect();
    match names.as_slice() {
        [] => "No action makes it true".to_owned(),
        [one] => format!("Only {one} moves towards it"),
        [first, .., last] if names.len() > 3 => {
            format!("{} actions move towards it, from {first} to {last}, and none gets there", names.len())
        }
        _ => format!("Only {} move towards it", names.join(", ")),
    }
}

fn cause(model: &Model, reached: &Reached, link: &reach::Link, root: &Root) -> String {
    let start = match &link.condition {
        GroundCondition::Compare { variable, .. } => {
            let variable = &model.variables[*variable];
            format!("{} starts at {}", variable.name, variable.initial)
        }
        _ => "It does not hold at the start".to_owned(),
    };
    if link.condition.is_with_itself() {
        return "Both sides are the same variable".to_owned();
    }
    let instance = |at: usize| text::instance(model, &reached.instance(at));
    match root {
        Root::NoProducer => format!("{start}, and no action makes it true"),
        Root::OutOfReach => format!("{start}, and what the actions can reach is not enough"),
        Root::Unfinished => format!("{start}, and what stands in the way is too long to follow"),
        Root::Cycle => format!("{start}, and the actions that could make it true wait for each other"),
        Root::Together(at) => format!("The conditions of {} never hold at once", instance(*at)),
        Root::Range(at) => format!("An effect of {} always leaves its variable's range", instance(*at)),
    }
}

fn nearest_miss(model: &Model, miss: &reach::NearestMiss) -> NearestMiss {
    let (action, variable) = (&model.actions[miss.action].name, &model.variables[miss.variable].name);
    NearestMiss {
        text: format!("the action {action} changes {variable} the other way, where it could help"),
        span: miss.span,
        fix: Some(miss.fix.clone()),
    }
}

/// For each action that can never apply, the condition that keeps it from applying.
fn unreachable(model: &Model, reached: &Reached) -> Vec<UnreachablePrecondition> {
    if !reached.complete {
        return Vec::new();
    }
    // For each action, its first instance, and whether any applies.
    let mut actions = vec![(None, false); model.actions.len()];
    for at in 0..reached.instances() {
        let (first, applies) = &mut actions[reached.action_of(at)];
        first.get_or_insert(at);
        *applies |= reached.applied[at].is_some();
    }
    let never = actions.into_iter().enumerate().filter(|(_, (_, applies))| !applies);
    let report = |(action, (first, _)): (usize, (Option<usize>, bool))| {
        let at = first?;
        let Obstacle::Condition(condition) = reached.obstacle(at)? else { return None };
        Some(UnreachablePrecondition {
            action: model.actions[action].name.clone(),
            condition: text::condition(model, &condition),
            seen: seen(model, reached, &condition),
            span: span_of(&condition).unwrap_or_default(),
        })
    };
    never.filter_map(report).collect()
}

/// What the variable of a comparison can reach.
fn seen(model: &Model, reached: &Reached, condition: &GroundCondition) -> String {
    let GroundCondition::Compare { variable, .. } = condition else { return String::new() };
    let name = &model.variables[*variable].name;
    match reached.extent(*variable) {
        Some((low, high)) if low.to_bits() == high.to_bits() => format!("{name} {low}"),
        Some((low, high)) => format!("{name} {low} to {high}"),
        None => {
            let values: Vec<String> =
                reached.values(model, *variable).iter().map(ToString::to_string).collect();
            format!("{name} {}", values.join(", "))
        }
    }
}

/// The first place that a condition has in the source.
fn span_of(condition: &GroundCondition) -> Option<Span> {
    let mut stack = vec![condition];
    while let Some(condition) = stack.pop() {
        match condition {
            GroundCondition::All(parts) | GroundCondition::Any(parts) => stack.extend(parts.iter().rev()),
            GroundCondition::Not(inner) => stack.push(inner),
            GroundCondition::Compare { span, .. } => return Some(*span),
        }
    }
    None
}
