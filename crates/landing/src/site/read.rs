//! Lists of sites, and what is asked of one.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::{SITE, reach};
use crate::access::{Op, types};
use crate::refusal::{denied, key, members, number, require};
use crate::show::{self, Params};
use crate::{SCOPE, additional, listing, scoped};

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| scoped(method).param(required("id", method::Kind::Id, "Site"));
    vec![
        listing(scoped(read("landing.site.getList", SCOPE, list)))
            .about("Returns sites by filter; those in the trash only when the filter asks for them.")
            .example(
                json!({"params": {"select": ["ID", "TITLE"], "order": {"ID": "ASC"}}}),
                json!([{"ID": "1", "TITLE": "Shop"}, {"ID": "3", "TITLE": "Draft"}]),
            ),
        one(read("landing.site.getadditionalfields", SCOPE, fields))
            .about("Returns the additional fields of a site that have a value.")
            .example(json!({"id": 1}), json!({"THEME_CODE": "1construction"})),
        one(read("landing.site.getPreview", SCOPE, preview))
            .about("Returns the preview of the main page of a site.")
            .example(json!({"id": 1}), json!("*")),
        scoped(read("landing.site.getPublicUrl", SCOPE, url))
            .param(required("id", method::Kind::Any, "Site, or a list of sites"))
            .about("Returns the address of a site under its domain; of several, by their IDs.")
            .example(json!({"id": [1]}), json!({"1": "https://shop.example.com"})),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = Params::of(call)?;
    let mut filter = params.filter();
    show::without_trash(&mut filter);
    for name in ["TYPE", "=TYPE"] {
        let Some(kind) = filter.get(name).cloned() else { continue };
        let here = types(call);
        let kinds: Vec<&str> = match kind.text().as_deref() {
            Some("STORE") if here.contains(&"STORE") => vec!["STORE", "SMN"],
            Some(kind) => here.iter().copied().filter(|known| *known == kind).collect(),
            None => Vec::new(),
        };
        let kinds = if kinds.is_empty() { here } else { kinds };
        filter.insert(name, kinds.into_iter().map(Value::from).collect::<Vec<_>>());
    }
    let scope = SITE.grant(call, Act::Read)?;
    let rows = show::list(call, &SITE, &scope, &params, &filter, None)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut map = show::row(call, &SITE, row, &["additionalFields"]);
        let asked = |name: &str| params.select.iter().any(|asked| asked == name);
        if asked("DOMAIN_NAME") {
            map.push("DOMAIN_NAME", domain_name(call, row)?);
        }
        if asked("PUBLIC_URL") {
            map.push("PUBLIC_URL", address(call, row)?);
        }
        if asked("PREVIEW_PICTURE") {
            map.push("PREVIEW_PICTURE", preview_of(call, row)?);
        }
        if asked("PHONE") {
            map.push("PHONE", Value::Null);
        }
        shown.push(params.pick(map, &["ID", "TYPE"]));
    }
    Ok(shown.into())
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    Ok(reach(call, id, Op::Read)?.map_or(Value::Null, |site| additional::shown(&site)))
}

fn preview(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    let site = reach(call, id, Op::Read)?.ok_or_else(denied)?;
    Ok(preview_of(call, &site)?.into())
}

/// The preview of the main page: its image for social networks.
fn preview_of(call: &mut Call<'_, '_>, site: &Row) -> Result<String> {
    let index = site.int("landingIdIndex").unwrap_or(0);
    let page = noun::again(call, &crate::page::PAGE, index)?;
    Ok(page.map(|page| additional::text(&page, "METAOG_IMAGE")).unwrap_or_default())
}

fn domain_name(call: &mut Call<'_, '_>, site: &Row) -> Result<Option<String>> {
    let domain = site.int("domainId").unwrap_or(0);
    let sql = "SELECT domain FROM landing_domain WHERE id = ?";
    Ok(call.tx.one(sql, &[domain.into()], |row| Ok(row.text(0)?.to_owned()))?)
}

/// The address of a site under its domain; empty without one, because nothing is served here.
///
/// # Errors
/// Those of the store.
pub fn address(call: &mut Call<'_, '_>, site: &Row) -> Result<String> {
    Ok(domain_name(call, site)?.map(|domain| format!("https://{domain}")).unwrap_or_default())
}

fn url(call: &mut Call<'_, '_>) -> Result<Value> {
    /// Sites that one call asks about at most.
    const MOST: usize = 500;
    require(call, &["id"])?;
    let given = call.param("id").cloned().unwrap_or_default();
    if !given.is_array() {
        let id = number(call, "id")?;
        let site = reach(call, id, Op::Read)?;
        return Ok(match site {
            Some(site) => address(call, &site)?.into(),
            None => "".into(),
        });
    }
    drop(members(call, "id")?);
    let mut found = Map::new();
    for id in given.items().filter_map(Value::as_int).take(MOST) {
        if let Some(site) = reach(call, id, Op::Read)? {
            found.insert(id.to_string(), address(call, &site)?);
        }
    }
    Ok(if found.is_empty() { Vec::new().into() } else { found.into_value() })
}
