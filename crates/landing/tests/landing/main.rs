//! Sites, pages and blocks through the front door.

#![allow(clippy::unwrap_used, reason = "what fails fails the test")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod blocks;
mod pages;
mod rights;
mod templates;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// A site.
pub fn site(who: &Hook, code: &str) -> i64 {
    who.get("landing.site.add", json!({"fields": {"TITLE": code, "CODE": code}})).as_i64().unwrap()
}

/// A page of a site, with more fields.
pub fn page(who: &Hook, site: i64, title: &str, more: Json) -> i64 {
    let mut fields = json!({"TITLE": title, "SITE_ID": site});
    extend(&mut fields, more);
    who.get("landing.landing.add", json!({"fields": fields})).as_i64().unwrap()
}

/// A block at the end of a page's draft.
pub fn block(who: &Hook, page: i64, code: &str, content: Json) -> i64 {
    let last = ids(who, page, true).last().copied().unwrap_or(0);
    let mut fields = json!({"CODE": code, "AFTER_ID": last});
    if let Some(content) = content.as_str() {
        fields["CONTENT"] = content.into();
    }
    who.get("landing.landing.addblock", json!({"lid": page, "fields": fields})).as_i64().unwrap()
}

/// The blocks of a page: of its draft, or published ones.
pub fn ids(who: &Hook, page: i64, draft: bool) -> Vec<i64> {
    let listed = who.get("landing.block.getlist", json!({"lid": page, "params": {"edit_mode": draft}}));
    listed.as_array().unwrap().iter().map(|block| block["id"].as_i64().unwrap()).collect()
}

/// The HTML of a block of a draft.
pub fn html(who: &Hook, page: i64, block: i64) -> String {
    let asked = json!({"lid": page, "block": block, "editMode": true, "params": {"wrapper_show": false}});
    who.get("landing.block.getcontent", asked)["content"].as_str().unwrap().to_owned()
}

/// One object with the members of another.
pub fn extend(to: &mut Json, more: Json) {
    if let (Json::Object(to), Json::Object(more)) = (to, more) {
        to.extend(more);
    }
}
