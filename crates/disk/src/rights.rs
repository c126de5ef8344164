//! Who may do what to storages and objects, as one condition on rows.
//!
//! A storage gives a level to everybody whom it is for: a person's own gives its owner everything, the company's lets all
//! read, a group's and a chat's are for the members. Rights of an object itself add to that, for it and for everything below.
//! Nothing takes a level away.

use crate::refusal::denied;
use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun;
use store::Param;
use wire::{Fault, Value};

/// What somebody may do to an object; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See it
    Read = 1,
    /// Put something into it
    Add = 2,
    /// Change it
    Edit = 3,
    /// Let others have it
    Share = 4,
    /// Delete it
    Full = 5,
}

impl Level {
    /// Every level with the number and the name under which requests give it.
    pub const ALL: [(Level, i64, &str, &str); 5] = [
        (Level::Read, 71, "disk_access_read", "Read"),
        (Level::Add, 73, "disk_access_add", "Add"),
        (Level::Edit, 75, "disk_access_edit", "Edit"),
        (Level::Share, 77, "disk_access_sharing", "Share"),
        (Level::Full, 79, "disk_access_full", "Full access"),
    ];

    /// The level with that number or name.
    pub fn named(task: &str) -> Option<Level> {
        let found = Self::ALL.into_iter().find(|(_, id, name, _)| *name == task || id.to_string() == task);
        found.map(|(level, ..)| level)
    }

    /// The level that an act needs. To let others have something stands in the place of taking it out.
    pub fn of(act: Act) -> Level {
        match act {
            Act::Read => Level::Read,
            Act::Add | Act::Import => Level::Add,
            Act::Update => Level::Edit,
            Act::Export => Level::Share,
            Act::Delete => Level::Full,
        }
    }
}

/// A condition on rows, with the values of its placeholders.
pub struct Condition {
    /// The SQL.
    pub sql: String,
    /// The values.
    pub params: Vec<Param<'static>>,
}

/// A type of storage that is for the members of something.
struct Shared {
    /// The type.
    kind: &'static str,
    /// The noun of the members.
    members: &'static str,
    /// Its field for what they are members of, which is the owner of the storage.
    of: &'static str,
    /// The condition on members that gives a level.
    gives: fn(Level) -> Option<&'static str>,
}

const SHARED: [Shared; 2] = [
    Shared {
        kind: "group",
        members: "groups.member",
        of: "groupId",
        gives: |level| match level {
            Level::Read | Level::Add | Level::Edit => Some("m.role IN ('A', 'E', 'K')"),
            Level::Share | Level::Full => Some("m.role IN ('A', 'E')"),
        },
    },
    Shared {
        kind: "chat",
        members: "im.member",
        of: "chatId",
        gives: |level| (level <= Level::Add).then_some("1 = 1"),
    },
];

/// The condition on storages, called `s`, that they give the caller that level.
pub fn of_storages(call: &Call<'_, '_>, s: &str, level: Level) -> Condition {
    let me = call.caller.user_id;
    let mut parts = vec![format!("({s}.entity_type = 'user' AND {s}.owner_id = ?)")];
    let mut params = vec![Param::from(me)];
    if level == Level::Read || call.caller.is_admin {
        parts.push(format!("{s}.entity_type = 'common'"));
    }
    if call.caller.is_admin {
        parts.push(format!("{s}.entity_type = 'group'"));
    }
    for Shared { kind, members, of, gives } in SHARED {
        let belongs = |which| noun::has_member(call, members, of, &format!("{s}.owner_id"), which);
        if let Some(belongs) = gives(level).and_then(belongs) {
            parts.push(format!("({s}.entity_type = '{kind}' AND {belongs})"));
            params.push(me.into());
        }
    }
    Condition { sql: format!("({})", parts.join(" OR ")), params }
}

/// The condition on objects, called `o`, that the caller has that level. A new object is judged by its folder.
pub fn of_objects(call: &Call<'_, '_>, o: &str, level: Level) -> Condition {
    let Condition { mut sql, mut params } = by_storage_or_right(call, o, level);
    // Whoever may add something may change and delete it.
    if level > Level::Add {
        let adding = by_storage_or_right(call, o, Level::Add);
        sql = format!("({sql} OR ({o}.type = 'file' AND {o}.created_by = ? AND {}))", adding.sql);
        params.push(call.caller.user_id.into());
        params.extend(adding.params);
    }
    Condition { sql, params }
}

fn by_storage_or_right(call: &Call<'_, '_>, o: &str, level: Level) -> Condition {
    let Condition { sql: storages, mut params } = of_storages(call, "s", level);
    let codes = call.meta.directory.access_codes(call.caller.user_id);
    let held =
        format!("r.level >= {} AND r.access_code IN ({})", level as i64, store::placeholders(codes.len()));
    let sql = format!(
        "(EXISTS (SELECT 1 FROM disk_storage s WHERE s.id = {o}.storage_id AND {storages}) OR \
         EXISTS (SELECT 1 FROM disk_right r WHERE r.object_id = {o}.id AND {held}) OR \
         EXISTS (SELECT 1 FROM disk_path p JOIN disk_right r ON r.object_id = p.ancestor_id WHERE p.folder_id = {o}.parent_id AND {held}))"
    );
    for _ in 0..2 {
        params.extend(codes.iter().map(|code| Param::from(code.clone())));
    }
    Condition { sql, params }
}

/// Whether the caller has that level on an object.
///
/// # Errors
/// Those of the store.
pub fn has(call: &mut Call<'_, '_>, object: i64, level: Level) -> Result<bool> {
    let Condition { sql, mut params } = of_objects(call, "o", level);
    params.insert(0, object.into());
    let sql = format!("SELECT 1 FROM disk_object o WHERE o.id = ? AND {sql}");
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// Whether a storage gives the caller that level.
///
/// # Errors
/// Those of the store.
pub fn has_storage(call: &mut Call<'_, '_>, storage: i64, level: Level) -> Result<bool> {
    let Condition { sql, mut params } = of_storages(call, "s", level);
    params.insert(0, storage.into());
    let sql = format!("SELECT 1 FROM disk_storage s WHERE s.id = ? AND {sql}");
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// Gives whoever has that access code a level on an object, unless it is a higher one already.
///
/// # Errors
/// Those of the store.
pub fn give(call: &mut Call<'_, '_>, object: i64, code: &str, level: Level) -> Result<()> {
    let sql = "INSERT INTO disk_right (object_id, access_code, level) VALUES (?, ?, ?) \
               ON CONFLICT (object_id, access_code) DO UPDATE SET level = excluded.level \
               WHERE disk_right.level < excluded.level";
    call.tx.execute(sql, &[object.into(), code.into(), (level as i64).into()])?;
    Ok(())
}

/// Rights that one request gives at most.
const MOST: usize = 100;

/// Rights that a request gives a new object.
#[derive(Debug, Default)]
pub struct Given(Vec<(String, Level)>);

impl Given {
    /// Reads the parameter `rights`.
    ///
    /// # Errors
    /// When it is no list of rights.
    pub fn read(call: &Call<'_, '_>) -> Result<Given> {
        let Some(given) = call.param("rights").filter(|given| !given.is_empty()) else {
            return Ok(Given::default());
        };
        let wrong = || Fault::new(400, "", "Invalid rights format");
        let one = |right: &Value| {
            let of = |name: &str| right.get(name).and_then(Value::text);
            // A right that takes something away would have to be looked for everywhere below.
            let is_negative = right.get("NEGATIVE").and_then(Value::as_flag).unwrap_or(false);
            let level = Level::named(&of("TASK_ID")?).filter(|_| !is_negative)?;
            let code = of("ACCESS_CODE").filter(|code| is_code(code))?;
            Some((if code == "*" { "AU".to_owned() } else { code.into_owned() }, level))
        };
        if !given.is_array() || given.items().count() > MOST {
            return Err(wrong().into());
        }
        given.items().map(|right| one(right).ok_or_else(|| wrong().into())).collect::<Result<_>>().map(Given)
    }

    /// Gives them. Nobody gives more than one has.
    ///
    /// # Errors
    /// The refusal of somebody who may not share the object, or has a lower level.
    pub fn give(&self, call: &mut Call<'_, '_>, object: i64) -> Result<()> {
        if let Some(highest) = self.0.iter().map(|(_, level)| *level).max()
            && !has(call, object, highest.max(Level::Share))?
        {
            return Err(denied().into());
        }
        self.0.iter().try_for_each(|(code, level)| give(call, object, code, *level))
    }
}

/// Whether that is an access code: `U7`, `DR1`, `AU`, `*`.
fn is_code(code: &str) -> bool {
    let letters = code.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match letters {
        "AU" | "*" => letters == code,
        "U" | "D" | "DR" | "G" | "SG" => letters.len() < code.len() && code.len() < 24,
        _ => false,
    }
}
