//! Changes of blocks: nodes, attributes, styles, cards, HTML. All are made in the draft.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, optional, required, write};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::on_page::block;
use super::{amend, cards, nodes, repository, styles};
use crate::html::LENGTH;
use crate::refusal::{coded, flag, wrong_type};
use crate::{SCOPE, scoped};

/// Changes that one call makes, at most.
const MOST: usize = 200;

fn history() -> Parameter {
    optional("preventHistory", method::Kind::Flag, "Without a trace in the history; there is none")
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| {
        scoped(method).param(required("lid", method::Kind::Id, "Page")).param(required(
            "block",
            method::Kind::Id,
            "Block of the draft",
        ))
    };
    let data = |about| required("data", method::Kind::Fields, about);
    let selector = || required("selector", method::Kind::Text, "Card, and behind @ its place");
    let appends = optional("appendMenu", method::Kind::Flag, "Adds to menus; they are not changed");
    let with = |more: Json| {
        let mut params = json!({"lid": 1, "block": 1});
        if let (Json::Object(params), Json::Object(more)) = (&mut params, more) {
            params.extend(more);
        }
        params
    };
    let of_cards = |more: Json| {
        let mut params = with(more);
        params["block"] = json!(2);
        params
    };
    let card = ".landing-block-node-card";
    let cards = json!({card: {"source": [{"type": "card", "value": 1}], "values": [{".landing-block-node-title@0": "One"}]}});
    vec![
        one(write("landing.block.updatenodes", SCOPE, update_nodes))
            .about("Changes the content of nodes of a block.")
            .param(data("Values by selector"))
            .param(optional("additional", method::Kind::Fields, "How to change").with_members(vec![appends]))
            .param(history())
            .example(with(json!({"data": {".landing-block-node-title": "Hello"}})), json!(true)),
        one(write("landing.block.updateattrs", SCOPE, update_attributes))
            .about("Changes attributes of elements of a block.")
            .param(data("Attributes by selector"))
            .example(with(json!({"data": {"#block1": {"data-slider-autoplay": 1}}})), json!(true)),
        one(write("landing.block.updateStyles", SCOPE, update_styles))
            .about("Changes classes and inline styles of elements of a block.")
            .param(data("classList, affect and style by selector"))
            .param(history())
            .example(
                with(json!({"data": {".landing-block-node-title": {"style": {"color": "red"}}}})),
                json!(true),
            ),
        one(write("landing.block.changeNodeName", SCOPE, rename))
            .about("Changes the tags of nodes of a block.")
            .param(data("Tags by selector"))
            .param(history())
            .example(with(json!({"data": {".landing-block-node-title": "h2"}})), json!(true)),
        one(write("landing.block.changeAnchor", SCOPE, change_anchor))
            .about("Changes the anchor of a block.")
            .param(required("data", method::Kind::Text, "Anchor"))
            .param(history())
            .example(with(json!({"data": "about-us"})), json!(true)),
        one(write("landing.block.updatecontent", SCOPE, update_content))
            .about("Replaces the HTML of a block.")
            .param(required("content", method::Kind::Text, "HTML"))
            .param(optional("designed", method::Kind::Flag, "Marks the block as changed by hand"))
            .param(history())
            .example(with(json!({"content": "<section>Hello</section>"})), json!(true)),
        one(write("landing.block.addcard", SCOPE, add_card))
            .about("Adds a card to a block.")
            .param(selector())
            .param(required("content", method::Kind::Text, "HTML of the card; a copy when it is empty"))
            .param(history())
            .example(
                of_cards(json!({"selector": format!("{card}@0"), "content": "<div class=\"landing-block-node-card\"></div>"})),
                json!(true),
            ),
        one(write("landing.block.clonecard", SCOPE, clone_card))
            .about("Copies a card of a block.")
            .param(selector())
            .param(history())
            .example(of_cards(json!({"selector": format!("{card}@0")})), json!(true)),
        one(write("landing.block.removecard", SCOPE, remove_card))
            .about("Removes a card from a block.")
            .param(selector())
            .param(history())
            .example(of_cards(json!({"selector": format!("{card}@1")})), json!(true)),
        one(write("landing.block.updateCards", SCOPE, update_cards))
            .about("Arranges the cards of a block anew and changes nodes in them.")
            .param(data("source and values by card"))
            .example(of_cards(json!({"data": cards})), json!(true)),
    ]
}

/// The block that a call changes, with its manifest.
fn begin(call: &mut Call<'_, '_>, param: &'static str) -> Result<(Row, Json)> {
    let (_, row) = block(call, &[param])?;
    let manifest = repository::manifest(call, row.text("code"))?;
    Ok((row, manifest))
}

/// The changes that a call brings.
fn data(call: &Call<'_, '_>) -> Result<Map> {
    let data = call.fields("data");
    if data.is_empty() {
        return Err(coded("NODES_NOT_FOUND", "No nodes found for modification").into());
    }
    if data.len() > MOST { Err(wrong_type().into()) } else { Ok(data) }
}

fn keep(call: &mut Call<'_, '_>, row: &Row, html: String) -> Result<Value> {
    amend(call, row.number, &Map::from([("CONTENT", html)]))?;
    Ok(true.into())
}

/// Makes changes one after the other, as long as the HTML is not too long.
fn fold(html: &str, data: &Map, mut change: impl FnMut(&str, &str, &Value) -> String) -> String {
    let mut html = html.to_owned();
    for (key, value) in data.iter() {
        if html.len() <= LENGTH {
            html = change(&html, key, value);
        }
    }
    html
}

fn update_nodes(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "data")?;
    let data = data(call)?;
    let html =
        fold(row.text("content"), &data, |html, key, value| nodes::update(html, &manifest, key, value));
    keep(call, &row, html)
}

fn update_attributes(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "data")?;
    let data = call.fields("data");
    if data.len() > MOST {
        return Err(wrong_type().into());
    }
    let id = row.number;
    let change =
        |html: &str, key: &str, value: &Value| styles::update_attributes(html, &manifest, key, value, id);
    let html = fold(row.text("content"), &data, change);
    keep(call, &row, html)
}

fn update_styles(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "data")?;
    let data = call.fields("data");
    if data.len() > MOST {
        return Err(wrong_type().into());
    }
    let id = row.number;
    let change =
        |html: &str, key: &str, value: &Value| styles::update_styles(html, &manifest, key, value, id);
    let html = fold(row.text("content"), &data, change);
    keep(call, &row, html)
}

fn rename(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "data")?;
    let data = data(call)?;
    let html =
        fold(row.text("content"), &data, |html, key, value| styles::rename(html, &manifest, key, value));
    keep(call, &row, html)
}

fn change_anchor(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = begin(call, "data")?;
    let anchor = call.param("data").and_then(Value::text).unwrap_or_default().trim().to_owned();
    let mut letters = anchor.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    let fits = letters.clone().count() > 0
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "-_.:".contains(letter))
        && anchor.len() <= 255;
    // Nothing takes it away.
    let is_good = anchor.is_empty() || (begins && fits);
    if !is_good {
        let text = "The anchor must start with a character from a-z and may only contain characters from \"a-z\", \
                    \"0-9\", \"-\", \"_\", \".\", \":\"";
        return Err(coded("BAD_ANCHOR", text).into());
    }
    let anchor = if anchor.is_empty() { format!("b{}", row.number) } else { anchor };
    amend(call, row.number, &Map::from([("ANCHOR", anchor)]))?;
    Ok(true.into())
}

fn update_content(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = begin(call, "content")?;
    let Some(content) = call.param("content").filter(|content| !content.is_array()).and_then(Value::text)
    else {
        return Err(wrong_type().into());
    };
    let mut values = Map::from([("CONTENT", content.into_owned())]);
    if flag(call.param("designed")).unwrap_or(false) {
        values.push("DESIGNED", "Y");
    }
    amend(call, row.number, &values)?;
    Ok(true.into())
}

fn no_card() -> wire::Fault {
    coded("CARD_NOT_FOUND", "Card not found in the block")
}

fn add_card(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["selector", "content"])?;
    let content = call.text("content").unwrap_or_default();
    new_card(call, &row, Some(&content))
}

fn clone_card(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["selector"])?;
    new_card(call, &row, None)
}

fn new_card(call: &mut Call<'_, '_>, row: &Row, content: Option<&str>) -> Result<Value> {
    let manifest = repository::manifest(call, row.text("code"))?;
    let key = call.text("selector").unwrap_or_default();
    let html = cards::add(row.text("content"), &manifest, &key, content).ok_or_else(no_card)?;
    keep(call, row, html)
}

fn remove_card(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "selector")?;
    let key = call.text("selector").unwrap_or_default();
    let html = cards::remove(row.text("content"), &manifest, &key).ok_or_else(no_card)?;
    keep(call, &row, html)
}

fn update_cards(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, manifest) = begin(call, "data")?;
    let data = call.fields("data");
    if data.len() > MOST {
        return Err(wrong_type().into());
    }
    let html = fold(row.text("content"), &data, |html, key, value| arrange(html, &manifest, key, value));
    keep(call, &row, html)
}

fn arrange(html: &str, manifest: &Json, selector: &str, value: &Value) -> String {
    let mut html = match value.get("source").filter(|source| source.is_array()) {
        Some(source) => cards::arrange(html, manifest, selector, source),
        None => html.to_owned(),
    };
    let values = value.get("values").map(Value::items).into_iter().flatten();
    for (key, value) in values.flat_map(Value::entries).take(MOST) {
        if html.len() > LENGTH {
            break;
        }
        if let Some(key) = cards::node_key(&html, selector, &key) {
            html = nodes::update(&html, manifest, &key, value);
        }
    }
    html
}

/// Gives a block what a template says of it: cards, nodes, styles and attributes.
///
/// # Errors
/// `BX_INVALID_VALUE` for HTML that is too long.
pub fn apply(call: &mut Call<'_, '_>, row: &Row, given: &Value) -> Result<()> {
    let manifest = repository::manifest(call, row.text("code"))?;
    let part = |name: &str| given.get(name).cloned().and_then(Value::into_map).unwrap_or_default();
    let mut html = row.text("content").to_owned();
    for (selector, value) in part("cards").iter().take(20) {
        html = arrange(&html, &manifest, selector, value);
    }
    type Change<'c> = Box<dyn Fn(&str, &str, &Value) -> String + 'c>;
    let id = row.number;
    let changes: [(&str, Change<'_>); 3] = [
        ("nodes", Box::new(|html, key, value| nodes::update(html, &manifest, key, value))),
        ("style", Box::new(|html, key, value| styles::update_styles(html, &manifest, key, value, id))),
        ("attrs", Box::new(|html, key, value| styles::update_attributes(html, &manifest, key, value, id))),
    ];
    let mut left = MOST;
    for (name, change) in changes {
        for (selector, values) in part(name).iter() {
            for (at, value) in values.each().enumerate().filter(|(_, value)| **value != Value::Null) {
                left = left.saturating_sub(1);
                if left == 0 || html.len() > LENGTH {
                    continue;
                }
                let key =
                    if selector == "#wrapper" { format!("#block{id}") } else { format!("{selector}@{at}") };
                html = change(&html, &key, value);
            }
        }
    }
    keep(call, row, html)?;
    Ok(())
}
