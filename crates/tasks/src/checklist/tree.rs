//! Changes of checklists. They are the same for tasks and templates: the noun says whose items they are.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use store::Param;
use wire::{Map, Value};

/// Items that one task or template has at most.
const MOST: usize = 2000;

/// What the first checklist of a task is called.
pub const FIRST: &str = "BX_CHECKLIST_1";

/// The checklists of one task or template.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    /// Whose items they are.
    pub noun: &'static Noun,
    /// The field that says to what an item belongs.
    pub link: &'static str,
    /// To which task or template.
    pub owner: i64,
}

impl Tree {
    /// All items, by their place among their neighbours.
    pub fn items(&self, call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
        let scope = self.noun.grant(call, Act::Read)?;
        let mut items = noun::rows(call, self.noun, &scope, &[(self.link, self.owner.into())])?;
        items.sort_by_key(|item| (item.int("sortIndex").unwrap_or(0), item.number));
        Ok(items)
    }

    /// One of them.
    pub fn item(&self, call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
        let scope = self.noun.grant(call, Act::Read)?;
        let found = noun::one(call, self.noun, &scope, id)?;
        Ok(found.filter(|item| item.int(self.link) == Some(self.owner)))
    }

    /// Adds an item, and a checklist for it where there is none: under the one that `PARENT_ID` names, and, without that,
    /// to the first. `None` when there is no room left.
    pub fn add(&self, call: &mut Call<'_, '_>, fields: &Map) -> Result<Option<Row>> {
        let items = self.items(call)?;
        if items.len() >= MOST {
            return Ok(None);
        }
        let named = fields.get("PARENT_ID").map(|parent| parent.as_int().unwrap_or(0));
        let is_there = |id: i64| items.iter().any(|item| item.number == id);
        let first =
            || items.iter().find(|item| item.int("parentId").unwrap_or(0) == 0).map(|item| item.number);
        let parent = match named {
            Some(parent) if is_there(parent) => parent,
            // One that is not there makes a new checklist, as 0 does.
            Some(_) => 0,
            None => match first() {
                Some(first) => first,
                None => {
                    let title = [("TITLE".into(), FIRST.into())].into_iter().collect();
                    self.insert(call, &title, 0, &items)?.number
                }
            },
        };
        self.insert(call, fields, parent, &items).map(Some)
    }

    fn insert(&self, call: &mut Call<'_, '_>, fields: &Map, parent: i64, items: &[Row]) -> Result<Row> {
        let mut given = written(fields);
        let column = engine::noun::column(self.link).to_ascii_uppercase();
        given.insert(column, self.owner);
        given.insert("PARENT_ID", parent);
        let neighbours = items.iter().filter(|item| item.int("parentId").unwrap_or(0) == parent);
        let last = neighbours.filter_map(|item| item.int("sortIndex")).max();
        if fields.get("SORT_INDEX").and_then(Value::as_int).is_none() {
            given.insert("SORT_INDEX", last.map_or(0, |last| last.saturating_add(1)));
        }
        if given.get("IS_COMPLETE").and_then(Value::as_flag) == Some(true) {
            toggled(call, &mut given);
        }
        noun::add(call, self.noun, &self.noun.faces[0], &given)
    }

    /// Changes the given fields of an item.
    pub fn update(&self, call: &mut Call<'_, '_>, item: &Row, fields: &Map) -> Result<Row> {
        let mut given = written(fields);
        if let Some(parent) = given.get("PARENT_ID").and_then(Value::as_int) {
            let items = self.items(call)?;
            if parent != 0
                && (self.is_within(&items, parent, item.number)
                    || items.iter().all(|one| one.number != parent))
            {
                given.remove("PARENT_ID");
            }
        }
        let complete = given.get("IS_COMPLETE").and_then(Value::as_flag);
        if complete.is_some_and(|complete| complete != (item.text("isComplete") == "Y")) {
            toggled(call, &mut given);
        }
        noun::update(call, self.noun, &self.noun.faces[0], &[Value::Int(item.number)], &given)
    }

    /// Whether an item is another one or lies below it.
    fn is_within(&self, items: &[Row], id: i64, above: i64) -> bool {
        let mut at = id;
        for _ in 0..=items.len() {
            if at == above {
                return true;
            }
            match items.iter().find(|item| item.number == at) {
                Some(item) => at = item.int("parentId").unwrap_or(0),
                None => return false,
            }
        }
        false
    }

    /// Marks an item as done or not; nothing changes when it is so already.
    pub fn toggle(&self, call: &mut Call<'_, '_>, item: &Row, complete: bool) -> Result<Row> {
        if (item.text("isComplete") == "Y") == complete {
            return Ok(item.clone());
        }
        let fields = [("IS_COMPLETE".into(), engine::input::yes_no(complete).into())].into_iter().collect();
        self.update(call, item, &fields)
    }

    /// Deletes an item with all below it.
    pub fn delete(&self, call: &mut Call<'_, '_>, item: &Row) -> Result<()> {
        let items = self.items(call)?;
        for gone in items.iter().filter(|one| self.is_within(&items, one.number, item.number)) {
            noun::delete(call, self.noun, &self.noun.faces[0], &[Value::Int(gone.number)])?;
        }
        Ok(())
    }

    /// Puts an item behind another, or before it, under the same one above.
    pub fn place(&self, call: &mut Call<'_, '_>, item: &Row, beside: &Row, behind: bool) -> Result<()> {
        let items = self.items(call)?;
        if item.number == beside.number || self.is_within(&items, beside.number, item.number) {
            return Ok(());
        }
        let parent = beside.int("parentId").unwrap_or(0);
        let neighbours = items
            .iter()
            .filter(|one| one.int("parentId").unwrap_or(0) == parent && one.number != item.number);
        let mut order: Vec<i64> = neighbours.map(|one| one.number).collect();
        let at = order.iter().position(|id| *id == beside.number).unwrap_or(order.len());
        order.insert((at + usize::from(behind)).min(order.len()), item.number);
        for (index, id) in (0_i64..).zip(order) {
            let given = [("PARENT_ID".into(), parent.into()), ("SORT_INDEX".into(), index.into())];
            let old = items.iter().find(|one| one.number == id);
            let stands = old.is_some_and(|old| {
                old.int("sortIndex") == Some(index) && old.int("parentId").unwrap_or(0) == parent
            });
            if !stands {
                let given = given.into_iter().collect();
                noun::update(call, self.noun, &self.noun.faces[0], &[Value::Int(id)], &given)?;
            }
        }
        Ok(())
    }
}

/// The values of a request as the fields want them.
fn written(fields: &Map) -> Map {
    let mut given = fields.clone();
    if let Some(members) = fields.get("MEMBERS") {
        let named = |(id, member): (std::borrow::Cow<'_, str>, &Value)| {
            let kind = member.get("TYPE").and_then(Value::text).filter(|kind| kind == "U");
            let id = member.get("ID").and_then(Value::as_int).or_else(|| id.parse().ok())?;
            Some(serde_json::json!({"ID": id, "TYPE": kind.map_or("A", |_| "U")}))
        };
        let named: Vec<serde_json::Value> = members.entries().filter_map(named).take(100).collect();
        given.insert("MEMBERS", Value::from(serde_json::Value::from(named)));
    }
    given
}

fn toggled(call: &Call<'_, '_>, given: &mut Map) {
    given.insert("TOGGLED_BY", call.caller.user_id);
    given.insert("TOGGLED_DATE", engine::moment::print(&call.caller.zone, call.now.seconds()));
}

/// The people whom an item names, with `A` for participants and `U` for observers.
pub fn members(item: &Row) -> Vec<(i64, &'static str)> {
    let members = item.json("members");
    let one = |member: &serde_json::Value| {
        let kind = if member["TYPE"] == "U" { "U" } else { "A" };
        Some((member["ID"].as_i64()?, kind))
    };
    members.as_array().into_iter().flatten().filter_map(one).collect()
}

/// Deletes all items of a task or template that goes.
pub fn clear(call: &mut Call<'_, '_>, tree: Tree) -> Result<()> {
    noun::clear(call, tree.noun, &[(tree.link, Param::from(tree.owner))])
}
