//! Who may do what with lists, as one condition on rows: administrators everything, others what the rights of the list give
//! them; in a list of a group its members write, and its owner and moderators do everything.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Grant, Rule};
use store::Param;

/// What somebody may do with a list; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See it
    Read = 1,
    /// Add elements, and change one's own
    Add = 2,
    /// Change all elements and sections
    Write = 3,
    /// Change the list itself, and delete it
    Full = 4,
}

/// The level that a letter gives; `None` for D, which gives nothing.
fn of_letter(letter: &str) -> Option<Level> {
    match letter {
        "R" | "S" => Some(Level::Read),
        "E" | "T" | "U" => Some(Level::Add),
        "W" => Some(Level::Write),
        "X" => Some(Level::Full),
        _ => None,
    }
}

/// The condition on lists, called `l`, that the caller has that level, with the values of its placeholders.
pub fn of_lists(call: &Call<'_, '_>, l: &str, level: Level) -> (String, Vec<Param<'static>>) {
    if call.caller.is_admin {
        return ("1 = 1".to_owned(), Vec::new());
    }
    let codes = call.meta.directory.access_codes(call.caller.user_id);
    let mut sql = format!(
        "(EXISTS (SELECT 1 FROM lists_right r WHERE r.list_id = {l}.id AND r.level >= {} AND r.access_code IN ({}))",
        level as i64,
        store::placeholders(codes.len())
    );
    let mut params: Vec<Param<'static>> = codes.into_iter().map(Param::from).collect();
    let roles = if level == Level::Full { "'A', 'E'" } else { "'A', 'E', 'K'" };
    if let Some(members) = of_members(call, &format!("{l}.socnet_group_id"), roles) {
        sql.push_str(&format!(" OR {members}"));
        params.push(call.caller.user_id.into());
    }
    sql.push(')');
    (sql, params)
}

/// The condition that the caller is a member in one of these roles of the group to which a column leads.
pub fn of_members(call: &Call<'_, '_>, column: &str, roles: &str) -> Option<String> {
    noun::has_member(call, "groups.member", "groupId", column, &format!("m.role IN ({roles})"))
}

/// As the list that a row belongs to: everybody who reads that reads these.
#[derive(Debug)]
pub struct OfList {
    /// What adding needs.
    pub adds: Level,
    /// What changing and deleting needs.
    pub changes: Level,
    /// Whether who may add may change and delete what one added.
    pub own: bool,
}

impl Rule for OfList {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let level = match act {
            Act::Read | Act::Export => Level::Read,
            Act::Add | Act::Import => self.adds,
            Act::Update | Act::Delete => self.changes,
        };
        let within = |level| {
            let (sql, params) = of_lists(call, "l", level);
            (format!("EXISTS (SELECT 1 FROM lists_list l WHERE l.id = t.list_id AND {sql})"), params)
        };
        let (mut sql, mut params) = within(level);
        if self.own && level == self.changes {
            let (adding, values) = within(self.adds);
            sql = format!("({sql} OR (t.created_by = ? AND {adding}))");
            params.push(call.caller.user_id.into());
            params.extend(values);
        }
        Ok(Grant::Where(sql, params))
    }
}

/// Makes the rights that a request gives those of a list; whoever made it may do everything.
///
/// # Errors
/// Those of the store.
pub fn replace(call: &mut Call<'_, '_>, list: i64, maker: i64) -> Result<()> {
    let given = call.param("RIGHTS").cloned().unwrap_or_default();
    call.tx.execute("DELETE FROM lists_right WHERE list_id = ?", &[list.into()])?;
    let maker = (format!("U{maker}"), "X".to_owned());
    let named =
        given.entries().filter_map(|(code, letter)| Some((code.into_owned(), letter.text()?.into_owned())));
    let sql = "INSERT INTO lists_right (list_id, access_code, letter, level) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    for (code, letter) in [maker].into_iter().chain(named) {
        let code = if code == "*" { "AU".to_owned() } else { code };
        let Some(level) = of_letter(&letter) else { continue };
        call.tx.execute(sql, &[list.into(), code.into(), letter.into(), (level as i64).into()])?;
    }
    Ok(())
}
