//! The plan of a copy: the steps of all modules, in an order in which what others are read by comes first.

use super::step::{At, Paging, Put, Step, Target};
use crate::entity::Kind;
use crate::method::Kind as ParamKind;
use crate::modules::Modules;
use crate::noun::{Face, Noun, Rows, Verb};
use crate::userfield::copy;

/// What a list is asked for by the number of a row.
const NUMBER: &str = "id";

/// The steps that follow from nouns, and `own` of modules, as far as the shared metadata knows by now. A method that has a
/// step of its own has no other.
pub fn plan(modules: &Modules, own: &[Step]) -> Vec<Step> {
    let follows = modules.nouns().iter().flat_map(|shape| of_noun(modules, shape.noun));
    let fields = modules.nouns().iter().flat_map(|shape| {
        match (shape.noun.user_fields, shape.noun.user_field_methods) {
            (Some(fields), Some((path, _))) => copy::steps(path, fields.number),
            _ => Vec::new(),
        }
    });
    let follows = fields.chain(follows);
    let follows =
        follows.filter(|step| own.iter().all(|own| own.method != step.method)).map(|step| kept(step, own));
    let (first, then): (Vec<Step>, Vec<Step>) = follows.partition(|step| step.first);
    let (own_first, own_then): (Vec<Step>, Vec<Step>) = own.iter().cloned().partition(|step| step.first);
    [own_first, first, then, own_then].concat()
}

/// A step of a noun, which leaves what a module's own step has put there.
fn kept(step: Step, own: &[Step]) -> Step {
    let is_same = |other: &Step| match (other.into, step.into) {
        (Target::Noun(one, _), Target::Noun(other, _)) => one.name == other.name,
        _ => false,
    };
    if own.iter().any(is_same) { Step { replaces: Vec::new(), ..step } } else { step }
}

/// The lists of a noun's faces: each that shows rows or fields which those before it do not show.
fn of_noun(modules: &Modules, noun: &'static Noun) -> Vec<Step> {
    let (mut steps, mut seen): (Vec<Step>, Vec<&'static Face>) = (Vec::new(), Vec::new());
    if noun.tables.is_some() || !noun.hooks.is_copied() {
        return steps;
    }
    for face in noun.faces {
        let Some((_, name)) = face.verbs.iter().find(|(verb, _)| *verb == Verb::List) else { continue };
        let shows_all = |before: &&&Face| {
            let same = before.within.is_empty() || before.within == face.within;
            let stored = noun.fields.iter().filter(|field| !field.computed);
            same && stored.filter(|field| face.shows(field)).all(|field| before.shows(field))
        };
        if seen.iter().any(|before| shows_all(&before)) {
            continue;
        }
        if let Some(step) = of_face(modules, noun, face, name) {
            let is_first = seen.is_empty();
            seen.push(face);
            steps.push(Step {
                replaces: if is_first { vec![noun.table.to_owned()] } else { Vec::new() },
                ..step
            });
        }
    }
    steps
}

/// The list of a face, unless it wants to be told what only its module knows.
fn of_face(modules: &Modules, noun: &'static Noun, face: &'static Face, name: &str) -> Option<Step> {
    let below = face.below.map(|(_, param)| param);
    let wanted = face.params.iter().filter(|(verbs, param)| verbs.contains(&Verb::List) && param.required);
    if wanted.clone().any(|(_, param)| Some(&*param.name) != below) {
        return None;
    }
    let at = match face.many {
        Rows::Bare => At::Top,
        Rows::Under(name) | Rows::Keyed(name, _) => At::Under(name),
    };
    let id = noun.field(NUMBER).filter(|_| face.asks.contains(&"filter") && face.asks.contains(&"order"));
    let paging = match id.and_then(|id| face.name_of(id)) {
        _ if face.whole => Paging::Whole,
        Some(name) if name == "ID" => Paging::Behind("ID", "ID"),
        Some(name) if name == NUMBER => Paging::Behind(NUMBER, NUMBER),
        _ => Paging::Start,
    };
    let step = Step::new(format!("{}.{name}", face.path), Target::Noun(noun, face)).at(at).paged(paging);
    let step = Step { first: noun.shared, ..step };
    let Some((field, param)) = face.below else { return Some(step) };
    // Asked for below each of the rows that it belongs to.
    let Kind::Noun(target) = noun.field(field)?.kind else { return None };
    let is_object = wanted.clone().any(|(_, param)| param.kind == ParamKind::Fields);
    let param = if is_object { format!("{param}/ID") } else { param.to_owned() };
    Some(step.of_each(modules.noun(target)?.noun.table, vec![Put::both(param, format!("@{field}"))]))
}
