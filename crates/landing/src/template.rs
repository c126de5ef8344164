//! Templates, which say where the areas of a page are, and the pages that fill them: `landing.template.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment::Moment;
use engine::noun::{Access, Face, ID, Noun, Seed, Stamp, field, noun};
use engine::texts::{Locale, Topic};
use serde_json::json;
use store::Tx;
use wire::{Map, Value};

use crate::access::{self, Op};
use crate::refusal::{FAULTS, coded, key, members};
use crate::show::{self, Params};
use crate::{SCOPE, listing, page, scoped, site};

/// Templates.
pub static TEMPLATE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("active", Kind::Char, "Active").default("Y"),
        field("title", Kind::String, "Title").required(),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("xmlId", Kind::String, "External ID"),
        field("content", Kind::Text, "HTML"),
        field("areaCount", Kind::Integer, "Areas"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.template", "id") }],
    ..noun("landing.template", "landing_template", SCOPE, ["template of pages", "templates of pages"])
};

/// The templates that there are: code, title and areas beside the content, in the order of the page.
const TEMPLATES: [(&str, &str, &str); 6] = [
    ("header_footer", "With header and footer", "#AREA_1##CONTENT##AREA_2#"),
    ("sidebar_left", "With a sidebar on the left", "#AREA_1##AREA_2##CONTENT##AREA_3#"),
    ("sidebar_right", "With a sidebar on the right", "#AREA_1##CONTENT##AREA_2##AREA_3#"),
    ("without_left", "Without a sidebar on the left", "#AREA_1##CONTENT##AREA_2#"),
    ("without_right", "Without a sidebar on the right", "#AREA_1##CONTENT##AREA_2#"),
    ("empty", "Empty", "#CONTENT#"),
];

/// The templates that there are from the start.
pub const SEED: Seed = Seed {
    name: "landing.templates",
    names: || TEMPLATES.iter().map(|(_, title, _)| *title).collect(),
    seed,
};

fn seed(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    for ((code, title, areas), sort) in TEMPLATES.iter().zip((100..).step_by(100)) {
        let content = areas.replace("##", "#</div><div>#");
        let count = i64::try_from(areas.matches("#AREA_").count()).unwrap_or(0);
        let title = locale.text(Topic::Names, title).to_owned();
        let sort: i64 = sort;
        let sql = "INSERT INTO landing_template (active, title, sort, xml_id, content, area_count, created_by_id, \
                   modified_by_id, date_create, date_modify) VALUES ('Y', ?, ?, ?, ?, ?, 1, 1, ?, ?)";
        let now = now.seconds();
        let content = format!("<div>{content}</div>");
        let params =
            [title.into(), sort.into(), (*code).into(), content.into(), count.into(), now.into(), now.into()];
        tx.execute(sql, &params)?;
    }
    Ok(())
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = |about| required("id", method::Kind::Id, about);
    let data = || optional("data", method::Kind::Fields, "Pages by area");
    vec![
        listing(read("landing.template.getlist", SCOPE, list).own_words())
            .about("Returns templates by filter.")
            .example(
                json!({"params": {"filter": {"XML_ID": "header_footer"}}}),
                json!([{"ID": "1", "XML_ID": "header_footer", "SORT": "100", "ACTIVE": "Y"}]),
            ),
        scoped(read("landing.template.getSiteRef", SCOPE, |call| get(call, "S")))
            .about("Returns the pages that fill the areas of a site's template, by area.")
            .param(id("Site"))
            .example(json!({"id": 1}), json!({"1": 3}))
            .example(json!({"id": 2, "scope": "KNOWLEDGE"}), json!(true)),
        scoped(write("landing.template.setSiteRef", SCOPE, |call| set(call, "S")))
            .about("Replaces the pages that fill the areas of a site's template.")
            .param(id("Site"))
            .param(data())
            .example(json!({"id": 1, "data": {"1": 3}}), json!(true)),
        scoped(read("landing.template.getLandingRef", SCOPE, |call| get(call, "L")))
            .about("Returns the pages that fill the areas of a page's template, by area.")
            .param(id("Page"))
            .example(json!({"id": 1}), json!({"2": 3}))
            .example(json!({"id": 3}), json!(true)),
        scoped(write("landing.template.setLandingRef", SCOPE, |call| set(call, "L")))
            .about("Replaces the pages that fill the areas of a page's template.")
            .param(id("Page"))
            .param(data())
            .example(json!({"id": 1, "data": {"2": 3}}), json!(true)),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = Params::of(call)?;
    let scope = TEMPLATE.grant(call, Act::Read)?;
    let rows = show::list(call, &TEMPLATE, &scope, &params, &params.filter(), None)?;
    let shown = rows.iter().map(|row| params.pick(show::row(call, &TEMPLATE, row, &[]), &[])).collect();
    Ok(params.group(shown))
}

/// The site or page that a call names, when the caller may see it: its number and that of its site.
fn entity(call: &mut Call<'_, '_>, kind: &str) -> Result<(i64, i64)> {
    let id = key(call, "id")?;
    let found = match kind {
        "S" => site::reach(call, id, Op::Read)?.map(|site| site.number),
        _ => page::seen(call, id, true)?.and_then(|page| page.int("siteId")),
    };
    let site = found.ok_or_else(|| coded("ENTITY_NOT_FOUND", "Entity not found"))?;
    Ok((id, site))
}

fn get(call: &mut Call<'_, '_>, kind: &'static str) -> Result<Value> {
    let (id, _) = entity(call, kind)?;
    let mut areas = Map::new();
    let sql =
        "SELECT area, landing_id FROM landing_area WHERE entity_type = ? AND entity_id = ? ORDER BY area";
    call.tx.query(sql, &[kind.into(), id.into()], |row| {
        areas.push(row.int(0)?.to_string(), row.int(1)?);
        Ok(())
    })?;
    Ok(if areas.is_empty() { true.into() } else { areas.into_value() })
}

fn set(call: &mut Call<'_, '_>, kind: &'static str) -> Result<Value> {
    /// Areas of a template, at most.
    const MOST: usize = 50;
    let (id, site) = entity(call, kind)?;
    let data = members(call, "data")?;
    access::require(call, site, Op::Settings, "Access denied.")?;
    let sql = "DELETE FROM landing_area WHERE entity_type = ? AND entity_id = ?";
    call.tx.execute(sql, &[kind.into(), id.into()])?;
    for (area, page) in data.iter().take(MOST) {
        let (Ok(area), Some(page)) = (area.parse::<i64>(), page.as_int().filter(|page| *page > 0)) else {
            continue;
        };
        // A page that is not there fills nothing.
        if area <= 0 || page::seen(call, page, true)?.is_none() {
            continue;
        }
        let sql = "INSERT INTO landing_area (entity_type, entity_id, area, landing_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        call.tx.execute(sql, &[kind.into(), id.into(), area.into(), page.into()])?;
    }
    Ok(true.into())
}
