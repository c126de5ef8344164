//! Sites: `landing.site.*`.

mod add;
mod bind;
mod domain;
mod export;
mod folder;
mod marks;
mod read;
mod rights;

use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::method::Method;
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Stamp, field, noun};
use wire::Map;

use crate::SCOPE;
use crate::access::{OfSites, Op, may};
use crate::refusal::{FAULTS, coded};

pub use domain::DOMAIN;
pub use folder::{DEPTH, FOLDER, activate, chain};
pub use read::address;

/// The face in whose words sites are written.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.site", "id") };

/// Sites.
pub static SITE: Noun = Noun {
    access: Access::Rule(&OfSites),
    fields: &[
        ID,
        field("code", Kind::String, "Code"),
        field("type", Kind::Choice(&["PAGE", "STORE", "SMN", "KNOWLEDGE", "GROUP", "MAINPAGE"]), "Type"),
        field("active", Kind::Char, "Published").default("N"),
        field("deleted", Kind::Char, "In the trash").default("N"),
        field("title", Kind::String, "Title").trimmed().required(),
        field("xmlId", Kind::String, "External ID"),
        field("description", Kind::String, "Description"),
        field("tplId", Kind::Integer, "Template"),
        field("domainId", Kind::Integer, "Domain").indexed(),
        field("landingIdIndex", Kind::Integer, "Main page"),
        field("landingId404", Kind::Integer, "Page for what is not found").upper("LANDING_ID_404"),
        field("landingId503", Kind::Integer, "Page for when the site is closed").upper("LANDING_ID_503"),
        field("lang", Kind::String, "Language"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("additionalFields", Kind::Json, "Additional fields"),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("landing.site", "landing_site", SCOPE, ["site", "sites"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        fits(draft, &["title", "description", "xmlId"])
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &FOLDER, &[("siteId", row.number.into())])?;
        if let Some(domain) = row.int("domainId") {
            noun::clear(call, &DOMAIN, &[("id", domain.into())])?;
        }
        for sql in [
            "DELETE FROM landing_role_right WHERE site_id = ?",
            "DELETE FROM landing_site_right WHERE site_id = ?",
            "DELETE FROM landing_syspage WHERE site_id = ?",
            "DELETE FROM landing_binding WHERE site_id = ?",
            "DELETE FROM landing_area WHERE entity_type = 'S' AND entity_id = ?",
        ] {
            call.tx.execute(sql, &[row.number.into()])?;
        }
        Ok(())
    }
}

/// Refuses texts of more than 255 characters.
///
/// # Errors
/// `BX_INVALID_VALUE`
pub fn fits(draft: &Draft<'_>, names: &[&str]) -> Result<()> {
    match names.iter().find(|name| draft.text(name).is_some_and(|text| text.chars().count() > 255)) {
        Some(name) => {
            let name = engine::noun::column(name).to_ascii_uppercase();
            Err(coded("BX_INVALID_VALUE", format!("The value of the field \"{name}\" is too long.")).into())
        }
        None => Ok(()),
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    [
        add::methods(),
        read::methods(),
        marks::methods(),
        folder::methods(),
        rights::methods(),
        bind::methods(),
        export::methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The site with this number, when the caller may do that with it.
///
/// # Errors
/// Those of the store.
pub fn reach(call: &mut Call<'_, '_>, id: i64, op: Op) -> Result<Option<Row>> {
    if may(call, id, op)? { noun::again(call, &SITE, id) } else { Ok(None) }
}

/// Changes a site that the caller may change.
///
/// # Errors
/// Those of the hooks.
pub fn amend(call: &mut Call<'_, '_>, id: i64, values: &Map) -> Result<()> {
    noun::amend(call, &SITE, &FACE, id, values)?;
    Ok(())
}
