//! Lists of pages, and what is asked of one.

use std::collections::{HashMap, HashSet};

use engine::access::Act;
use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required};
use engine::noun;
use serde_json::json;
use wire::Value;

use super::{PAGE, find, path};
use crate::access::{Op, may};
use crate::refusal::{key, number, require};
use crate::show::{self, Params};
use crate::site::{self, FOLDER, SITE};
use crate::{SCOPE, additional, listing, of_page, scoped};

/// The methods.
pub fn methods() -> Vec<Method> {
    let extra = vec![
        optional("get_preview", method::Kind::Flag, "With previews"),
        optional("get_urls", method::Kind::Flag, "With addresses"),
        optional("check_area", method::Kind::Flag, "With whether a page fills an area of a template"),
    ];
    let mut list = listing(scoped(read("landing.landing.getList", SCOPE, list)));
    if let Some(params) = list.params.last_mut() {
        params.members.extend(extra);
    }
    vec![
        list.about("Returns pages by filter; those in the trash only when the filter asks for them.")
            .example(
                json!({"params": {"select": ["ID", "TITLE"], "filter": {"SITE_ID": 1, "CODE": "home"}}}),
                json!([{"ID": "1", "TITLE": "Home"}]),
            ),
        of_page(read("landing.landing.getadditionalfields", SCOPE, fields))
            .about("Returns the additional fields of a page that have a value.")
            .example(json!({"lid": 1}), json!({"METAMAIN_USE": "Y", "METAMAIN_TITLE": "Our shop"})),
        of_page(read("landing.landing.getpreview", SCOPE, preview))
            .about("Returns the preview of a page: its image for social networks.")
            .example(json!({"lid": 1}), json!("*")),
        of_page(read("landing.landing.getpublicurl", SCOPE, url))
            .about("Returns the address of a page under the domain of its site.")
            .example(json!({"lid": 2}), json!("https://shop.example.com/news/opening/")),
        scoped(read("landing.landing.resolveIdByPublicUrl", SCOPE, resolve))
            .about("Returns the page that has an address within a site.")
            .param(required("landingUrl", method::Kind::Text, "Address from the root of the site"))
            .param(required("siteId", method::Kind::Id, "Site"))
            .example(json!({"landingUrl": "/news/opening/", "siteId": 1}), json!(2)),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = Params::of(call)?;
    let mut filter = params.filter();
    drop(filter.remove("CHECK_PERMISSIONS"));
    show::without_trash(&mut filter);
    let mut within =
        "EXISTS (SELECT 1 FROM landing_site l WHERE l.id = t.site_id AND l.deleted = 'N')".to_owned();
    if filter.get("SITE_ID").is_some() {
        within.push_str(
            " AND NOT EXISTS (SELECT 1 FROM landing_folder f WHERE f.id = t.folder_id AND f.deleted = 'Y')",
        );
    }
    let scope = PAGE.grant(call, Act::Read)?;
    let rows = show::list(call, &PAGE, &scope, &params, &filter, Some((within, Vec::new())))?;
    let [previews, urls, areas] = ["get_preview", "get_urls", "check_area"].map(|name| params.flag(name));
    let sites = sites_of(call, &rows, urls)?;
    let filling = if areas { filling(call, &rows)? } else { HashSet::new() };
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut map = show::row(call, &PAGE, row, &["additionalFields"]);
        let site = row.int("siteId").and_then(|site| sites.get(&site));
        let domain = site.and_then(|(site, _)| site.int("domainId"));
        map.push("DOMAIN_ID", domain.map(|domain| domain.to_string()));
        if previews {
            map.push("PREVIEW", additional::text(row, "METAOG_IMAGE"));
        }
        if urls {
            let url = site.map(|(site, domain)| below(call, site, domain, row)).transpose()?;
            map.push("PUBLIC_URL", url.unwrap_or_default());
        }
        if areas {
            map.push("IS_AREA", filling.contains(&row.number));
        }
        shown.push(params.pick(map, &["ID", "DOMAIN_ID", "PREVIEW", "PUBLIC_URL", "IS_AREA"]));
    }
    Ok(shown.into())
}

/// The sites of these pages by their numbers, with their addresses where these are asked for.
fn sites_of(call: &mut Call<'_, '_>, pages: &[Row], urls: bool) -> Result<HashMap<i64, (Row, String)>> {
    let numbers = pages.iter().filter_map(|page| page.int("siteId"));
    let mut sites = HashMap::new();
    for (number, site) in noun::again_all(call, &SITE, numbers)? {
        let address = if urls { site::address(call, &site)? } else { String::new() };
        sites.insert(number, (site, address));
    }
    Ok(sites)
}

/// Those of these pages that fill an area of a template.
fn filling(call: &mut Call<'_, '_>, pages: &[Row]) -> Result<HashSet<i64>> {
    let pages: Vec<i64> = pages.iter().map(|page| page.number).collect();
    let sql = "SELECT landing_id FROM landing_area WHERE landing_id IN (#)";
    Ok(call.tx.all_among(sql, &[], &pages, |row| row.int(0))?.into_iter().collect())
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    Ok(additional::shown(&find(call, id, false)?))
}

fn preview(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    Ok(additional::text(&find(call, id, false)?, "METAOG_IMAGE").into())
}

fn url(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "lid")?;
    let page = find(call, id, false)?;
    Ok(address(call, &page)?.into())
}

/// The address of a page under the domain of its site; empty without one.
///
/// # Errors
/// Those of the store.
pub fn address(call: &mut Call<'_, '_>, page: &Row) -> Result<String> {
    let Some(site) = noun::again(call, &SITE, page.int("siteId").unwrap_or(0))? else {
        return Ok(String::new());
    };
    let domain = site::address(call, &site)?;
    below(call, &site, &domain, page)
}

fn below(call: &mut Call<'_, '_>, site: &Row, domain: &str, page: &Row) -> Result<String> {
    Ok(if domain.is_empty() { String::new() } else { format!("{domain}{}", path(call, site, page)?) })
}

/// Parts of an address at most: folders and a page.
const PARTS: usize = site::DEPTH + 1;

/// Goes through the folders that the address names to a page: one with that code, or the main page of the place.
fn resolve(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["landingUrl", "siteId"])?;
    let (id, url) = (number(call, "siteId")?, call.text("landingUrl").unwrap_or_default());
    if !may(call, id, Op::Read)? {
        return Ok(Value::Null);
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).take(PARTS).collect();
    let mut folder = 0;
    for (at, part) in parts.iter().enumerate() {
        let sql = "SELECT id FROM landing_folder WHERE site_id = ? AND COALESCE(parent_id, 0) = ? AND code = ? AND deleted = 'N'";
        let params = [id.into(), folder.into(), (*part).into()];
        if let Some(below) = call.tx.one(sql, &params, |row| row.int(0))? {
            folder = below;
            continue;
        }
        let sql = "SELECT id FROM landing_page WHERE site_id = ? AND COALESCE(folder_id, 0) = ? AND code = ? AND deleted = 'N'";
        let found = call.tx.one(sql, &params, |row| row.int(0))?.filter(|_| at + 1 == parts.len());
        return Ok(found.into());
    }
    let main = match noun::again(call, &FOLDER, folder)? {
        Some(folder) => folder.int("indexId"),
        None => noun::again(call, &SITE, id)?.and_then(|site| site.int("landingIdIndex")),
    };
    Ok(main.into())
}
