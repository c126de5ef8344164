//! The trash, and publication.

use engine::call::Call;
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{self, Method, optional, required, write};
use serde_json::json;
use wire::{Map, Value};

use super::{amend, reach};
use crate::access::{self, Op};
use crate::refusal::{coded, key, marks};
use crate::{SCOPE, page, scoped};

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| scoped(method).param(required("id", method::Kind::Id, "Site"));
    let mark = || optional("mark", method::Kind::Flag, "false takes it out of the trash");
    vec![
        one(write("landing.site.markDelete", SCOPE, |call| mark_deleted(call, None)))
            .about("Puts a site into the trash, where it is not published, and returns its ID.")
            .param(mark())
            .destroys()
            .example(json!({"id": 1}), json!(1)),
        one(write("landing.site.markUnDelete", SCOPE, |call| mark_deleted(call, Some(false))))
            .about("Takes a site out of the trash and returns its ID.")
            .example(json!({"id": 1}), json!(1)),
        one(write("landing.site.publication", SCOPE, |call| publish(call, true)))
            .about("Publishes a site with its folders and active pages, and returns its ID.")
            .example(json!({"id": 1}), json!(1)),
        one(write("landing.site.unpublic", SCOPE, |call| publish(call, false)))
            .about("Hides a site with its folders and pages, and returns its ID.")
            .example(json!({"id": 1}), json!(1)),
    ]
}

fn mark_deleted(call: &mut Call<'_, '_>, mark: Option<bool>) -> Result<Value> {
    let id = key(call, "id")?;
    access::require(call, id, Op::Delete, "Access to delete the site is denied.")?;
    let deleted = marks(call, mark);
    amend(call, id, &Map::from([("DELETED", yes_no(deleted).into()), ("ACTIVE", "N".into())]))?;
    page::show_all(call, id, false)?;
    Ok(id.into())
}

fn publish(call: &mut Call<'_, '_>, public: bool) -> Result<Value> {
    let id = key(call, "id")?;
    let site = reach(call, id, Op::Public)?.filter(|site| site.text("deleted") == "N");
    if site.is_none() {
        return Err(coded("ACCESS_DENIED", "Publishing the site is not allowed.").into());
    }
    let active = yes_no(public);
    amend(call, id, &Map::from([("ACTIVE", active.into())]))?;
    let folders = "UPDATE landing_folder SET active = ? WHERE site_id = ? AND deleted = 'N'";
    call.tx.execute(folders, &[active.into(), id.into()])?;
    page::show_all(call, id, public)?;
    Ok(id.into())
}
