//! Tasks as answers show them: camelCase names, numbers as text, and what belongs to the fields that were asked for.

use std::collections::{BTreeSet, HashMap};

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::input::yes_no;
use engine::moment;
use engine::noun::{self, Face, Row};
use store::Param;
use wire::{Map, Value};

use super::action::{ACTIONS, Stand};
use super::index::{self, Mark};
use super::rights::{Person, ids, roles};
use super::{SYSTEM, TASK, convert, family, status};
use crate::group::Groups;
use crate::people::People;
use crate::stages::place;
use crate::{checklist, counters, result};

/// How rows are shown.
pub static CAMEL: Face = Face {
    naming: engine::entity::Naming::Item,
    values: engine::entity::Naming::Legacy,
    ..Face::legacy("tasks.task.shown")
};

/// What is shown of tasks.
#[derive(Debug, Default)]
pub struct Wanted {
    /// The codes of fields that were named; `None` shows the usual ones.
    named: Option<BTreeSet<String>>,
    /// Whether a task stands alone, with what may be done with it.
    pub alone: bool,
    /// Whether the task is answered as a whole, as after a change.
    pub whole: bool,
    /// Whether it is said how long it took.
    timer: bool,
    /// Whether it is said what results it has.
    results: bool,
    /// Whether the description is shown as it is read, too.
    parsed: bool,
}

impl Wanted {
    /// The task as a whole, after a change.
    pub fn whole() -> Self {
        Wanted { alone: true, whole: true, ..Wanted::default() }
    }

    /// What a `select` names.
    pub fn read(call: &Call<'_, '_>, select: &Value, alone: bool) -> Self {
        let mut named: BTreeSet<String> =
            select.each().filter_map(Value::text).map(|name| convert::code(call, &name).into()).collect();
        // What has no column is named in camelCase by clients, too.
        for (camel, code) in [("SUBSTATUS", "SUB_STATUS"), ("NEWCOMMENTSCOUNT", "NEW_COMMENTS_COUNT")] {
            if named.remove(camel) {
                named.insert(code.to_owned());
            }
        }
        named.retain(|name| !name.is_empty());
        if named.is_empty() {
            return Wanted { alone, ..Wanted::default() };
        }
        if SYSTEM.iter().any(|name| named.contains(&system_code(name))) {
            named.extend(SYSTEM.iter().map(|name| system_code(name)));
        }
        Wanted { named: Some(named), alone, ..Wanted::default() }
    }

    /// Takes what a list is to show beside fields.
    pub fn with(&mut self, params: &Value) {
        let on = |name: &str| params.get(name).and_then(Value::as_flag) == Some(true);
        self.timer = on("WITH_TIMER_INFO");
        self.results = on("WITH_RESULT_INFO");
        self.parsed = on("WITH_PARSED_DESCRIPTION");
    }

    /// Whether this one was named, and not only meant by `*`.
    pub fn names(&self, code: &str) -> bool {
        self.named.as_ref().is_some_and(|named| named.contains(code))
    }

    /// Whether a field is shown that is among the usual ones.
    fn has(&self, code: &str) -> bool {
        let Some(named) = &self.named else { return true };
        code == "ID" || named.contains(code) || named.contains("*")
    }

    /// Whether a field is shown that a person or another module added.
    fn has_user_field(&self, code: &str) -> bool {
        self.named.as_ref().is_some_and(|named| named.contains(code) || named.contains("UF_*"))
    }
}

fn system_code(name: &str) -> String {
    TASK.field(name).map(engine::noun::Field::upper_name).unwrap_or_default()
}

/// Fields that are shown only when they are named.
const ON_DEMAND: [&str; 3] = ["tags", "dependsOn", "seParameter"];

/// Tasks as an answer shows them.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, rows: &[Row], wanted: &Wanted) -> Result<Vec<Map>> {
    let context = Context::load(call, rows, wanted)?;
    let stored = noun::show_all(call, &TASK, &CAMEL, rows, false)?;
    rows.iter().zip(stored).map(|(row, stored)| one(call, row, stored, wanted, &context)).collect()
}

/// A task as a whole.
pub fn whole(call: &mut Call<'_, '_>, row: &Row) -> Result<Value> {
    let shown = show(call, std::slice::from_ref(row), &Wanted::whole())?.pop();
    Ok(shown.unwrap_or_default().into())
}

/// What is looked up for all tasks of an answer at once.
struct Context {
    groups: Groups,
    sorting: HashMap<i64, f64>,
    people: People,
    marks: HashMap<(i64, Mark), i64>,
    tags: HashMap<i64, Vec<(i64, String)>>,
    states: HashMap<i64, i64>,
    results: HashMap<i64, bool>,
    comments: HashMap<i64, i64>,
}

impl Context {
    fn load(call: &mut Call<'_, '_>, rows: &[Row], wanted: &Wanted) -> Result<Self> {
        let tasks: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let named = rows.iter().flat_map(|row| {
            let one = |name: &str| row.int(name).unwrap_or(0);
            let mut named = vec![one("createdBy"), one("responsibleId")];
            named.extend(ids(row, "accomplices"));
            named.extend(ids(row, "auditors"));
            named
        });
        let own = call.caller.user_id;
        let (mut tags, mut states) = (HashMap::new(), HashMap::new());
        if wanted.names("TAGS") && !tasks.is_empty() {
            tags = index::tags(call.tx, &tasks)?;
        }
        if wanted.has("SUB_STATUS") && !tasks.is_empty() {
            states = shown_states(call, &tasks)?;
        }
        Ok(Context {
            groups: Groups::find(call, rows)?,
            sorting: if wanted.has("SORTING") { place::sorting(call.tx, &tasks)? } else { HashMap::new() },
            people: People::find(call, named)?,
            marks: if tasks.is_empty() { HashMap::new() } else { index::marks(call.tx, own, &tasks)? },
            tags,
            states,
            results: if wanted.results { result::counted(call.tx, &tasks)? } else { HashMap::new() },
            comments: match wanted.has("NEW_COMMENTS_COUNT") || wanted.names("COUNTERS") {
                true => counters::comments(call, &tasks)?,
                false => HashMap::new(),
            },
        })
    }
}

/// The states of tasks as lists show them to the caller.
fn shown_states(call: &mut Call<'_, '_>, tasks: &[i64]) -> Result<HashMap<i64, i64>> {
    let shown = status::shown(call.now.seconds(), call.caller.user_id);
    let sql = format!(
        "SELECT t.id, {shown} FROM tasks_task t WHERE t.id IN ({})",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    let mut states = HashMap::new();
    call.tx.query(&sql, &params, |row| {
        states.insert(row.int(0)?, row.int(1)?);
        Ok(())
    })?;
    Ok(states)
}

fn one(
    call: &mut Call<'_, '_>,
    row: &Row,
    mut stored: Map,
    wanted: &Wanted,
    context: &Context,
) -> Result<Map> {
    let mut shown = Map::with_capacity(stored.len() + 12);
    let noted = |mark: Mark| context.marks.get(&(row.number, mark)).copied();
    for field in TASK.fields {
        let code = field.upper_name();
        let is_system = SYSTEM.contains(&field.name);
        let is_wanted = match field.name {
            name if ON_DEMAND.contains(&name) => wanted.names(&code),
            "descriptionInBbcode" => wanted.has(&code) || wanted.names("DESCRIPTION"),
            "favorite" => wanted.has(&code) || wanted.alone,
            _ if is_system => wanted.has_user_field(&code),
            _ => wanted.has(&code),
        };
        if !is_wanted {
            continue;
        }
        let value = match field.name {
            "notViewed" => yes_no(noted(Mark::Viewed).is_none() && !is_own(call, row)).into(),
            "viewedDate" => noted(Mark::Viewed).map(|seen| moment::print(&call.caller.zone, seen)).into(),
            "favorite" => yes_no(noted(Mark::Favorite).is_some()).into(),
            "sorting" => context.sorting.get(&row.number).map(ToString::to_string).into(),
            "isMuted" => yes_no(noted(Mark::Muted).is_some()).into(),
            "isPinned" => yes_no(noted(Mark::Pinned).is_some()).into(),
            "isPinnedInGroup" => yes_no(noted(Mark::PinnedInGroup).is_some()).into(),
            "subordinate" => yes_no(is_below(call, row)).into(),
            "tags" => tags(context.tags.get(&row.number)),
            "chatId" => row.int("chatId").into(),
            "description" => row.text("description").into(),
            // The comments that the portal itself writes: there are none.
            "serviceCommentsCount" => row.int("commentsCount").map(|_| "0").into(),
            "ufTaskWebdavFiles" => {
                ids(row, "ufTaskWebdavFiles").into_iter().map(Value::Int).collect::<Vec<_>>().into()
            }
            name => plain(field.kind, stored.remove(name).unwrap_or_default()),
        };
        shown.push(field.name, value);
        if field.name == "accomplices" && wanted.has("CHECKLIST") {
            shown.push("checklist", checklists(call, row, wanted)?);
        }
    }
    let user_fields = row.table().fields.iter().filter(|field| field.user.is_some());
    for field in user_fields.filter(|field| wanted.has_user_field(&field.code)) {
        let Some(name) = field.item.as_deref() else { continue };
        shown.push(name, plain(field.kind, stored.remove(name).unwrap_or_default()));
    }
    derived(call, row, wanted, context, &mut shown)?;
    Ok(shown)
}

/// The items of a task's checklists: in lists for those who name them, as they are looked up one task after the other.
fn checklists(call: &mut Call<'_, '_>, row: &Row, wanted: &Wanted) -> Result<Value> {
    if !wanted.alone && !wanted.names("CHECKLIST") {
        return Ok(Value::List(Vec::new()));
    }
    let items = checklist::tree_of(row.number).items(call)?;
    if items.is_empty() {
        return Ok(Value::List(Vec::new()));
    }
    let may = super::stand(call, row)?.may("checklist.add");
    checklist::by_number(call, &items, may)
}

/// Where there is no moment there is nothing.
fn plain(kind: Kind, value: Value) -> Value {
    let empty = kind == Kind::DateTime && value.as_str() == Some("");
    if empty { Value::Null } else { value }
}

fn is_own(call: &Call<'_, '_>, row: &Row) -> bool {
    row.int("createdBy") == Some(call.caller.user_id)
}

/// Whether the caller is above somebody who has a part in the task, or may see it as one who is above all.
fn is_below(call: &Call<'_, '_>, row: &Row) -> bool {
    let own = call.caller.user_id;
    let people = ["createdBy", "responsibleId"].into_iter().filter_map(|name| row.int(name));
    call.caller.is_admin || people.into_iter().any(|person| call.meta.directory.is_above(own, person))
}

fn tags(tags: Option<&Vec<(i64, String)>>) -> Value {
    let one = |(id, title): &(i64, String)| {
        let mut tag = Map::with_capacity(2);
        tag.push("id", *id);
        tag.push("title", title.as_str());
        (id.to_string().into(), Value::from(tag))
    };
    tags.into_iter().flatten().map(one).collect::<Map>().into_value()
}

/// What belongs to the fields that are shown.
fn derived(
    call: &mut Call<'_, '_>,
    row: &Row,
    wanted: &Wanted,
    context: &Context,
    shown: &mut Map,
) -> Result<()> {
    let people = &context.people;
    shown.push("group", context.groups.of(row));
    for (code, name, field) in
        [("CREATED_BY", "creator", "createdBy"), ("RESPONSIBLE_ID", "responsible", "responsibleId")]
    {
        if wanted.has(code) {
            shown.push(name, people.card(call, row.int(field).unwrap_or(0)));
        }
    }
    for (code, name, field) in
        [("ACCOMPLICES", "accomplicesData", "accomplices"), ("AUDITORS", "auditorsData", "auditors")]
    {
        if wanted.has(code) {
            shown.push(name, people.cards(call, &ids(row, field)));
        }
    }
    if !wanted.whole && wanted.has("SUB_STATUS") {
        shown.push("subStatus", context.states.get(&row.number).map(ToString::to_string));
    }
    if wanted.timer {
        shown.push("timeElapsed", row.int("timeSpentInLogs").map(|spent| spent.to_string()));
        shown.push("timerIsRunningForCurrentUser", "N");
    }
    if wanted.results {
        let found = context.results.get(&row.number);
        shown.push("taskRequireResult", yes_no(family::has(row, family::RESULT)));
        shown.push("taskHasOpenResult", yes_no(found == Some(&true)));
        shown.push("taskHasResult", yes_no(found.is_some()));
    }
    if wanted.names("COUNTERS") {
        let late = row.int("deadline").is_some_and(|deadline| deadline < call.now.seconds());
        let expired = late && !matches!(row.int("status"), Some(4 | 5));
        let comments = context.comments.get(&row.number).copied().unwrap_or(0);
        let muted = context.marks.contains_key(&(row.number, Mark::Muted));
        let group = row.int("groupId").is_some_and(|group| group > 0);
        shown.push("counter", counters::of_task(expired, comments, muted, group));
    }
    if wanted.parsed {
        shown.push("parsedDescription", row.text("description"));
    }
    if !wanted.alone && wanted.has("DEADLINE") {
        // Whether there is one, as a list may be sorted by it.
        shown.push("lengthDeadline", if row.int("deadline").is_some() { "1" } else { "0" });
    }
    if wanted.has("NEW_COMMENTS_COUNT") {
        shown.push("newCommentsCount", context.comments.get(&row.number).copied().unwrap_or(0));
    }
    if wanted.alone || wanted.names("ACTION") {
        let person = Person::caller(call);
        let stand = Stand {
            task: row,
            roles: roles(call, person, row)?,
            favorite: context.marks.contains_key(&(row.number, Mark::Favorite)),
        };
        shown.push("action", actions(&stand, str::to_owned));
        if wanted.whole {
            let may = stand.may("checklist.add");
            let items = checklist::tree_of(row.number).items(call)?;
            shown.push("checkListTree", checklist::node(call, &items, may)?);
            shown.push("checkListCanAdd", may);
        }
    }
    Ok(())
}

/// All actions with whether each may be done, under their names in these words.
pub fn actions(stand: &Stand<'_>, name: impl Fn(&str) -> String) -> Value {
    let one = |action: &super::action::Action| (name(action.name).into(), stand.allows(action).into());
    ACTIONS.iter().map(one).collect::<Map>().into()
}
