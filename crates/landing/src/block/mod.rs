//! Blocks of pages: `landing.block.*` and the methods of `landing.landing.*` about them. A page has a draft, which is
//! changed, and what was published of it, which is read; a published block knows the one of the draft that it is a copy of.

mod cards;
mod change;
mod export;
mod image;
mod nodes;
mod on_page;
mod read;
mod repository;
mod styles;

use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::input::yes_no;
use engine::method::Method;
use engine::noun::{self, Access, Asked, Face, Hooks, ID, Noun, Stamp, field, noun};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::access::OnPages;
use crate::html;
use crate::refusal::{FAULTS, coded};

pub use change::apply;
pub use export::exported;
pub use image::IMAGE;
pub use on_page::add_to;
pub use repository::{NAMES, find as available};

/// Blocks of a page, at most.
const MOST: i64 = 500;

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.block", "block") };

/// Blocks. Saved ones are on no page.
pub static BLOCK: Noun = Noun {
    access: Access::Rule(&OnPages),
    fields: &[
        ID,
        field("landingId", Kind::Integer, "Page").required().indexed(),
        field("parentId", Kind::Integer, "Block of the draft").indexed(),
        field("code", Kind::String, "Code").required(),
        field("sort", Kind::Integer, "Sort order").default("0"),
        field("active", Kind::Char, "Visible").default("Y"),
        field("deleted", Kind::Char, "In the trash").default("N"),
        field("public", Kind::Char, "Published").default("N"),
        field("designed", Kind::Char, "Changed by hand").default("N"),
        field("anchor", Kind::String, "Anchor"),
        field("access", Kind::String, "Access").default("X"),
        field("content", Kind::Text, "HTML"),
        field("repoId", Kind::Integer, "Own block").indexed(),
        field("favoriteMeta", Kind::Json, "What is said of a saved block"),
        field("xmlId", Kind::String, "External ID"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("landing.block", "landing_block", SCOPE, ["block", "blocks"])
};

struct Hook;

impl Hooks for Hook {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &IMAGE, &[("blockId", row.number.into())])
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    [read::methods(), change::methods(), image::methods(), on_page::methods()].into_iter().flatten().collect()
}

/// The blocks of a page in their order: of its draft, or published ones.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, page: i64, draft: bool, deleted: bool) -> Result<Vec<Row>> {
    let sql = "t.landing_id = ? AND t.public = ? AND t.deleted = ?";
    let mark = |flag: bool| Param::from(yes_no(flag));
    let within = Some((sql.to_owned(), vec![page.into(), mark(!draft), mark(deleted)]));
    let order = Some(noun::Order::default().by("t.sort", "ASC").by("t.id", "ASC"));
    noun::belonging(call, &BLOCK, Asked { within, order, whole: true, ..Asked::default() })
}

/// The saved blocks.
///
/// # Errors
/// Those of the store.
pub fn favourites(call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
    of(call, 0, true, false)
}

/// Changes a block that the caller may change.
///
/// # Errors
/// `BX_INVALID_VALUE` for HTML that is too long.
pub fn amend(call: &mut Call<'_, '_>, id: i64, values: &Map) -> Result<()> {
    fits(values)?;
    noun::amend(call, &BLOCK, &FACE, id, values)?;
    Ok(())
}

fn fits(values: &Map) -> Result<()> {
    let content = values.get("CONTENT").and_then(Value::as_str).unwrap_or_default();
    if content.len() > html::LENGTH {
        return Err(coded("BX_INVALID_VALUE", "The value of the field \"CONTENT\" is too long.").into());
    }
    Ok(())
}

/// Adds a block.
///
/// # Errors
/// As [`amend`], and for a page that has too many.
pub fn put(call: &mut Call<'_, '_>, values: &Map) -> Result<Row> {
    fits(values)?;
    let page = values.get("LANDING_ID").and_then(Value::as_int).unwrap_or(0);
    let sql = "SELECT COUNT(*) FROM landing_block WHERE landing_id = ? AND public = 'N'";
    if call.tx.one(sql, &[page.into()], |row| row.int(0))?.unwrap_or(0) >= MOST {
        return Err(coded("BLOCK_CANT_BE_ADDED", "There are too many blocks.").into());
    }
    noun::put(call, &BLOCK, values)
}

/// What a copy of a block has of it.
fn copied(row: &Row) -> Map {
    let mut values = Map::new();
    for name in ["code", "active", "designed", "anchor", "access", "content", "xmlId"] {
        if !row.text(name).is_empty() {
            values.push(noun::column(name).to_ascii_uppercase(), row.text(name));
        }
    }
    values.push("SORT", row.int("sort").unwrap_or(0));
    values.push("REPO_ID", row.int("repoId"));
    values
}

/// Copies the draft of a page to another one.
///
/// # Errors
/// Those of the store.
pub fn copy_all(call: &mut Call<'_, '_>, from: i64, to: i64) -> Result<()> {
    for row in of(call, from, true, false)? {
        let mut values = copied(&row);
        values.push("LANDING_ID", to);
        drop(values.remove("ANCHOR"));
        let made = noun::put(call, &BLOCK, &values)?.number;
        image::copy_all(call, row.number, made)?;
    }
    Ok(())
}

/// Makes what is published of a page a copy of its draft. A block keeps the number under which it was published.
///
/// # Errors
/// Those of the store.
pub fn publish(call: &mut Call<'_, '_>, page: i64) -> Result<()> {
    let mut published = of(call, page, false, false)?;
    for draft in of(call, page, true, false)? {
        let mut values = copied(&draft);
        for name in ["ANCHOR", "CONTENT"] {
            if values.get(name).is_none() {
                values.push(name, "");
            }
        }
        let there = published.iter().position(|row| row.int("parentId") == Some(draft.number));
        match there.map(|at| published.swap_remove(at)) {
            Some(row) => drop(noun::amend(call, &BLOCK, &FACE, row.number, &values)?),
            None => {
                values.push("LANDING_ID", page);
                values.push("PARENT_ID", draft.number);
                values.push("PUBLIC", "Y");
                noun::put(call, &BLOCK, &values)?;
            }
        }
    }
    for gone in published {
        noun::clear(call, &BLOCK, &[("id", gone.number.into())])?;
    }
    Ok(())
}
