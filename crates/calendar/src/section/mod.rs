//! Calendars: `calendar.section.*`. Resources are calendars, too, and so are rooms.

mod methods;
mod show;

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::event::MayKnow;
use engine::noun::{
    self, Access, Draft, EventData, Events, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field,
    noun,
};
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::event::EVENT;
use crate::refusal::FAULTS;
use crate::rights::{self, BELONGS, Level};

pub use methods::{OWNER, TYPE, may_enter, methods};

/// What calendars are written with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("calendar.calendar", "ID") };

/// The kinds of calendars: of a user, of a workgroup, of the company, of a room, and of a resource.
pub const TYPES: [&str; 5] = ["user", "group", "company_calendar", "location", "resource"];

/// Calendars of one owner at most.
const MOST: i64 = 500;

/// Calendars.
pub static SECTION: Noun = Noun {
    access: Access::Rule(&ByLevel),
    fields: &[
        ID,
        field("name", Kind::String, "Name").trimmed().required(),
        field("description", Kind::Text, "Description"),
        field("color", Kind::String, "Color").default("#9dcf00"),
        field("textColor", Kind::String, "Color of the text"),
        field("export", Kind::Json, "Export"),
        field("calType", Kind::String, "Type").required().immutable(),
        field("ownerId", Kind::Integer, "Owner").default("0").immutable(),
        field("createdBy", Kind::User, "Added by").immutable(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    events: Some(Events::new("ONCALENDARSECTION").with(EventData::Lower)),
    hooks: &Hook,
    ..noun("calendar.section", "calendar_section", SCOPE, ["calendar", "calendars"])
};

/// What the levels of a calendar give. Everybody adds calendars of one's own, the owner and moderators of a workgroup those of
/// the group, and administrators all others.
#[derive(Debug)]
struct ByLevel;

impl Rule for ByLevel {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let level = match act {
            Act::Read | Act::Export => Level::Time,
            Act::Update | Act::Delete => Level::Full,
            Act::Add | Act::Import if call.caller.is_admin => return Ok(Grant::All),
            Act::Add | Act::Import => {
                let me: Param<'static> = call.caller.user_id.into();
                let mut sql = "((t.cal_type = 'user' AND t.owner_id = ?)".to_owned();
                let mut params = vec![me.clone()];
                if let Some(members) = rights::of_members(call, "t.owner_id", Level::Full) {
                    sql.push_str(&format!(" OR (t.cal_type = 'group' AND {members})"));
                    params.push(me);
                }
                return Ok(Grant::Where(sql + ")", params));
            }
        };
        let (sql, params) = rights::of_sections(call, "t", level);
        Ok(Grant::Where(sql, params))
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        audience(call, row.number, row.text("calType"), row.int("ownerId").unwrap_or(0))
    }
}

/// Who sees a calendar, and so may know of what happens in it.
pub fn audience(call: &mut Call<'_, '_>, section: i64, kind: &str, owner: i64) -> Result<MayKnow> {
    let is_group = kind == "group";
    let members = match kind {
        "user" => vec![owner],
        "group" => noun::members_of(call, "groups.member", "groupId", owner, BELONGS)?,
        _ => Vec::new(),
    };
    let given = rights::given(call, &[section])?.remove(&section).unwrap_or_default();
    let codes: Vec<String> = given
        .into_iter()
        .filter(|(_, level)| *level > Level::None && !is_group)
        .map(|(code, _)| code)
        .collect();
    let meta = Arc::clone(&call.meta);
    Ok(Arc::new(move |who| {
        let named = || meta.directory.access_codes(who.user_id).iter().any(|code| codes.contains(code));
        who.is_admin || members.contains(&who.user_id) || named()
    }))
}

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        draft.set_if_empty("createdBy", call.caller.user_id);
        let (kind, owner) = (draft.text("calType").unwrap_or_default().to_owned(), draft.int("ownerId"));
        let sql = "SELECT COUNT(*) FROM calendar_section WHERE cal_type = ? AND owner_id = ?";
        let there = call.tx.one(sql, &[kind.into(), owner.unwrap_or(0).into()], |row| row.int(0))?;
        match there {
            Some(there) if there >= MOST => Err(Fault::crm("There are too many calendars.").into()),
            _ => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let access = saved.given.get("ACCESS");
        if saved.old.is_some() && access.is_none() {
            return Ok(());
        }
        let (kind, owner) = (saved.row.text("calType"), saved.row.int("ownerId").unwrap_or(0));
        rights::replace(call, saved.row.number, kind, owner, access)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &EVENT, &[("sectionId", row.number.into())])
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        call.tx.execute("DELETE FROM calendar_access WHERE section_id = ?", &[row.number.into()])?;
        Ok(())
    }
}

/// What the first calendar of a user is called.
pub const OWN: &str = "My calendar";
/// What the first calendar of the company is called.
pub const COMPANY: &str = "Company calendar";
/// What the first calendar of a workgroup is called.
pub const GROUP: &str = "Workgroup calendar";

/// The first calendar of an owner, made when there is none; `None` for rooms and resources, which people make.
///
/// # Errors
/// The end of a call that reads, to be run again where it may write.
pub fn home(call: &mut Call<'_, '_>, kind: &str, owner: i64) -> Result<Option<i64>> {
    let sql = "SELECT id FROM calendar_section WHERE cal_type = ? AND owner_id = ? ORDER BY id LIMIT 1";
    let params = [Param::from(kind.to_owned()), owner.into()];
    if let Some(id) = call.tx.one(sql, &params, |row| row.int(0))? {
        return Ok(Some(id));
    }
    let name = match kind {
        "user" => OWN,
        "company_calendar" => COMPANY,
        "group" => GROUP,
        _ => return Ok(None),
    };
    call.write_from_here()?;
    let name = call.portal_name(name);
    let mut given = Map::with_capacity(4);
    given.push("NAME", name);
    given.push("CAL_TYPE", kind);
    given.push("OWNER_ID", owner);
    given.push("CREATED_BY", if kind == "user" { owner } else { call.caller.user_id });
    // It comes with its owner, whoever is the first to ask for it.
    Ok(Some(noun::put(call, &SECTION, &given)?.number))
}

/// The owner that a call names: the caller where it names nobody, and nobody of what has no owner.
pub fn owner(call: &Call<'_, '_>, kind: &str) -> i64 {
    match kind {
        "user" => match call.param("ownerId").and_then(Value::as_int) {
            Some(owner) if owner > 0 => owner,
            _ => call.caller.user_id,
        },
        "group" => call.id("ownerId"),
        _ => 0,
    }
}
