//! Conditions that other formats join in other ways, and the way they are joined here.
//!
//! A fix puts together what stands in the text, so that nothing of it is lost, comments included.

use super::super::codes;
use super::super::syntax::{Data, Member, NodeId, quoted, shortened};
use super::alias;
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Span};

impl Reader<'_> {
    /// Reports the key of `member`, which joins conditions elsewhere and is called `junction` here. `members`
    /// stand beside it.
    pub fn other_junction(&mut self, member: &Member, junction: &'static str, members: &[Member]) {
        let key = shortened(&member.key);
        let what = match junction {
            "any" => "\"any\" holds where one of a list of conditions does",
            "all" => "\"all\" holds where every one of a list of conditions does",
            _ => "\"not\" holds where the conditions in its object do not",
        };
        let report = if member.key == junction {
            let message = format!("\"{key}\" has an object of conditions, and this is a list");
            Diagnostic::error(codes::WRONG_TYPE, self.span(member.value), message)
        } else {
            let message = format!("conditions are not joined by \"{key}\"");
            Diagnostic::error(codes::UNKNOWN_KEY, member.key_span, message)
        };
        let report = report.with_help(what);
        let value = self.tree.text(member.value).to_owned();
        let is_list = matches!(self.node(member.value).data, Data::Array(_));
        let value = match (junction, is_list) {
            ("not", true) => format!("{{ \"any\": {value} }}"),
            ("any" | "all", false) => match self.listed_members(member.value) {
                Some(list) => list,
                None => return self.findings.push(report),
            },
            _ => value,
        };
        self.offer(report, member, junction, &value, members);
    }

    /// Reports a junction whose value is no list: an object of conditions becomes one of each.
    pub fn unlisted(&mut self, member: &Member) {
        let report = Diagnostic::error(
            codes::WRONG_TYPE,
            self.span(member.value),
            format!("expected a list of objects of conditions behind \"{}\"", member.key),
        )
        .with_help(format!("write \"{}\": [{{ … }}, {{ … }}]", member.key));
        match self.listed_members(member.value) {
            Some(list) => {
                let span = self.span(member.value);
                self.findings.push(report.with_fix("Make it a list", span, list));
            }
            None => self.wrong_type(member.value, "a list of objects of conditions"),
        }
    }

    /// Reports a list of values after a variable. Its author means that the variable is one of them.
    pub fn one_of_values(&mut self, member: &Member, members: &[Member]) {
        let Data::Array(elements) = &self.node(member.value).data else { return };
        let report = Diagnostic::error(
            codes::WRONG_TYPE,
            self.span(member.value),
            "a variable is compared with one value, and this is a list",
        )
        .with_help("conditions of which one has to hold stand in \"any\": [{ … }, { … }]");
        let key = quoted(&member.key);
        let parts: Vec<_> =
            elements.iter().map(|&one| format!("{{ {key}: {} }}", self.tree.text(one))).collect();
        if parts.is_empty() {
            return self.findings.push(report);
        }
        self.offer(report, member, "any", &format!("[{}]", parts.join(", ")), members);
    }

    /// Says of every member that repeats a key of the conditions at `id` how both are kept.
    pub fn repeated_conditions(&mut self, id: NodeId) {
        let (whole, source) = (self.span(id), self.tree.source());
        for member in self.tree.repeated(id) {
            let before = Span::new(whole.start as usize + 1, member.key_span.start as usize).of(source);
            let rest = Span::new(member.key_span.start as usize, whole.end as usize).of(source);
            let Some(rest) = rest.strip_suffix('}') else { continue };
            // A line end keeps a comment at the end of either part from reaching further.
            let part = |text: &str| {
                let text = text.trim().trim_end_matches(',');
                if text.contains("//") { format!("{{ {text}\n}}") } else { format!("{{ {text} }}") }
            };
            let joined = format!("{{ \"all\": [{}, {}] }}", part(before), part(rest));
            self.findings.amend(codes::DUPLICATE_KEY, member.key_span, |report| {
                report
                    .with_help(
                        "put both into \"all\": [{ … }, { … }], which holds where every one of them does",
                    )
                    .with_fix("Join them with \"all\"", whole, joined)
            });
        }
    }

    /// The report with the edit that makes `member` say `key: value`, beside or within what has that key.
    fn offer(&mut self, report: Diagnostic, member: &Member, key: &str, value: &str, members: &[Member]) {
        let span = member.key_span.to(self.span(member.value));
        let written = format!("{}: {value}", quoted(key));
        let has = |key: &str| members.iter().any(|one| one.key == key && one.key_span != member.key_span);
        self.findings.push(if !has(key) {
            report.with_fix(format!("Change to \"{key}\""), span, written)
        } else if has("all") {
            report
        } else {
            report.with_fix("Join it with \"all\"", span, format!("\"all\": [{{ {written} }}]"))
        });
    }

    /// The members of an object as a list of objects with one member each.
    fn listed_members(&self, id: NodeId) -> Option<String> {
        let Data::Object(members) = &self.node(id).data else { return None };
        let part = |member: &Member| {
            let span = member.key_span.to(self.span(member.value));
            format!("{{ {} }}", span.of(self.tree.source()))
        };
        let parts: Vec<String> = members.iter().map(part).collect();
        (!parts.is_empty()).then(|| format!("[{}]", parts.join(", ")))
    }

    /// Reports a list in place of an object of conditions or effects: of names that are to be true, or of
    /// objects.
    pub fn listed_instead(&mut self, id: NodeId, expected: &str, joins: bool) {
        let Data::Array(elements) = &self.node(id).data else { return self.wrong_type(id, expected) };
        let report =
            Diagnostic::error(codes::WRONG_TYPE, self.span(id), format!("expected {expected}, found a list"))
                .with_help(format!("write {expected}"));
        let nodes: Vec<_> = elements.iter().map(|&one| &self.node(one).data).collect();
        let names = nodes.iter().map(|data| match data {
            Data::String(text) => Some(match alias::denied(text) {
                Some(name) => format!("{}: false", quoted(name)),
                None => format!("{}: true", quoted(text)),
            }),
            _ => None,
        });
        let names: Option<Vec<String>> = names.collect();
        let are_objects = nodes.iter().all(|data| matches!(data, Data::Object(_)));
        let right = match names {
            _ if nodes.is_empty() => Some("{}".to_owned()),
            Some(names) => Some(format!("{{ {} }}", names.join(", "))),
            None if are_objects && joins => Some(format!("{{ \"all\": {} }}", self.tree.text(id))),
            None => None,
        };
        let span = self.span(id);
        self.findings.push(match right {
            Some(right) => report.with_fix("Make it an object", span, right),
            None => report,
        });
    }
}
