//! Changes of blocks: nodes, attributes, styles, cards, HTML. All are made in the draft.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::on_page::block;
use super::styles::{self, update_attributes, update_styles};
use super::{amend, cards, nodes, repository};
use crate::html::LENGTH;
use crate::refusal::{coded, flag, wrong_type};
use crate::{SCOPE, history, of_draft};

/// Changes that one call makes, at most.
const MOST: usize = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
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
        of_draft(write("landing.block.updatenodes", SCOPE, |call| change(call, true, update_nodes)))
            .about("Changes the content of nodes of a block.")
            .param(data("Values by selector"))
            .param(optional("additional", method::Kind::Fields, "How to change").with_members(vec![appends]))
            .param(history())
            .example(with(json!({"data": {".landing-block-node-title": "Hello"}})), json!(true)),
        of_draft(write("landing.block.updateattrs", SCOPE, |call| change(call, false, update_attributes)))
            .about("Changes attributes of elements of a block.")
            .param(data("Attributes by selector"))
            .example(with(json!({"data": {"#block1": {"data-slider-autoplay": 1}}})), json!(true)),
        of_draft(write("landing.block.updateStyles", SCOPE, |call| change(call, false, update_styles)))
            .about("Changes classes and inline styles of elements of a block.")
            .param(data("classList, affect and style by selector"))
            .param(history())
            .example(
                with(json!({"data": {".landing-block-node-title": {"style": {"color": "red"}}}})),
                json!(true),
            ),
        of_draft(write("landing.block.changeNodeName", SCOPE, |call| change(call, true, rename)))
            .about("Changes the tags of nodes of a block.")
            .param(data("Tags by selector"))
            .param(history())
            .example(with(json!({"data": {".landing-block-node-title": "h2"}})), json!(true)),
        of_draft(write("landing.block.changeAnchor", SCOPE, change_anchor))
            .about("Changes the anchor of a block.")
            .param(required("data", method::Kind::Text, "Anchor"))
            .param(history())
            .example(with(json!({"data": "about-us"})), json!(true)),
        of_draft(write("landing.block.updatecontent", SCOPE, update_content))
            .about("Replaces the HTML of a block.")
            .param(required("content", method::Kind::Text, "HTML"))
            .param(optional("designed", method::Kind::Flag, "Marks the block as changed by hand"))
            .param(history())
            .example(with(json!({"content": "<section>Hello</section>"})), json!(true)),
        of_draft(write("landing.block.addcard", SCOPE, add_card))
            .about("Adds a card to a block.")
            .param(selector())
            .param(required("content", method::Kind::Text, "HTML of the card; a copy when it is empty"))
            .param(history())
            .example(
                of_cards(json!({"selector": format!("{card}@0"), "content": "<div class=\"landing-block-node-card\"></div>"})),
                json!(true),
            ),
        of_draft(write("landing.block.clonecard", SCOPE, clone_card))
            .about("Copies a card of a block.")
            .param(selector())
            .param(history())
            .example(of_cards(json!({"selector": format!("{card}@0")})), json!(true)),
        of_draft(write("landing.block.removecard", SCOPE, remove_card))
            .about("Removes a card from a block.")
            .param(selector())
            .param(history())
            .example(of_cards(json!({"selector": format!("{card}@1")})), json!(true)),
        of_draft(write("landing.block.updateCards", SCOPE, |call| change(call, false, arrange)))
            .about("Arranges the cards of a block anew and changes nodes in them.")
            .param(data("source and values by card"))
            .example(of_cards(json!({"data": cards})), json!(true)),
    ]
}

/// What a change makes of the HTML of a block: by its manifest, a key that says where, the new value, and its number.
type Change = fn(&str, &Json, &str, &Value, i64) -> String;

/// Makes the changes that a call brings, one after the other, as long as the HTML is not too long. Where it `must`, it brings
/// some.
fn change(call: &mut Call<'_, '_>, must: bool, change: Change) -> Result<Value> {
    let (_, row) = block(call, &["data"])?;
    let data = call.fields("data");
    if must && data.is_empty() {
        return Err(coded("NODES_NOT_FOUND", "No nodes found for modification").into());
    }
    if data.len() > MOST {
        return Err(wrong_type().into());
    }
    let manifest = repository::manifest(call, row.text("code"))?;
    let mut html = row.text("content").to_owned();
    for (key, value) in data.iter() {
        if html.len() <= LENGTH {
            html = change(&html, &manifest, key, value, row.number);
        }
    }
    keep(call, &row, html)
}

fn keep(call: &mut Call<'_, '_>, row: &Row, html: String) -> Result<Value> {
    amend(call, row.number, &Map::from([("CONTENT", html.into())]))?;
    Ok(true.into())
}

fn change_anchor(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["data"])?;
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
    amend(call, row.number, &Map::from([("ANCHOR", anchor.into())]))?;
    Ok(true.into())
}

fn update_content(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["content"])?;
    let Some(content) = call.param("content").filter(|content| !content.is_array()).and_then(Value::text)
    else {
        return Err(wrong_type().into());
    };
    let mut values = Map::from([("CONTENT", content.into_owned().into())]);
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
    change_cards(call, &row, |html, manifest, key| cards::add(html, manifest, key, Some(&content)))
}

fn clone_card(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["selector"])?;
    change_cards(call, &row, |html, manifest, key| cards::add(html, manifest, key, None))
}

fn remove_card(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, row) = block(call, &["selector"])?;
    change_cards(call, &row, cards::remove)
}

/// Changes a block by the card that a call selects.
fn change_cards(
    call: &mut Call<'_, '_>,
    row: &Row,
    change: impl FnOnce(&str, &Json, &str) -> Option<String>,
) -> Result<Value> {
    let manifest = repository::manifest(call, row.text("code"))?;
    let key = call.text("selector").unwrap_or_default();
    let html = change(row.text("content"), &manifest, &key).ok_or_else(no_card)?;
    keep(call, row, html)
}

fn update_nodes(html: &str, manifest: &Json, key: &str, value: &Value, _: i64) -> String {
    nodes::update(html, manifest, key, value)
}

fn rename(html: &str, manifest: &Json, key: &str, value: &Value, _: i64) -> String {
    styles::rename(html, manifest, key, value)
}

/// Arranges the cards that a selector finds, and changes nodes in them.
fn arrange(html: &str, manifest: &Json, selector: &str, value: &Value, _: i64) -> String {
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
        html = arrange(&html, &manifest, selector, value, row.number);
    }
    let changes: [(&str, Change); 3] =
        [("nodes", update_nodes), ("style", update_styles), ("attrs", update_attributes)];
    let mut left = MOST;
    for (name, change) in changes {
        for (selector, values) in part(name).iter() {
            for (at, value) in values.each().enumerate().filter(|(_, value)| **value != Value::Null) {
                left = left.saturating_sub(1);
                if left == 0 || html.len() > LENGTH {
                    continue;
                }
                let key = match selector {
                    "#wrapper" => format!("#block{}", row.number),
                    selector => format!("{selector}@{at}"),
                };
                html = change(&html, &manifest, &key, value, row.number);
            }
        }
    }
    keep(call, row, html)?;
    Ok(())
}
