//! Rights of single sites, which count where there are no roles.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun;
use serde_json::json;
use wire::Value;

use super::SITE;
use crate::access::{self, DENIED, Op, may};
use crate::refusal::{key, number, require, require_array};
use crate::role::{in_order, operations, require_admin};
use crate::{SCOPE, scoped};

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| scoped(method).param(required("id", method::Kind::Int, "Site"));
    vec![
        one(read("landing.site.getRights", SCOPE, get))
            .about("Returns what the caller may do with a site.")
            .example(json!({"id": 1}), json!(["read", "edit", "sett", "public", "delete"])),
        one(write("landing.site.setRights", SCOPE, set))
            .about("Replaces what access codes may do with a site where there are no roles.")
            .param(optional("rights", method::Kind::Fields, "Operations by access code"))
            .example(json!({"id": 1, "rights": {"AU": ["read"], "U1": ["read", "edit"]}}), json!(true)),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "id")?;
    let mut given = Vec::new();
    for op in Op::ALL {
        if may(call, id, op)? {
            given.push(op.code().to_owned());
        }
    }
    if given.is_empty() && !call.caller.is_admin && !access::by_roles(call.tx)? {
        let codes = access::codes(call);
        let sql = format!(
            "SELECT 1 FROM landing_site_right WHERE site_id = ? AND operation = ? AND access_code IN ({})",
            store::placeholders(codes.len())
        );
        let mut params: Vec<store::Param<'static>> = vec![id.into(), DENIED.into()];
        params.extend(codes.into_iter().map(store::Param::from));
        if call.tx.one(&sql, &params, |row| row.int(0))?.is_some() {
            given.push(DENIED.to_owned());
        }
    }
    Ok(in_order(&given))
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    /// Access codes of a site, at most.
    const MOST: usize = 500;
    require(call, &["id"])?;
    require_admin(call)?;
    let id = number(call, "id")?;
    require_array(call, "rights")?;
    let rights = call.param("rights").cloned().unwrap_or_default();
    let site = noun::again(call, &SITE, id)?.filter(|site| site.text("deleted") == "N");
    if id != 0 && site.is_none() {
        return Ok(false.into());
    }
    call.tx.execute("DELETE FROM landing_site_right WHERE site_id = ?", &[id.into()])?;
    for (code, given) in rights.entries().filter(|(code, _)| !code.is_empty() && code.len() <= 50).take(MOST)
    {
        for operation in operations(given) {
            let sql = "INSERT INTO landing_site_right (site_id, access_code, operation) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
            call.tx.execute(sql, &[id.into(), code.as_ref().to_owned().into(), operation.into()])?;
        }
    }
    Ok(true.into())
}
