//! Adding, changing and deleting sites.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::{SITE, amend, domain, reach};
use crate::access::{self, Op, types};
use crate::additional;
use crate::code;
use crate::refusal::{coded, denied, empty, key, members, number, require};
use crate::{SCOPE, scoped};

fn fields(adding: bool) -> Parameter {
    let code = if adding { required } else { optional };
    let mut members = vec![
        code("TITLE", method::Kind::Text, "Title"),
        code("CODE", method::Kind::Text, "Code; made of the title when it is empty"),
        optional("TYPE", method::Kind::Text, "PAGE, STORE, SMN, KNOWLEDGE, GROUP or MAINPAGE"),
        optional("DOMAIN_ID", method::Kind::Text, "Domain"),
        optional("DESCRIPTION", method::Kind::Text, "Description"),
        optional("XML_ID", method::Kind::Text, "External ID"),
        optional("ADDITIONAL_FIELDS", method::Kind::Fields, "Additional fields by code"),
    ];
    if !adding {
        members.push(optional("LANDING_ID_INDEX", method::Kind::Int, "Main page"));
        members.push(optional("LANDING_ID_404", method::Kind::Int, "Page for what is not found"));
        members.push(optional("LANDING_ID_503", method::Kind::Int, "Page for when the site is closed"));
    }
    required("fields", method::Kind::Fields, "Values by field").with_members(members)
}

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        scoped(write("landing.site.add", SCOPE, add))
            .about("Adds a site, which is not published, and returns its ID.")
            .param(fields(true))
            .example(json!({"fields": {"TITLE": "Spring sale", "CODE": "spring"}}), json!("*")),
        scoped(write("landing.site.update", SCOPE, update))
            .about("Changes the given fields of a site.")
            .param(required("id", method::Kind::Id, "Site"))
            .param(fields(false))
            .example(json!({"id": 1, "fields": {"TITLE": "Our shop"}}), json!(true)),
        scoped(write("landing.site.delete", SCOPE, delete))
            .about("Deletes a site that has no pages.")
            .param(required("id", method::Kind::Id, "Site"))
            .example(json!({"id": 3}), json!(true)),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["fields"])?;
    let given = members(call, "fields")?;
    let id = make(call, &given)?;
    Ok(id.into())
}

/// Adds a site with these fields, and gives its number.
///
/// # Errors
/// `ACCESS_DENIED`, and those of codes and domains.
pub fn make(call: &mut Call<'_, '_>, given: &Map) -> Result<i64> {
    let kind = given.get("TYPE").and_then(Value::text).filter(|kind| !kind.is_empty());
    let kind = kind.map_or_else(|| types(call)[0].to_owned(), |kind| kind.to_ascii_uppercase());
    if !types(call).contains(&kind.as_str()) || !access::may_create(call, access::section(&kind))? {
        return Err(coded("ACCESS_DENIED", "Access to create a site is denied.").into());
    }
    let mut values = taken(given, &["TITLE", "DESCRIPTION", "XML_ID"]);
    if given.get("TITLE").is_none_or(Value::is_empty) {
        return Err(empty("TITLE").into());
    }
    let Some(code) = given.get("CODE").and_then(Value::text) else { return Err(empty("CODE").into()) };
    let title = given.get("TITLE").and_then(Value::text).unwrap_or_default();
    let domain = match given.get("DOMAIN_ID") {
        Some(domain) => domain::given(call, domain, 0)?,
        None => None,
    };
    values.push("CODE", free_code(call, &code, &title, domain, 0)?);
    values.push("DOMAIN_ID", domain);
    values.push("TYPE", kind);
    values.push("LANG", call.language.language.code());
    if let Some(fields) = additional::given(given, None)? {
        values.push("ADDITIONAL_FIELDS", fields);
    }
    Ok(noun::put(call, &SITE, &values)?.number)
}

/// These members of what a request gives.
pub fn taken(given: &Map, names: &[&'static str]) -> Map {
    names.iter().filter_map(|name| Some(((*name).into(), given.get(name)?.clone()))).collect()
}

/// A code that no other site of the domain has, between slashes.
fn free_code(
    call: &mut Call<'_, '_>,
    given: &str,
    title: &str,
    domain: Option<i64>,
    own: i64,
) -> Result<String> {
    let given = given.trim().trim_matches('/').to_lowercase();
    code::without_slash(&given, "site")?;
    let mut base =
        if given.is_empty() { code::of_title(title) } else { given.chars().take(code::LENGTH).collect() };
    if base.is_empty() {
        "site".clone_into(&mut base);
    }
    if base.bytes().all(|byte| byte.is_ascii_digit()) {
        base.insert_str(0, "site");
    }
    let sql = "SELECT code FROM landing_site WHERE COALESCE(domain_id, 0) = ? AND id <> ? AND code LIKE ? ESCAPE '\\'";
    let mut there = std::collections::HashSet::new();
    let like = format!("/{}%", engine::list_params::pattern(&base));
    call.tx.query(sql, &[domain.unwrap_or(0).into(), own.into(), like.into()], |row| {
        there.insert(row.text(0)?.to_owned());
        Ok(())
    })?;
    let mut codes =
        std::iter::once(format!("/{base}/")).chain((2..).map(|number| format!("/{base}{number}/")));
    Ok(codes.find(|code| !there.contains(code)).unwrap_or_default())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id", "fields"])?;
    let (id, given) = (number(call, "id")?, members(call, "fields")?);
    let site = reach(call, id, Op::Settings)?.ok_or_else(denied)?;
    let mut values = taken(&given, &["TITLE", "DESCRIPTION", "XML_ID"]);
    if let Some(kind) = given.get("TYPE").and_then(Value::text).filter(|kind| !kind.is_empty()) {
        let kind = kind.to_ascii_uppercase();
        if !types(call).contains(&kind.as_str()) {
            return Err(denied().into());
        }
        values.push("TYPE", kind);
    }
    let mut domain = site.int("domainId");
    if let Some(value) = given.get("DOMAIN_ID")
        && let Some(named) = domain::given(call, value, id)?
    {
        domain = Some(named);
        values.push("DOMAIN_ID", named);
    }
    if given.get("CODE").is_some() || domain != site.int("domainId") {
        let code = given
            .get("CODE")
            .and_then(Value::text)
            .map_or(site.text("code").into(), |code| code.into_owned());
        let title = given
            .get("TITLE")
            .and_then(Value::text)
            .map_or(site.text("title").into(), |title| title.into_owned());
        values.push("CODE", free_code(call, &code, &title, domain, id)?);
    }
    for name in ["LANDING_ID_INDEX", "LANDING_ID_404", "LANDING_ID_503"] {
        let Some(page) = given.get(name).map(|page| page.as_int().unwrap_or(0)) else { continue };
        if page > 0 {
            crate::page::require_on(call, page, id)?;
        }
        values.push(name, Some(page).filter(|page| *page > 0));
    }
    if let Some(fields) = additional::given(&given, Some(&site))? {
        values.push("ADDITIONAL_FIELDS", fields);
    }
    amend(call, id, &values)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    access::require(call, id, Op::Delete, "Access denied.")?;
    let sql = "SELECT 1 FROM landing_page WHERE site_id = ? LIMIT 1";
    if call.tx.one(sql, &[id.into()], |row| row.int(0))?.is_some() {
        return Err(coded("SITE_IS_NOT_EMPTY", "The site contains pages.").into());
    }
    noun::clear(call, &SITE, &[("id", id.into())])?;
    Ok(true.into())
}
