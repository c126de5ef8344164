//! Widgets of the start page: `landing.repowidget.*`. They are kept, and not shown.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::input::pick;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Access, Face, Grant, ID, Noun, Row, Rule, Stamp, field, noun};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Fault, Map, Value, select};

use crate::rows;

const SCOPE: &str = "landing";

const FACE: Face = Face { verbs: &[], ..Face::flat("landing.repowidget", "code") };

/// Widgets.
pub static WIDGET: Noun = Noun {
    access: Access::Rule(&OfWhoAdded),
    fields: &[
        ID,
        field("xmlId", Kind::String, "Code").required().indexed(),
        field("appCode", Kind::String, "Application"),
        field("active", Kind::Char, "Active").default("Y"),
        field("name", Kind::String, "Name").required(),
        field("description", Kind::Text, "Description"),
        field("sections", Kind::String, "Sections").required(),
        field("siteTemplateId", Kind::String, "Template of the site"),
        field("preview", Kind::String, "Picture").required(),
        field("manifest", Kind::Json, "Parameters"),
        field("content", Kind::Text, "Markup").required(),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    ..noun("extensions.widget", "extensions_widget", SCOPE, ["widget", "widgets"])
};

/// Who added a widget has it, and administrators have all.
struct OfWhoAdded;

impl Rule for OfWhoAdded {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        Ok(match call.caller.is_admin {
            true => Grant::All,
            false => Grant::Where("t.created_by_id = ?".to_owned(), vec![call.caller.user_id.into()]),
        })
    }
}

/// Widgets that one user may have.
const MOST: usize = 500;

/// What must be given, and what must be among the parameters.
const REQUIRED: [&str; 5] = ["NAME", "PREVIEW", "CONTENT", "SECTIONS", "WIDGET_PARAMS"];
const REQUIRED_PARAMS: [&str; 3] = ["rootNode", "handler", "demoData"];

/// Parameters of a widget with that code.
pub fn sample(code: &str) -> Json {
    json!({"code": code, "fields": {
        "NAME": "News", "PREVIEW": "https://example.com/news.jpg", "SECTIONS": "widgets_company_life",
        "CONTENT": "<div class=\"news\">{{title}}</div>",
        "WIDGET_PARAMS": {"rootNode": ".news", "handler": "https://example.com/news", "demoData": {"title": "News"}},
    }})
}

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Any, Fields, Filter, Flag, Order, Select, Text};
    let members = vec![
        required("NAME", Text, "Name"),
        required("PREVIEW", Text, "Picture"),
        optional("DESCRIPTION", Text, "Description"),
        required("CONTENT", Text, "Markup"),
        required("SECTIONS", Any, "Sections"),
        required("WIDGET_PARAMS", Fields, "Parameters"),
        optional("ACTIVE", Flag, "Active"),
        optional("SITE_TEMPLATE_ID", Text, "Template of the site"),
    ];
    let asked = vec![
        optional("select", Select, "Fields to return"),
        optional("filter", Filter, "Conditions by field, with comparison prefixes"),
        optional("order", Order, "ASC or DESC by field"),
        optional("group", Select, "Fields to group by; nothing is grouped"),
    ];
    vec![
        read("landing.repowidget.getlist", SCOPE, list)
            .own_words()
            .about("Lists widgets by filter.")
            .param(required("params", Fields, "What the list is asked for").with_members(asked))
            .example(
                json!({"params": {"filter": {"XML_ID": "acme_news"}}}),
                json!([{"ID": "1", "XML_ID": "acme_news"}]),
            ),
        write("landing.repowidget.register", SCOPE, register)
            .own_words()
            .about("Adds a widget, or changes the one with that code, and returns its ID.")
            .param(required("code", Text, "Code"))
            .param(required("fields", Fields, "Values by field").with_members(members))
            .example(sample("other"), json!("*")),
        write("landing.repowidget.unregister", SCOPE, unregister)
            .own_words()
            .about("Deletes a widget; false if there is none with that code.")
            .param(required("code", Text, "Code"))
            .example(json!({"code": "acme_news"}), json!(true)),
    ]
}

/// The widgets with a code, as far as the caller may do this to them.
fn with_code(call: &mut Call<'_, '_>, code: &str, act: Act) -> Result<Vec<Row>> {
    let scope = WIDGET.grant(call, act)?;
    noun::rows(call, &WIDGET, &scope, &[("xmlId", Param::from(code.to_owned()))])
}

fn code(call: &Call<'_, '_>) -> Result<String> {
    let code = call.text("code").map(|code| code.trim().chars().take(255).collect::<String>());
    let missing = || Fault::new(400, "MISSING_PARAMS", "Invocation parameters are missing: code");
    Ok(code.filter(|code| !code.is_empty()).ok_or_else(missing)?)
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let code = code(call)?;
    let given = call.fields("fields");
    let is_missing = |map: &Map, name: &str| map.get(name).is_none_or(Value::is_empty);
    if let Some(name) = REQUIRED.into_iter().find(|name| is_missing(&given, name)) {
        let text = format!("The required field is missing: {name}");
        return Err(Fault::new(400, "REQUIRED_FIELD_NO_EXISTS", text).into());
    }
    let params = given.get("WIDGET_PARAMS").cloned().and_then(Value::into_map).unwrap_or_default();
    if let Some(name) = REQUIRED_PARAMS.into_iter().find(|name| is_missing(&params, name)) {
        let text = format!("The required parameter is missing: {name}");
        return Err(Fault::new(400, "REQUIRED_PARAM_NO_EXISTS", text).into());
    }
    let mut fields: Map = ["NAME", "PREVIEW", "DESCRIPTION", "CONTENT", "ACTIVE", "SITE_TEMPLATE_ID"]
        .into_iter()
        .filter_map(|name| Some((name.into(), given.get(name)?.clone())))
        .collect();
    let sections = given.get("SECTIONS").into_iter().flat_map(Value::each).filter_map(Value::text);
    fields.push("SECTIONS", sections.collect::<Vec<_>>().join(","));
    fields.push("MANIFEST", manifest(params));
    if let Some(row) = with_code(call, &code, Act::Update)?.first() {
        noun::amend(call, &WIDGET, &FACE, row.number, &fields)?;
        return Ok(row.number.into());
    }
    let sql = "SELECT COUNT(*) FROM extensions_widget WHERE created_by_id = ?";
    let own = call.tx.one(sql, &[call.caller.user_id.into()], |row| row.int(0))?.unwrap_or(0);
    if usize::try_from(own).unwrap_or(usize::MAX) >= MOST {
        return Err(Fault::core("There are too many widgets").into());
    }
    fields.push("XML_ID", code);
    Ok(noun::put(call, &WIDGET, &fields)?.number.into())
}

/// The parameters of a widget as a block of a page has them.
fn manifest(params: Map) -> Value {
    let mut block = Map::with_capacity(3);
    block.push("type", vec![Value::from("mainpage")]);
    block.push("subtype", vec![Value::from("widgetvue")]);
    block.push("subtype_params", params.into_value());
    Value::under("block", block.into_value())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let code = code(call)?;
    let found = with_code(call, &code, Act::Delete)?;
    for row in &found {
        noun::clear(call, &WIDGET, &[("id", Param::from(row.number))])?;
    }
    Ok((!found.is_empty()).into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = call.fields("params");
    let inner = |name: &str| params.get_any_case(name).cloned().unwrap_or_default();
    let given = inner("filter").into_map().unwrap_or_default();
    let scope = WIDGET.grant(call, Act::Read)?;
    let found = rows::list(call, &WIDGET, &scope, &given, &inner("order"))?;
    let shown = noun::show_all(call, &WIDGET, &FACE, &found, false)?;
    let select = select::parse(&inner("select"));
    let zone = call.caller.zone.clone();
    let picked = found.iter().zip(shown).map(|(row, mut map)| {
        for (name, field) in [("DATE_CREATE", "dateCreate"), ("DATE_MODIFY", "dateModify")] {
            let iso = moment::print(&zone, row.int(field).unwrap_or(0));
            map.insert(name, format!("{}.{}.{} {}", &iso[8..10], &iso[5..7], &iso[..4], &iso[11..19]));
        }
        map.insert("MANIFEST", Value::from(row.json("manifest")));
        pick(map, &select)
    });
    Ok(picked.collect::<Vec<_>>().into())
}
