//! Blocks on pages: `landing.landing.addblock` and the others about where blocks are.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{self, Method, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::{BLOCK, amend, copied, image, of, put, read, repository};
use crate::access::{Op, may};
use crate::page::{reach, seen};
use crate::refusal::{coded, denied, is_yes, key, marks, members, no_block, number, require};
use crate::site::SITE;
use crate::{SCOPE, history, of_draft, of_page, scoped};

const WORDS: &str = "Access to change the page is denied.";

/// The methods.
pub fn methods() -> Vec<Method> {
    let place = || {
        optional("params", method::Kind::Fields, "Where to").with_members(vec![
            optional("AFTER_ID", method::Kind::Int, "Block before it; the last one when it is left out"),
            optional("RETURN_CONTENT", method::Kind::Flag, "Y answers with the block"),
        ])
    };
    let new = vec![
        required("CODE", method::Kind::Text, "Code of the block in the repository"),
        optional("AFTER_ID", method::Kind::Int, "Block before it; without it the new one is the first"),
        optional("ACTIVE", method::Kind::Flag, "Visible"),
        optional("CONTENT", method::Kind::Text, "HTML instead of the usual one"),
        optional("RETURN_CONTENT", method::Kind::Flag, "Y answers with the block"),
    ];
    let meta = vec![
        optional("name", method::Kind::Text, "Name"),
        optional("section", method::Kind::Any, "Sections"),
        optional("preview", method::Kind::Int, "Image of the block"),
        optional("tpl_code", method::Kind::Text, "Code of the template"),
    ];
    let first = || json!({"lid": 1, "block": 1});
    let second = || json!({"lid": 1, "block": 2});
    vec![
        of_page(write("landing.landing.addblock", SCOPE, add))
            .about("Adds a block to the draft of a page and returns its ID.")
            .param(required("fields", method::Kind::Fields, "Values by field").with_members(new))
            .param(history())
            .example(json!({"lid": 1, "fields": {"CODE": "15.social"}}), json!("*")),
        of_draft(write("landing.landing.copyblock", SCOPE, |call| relocate(call, true)))
            .about("Copies a block to a page and returns the ID of the copy.")
            .param(place())
            .example(first(), json!("*")),
        of_draft(write("landing.landing.moveblock", SCOPE, |call| relocate(call, false)))
            .about("Moves a block to a page, or to another place on its page, and returns its ID.")
            .param(place())
            .example(first(), json!(1)),
        of_draft(write("landing.landing.deleteblock", SCOPE, delete))
            .about("Deletes a block of a page.")
            .example(first(), json!(true)),
        of_draft(write("landing.landing.upblock", SCOPE, |call| step(call, -1)))
            .about("Moves a block before the one before it.")
            .param(history())
            .example(second(), json!(true)),
        of_draft(write("landing.landing.downblock", SCOPE, |call| step(call, 1)))
            .about("Moves a block behind the one behind it.")
            .param(history())
            .example(first(), json!(true)),
        of_draft(write("landing.landing.hideblock", SCOPE, |call| show(call, "N")))
            .about("Hides a block of a page.")
            .example(first(), json!(true)),
        of_draft(write("landing.landing.showblock", SCOPE, |call| show(call, "Y")))
            .about("Shows a block of a page that was hidden.")
            .example(first(), json!(true)),
        of_draft(write("landing.landing.markdeletedblock", SCOPE, |call| mark(call, None)))
            .about("Marks a block of a page as deleted.")
            .param(optional("mark", method::Kind::Flag, "false takes the mark away"))
            .param(history())
            .example(first(), json!(true)),
        of_draft(write("landing.landing.markundeletedblock", SCOPE, |call| mark(call, Some(false))))
            .about("Takes the mark of deletion from a block of a page.")
            .param(history())
            .example(first(), json!(true)),
        of_draft(write("landing.landing.favoriteBlock", SCOPE, favourite))
            .about("Saves a copy of a block for other pages and returns its ID.")
            .param(optional("meta", method::Kind::Fields, "What to say of it").with_members(meta))
            .example(json!({"lid": 1, "block": 1, "meta": {"name": "Our cover"}}), json!("*")),
        scoped(write("landing.landing.unFavoriteBlock", SCOPE, forget))
            .about("Deletes a saved copy of a block.")
            .param(required("blockId", method::Kind::Id, "Saved block"))
            .destroys()
            .example(json!({"blockId": 4}), json!(true)),
        of_page(write("landing.landing.removeEntities", SCOPE, remove))
            .about("Deletes blocks of a page, and images of blocks; what is not there is passed over.")
            .param(required("data", method::Kind::Fields, "What to delete").with_members(vec![
                optional("blocks", method::Kind::List, "Blocks"),
                optional("images", method::Kind::List, "Images: block and image"),
            ]))
            .example(json!({"lid": 1, "data": {"blocks": [2]}}), json!(true)),
    ]
}

/// The page that a call changes.
fn page(call: &mut Call<'_, '_>, others: &[&str]) -> Result<Row> {
    let names: Vec<&str> = ["lid"].iter().chain(others).copied().collect();
    require(call, &names)?;
    let id = number(call, "lid")?;
    reach(call, id, false, Op::Edit, WORDS)
}

/// The page and the block of its draft that a call changes.
///
/// # Errors
/// `MISSING_PARAMS`, `LANDING_NOT_EXIST`, `ACCESS_DENIED`, `BLOCK_NOT_FOUND`
pub fn block(call: &mut Call<'_, '_>, others: &[&str]) -> Result<(Row, Row)> {
    let names: Vec<&str> = ["block"].iter().chain(others).copied().collect();
    let page = page(call, &names)?;
    let id = number(call, "block")?;
    let block = noun::again(call, &BLOCK, id)?.filter(|block| is_draft(block, Some(page.number)));
    let block = block.filter(|block| block.text("deleted") == "N").ok_or_else(no_block)?;
    Ok((page, block))
}

fn is_draft(block: &Row, page: Option<i64>) -> bool {
    let of = block.int("landingId").unwrap_or(0);
    block.text("public") == "N" && of > 0 && page.is_none_or(|page| page == of)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let page = page(call, &["fields"])?;
    let given = members(call, "fields")?;
    let made = add_to(call, &page, &given)?;
    if is_yes(given.get("RETURN_CONTENT")) {
        read::content(call, &made, true, true, true)
    } else {
        Ok(made.number.into())
    }
}

/// Adds a block to the draft of a page that the caller may change.
///
/// # Errors
/// `BLOCK_CANT_BE_ADDED`, `BLOCK_NOT_FOUND`
pub fn add_to(call: &mut Call<'_, '_>, page: &Row, given: &Map) -> Result<Row> {
    let code = given.get("CODE").and_then(Value::text).unwrap_or_default().into_owned();
    let site = noun::again(call, &SITE, page.int("siteId").unwrap_or(0))?;
    let kind = site.as_ref().map_or("", |site| site.text("type")).to_owned();
    let found = repository::find(call, &code)?;
    let fits = |types: &[String]| types.is_empty() || types.contains(&kind);
    let Some(found) = found.filter(|found| fits(&found.types)) else {
        let text = "Cannot add block because it is not intended for this type of page.";
        return Err(coded("BLOCK_CANT_BE_ADDED", text).into());
    };
    let content = match given.get("CONTENT").and_then(Value::text) {
        Some(content) if content.trim().is_empty() => return Err(no_block().into()),
        Some(content) => content.into_owned(),
        None => found.content,
    };
    let active = if given.get("ACTIVE").and_then(Value::text).as_deref() == Some("N") { "N" } else { "Y" };
    let new = Map::from([
        ("LANDING_ID", page.number.into()),
        ("CODE", found.code.into()),
        ("ACTIVE", active.into()),
        ("CONTENT", content.into()),
        ("REPO_ID", found.repo.into()),
        ("SORT", 0.into()),
    ]);
    let made = put(call, &new)?;
    let after = given.get("AFTER_ID").and_then(Value::as_int).unwrap_or(0);
    insert(call, page.number, made.number, after, true)?;
    named(call, made.number)
}

/// Gives a new block the anchor that it has until another is chosen.
fn named(call: &mut Call<'_, '_>, id: i64) -> Result<Row> {
    amend(call, id, &Map::from([("ANCHOR", format!("b{id}").into())]))?;
    Ok(noun::again(call, &BLOCK, id)?.ok_or_else(no_block)?)
}

/// Puts a block behind another one of the page, or where there is no such block to an end.
fn insert(call: &mut Call<'_, '_>, page: i64, block: i64, after: i64, first: bool) -> Result<()> {
    let sql =
        "SELECT id FROM landing_block WHERE landing_id = ? AND public = 'N' AND id <> ? ORDER BY sort, id";
    let mut order = call.tx.all(sql, &[page.into(), block.into()], |row| row.int(0))?;
    let behind = order.iter().position(|id| *id == after).map(|at| at + 1);
    order.insert(behind.unwrap_or(if first { 0 } else { order.len() }), block);
    sort(call, &order)
}

fn sort(call: &mut Call<'_, '_>, order: &[i64]) -> Result<()> {
    for (id, sort) in order.iter().zip((0..).step_by(500)) {
        let sql = "UPDATE landing_block SET sort = ? WHERE id = ? AND sort <> ?";
        let sort: i64 = sort;
        call.tx.execute(sql, &[sort.into(), (*id).into(), sort.into()])?;
    }
    Ok(())
}

fn relocate(call: &mut Call<'_, '_>, copies: bool) -> Result<Value> {
    let page = page(call, &["block"])?;
    let (id, params) = (number(call, "block")?, members(call, "params")?);
    let block = noun::again(call, &BLOCK, id)?.filter(|block| block.text("deleted") == "N");
    let block =
        block.filter(|block| block.int("landingId").unwrap_or(0) > 0 && (copies || is_draft(block, None)));
    let block = block.ok_or_else(no_block)?;
    let from = block.int("landingId").unwrap_or(0);
    let source = seen(call, from, false)?.ok_or_else(no_block)?;
    if !copies && !may(call, source.int("siteId").unwrap_or(0), Op::Edit)? {
        return Err(no_block().into());
    }
    let after = params.get("AFTER_ID").and_then(Value::as_int).unwrap_or(0);
    let made = if copies {
        let mut new = copied(&block);
        new.insert("LANDING_ID", page.number);
        let made = put(call, &new)?.number;
        image::copy_all(call, id, made)?;
        named(call, made)?.number
    } else {
        if from != page.number {
            amend(call, id, &Map::from([("LANDING_ID", page.number.into())]))?;
        }
        id
    };
    insert(call, page.number, made, after, false)?;
    if !is_yes(params.get("RETURN_CONTENT")) {
        return Ok(made.into());
    }
    let made = noun::again(call, &BLOCK, made)?.ok_or_else(no_block)?;
    let content = read::content(call, &made, true, true, true)?;
    Ok(Map::from([("result", true.into()), ("content", content)]).into_value())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, block) = block(call, &[])?;
    noun::clear(call, &BLOCK, &[("id", block.number.into())])?;
    Ok(true.into())
}

fn step(call: &mut Call<'_, '_>, by: isize) -> Result<Value> {
    let (page, block) = block(call, &[])?;
    let mut order: Vec<i64> = of(call, page.number, true, false)?.iter().map(|row| row.number).collect();
    let at = order.iter().position(|id| *id == block.number);
    let other = at.and_then(|at| at.checked_add_signed(by)).filter(|other| *other < order.len());
    let (Some(at), Some(other)) = (at, other) else {
        return Err(coded("BLOCK_WRONG_SORT", "Out of sort range or block not found").into());
    };
    order.swap(at, other);
    sort(call, &order)?;
    Ok(true.into())
}

fn show(call: &mut Call<'_, '_>, active: &'static str) -> Result<Value> {
    let (_, block) = block(call, &[])?;
    amend(call, block.number, &Map::from([("ACTIVE", active.into())]))?;
    Ok(true.into())
}

fn mark(call: &mut Call<'_, '_>, mark: Option<bool>) -> Result<Value> {
    let page = page(call, &["block"])?;
    let id = number(call, "block")?;
    let block = noun::again(call, &BLOCK, id)?.filter(|block| is_draft(block, Some(page.number)));
    let block = block.ok_or_else(no_block)?;
    let deleted = marks(call, mark);
    amend(call, block.number, &Map::from([("DELETED", yes_no(deleted).into())]))?;
    Ok(true.into())
}

fn favourite(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, block) = block(call, &[])?;
    let given = members(call, "meta")?;
    let mut meta = Map::new();
    for name in ["name", "tpl_code"] {
        if let Some(text) = given.get(name).and_then(Value::text) {
            meta.push(name, text.chars().take(255).collect::<String>());
        }
    }
    if let Some(section) = given.get("section") {
        let sections: Vec<Value> =
            section.each().filter_map(Value::text).take(20).map(|text| text.into_owned().into()).collect();
        meta.push("section", sections);
    }
    if let Some(preview) = given.get("preview").and_then(Value::as_int).filter(|id| *id > 0) {
        let sql = "SELECT 1 FROM landing_image WHERE block_id = ? AND file_id = ?";
        if call.tx.one(sql, &[block.number.into(), preview.into()], |row| row.int(0))?.is_some() {
            meta.push("preview", preview);
        }
    }
    let mut new = copied(&block);
    new.insert("LANDING_ID", 0);
    new.push("FAVORITE_META", meta.into_value());
    let made = put(call, &new)?.number;
    image::copy_all(call, block.number, made)?;
    Ok(made.into())
}

fn forget(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "blockId")?;
    let saved = noun::again(call, &BLOCK, id)?
        .filter(|saved| saved.int("landingId") == Some(0))
        .ok_or_else(no_block)?;
    if saved.int("createdById") != Some(call.caller.user_id) {
        return Err(denied().into());
    }
    noun::clear(call, &BLOCK, &[("id", id.into())])?;
    Ok(true.into())
}

fn remove(call: &mut Call<'_, '_>) -> Result<Value> {
    let page = page(call, &["data"])?;
    let data = members(call, "data")?;
    let listed = |name: &str| data.get(name).cloned().unwrap_or_default();
    let there: Vec<i64> = of(call, page.number, true, false)?.iter().map(|row| row.number).collect();
    let blocks: Vec<i64> =
        listed("blocks").each().filter_map(Value::as_int).filter(|id| there.contains(id)).collect();
    for id in &blocks {
        noun::clear(call, &BLOCK, &[("id", (*id).into())])?;
    }
    for image in listed("images").items().take(200) {
        let part = |name: &str| image.get(name).and_then(Value::as_int).unwrap_or(0);
        if there.contains(&part("block")) && !blocks.contains(&part("block")) {
            image::forget(call, part("block"), part("image"))?;
        }
    }
    Ok(true.into())
}
