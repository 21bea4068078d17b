//! Correct PDDL to a model, without any checks: what the tests here need and no more.

use crate::diagnostic::Span;
use crate::lang::pddl::model::{
    Action, Condition, ConditionKind, Effect, EffectKind, Model, Object, ObjectId, Parameter, Predicate,
    PredicateId, Quantified, Term, Type, TypeId,
};

#[derive(Clone, Debug)]
enum Tree {
    Word(String),
    List(Vec<Tree>),
}

impl Tree {
    fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::List(list) => list.first().map_or("", Tree::word),
        }
    }

    fn list(&self) -> &[Tree] {
        match self {
            Self::Word(_) => &[],
            Self::List(list) => list,
        }
    }
}

fn trees(text: &str) -> Vec<Tree> {
    let text: String =
        text.lines().map(|line| line.split(';').next().unwrap_or("").to_lowercase() + " ").collect();
    let text = text.replace('(', " ( ").replace(')', " ) ");
    let mut open = vec![Vec::new()];
    for word in text.split_whitespace() {
        match word {
            "(" => open.push(Vec::new()),
            ")" => {
                let list = Tree::List(open.pop().unwrap());
                open.last_mut().unwrap().push(list);
            }
            word => open.last_mut().unwrap().push(Tree::Word(word.to_owned())),
        }
    }
    open.remove(0)
}

/// Words with the types behind them.
fn typed(list: &[Tree]) -> Vec<(String, Vec<String>)> {
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    while at < list.len() {
        if list[at].word() == "-" {
            let types = match &list[at + 1] {
                Tree::Word(word) => vec![word.clone()],
                Tree::List(list) => list[1..].iter().map(|one| one.word().to_owned()).collect(),
            };
            out[from..].iter_mut().for_each(|one: &mut (String, Vec<String>)| one.1.clone_from(&types));
            from = out.len();
            at += 2;
        } else {
            out.push((list[at].word().to_owned(), vec!["object".to_owned()]));
            at += 1;
        }
    }
    out
}

struct Reader {
    model: Model,
    scope: Vec<String>,
}

fn span() -> Span {
    Span::default()
}

impl Reader {
    fn type_id(&mut self, name: &str) -> TypeId {
        let types = &mut self.model.types;
        let at = types.iter().position(|one| one.name == name).unwrap_or(types.len());
        if at == types.len() {
            types.push(Type { name: name.into(), parents: vec![], objects: vec![], span: span() });
        }
        TypeId(at as u32)
    }

    fn parameters(&mut self, list: &[Tree]) -> Vec<Parameter> {
        let parameter = |(name, types): (String, Vec<String>)| Parameter {
            name,
            types: types.iter().map(|name| self.type_id(name)).collect(),
            span: span(),
        };
        typed(list).into_iter().map(parameter).collect()
    }

    fn objects(&mut self, list: &[Tree]) {
        for (name, types) in typed(list) {
            let types: Vec<TypeId> = types.iter().map(|name| self.type_id(name)).collect();
            let id = ObjectId(self.model.objects.len() as u32);
            let mut open = types.clone();
            while let Some(one) = open.pop() {
                let own = &mut self.model.types[one.0 as usize];
                if !own.objects.contains(&id) {
                    own.objects.push(id);
                    open.extend(own.parents.iter().copied().chain([TypeId(0)]));
                }
            }
            self.model.objects.push(Object { name, types, span: span() });
        }
    }

    fn terms(&self, list: &[Tree]) -> Vec<Term> {
        let term = |word: &str| match self.scope.iter().rposition(|name| name == word) {
            Some(at) => Term::Variable(at as u32),
            None => Term::Object(ObjectId(
                self.model.objects.iter().position(|one| one.name == word).expect(word) as u32,
            )),
        };
        list.iter().map(|one| term(one.word())).collect()
    }

    fn predicate(&self, name: &str) -> PredicateId {
        PredicateId(self.model.predicates.iter().position(|one| one.name == name).expect(name) as u32)
    }

    fn quantified<T>(&mut self, list: &[Tree], body: impl FnOnce(&mut Self) -> T) -> Quantified<T> {
        let (first, parameters) = (self.scope.len(), self.parameters(list));
        self.scope.extend(parameters.iter().map(|one| one.name.clone()));
        let body = body(self);
        self.scope.truncate(first);
        Quantified { first: first as u32, parameters, body }
    }

    fn condition(&mut self, tree: &Tree) -> Condition {
        let rest = tree.list().get(1..).unwrap_or(&[]);
        let kind = match tree.word() {
            "and" | "" => ConditionKind::And(rest.iter().map(|one| self.condition(one)).collect()),
            "or" => ConditionKind::Or(rest.iter().map(|one| self.condition(one)).collect()),
            "not" => ConditionKind::Not(Box::new(self.condition(&rest[0]))),
            "imply" => ConditionKind::Imply(Box::new([self.condition(&rest[0]), self.condition(&rest[1])])),
            "forall" => ConditionKind::Forall(Box::new(
                self.quantified(rest[0].list(), |own| own.condition(&rest[1])),
            )),
            "exists" => ConditionKind::Exists(Box::new(
                self.quantified(rest[0].list(), |own| own.condition(&rest[1])),
            )),
            "=" => {
                let terms = self.terms(rest);
                ConditionKind::Equal(terms[0], terms[1])
            }
            name => ConditionKind::Atom(self.predicate(name), self.terms(rest)),
        };
        Condition { kind, span: span() }
    }

    fn effects(&mut self, tree: &Tree) -> Vec<Effect> {
        let rest = tree.list().get(1..).unwrap_or(&[]);
        let kind = match tree.word() {
            "and" | "" => return rest.iter().flat_map(|one| self.effects(one)).collect(),
            "increase" => return vec![],
            "forall" => {
                EffectKind::Forall(Box::new(self.quantified(rest[0].list(), |own| own.effects(&rest[1]))))
            }
            "when" => EffectKind::When(Box::new(self.condition(&rest[0])), self.effects(&rest[1])),
            "not" => {
                let atom = rest[0].list();
                EffectKind::Delete(self.predicate(atom[0].word()), self.terms(&atom[1..]))
            }
            name => EffectKind::Add(self.predicate(name), self.terms(rest)),
        };
        vec![Effect { kind, span: span() }]
    }

    fn action(&mut self, list: &[Tree]) -> Action {
        let part = |key: &str| {
            let at = list.iter().position(|one| one.word() == key && one.list().is_empty());
            at.map_or(Tree::List(vec![]), |at| list[at + 1].clone())
        };
        let parameters = self.parameters(part(":parameters").list());
        self.scope = parameters.iter().map(|one| one.name.clone()).collect();
        let precondition = self.condition(&part(":precondition"));
        let effects = self.effects(&part(":effect"));
        Action { name: list[1].word().into(), parameters, precondition, effects, span: span() }
    }

    fn section(&mut self, list: &[Tree]) {
        match list[0].word() {
            ":types" => {
                for (name, parents) in typed(&list[1..]) {
                    let id = self.type_id(&name);
                    let parents = parents.iter().map(|name| self.type_id(name)).collect();
                    self.model.types[id.0 as usize].parents = parents;
                }
            }
            ":constants" | ":objects" => self.objects(&list[1..]),
            ":predicates" => {
                for one in &list[1..] {
                    let parameters = self.parameters(&one.list()[1..]);
                    let name = one.word().to_owned();
                    self.model.predicates.push(Predicate { name, parameters, span: span(), stratum: None });
                }
            }
            ":derived" => {
                let id = self.predicate(list[1].word());
                self.model.predicates[id.0 as usize].stratum = Some(0);
            }
            ":action" => {
                let action = self.action(list);
                self.model.actions.push(action);
            }
            ":init" => {
                for one in list[1..].iter().filter(|one| one.word() != "=") {
                    let terms = self.terms(&one.list()[1..]);
                    let object = |term: &Term| match term {
                        Term::Object(object) => *object,
                        Term::Variable(_) => unreachable!(),
                    };
                    let arguments: Vec<ObjectId> = terms.iter().map(object).collect();
                    self.model.atoms.push(self.predicate(one.word()), &arguments, span());
                }
            }
            _ => {}
        }
    }
}

/// The model of a domain and a problem; goals, rules and numbers are left out.
pub fn read(domain: &str, problem: &str) -> Model {
    let mut reader = Reader { model: Model::empty(), scope: Vec::new() };
    reader.type_id("object");
    let mut sections = trees(domain)[0].list()[1..].to_vec();
    let order = [":types", ":constants", ":predicates", ":derived", ":action"];
    sections.sort_by_key(|one| order.iter().position(|name| *name == one.word()));
    let at = sections.iter().position(|one| one.word() == ":predicates").unwrap();
    let behind = sections.split_off(at);
    let problem = trees(problem)[0].list()[1..].to_vec();
    let (objects, init): (Vec<Tree>, Vec<Tree>) =
        problem.into_iter().partition(|one| one.word() == ":objects");
    for section in sections.into_iter().chain(objects).chain(behind).chain(init) {
        reader.scope.clear();
        reader.section(section.list());
    }
    reader.model
}
