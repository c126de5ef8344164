//! Who may do what with a site and everything on it: administrators everything, others what roles give them, or with roles
//! switched off what the rights of the site give them.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Grant, Noun, Rule};
use engine::state;
use store::{Param, Tx};
use wire::Value;

use crate::refusal::coded;

/// What somebody may do with a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// See it
    Read,
    /// Change its pages
    Edit,
    /// Change its settings
    Settings,
    /// Publish
    Public,
    /// Put into the trash and take out of it
    Delete,
}

impl Op {
    /// All of them, in the order in which answers list them.
    pub const ALL: [Op; 5] = [Op::Read, Op::Edit, Op::Settings, Op::Public, Op::Delete];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Op::Read => "read",
            Op::Edit => "edit",
            Op::Settings => "sett",
            Op::Public => "public",
            Op::Delete => "delete",
        }
    }

    /// The one that an act on something of a site needs.
    fn of(act: Act) -> Self {
        match act {
            Act::Read | Act::Export => Op::Read,
            Act::Add | Act::Update | Act::Import => Op::Edit,
            Act::Delete => Op::Delete,
        }
    }
}

/// The code by which all operations are denied.
pub const DENIED: &str = "denied";

/// The types of sites that need no `scope`.
pub const USUAL: [&str; 3] = ["PAGE", "STORE", "SMN"];

/// The types of sites that a call is about: those of its `scope`.
pub fn types(call: &Call<'_, '_>) -> Vec<&'static str> {
    let inner = || match call.param("params")? {
        Value::Map(params) => Some(params.get_any_case("scope")?.text()?.into_owned()),
        _ => None,
    };
    let named = call.text("scope").or_else(inner);
    match section(named.as_deref().unwrap_or_default()) {
        "" => USUAL.to_vec(),
        section => vec![section],
    }
}

/// The section that a `scope` names; empty for sites and stores.
pub fn section(scope: &str) -> &'static str {
    let known = ["KNOWLEDGE", "GROUP", "MAINPAGE"];
    known.into_iter().find(|known| known.eq_ignore_ascii_case(scope)).unwrap_or_default()
}

const MODEL: &str = "landing.model";

/// Whether roles decide, and not the rights of each site.
///
/// # Errors
/// Those of the store.
pub fn by_roles(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(state::get(tx, MODEL)?.as_deref() != Some("extended"))
}

/// Has roles decide, or the rights of each site.
///
/// # Errors
/// Those of the store.
pub fn set_by_roles(tx: &mut Tx<'_>, roles: bool) -> Result<()> {
    state::set(tx, MODEL, if roles { "roles" } else { "extended" })
}

/// The condition on sites, called `s`, that the call is about them and its caller may do that, with the values of its
/// placeholders.
///
/// # Errors
/// Those of the store.
pub fn sites(call: &mut Call<'_, '_>, s: &str, op: Op) -> Result<(String, Vec<Param<'static>>)> {
    let types = types(call);
    let mut sql = format!("{s}.type IN ({})", store::placeholders(types.len()));
    let mut params: Vec<Param<'static>> = types.into_iter().map(Param::from).collect();
    if !call.caller.is_admin {
        let codes = codes(call);
        let among = store::placeholders(codes.len());
        let (allowed, denied) = if by_roles(call.tx)? {
            (by_role(s, &among), by_role(s, &among))
        } else {
            // A site of which nothing is said is open to everybody.
            let nothing = format!("NOT EXISTS (SELECT 1 FROM landing_site_right x WHERE x.site_id = {s}.id)");
            (format!("({nothing} OR {})", by_site(s, &among)), by_site(s, &among))
        };
        sql.push_str(&format!(" AND {allowed} AND NOT {denied}"));
        for code in [op.code(), DENIED] {
            params.push(code.into());
            params.extend(codes.iter().cloned().map(Param::from));
        }
    }
    Ok((format!("({sql})"), params))
}

/// The condition that the rights of a site give an operation to one of these access codes.
fn by_site(s: &str, among: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM landing_site_right r WHERE r.site_id = {s}.id AND r.operation = ? \
         AND r.access_code IN ({among}))"
    )
}

/// The condition that a role gives it to one of them: for the site itself, or else for all sites.
fn by_role(s: &str, among: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM landing_role_right r JOIN landing_role o ON o.id = r.role_id \
         JOIN landing_role_code c ON c.role_id = r.role_id WHERE r.operation = ? AND c.access_code IN ({among}) \
         AND o.section = CASE WHEN {s}.type IN ('PAGE', 'STORE', 'SMN') THEN '' ELSE {s}.type END \
         AND (r.site_id = {s}.id OR (r.site_id = 0 AND NOT EXISTS \
         (SELECT 1 FROM landing_role_right x WHERE x.role_id = r.role_id AND x.site_id = {s}.id))))"
    )
}

/// The access codes of the caller.
pub fn codes(call: &Call<'_, '_>) -> Vec<String> {
    let mut codes = call.meta.directory.access_codes(call.caller.user_id);
    codes.push("UA".to_owned());
    codes
}

/// Whether the caller may do that with a site.
///
/// # Errors
/// Those of the store.
pub fn may(call: &mut Call<'_, '_>, site: i64, op: Op) -> Result<bool> {
    let (condition, mut params) = sites(call, "s", op)?;
    params.insert(0, site.into());
    let sql = format!("SELECT 1 FROM landing_site s WHERE s.id = ? AND {condition}");
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// Refuses callers who may not do that with a site.
///
/// # Errors
/// `ACCESS_DENIED` in these words.
pub fn require(call: &mut Call<'_, '_>, site: i64, op: Op, words: &'static str) -> Result<()> {
    if may(call, site, op)? { Ok(()) } else { Err(coded("ACCESS_DENIED", words).into()) }
}

/// Whether the caller may make sites of that section.
///
/// # Errors
/// Those of the store.
pub fn may_create(call: &mut Call<'_, '_>, section: &str) -> Result<bool> {
    if call.caller.is_admin || !by_roles(call.tx)? {
        return Ok(true);
    }
    let codes = codes(call);
    let sql = format!(
        "SELECT o.additional FROM landing_role o WHERE o.section = ? AND EXISTS \
         (SELECT 1 FROM landing_role_code c WHERE c.role_id = o.id AND c.access_code IN ({}))",
        store::placeholders(codes.len())
    );
    let mut params = vec![Param::from(section.to_owned())];
    params.extend(codes.into_iter().map(Param::from));
    let mut found = false;
    call.tx.query(&sql, &params, |row| {
        found |= row.opt_text(0)?.is_some_and(|json| json.contains("create\""));
        Ok(())
    })?;
    Ok(found)
}

/// Refuses callers who are neither administrators nor who made a row.
///
/// # Errors
/// `ACCESS_DENIED` in these words.
pub fn require_maker(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    id: i64,
    words: &'static str,
) -> Result<()> {
    let maker = noun::again(call, noun, id)?.and_then(|row| row.int("createdById"));
    if call.caller.is_admin || maker == Some(call.caller.user_id) {
        return Ok(());
    }
    Err(coded("ACCESS_DENIED", words).into())
}

/// The rule of sites.
#[derive(Debug)]
pub struct OfSites;

impl Rule for OfSites {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let op = if act == Act::Update { Op::Settings } else { Op::of(act) };
        let (sql, params) = sites(call, "t", op)?;
        Ok(Grant::Where(sql, params))
    }
}

/// The rule of what is on a site, whose number the column `site_id` has.
#[derive(Debug)]
pub struct OnSites;

impl Rule for OnSites {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (sql, params) = sites(call, "s", Op::of(act))?;
        Ok(Grant::Where(
            format!("EXISTS (SELECT 1 FROM landing_site s WHERE s.id = t.site_id AND {sql})"),
            params,
        ))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["siteId"]
    }
}

/// The rule of what is on a page, whose number the column `landing_id` has.
#[derive(Debug)]
pub struct OnPages;

impl Rule for OnPages {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (sql, params) = sites(call, "s", Op::of(act))?;
        let condition = format!(
            "EXISTS (SELECT 1 FROM landing_page p JOIN landing_site s ON s.id = p.site_id \
             WHERE p.id = t.landing_id AND {sql})"
        );
        Ok(Grant::Where(condition, params))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["landingId"]
    }
}
