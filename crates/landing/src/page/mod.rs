//! Pages: `landing.landing.*`. The blocks on them are in [`block`](crate::block).

mod add;
mod marks;
mod place;
mod read;

use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::keys;
use engine::method::Method;
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Stamp, field, noun};
use store::Param;
use wire::Map;

use crate::access::{self, OnSites, Op, may};
use crate::block::BLOCK;
use crate::refusal::{FAULTS, no_page};
use crate::site::fits;
use crate::{SCOPE, code};

pub use add::make;
pub use marks::{make_public as publish, show_all};
pub use place::{path, require_on};
pub use read::address;

/// The face in whose words pages are written.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.landing", "lid") };

/// Pages.
pub static PAGE: Noun = Noun {
    access: Access::Rule(&OnSites),
    fields: &[
        ID,
        field("code", Kind::String, "Code"),
        field("rule", Kind::String, "Rule of the address"),
        field("active", Kind::Char, "Published").default("N"),
        field("deleted", Kind::Char, "In the trash").default("N"),
        field("public", Kind::Char, "Visible").default("N"),
        field("sys", Kind::Char, "System page").default("N"),
        field("title", Kind::String, "Title").trimmed().required(),
        field("xmlId", Kind::String, "External ID"),
        field("description", Kind::String, "Description"),
        field("tplId", Kind::Integer, "Template"),
        field("tplCode", Kind::String, "Code of the template"),
        field("siteId", Kind::Integer, "Site").required().indexed(),
        field("sitemap", Kind::Char, "In the sitemap").default("N"),
        field("folder", Kind::Char, "Folder of pages").default("N"),
        field("folderId", Kind::Integer, "Folder").indexed(),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("datePublic", Kind::DateTime, "Published at"),
        field("additionalFields", Kind::Json, "Additional fields"),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("landing.page", "landing_page", SCOPE, ["page of a site", "pages of sites"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        fits(draft, &["title", "description", "xmlId", "tplCode", "rule"])?;
        if old.is_none() || ["code", "siteId", "folderId"].iter().any(|name| draft.is_given(name)) {
            draft.set("code", free_code(call, draft, old)?);
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &BLOCK, &[("landingId", row.number.into())])?;
        for sql in [
            "DELETE FROM landing_syspage WHERE landing_id = ?",
            "DELETE FROM landing_area WHERE landing_id = ?",
            "DELETE FROM landing_area WHERE entity_type = 'L' AND entity_id = ?",
            "UPDATE landing_site SET landing_id_index = NULL WHERE landing_id_index = ?",
            "UPDATE landing_site SET landing_id404 = NULL WHERE landing_id404 = ?",
            "UPDATE landing_site SET landing_id503 = NULL WHERE landing_id503 = ?",
            "UPDATE landing_folder SET index_id = NULL WHERE index_id = ?",
        ] {
            call.tx.execute(sql, &[row.number.into()])?;
        }
        Ok(())
    }
}

/// A code that no other page in the same place has: the given one, or with random characters behind it.
fn free_code(call: &mut Call<'_, '_>, draft: &Draft<'_>, old: Option<&Row>) -> Result<String> {
    let number = |name: &str| draft.int_after(old, name).unwrap_or(0);
    let mut made = code::given_or_made(draft.text_after(old, "code"), draft.text_after(old, "title"));
    code::without_slash(&made, "landing")?;
    let place = [number("siteId"), number("folderId"), old.map_or(0, |row| row.number)];
    let sql = "SELECT 1 FROM landing_page WHERE site_id = ? AND COALESCE(folder_id, 0) = ? AND id <> ? AND code = ?";
    let base = made.clone();
    loop {
        let params: Vec<Param<'_>> =
            place.iter().map(|number| Param::from(*number)).chain([Param::from(made.as_str())]).collect();
        if call.tx.one(sql, &params, |row| row.int(0))?.is_none() {
            return Ok(made);
        }
        made = format!("{base}_{}", keys::random_code(4));
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    [add::methods(), read::methods(), marks::methods(), place::methods()].into_iter().flatten().collect()
}

/// The page with this number, when the caller may see it; `trash` also one that is in the trash.
///
/// # Errors
/// Those of the store.
pub fn seen(call: &mut Call<'_, '_>, id: i64, trash: bool) -> Result<Option<Row>> {
    let page = noun::again(call, &PAGE, id)?.filter(|page| trash || page.text("deleted") == "N");
    match page {
        Some(page) => Ok(may(call, page.int("siteId").unwrap_or(0), Op::Read)?.then_some(page)),
        None => Ok(None),
    }
}

/// The same, which is to be there.
///
/// # Errors
/// `LANDING_NOT_EXIST`
pub fn find(call: &mut Call<'_, '_>, id: i64, trash: bool) -> Result<Row> {
    Ok(seen(call, id, trash)?.ok_or_else(no_page)?)
}

/// The same when the caller may do that with it.
///
/// # Errors
/// `LANDING_NOT_EXIST`; `ACCESS_DENIED` in these words.
pub fn reach(call: &mut Call<'_, '_>, id: i64, trash: bool, op: Op, words: &'static str) -> Result<Row> {
    let page = find(call, id, trash)?;
    access::require(call, page.int("siteId").unwrap_or(0), op, words)?;
    Ok(page)
}

/// Changes a page that the caller may change.
///
/// # Errors
/// Those of the hooks.
pub fn amend(call: &mut Call<'_, '_>, id: i64, values: &Map) -> Result<()> {
    noun::amend(call, &PAGE, &FACE, id, values)?;
    Ok(())
}
