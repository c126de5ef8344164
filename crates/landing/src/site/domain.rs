//! Domains of sites, as data: nothing is registered, and nothing is served under them.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, ID, Noun, Stamp, field, noun};
use wire::{Map, Value};

use crate::SCOPE;
use crate::refusal::{FAULTS, coded};

/// Domains.
pub static DOMAIN: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("domain", Kind::String, "Domain").required().unique().immutable(),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
    ],
    faces: &[Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.domain", "id") }],
    ..noun("landing.domain", "landing_domain", SCOPE, ["domain", "domains"])
};

/// The number of the domain that a request names for a site (0 for a new one); `None` when it names none.
///
/// # Errors
/// `DOMAIN_NOT_FOUND`, `DOMAIN_IS_INCORRECT`, `DOMAIN_DISABLE`, `DOMAIN_EXIST`, `DOMAIN_EXIST_TRASH`
pub fn given(call: &mut Call<'_, '_>, value: &Value, site: i64) -> Result<Option<i64>> {
    let name = value.text().unwrap_or_default().trim().to_ascii_lowercase();
    if name.is_empty() {
        return Ok(None);
    }
    if let Some(id) = value.as_int() {
        let sql = "SELECT 1 FROM landing_site WHERE id = ? AND domain_id = ?";
        return match call.tx.one(sql, &[site.into(), id.into()], |row| row.int(0))? {
            Some(_) => Ok(Some(id)),
            None => Err(coded("DOMAIN_NOT_FOUND", "The domain does not exist.").into()),
        };
    }
    require_fit(&name)?;
    let sql = "SELECT d.id, s.id, s.deleted FROM landing_domain d LEFT JOIN landing_site s ON s.domain_id = d.id \
               WHERE d.domain = ?";
    let found = call.tx.one(sql, &[name.as_str().into()], |row| {
        Ok((row.int(0)?, row.int(1).unwrap_or(0), row.opt_text(2)?.map(str::to_owned)))
    })?;
    match found {
        Some((id, holder, _)) if holder == site || holder == 0 => Ok(Some(id)),
        Some((_, _, deleted)) if deleted.as_deref() == Some("Y") => {
            Err(coded("DOMAIN_EXIST_TRASH", "The domain belongs to a site in the trash.").into())
        }
        Some(_) => Err(coded("DOMAIN_EXIST", "The domain exists already.").into()),
        None => Ok(Some(noun::put(call, &DOMAIN, &Map::from([("DOMAIN", name.into())]))?.number)),
    }
}

fn require_fit(name: &str) -> Result<()> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-".contains(letter);
    if name.len() > 253
        || !name.contains('.')
        || !name.chars().all(fits)
        || name.split('.').any(str::is_empty)
    {
        let text =
            "The site address is entered incorrectly. It may consist of \"a-z\", \"0-9\", \"-\" and \".\".";
        return Err(coded("DOMAIN_IS_INCORRECT", text).into());
    }
    if name.contains("bitrix") {
        return Err(coded("DOMAIN_DISABLE", "The word bitrix may not be used in the domain.").into());
    }
    Ok(())
}
