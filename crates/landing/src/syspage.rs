//! Pages that have a part to play in a site: `landing.syspage.*`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use crate::access::{self, Op, may};
use crate::page::{self, PAGE, address};
use crate::refusal::{flag, key, number, require, wrong_argument};
use crate::{SCOPE, scoped, site};

/// The parts.
pub const TYPES: [&str; 8] =
    ["mainpage", "catalog", "personal", "cart", "order", "payment", "compare", "feedback"];

/// The methods.
pub fn methods() -> Vec<Method> {
    let site = || required("id", method::Kind::Id, "Site");
    let kind = || {
        required(
            "type",
            method::Kind::Text,
            "mainpage, catalog, personal, cart, order, payment, compare or feedback",
        )
    };
    vec![
        scoped(write("landing.syspage.set", SCOPE, set))
            .about("Gives a page a part to play in a site, or takes it away.")
            .param(site())
            .param(kind())
            .param(optional("lid", method::Kind::Int, "Page; 0 for none"))
            .example(json!({"id": 1, "type": "catalog", "lid": 2}), json!(true)),
        scoped(read("landing.syspage.get", SCOPE, get))
            .about("Returns the pages that have a part to play in a site.")
            .param(site())
            .param(optional("active", method::Kind::Flag, "Only published ones"))
            .example(
                json!({"id": 1}),
                json!({"mainpage": {"TYPE": "mainpage", "LANDING_ID": "1", "TITLE": "Home"}}),
            ),
        scoped(read("landing.syspage.getSpecialPage", SCOPE, special))
            .about("Returns the address of the page that plays a part in a site.")
            .param(required("siteId", method::Kind::Id, "Site"))
            .param(kind())
            .param(optional("additional", method::Kind::Fields, "Parameters of the address"))
            .example(
                json!({"siteId": 1, "type": "mainpage", "additional": {"from": "mail"}}),
                json!("https://shop.example.com/?from=mail"),
            ),
        scoped(write("landing.syspage.deleteForLanding", SCOPE, delete_for_page))
            .about("Takes all its parts from a page.")
            .param(required("id", method::Kind::Id, "Page"))
            .example(json!({"id": 1}), json!(true)),
        scoped(write("landing.syspage.deleteForSite", SCOPE, delete_for_site))
            .about("Takes their parts from all pages of a site.")
            .param(site())
            .example(json!({"id": 1}), json!(true)),
    ]
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id", "type"])?;
    let id = number(call, "id")?;
    let kind = call.text("type").unwrap_or_default();
    let Some(kind) = TYPES.into_iter().find(|known| *known == kind.trim()) else {
        return Err(wrong_argument("type").into());
    };
    access::require(call, id, Op::Settings, "Access denied.")?;
    let page = call.param("lid").and_then(Value::as_int).unwrap_or(0);
    if page > 0 {
        page::require_on(call, page, id)?;
    }
    remember(call, id, kind, page)?;
    Ok(true.into())
}

/// Gives a page a part to play, or with number 0 nobody.
///
/// # Errors
/// Those of the store.
pub fn remember(call: &mut Call<'_, '_>, site: i64, kind: &str, page: i64) -> Result<()> {
    call.tx
        .execute("DELETE FROM landing_syspage WHERE site_id = ? AND type = ?", &[site.into(), kind.into()])?;
    if page > 0 {
        let sql = "INSERT INTO landing_syspage (site_id, type, landing_id) VALUES (?, ?, ?)";
        call.tx.execute(sql, &[site.into(), kind.into(), page.into()])?;
    }
    Ok(())
}

/// The parts of a site's pages.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, site: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT type, landing_id FROM landing_syspage WHERE site_id = ? ORDER BY id";
    Ok(call.tx.all(sql, &[site.into()], |row| Ok((row.text(0)?.to_owned(), row.int(1)?)))?)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    if !may(call, id, Op::Read)? {
        return Ok(Value::Null);
    }
    let only_active = flag(call.param("active")).unwrap_or(false);
    let mut pages = Map::new();
    for (kind, page) in of(call, id)? {
        let Some(page) = noun::again(call, &PAGE, page)? else { continue };
        if only_active && (page.text("active") != "Y" || page.text("deleted") == "Y") {
            continue;
        }
        let mut map = Map::with_capacity(5);
        map.push("TYPE", kind.as_str());
        map.push("LANDING_ID", page.number.to_string());
        map.push("TITLE", page.text("title"));
        map.push("DELETED", page.text("deleted"));
        map.push("ACTIVE", page.text("active"));
        pages.push(kind.as_str(), map.into_value());
    }
    Ok(pages.into())
}

fn special(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["siteId", "type"])?;
    for (name, fits) in [("siteId", false), ("type", false), ("additional", true)] {
        if call.param(name).is_some_and(|value| value.is_array() != fits && !value.is_empty()) {
            return Err(wrong_argument(name).into());
        }
    }
    let id = number(call, "siteId").map_err(|_| wrong_argument("siteId"))?;
    if !may(call, id, Op::Read)? {
        return Ok(Value::Null);
    }
    let kind = call.text("type").unwrap_or_default();
    let page = of(call, id)?.into_iter().find(|(known, _)| *known == kind).map(|(_, page)| page);
    let Some(page) = noun::again(call, &PAGE, page.unwrap_or(0))? else { return Ok("".into()) };
    let mut url = address(call, &page)?;
    let mut mark = '?';
    let additional = if url.is_empty() { Map::new() } else { call.fields("additional") };
    for (name, value) in additional.iter().take(50) {
        let value = value.text().unwrap_or_default();
        url.push(mark);
        url.push_str(&format!("{}={}", encoded(name), encoded(&value)));
        mark = '&';
    }
    Ok(url.into())
}

/// A text as addresses have it.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn delete_for_page(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    let page = page::seen(call, id, true)?.and_then(|page| page.int("siteId"));
    if let Some(site) = page
        && may(call, site, Op::Settings)?
    {
        call.tx.execute("DELETE FROM landing_syspage WHERE landing_id = ?", &[id.into()])?;
    }
    Ok(true.into())
}

fn delete_for_site(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    let site = site::reach(call, id, Op::Settings)?.filter(|site| site.text("deleted") == "N");
    if site.is_some() {
        call.tx.execute("DELETE FROM landing_syspage WHERE site_id = ?", &[id.into()])?;
    }
    Ok(true.into())
}
