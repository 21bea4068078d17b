//! `:requirements`: reads what is declared, and compares it with what the text needs.

use super::super::codes;
use super::super::syntax::NodeId;
use super::needs::{FIRST_UNSUPPORTED, REQUIREMENTS};
use super::world::World;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::lang::nearest::nearest;

/// Requirements read of one list.
const LISTED_MAX: usize = 1000;

impl World {
    /// Reads `(:requirements …)`.
    pub(super) fn requirements(&mut self, section: NodeId) {
        let span = self.tree.span(section);
        self.needs.end.get_or_insert(Span { start: span.end - 1, end: span.end - 1 });
        let mut cursor = self.tree.cursor(section);
        cursor.take(&self.tree);
        let mut left = LISTED_MAX;
        while let Some(item) = cursor.take(&self.tree).filter(|_| left > 0) {
            left -= 1;
            let name = self.tree.name(item);
            let span = self.tree.span(item);
            let Some(index) = REQUIREMENTS.iter().position(|one| one.0 == name) else {
                self.unknown_requirement(item, section);
                continue;
            };
            let allowed = REQUIREMENTS[index].1;
            for &need in allowed {
                self.needs.declared |= 1 << need as u8;
            }
            if allowed.iter().all(|&need| need as usize >= FIRST_UNSUPPORTED) && !allowed.is_empty() {
                self.needs.unsupported.push((index, span));
            }
        }
    }

    fn unknown_requirement(&mut self, item: NodeId, section: NodeId) {
        if !self.findings.wants(Severity::Warning) {
            return;
        }
        let (span, name) = (self.tree.opening(item), self.tree.name(item));
        let message = if name.is_empty() {
            "a list stands where a requirement is expected".to_owned()
        } else {
            format!("the requirement `{name}` is not known")
        };
        let finding = Diagnostic::warning(codes::UNKNOWN_REQUIREMENT, span, message);
        let is_listed = |name: &str| self.tree.items(section).any(|item| self.tree.name(item) == name);
        let others = REQUIREMENTS.iter().map(|one| one.0).filter(|name| !is_listed(name));
        let finding = match nearest(name, others) {
            Some(near) => finding.with_help(format!("did you mean `{near}`?")).with_fix(
                format!("Change to `{near}`"),
                span,
                near,
            ),
            None => finding.with_help("it is passed over; remove it"),
        };
        self.findings.push(finding);
    }

    /// Reports what is used and not declared, and what is declared, not supported and not used.
    pub(super) fn check_requirements(&mut self) {
        let needs = std::mem::take(&mut self.needs);
        for (index, (name, allowed)) in REQUIREMENTS.iter().take(FIRST_UNSUPPORTED + 1).enumerate() {
            let Some(&need) = allowed.first() else { continue };
            debug_assert_eq!(need as usize + 1, index);
            let is_declared = needs.declared & (1 << need as u8) != 0;
            let Some(span) = needs.used[need as usize].filter(|_| !is_declared) else { continue };
            let message = format!("this needs the requirement `{name}`, which is not declared");
            let finding = Diagnostic::warning(codes::UNDECLARED_REQUIREMENT, span, message)
                .with_help(format!("add `{name}` to `:requirements`; it is solved all the same"));
            self.findings.push(match (needs.end, needs.place) {
                (Some(end), _) => finding.with_fix(format!("Declare `{name}`"), end, format!(" {name}")),
                (None, Some(place)) => {
                    let text = format!("\n  (:requirements {name})");
                    finding.with_fix(format!("Declare `{name}`"), place, text)
                }
                (None, None) => finding,
            });
        }
        for (index, span) in needs.unsupported {
            let (name, allowed) = REQUIREMENTS[index];
            if allowed.iter().all(|&need| needs.used[need as usize].is_none()) {
                let message = format!("`{name}` is not supported; nothing here uses it");
                self.warn(codes::UNSUPPORTED_REQUIREMENT, span, message, "remove it");
            }
        }
    }
}
