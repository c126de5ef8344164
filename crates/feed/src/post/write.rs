//! `log.blogpost.add`, `update`, `delete` and `share`.

use engine::access::Act;
use engine::call::Call;
use engine::error::{Error, Result};
use engine::input::yes_no;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{FACE, POST, as_author};
use crate::dest::{self, MOST, Named};
use crate::files::{self, POSTS};
use crate::rights::EVERYBODY;
use crate::{SCOPE, notice, refusal, tag, words};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        written(write("log.blogpost.add", SCOPE, add), required("POST_MESSAGE", Kind::Text, "Text"))
            .about("Adds a post and returns its ID.")
            .param(optional("TAGS", Kind::Text, "Tags, separated by commas"))
            .param(optional("BACKGROUND_CODE", Kind::Text, "Background"))
            .param(optional("PARSE_PREVIEW", Kind::Flag, "Preview of links; there are none"))
            .example(
                json!({
                    "POST_TITLE": "New rules", "POST_MESSAGE": "From November on, approvals take two days.",
                    "DEST": ["UA"], "IMPORTANT": "Y", "TAGS": "rules,approval", "FILES": [["rules.txt", "VHdvIGRheXM="]],
                }),
                json!("*"),
            ),
        written(
            write("log.blogpost.update", SCOPE, update).param(POST_ID),
            optional("POST_MESSAGE", Kind::Text, "Text"),
        )
        .about("Updates the given parts of a post and returns its ID.")
        .example(json!({"POST_ID": 1, "POST_TITLE": "Opening hours"}), json!(1)),
        write("log.blogpost.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a post with its comments.")
            .param(POST_ID)
            .example(json!({"POST_ID": 2}), json!(true)),
        write("log.blogpost.share", SCOPE, share)
            .own_words()
            .about("Adds recipients to a post.")
            .param(POST_ID)
            .param(required("DEST", Kind::List, DEST))
            .param(USER)
            .example(json!({"POST_ID": 2, "DEST": ["DR1"]}), json!(true)),
    ]
}

const POST_ID: Param = required("POST_ID", Kind::Id, "Post");
const USER: Param = optional("USER_ID", Kind::Id, "Author; administrators only");
const DEST: &str = "Recipients: UA, U1, SG1, DR1 or D1";

/// The parameters that say what a post is.
fn written(method: Method, text: Param) -> Method {
    method
        .own_words()
        .param(text)
        .param(optional("POST_TITLE", Kind::Text, "Title"))
        .param(optional("DEST", Kind::List, DEST))
        .param(optional("SPERM", Kind::List, "Recipients; superseded by DEST"))
        .param(optional(
            "FILES",
            Kind::Any,
            "Files, each as name and content in base64; of an update also {ID: del}",
        ))
        .param(optional("IMPORTANT", Kind::Flag, "Important"))
        .param(optional("IMPORTANT_DATE_END", Kind::Text, "Important until"))
        .param(optional("SITE_ID", Kind::Text, "Site"))
        .param(USER)
        .param(optional(
            "UF_*",
            Kind::Any,
            "UF_BLOG_POST_FILE, UF_BLOG_POST_IMPRTNT, UF_IMPRTANT_DATE_END, UF_BLOG_POST_VOTE",
        ))
}

fn not_added(text: &'static str) -> Fault {
    Fault::new(400, "SONET_CONTROLLER_LIVEFEED_BLOGPOST_ADD_ERROR", text)
}

fn not_updated(text: &'static str) -> Fault {
    Fault::new(400, "SONET_CONTROLLER_LIVEFEED_BLOGPOST_UPDATE_ERROR", text)
}

/// What a call names of these, the first that is given.
fn given<'c>(call: &'c Call<'_, '_>, names: &[&str]) -> Option<&'c Value> {
    names.iter().find_map(|name| call.param(name)).filter(|value| !value.is_empty())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    if let Some(done) = as_author(call)? {
        return Ok(done);
    }
    let text = call.text("POST_MESSAGE").unwrap_or_default();
    let brought = files::Given::read(call.param("FILES").unwrap_or(&Value::Null));
    if text.trim().is_empty() || brought.new.len() > files::MOST {
        return Err(not_added("Blog post hasn't been added").into());
    }
    let asked = given(call, &["DEST", "SPERM"]).cloned().unwrap_or_else(|| EVERYBODY.into());
    let Named { codes, .. } = Named::read(call, &asked)?;
    if codes.is_empty() {
        return Err(not_added("No destination specified").into());
    }
    let mut post = Map::with_capacity(10);
    entitle(call, &mut post, &text);
    post.push("RECIPIENTS", codes.join(","));
    if let Some(tags) = call.text("TAGS") {
        post.push("TAG_IDS", tag::numbers(call, &tags)?);
    }
    post.push("BACKGROUND_CODE", call.text("BACKGROUND_CODE"));
    importance(call, &mut post);
    poll(call, &mut post);
    let row = noun::add(call, &POST, &FACE, &post)?;
    attach(call, row.number, &brought)?;
    notice::of_post(call, &row, &dest::of(&row))?;
    Ok(row.number.into())
}

/// Title and text.
fn entitle(call: &Call<'_, '_>, post: &mut Map, text: &str) {
    let title =
        call.text("POST_TITLE").map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());
    post.push("MICRO", yes_no(title.is_none()));
    post.push("TITLE", title.unwrap_or_else(|| words::title(text)));
    post.push("MESSAGE", text);
}

fn importance(call: &Call<'_, '_>, post: &mut Map) {
    let flag = given(call, &["IMPORTANT", "UF_BLOG_POST_IMPRTNT"]).and_then(Value::as_flag);
    if let Some(flag) = flag {
        post.push("IMPORTANT", yes_no(flag));
    }
    if let Some(until) = given(call, &["IMPORTANT_DATE_END", "UF_IMPRTANT_DATE_END"]) {
        post.push("IMPORTANT_UNTIL", until.clone());
    }
}

/// What a poll is made of, for the module of polls: `UF_BLOG_POST_VOTE` is `n` with a name, and names the data.
fn poll(call: &Call<'_, '_>, post: &mut Map) {
    let name = call.text("UF_BLOG_POST_VOTE").filter(|name| name.starts_with('n'));
    let data = name.and_then(|name| call.param(&format!("UF_BLOG_POST_VOTE_{name}_DATA")).cloned());
    if let Some(data) = data {
        post.push("POLL", data);
    }
}

/// Attaches the files that a call brings, or else those of the drive that it names.
fn attach(call: &mut Call<'_, '_>, post: i64, brought: &files::Given) -> Result<()> {
    if !brought.new.is_empty() || !brought.gone.is_empty() {
        files::detach(call, POSTS, post, &brought.gone)?;
        return files::bring(call, POSTS, post, &brought.new);
    }
    match call.param("UF_BLOG_POST_FILE").cloned() {
        Some(named) if !named.is_empty() => files::replace(call, POSTS, post, &named),
        _ => Ok(()),
    }
}

/// The post that a call names, when its caller may change it.
fn changeable(call: &mut Call<'_, '_>, missing: Fault, denied: Fault) -> Result<Row> {
    let id = call.id("POST_ID");
    let scope = POST.grant(call, Act::Update)?;
    if let Some(row) = noun::one(call, &POST, &scope, id)? {
        return Ok(row);
    }
    let scope = POST.grant(call, Act::Read)?;
    Err(match noun::one(call, &POST, &scope, id)? {
        Some(_) => denied.into(),
        None => missing.into(),
    })
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.id("POST_ID") <= 0 {
        return Err(not_updated("Wrong post ID").into());
    }
    let old = changeable(call, not_updated("No post found"), not_updated("No write perms"))?;
    if given(call, &["POST_TITLE", "POST_MESSAGE"]).is_none() {
        return Err(Fault::new(400, "EMPTY_TITLE", "Message title is not specified.").into());
    }
    let brought = files::Given::read(call.param("FILES").unwrap_or(&Value::Null));
    let left = files::count(call, POSTS, old.number)?;
    if left + brought.new.len() > files::MOST {
        return Err(Fault::crm("Cannot update blog post").into());
    }
    let mut post = Map::with_capacity(8);
    let text = call.text("POST_MESSAGE").unwrap_or_else(|| old.text("message").to_owned());
    entitle(call, &mut post, &text);
    let mut new = Vec::new();
    if let Some(asked) = given(call, &["DEST", "SPERM"]).cloned() {
        let codes = Named::read(call, &asked)?.codes;
        if codes.is_empty() {
            return Err(not_updated("No destination specified").into());
        }
        let before = dest::of(&old);
        new = codes.iter().filter(|code| !before.contains(&code.as_str())).cloned().collect();
        post.push("RECIPIENTS", codes.join(","));
    }
    importance(call, &mut post);
    poll(call, &mut post);
    let row = noun::update(call, &POST, &FACE, &[old.number.into()], &post)?;
    attach(call, row.number, &brought)?;
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    if !new.is_empty() {
        notice::of_post(call, &row, &new)?;
    }
    Ok(row.number.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let missing = || Fault::new(400, "100", "Wrong post ID");
    if call.id("POST_ID") <= 0 {
        return Err(missing().into());
    }
    let denied = Fault::new(400, "403", "You do not have permission to delete this message");
    let row = changeable(call, missing(), denied)?;
    noun::delete(call, &POST, &FACE, &[row.number.into()])?;
    Ok(true.into())
}

fn share(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.id("POST_ID") <= 0 {
        return Err(refusal("Wrong post ID").into());
    }
    let old = changeable(call, refusal("Wrong post ID"), refusal("No read perms"))?;
    let asked = call.param("DEST").cloned().unwrap_or_default();
    let named = Named::read(call, &asked)?;
    if named.codes.is_empty() && !asked.each().any(is_code) {
        return Err(refusal("Wrong destinations").into());
    }
    if named.has_others {
        return Err(refusal("No access to one or more message recipients").into());
    }
    let before = dest::of(&old);
    let new: Vec<&str> =
        named.codes.iter().map(String::as_str).filter(|code| !before.contains(code)).collect();
    if before.len() + new.len() > MOST {
        return Err(refusal("Wrong destinations").into());
    }
    let mut post = Map::with_capacity(1);
    post.push("RECIPIENTS", [before, new.clone()].concat().join(","));
    let shared = noun::update(call, &POST, &FACE, &[old.number.into()], &post);
    let row = shared.map_err(|error| match error {
        Error::Fault(_) => Error::Fault(refusal("No read perms")),
        other => other,
    })?;
    notice::of_post(call, &row, &new)?;
    Ok(true.into())
}

/// Whether a text is written like a recipient.
fn is_code(given: &Value) -> bool {
    let text = given.text().unwrap_or_default().trim().to_ascii_uppercase();
    text == EVERYBODY || dest::parted(&text).is_some()
}
