//! The filter of a list of tasks: fields with prefixes, people by their part, states as lists show them, and groups of
//! conditions (`::SUBFILTER-1`, joined by `::LOGIC`).

use engine::call::Call;
use engine::entity::filter::{Conditions, Unknown};
use engine::entity::{Entity, Naming, Ways, Within};
use store::Param;
use wire::filter::{Filter, Op, split};
use wire::{Fault, Value};

use super::rights::{PARTS, is_member, taking_part};
use super::status;
use crate::stages::{Board, place};

/// Groups within groups.
const DEPTH: usize = 16;

/// Conditions in one filter.
const MOST: usize = 500;

/// Values in one filter.
const VALUES: usize = 20_000;

/// What a filter asks of the tasks `t`: a condition, if any, and what may hold in several ways beside it.
///
/// # Errors
/// The refusal of a filter beyond any use.
pub fn read(
    call: &Call<'_, '_>,
    table: &Entity,
    filter: &Value,
    plan: Vec<i64>,
) -> Result<(Option<Within>, Vec<Ways>), Fault> {
    let unknown = if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored };
    let conditions = Conditions::new(table, Naming::Legacy, unknown, call.clock(), call.tx.dialect());
    let (user, now) = (call.caller.user_id, call.now.seconds());
    let mut reader = Reader { conditions, user, now, plan, tests: 0, is_needed: true, among: Vec::new() };
    let condition = reader.group(filter, 0)?;
    Ok((condition.map(|condition| (condition, reader.conditions.params)), reader.among))
}

/// The stages of the caller's plan, for a filter by stages.
///
/// # Errors
/// Those of the store.
pub fn plan(call: &mut Call<'_, '_>, filter: &Value) -> engine::error::Result<Vec<i64>> {
    if !mentions(filter, 0) {
        return Ok(Vec::new());
    }
    let stages = Board::of_person(call.caller.user_id).made(call)?;
    Ok(stages.iter().map(|stage| stage.number).collect())
}

/// Whether a filter asks for what stands on a stage of that plan.
pub fn is_on_plan(filter: &Value, plan: &[i64]) -> bool {
    filter.entries().any(|(key, value)| {
        split(&key).1.eq_ignore_ascii_case("STAGE_ID")
            && value.each().filter_map(Value::as_int).any(|stage| plan.contains(&stage))
    })
}

fn mentions(filter: &Value, depth: usize) -> bool {
    depth <= DEPTH
        && filter.entries().any(|(key, value)| {
            split(&key).1.eq_ignore_ascii_case("STAGE_ID") || (value.is_array() && mentions(value, depth + 1))
        })
}

/// The parts in tasks that a test is about.
fn parts_of(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "ACCOMPLICE" | "ACCOMPLICES" => &["A"],
        "AUDITOR" | "AUDITORS" => &["U"],
        "DOER" => &["R", "A"],
        "MEMBER" => PARTS,
        _ => return None,
    })
}

/// The people that a test names.
fn users(value: &Value) -> Vec<i64> {
    value.each().filter_map(Value::as_int).collect()
}

fn is_logic(key: &str) -> bool {
    key == "::LOGIC" || key == "LOGIC"
}

/// Whether one of the tests of a group is enough.
fn is_any(group: &Value) -> bool {
    let logic = group.entries().filter(|(key, _)| is_logic(&key.to_ascii_uppercase())).last();
    logic.is_some_and(|(_, value)| value.text().is_some_and(|logic| logic.eq_ignore_ascii_case("OR")))
}

struct Reader<'c> {
    conditions: Conditions<'c>,
    user: i64,
    now: i64,
    /// The stages of the caller's plan, in order.
    plan: Vec<i64>,
    tests: usize,
    /// Whether all tasks have to pass the group that is read.
    is_needed: bool,
    /// What they have to pass beside the condition.
    among: Vec<Ways>,
}

fn too_large() -> Fault {
    Fault::argument("The filter is too large.", "filter")
}

impl Reader<'_> {
    fn group(&mut self, filter: &Value, depth: usize) -> Result<Option<String>, Fault> {
        if depth > DEPTH {
            return Err(too_large());
        }
        let word = if is_any(filter) { " OR " } else { " AND " };
        let was_needed = self.is_needed;
        self.is_needed &= word == " AND ";
        let mut parts = Vec::new();
        for (key, value) in filter.entries() {
            let upper = key.to_ascii_uppercase();
            let part = if is_logic(&upper) {
                None
            } else if upper.starts_with("::") || (value.is_array() && key.parse::<u32>().is_ok()) {
                self.group(value, depth + 1)?
            } else {
                self.test(&key, value)?
            };
            parts.extend(part);
        }
        self.is_needed = was_needed;
        Ok(match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(format!("({})", parts.join(word))),
        })
    }

    fn test(&mut self, key: &str, value: &Value) -> Result<Option<String>, Fault> {
        self.tests += 1;
        if self.tests > MOST || self.conditions.params.len() > VALUES {
            return Err(too_large());
        }
        let (op, name) = split(key);
        let name = name.to_ascii_uppercase();
        let denied = matches!(op, Op::Ne | Op::NotIn | Op::NotContains | Op::NotLike | Op::NotBetween);
        if let Some(parts) = parts_of(&name) {
            return Ok(self.member(&users(value), parts, denied));
        }
        let found = match name.as_str() {
            "STATUS" => self.state(op, value),
            "TAG" | "TAGS" => self.tag(value),
            "UF_CRM_TASK" if !value.is_empty() && *value != Value::Bool(false) => self.link(op, value),
            "FAVORITE" => self.marked("F", value),
            "IS_PINNED" => self.marked("P", value),
            "IS_MUTED" => self.marked("M", value),
            "ONLY_ROOT_TASKS" if value.as_flag() == Some(true) => {
                return Ok(Some("COALESCE(t.parent_id, 0) = 0".to_owned()));
            }
            "ONLY_ROOT_TASKS" => return Ok(None),
            "SUBORDINATE_TASKS" | "CHECK_PERMISSIONS" => return Ok(None),
            "STAGE_ID" if self.is_planned(value) => match self.stage(value, denied)? {
                Some(found) => found,
                None => return Ok(None),
            },
            _ => return self.field(op, &name, value),
        };
        let whole = name == "STATUS";
        Ok(Some(if denied && !whole { format!("NOT {found}") } else { found }))
    }

    /// Tasks on these stages, of which some are of the caller's plan.
    fn stage(&mut self, value: &Value, is_denied: bool) -> Result<Option<String>, Fault> {
        let (planned, others): (Vec<&Value>, Vec<&Value>) =
            value.each().partition(|stage| stage.as_int().is_some_and(|stage| self.plan.contains(&stage)));
        let planned: Vec<i64> = planned.into_iter().filter_map(Value::as_int).collect();
        let first = self.plan.first().copied().unwrap_or(0);
        if others.is_empty() && planned == [first] && self.is_needed && !is_denied {
            let (others, values) = place::not_placed_elsewhere(self.user, first);
            self.among.push(taking_part(&[self.user], PARTS));
            self.conditions.params.extend(values);
            return Ok(Some(others));
        }
        let mut parts = Vec::new();
        if !others.is_empty() {
            let value = Value::List(others.into_iter().cloned().collect());
            let test = Filter::Test { op: Op::Eq, field: "STAGE_ID".into(), value };
            parts.extend(self.conditions.build(&test)?);
        }
        for stage in planned {
            let (condition, values) = if stage == first {
                place::on_plan_first(self.user, stage)
            } else {
                (place::placed().to_owned(), vec![stage.into()])
            };
            parts.push(condition);
            self.conditions.params.extend(values);
        }
        Ok(Some(format!("({})", parts.join(" OR "))))
    }

    /// Whether a test names stages of the caller's plan.
    fn is_planned(&self, value: &Value) -> bool {
        value.each().filter_map(Value::as_int).any(|stage| self.plan.contains(&stage))
    }

    /// A test of a field with a column.
    fn field(&mut self, op: Op, name: &str, value: &Value) -> Result<Option<String>, Fault> {
        let (op, name) = match (op, name) {
            // A bare title is a pattern.
            (Op::Eq, "TITLE") if !value.is_empty() => (Op::Contains, name),
            (Op::Ne, "TITLE") if !value.is_empty() => (Op::NotContains, name),
            (op, "REAL_STATUS") => (op, "STATUS"),
            (op, "FLOW") => (op, "FLOW_ID"),
            (op, "META:PARENT_ID_OR_NULL") => (op, "PARENT_ID"),
            (op, name) => (op, name),
        };
        // Nothing is 0 where 0 is nothing.
        let zero =
            value.as_int() == Some(0) && ["PARENT_ID", "FLOW_ID", "SPRINT_ID", "BACKLOG_ID"].contains(&name);
        let value = if zero { Value::from("") } else { value.clone() };
        self.conditions.build(&Filter::Test { op, field: name.into(), value })
    }

    /// The state as lists show it.
    fn state(&mut self, op: Op, value: &Value) -> String {
        let column = status::shown(self.now, self.user);
        let sign = match op {
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Lt => "<",
            Op::Le => "<=",
            _ => {
                let values: Vec<i64> = value.each().filter_map(Value::as_int).collect();
                if values.is_empty() {
                    return "1 = 0".to_owned();
                }
                let places = store::placeholders(values.len());
                self.conditions.params.extend(values.into_iter().map(Param::from));
                let not = if matches!(op, Op::Ne | Op::NotIn) { "NOT " } else { "" };
                return format!("{column} {not}IN ({places})");
            }
        };
        match value.as_int() {
            Some(state) => {
                self.conditions.params.push(state.into());
                format!("{column} {sign} ?")
            }
            None => "1 = 0".to_owned(),
        }
    }

    /// People who have one of these parts.
    /// Tasks in which these people have one of these parts.
    fn member(&mut self, users: &[i64], parts: &[&'static str], is_denied: bool) -> Option<String> {
        if self.is_needed && !is_denied {
            self.among.push(taking_part(users, parts));
            return None;
        }
        let (condition, values) = is_member(users, parts);
        self.conditions.params.extend(values);
        Some(if is_denied { format!("NOT {condition}") } else { condition })
    }

    fn tag(&mut self, value: &Value) -> String {
        let names: Vec<String> =
            value.each().filter_map(Value::text).map(|name| name.trim().to_owned()).collect();
        let places = store::placeholders(names.len());
        if names.is_empty() {
            return "1 = 0".to_owned();
        }
        self.conditions.params.extend(names.into_iter().map(Param::from));
        format!(
            "t.id IN (SELECT g.task_id FROM tasks_tagged g JOIN tasks_tag n ON n.id = g.tag_id \
             WHERE n.name IN ({places}))"
        )
    }

    /// Tasks of these items of the CRM; with `%`, whose codes have this in them.
    fn link(&mut self, op: Op, value: &Value) -> String {
        let codes: Vec<String> =
            value.each().filter_map(Value::text).map(|code| code.trim().to_owned()).collect();
        let test = if matches!(op, Op::Contains | Op::NotContains | Op::Like | Op::NotLike) {
            let part = codes.into_iter().next().unwrap_or_default();
            self.conditions
                .params
                .push(Param::from(format!("%{}%", store::Dialect::escape(part.trim_matches('%')))));
            store::Dialect::like("c.code")
        } else {
            let places = store::placeholders(codes.len().max(1));
            let none = codes.is_empty().then(String::new);
            self.conditions.params.extend(codes.into_iter().chain(none).map(Param::from));
            format!("c.code IN ({places})")
        };
        format!("t.id IN (SELECT c.task_id FROM tasks_crm c WHERE {test})")
    }

    /// What the caller noted.
    fn marked(&mut self, code: &'static str, value: &Value) -> String {
        self.conditions.params.extend([Param::from(self.user), Param::from(code)]);
        let not = if value.as_flag() == Some(false) { "NOT " } else { "" };
        format!("t.id {not}IN (SELECT m.task_id FROM tasks_mark m WHERE m.user_id = ? AND m.kind = ?)")
    }
}
