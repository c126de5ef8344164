//! Tickets: a call may come without the content that it is about, and is answered with a link to which the content is
//! sent by itself, of any size. It is kept in a row until then, and performed when the content is there, as whoever made
//! it and with the rights of that moment. A link works once, and an upload has to begin within an hour.

use serde_json::json;
use store::Tx;
use wire::{Fault, Limits, Map, Value};

use super::link::{sign, signed_by_us};
use crate::call::Call;
use crate::error::Result;
use crate::keys::{Keys, random_code};
use crate::moment::Moment;

/// How long an upload may wait to begin, in seconds.
pub const BEGIN_WITHIN: i64 = 3600;

/// The field of a form in which the content comes.
pub const FIELD: &str = "file";

/// How long a ticket is kept, in seconds: an upload that began in time takes as long as it takes.
const KEPT: i64 = 24 * 3600;

/// Bytes of the parameters that are kept.
const PARAMS: usize = 64 * 1024;

/// Uploads of one person that wait to begin.
const MOST: i64 = 1000;

const AREA: &str = "upload";

/// A call that waits for its content.
#[derive(Clone, Debug)]
pub struct Ticket {
    id: i64,
    /// As whom it is performed.
    pub user_id: i64,
    /// The webhook that made it; 0 for a person in the console.
    pub hook_id: i64,
    /// The method's name.
    pub method: String,
    /// All parameters.
    pub params: Map,
}

/// Keeps the call until its content is there, and answers where that is to be sent.
///
/// # Errors
/// When the call is too large to be kept.
pub fn issue(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = wire::json::encode(&call.params.clone().into_value());
    let params = String::from_utf8(params).ok().filter(|params| params.len() <= PARAMS);
    let params = params.ok_or_else(|| Fault::new(400, "ERROR_ARGUMENT", "The parameters are too large"))?;
    let sql = "SELECT COUNT(*) FROM portal_ticket WHERE user_id = ? AND expires > ?";
    let open =
        call.tx.one(sql, &[call.caller.user_id.into(), call.now.seconds().into()], |row| row.int(0))?;
    if open.unwrap_or(0) >= MOST {
        return Err(Fault::new(429, "QUERY_LIMIT_EXCEEDED", "Too many uploads are waiting to begin").into());
    }
    let (mark, expires) = (random_code(20), call.now.seconds() + BEGIN_WITHIN);
    let sql = "INSERT INTO portal_ticket (mark, user_id, hook_id, method, params, expires) VALUES (?, ?, ?, ?, ?, ?)";
    let values = [
        mark.as_str().into(),
        call.caller.user_id.into(),
        call.caller.hook_id.into(),
        call.method.name.to_string().into(),
        params.into(),
        expires.into(),
    ];
    let id = call.tx.insert(sql, &values)?;
    let token = sign(&call.core.keys, AREA, &format!("id={id}&mark={mark}"));
    let url = format!("{}/rest/upload.json?token={token}", call.settings.base_url);
    Ok(Value::from(json!({"field": FIELD, "uploadUrl": url})))
}

/// The call behind a link's token, as it stands in the URL after percent-decoding, if an upload for it may begin.
///
/// # Errors
/// `ACCESS_DENIED` "Link check failed" (403) when the token was not made here, is too old or was used.
pub fn open(tx: &mut Tx<'_>, keys: &Keys, token: &str, now: Moment) -> Result<Ticket> {
    let query = signed_by_us(keys, AREA, token).ok_or_else(failed)?;
    let known = query.strip_prefix("id=").and_then(|query| query.split_once("&mark="));
    let (id, mark) = known.ok_or_else(failed)?;
    let id: i64 = id.parse().map_err(|_| failed())?;
    let sql = "SELECT user_id, hook_id, method, params FROM portal_ticket WHERE id = ? AND mark = ? AND expires > ?";
    let found = tx.one(sql, &[id.into(), mark.into(), now.seconds().into()], |row| {
        let params = wire::json::decode(row.text(3)?.as_bytes(), &Limits::default());
        let params = params.and_then(Value::into_map).unwrap_or_default();
        Ok(Ticket { id, user_id: row.int(0)?, hook_id: row.int(1)?, method: row.text(2)?.to_owned(), params })
    })?;
    Ok(found.ok_or_else(failed)?)
}

/// Takes a ticket, in the transaction that performs its call.
///
/// # Errors
/// As [`open`] has them, when another upload was faster.
pub fn take(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<()> {
    match tx.execute("DELETE FROM portal_ticket WHERE id = ?", &[ticket.id.into()])? {
        0 => Err(failed().into()),
        _ => Ok(()),
    }
}

/// Removes tickets that nobody used.
///
/// # Errors
/// Those of the store.
pub fn sweep(tx: &mut Tx<'_>, now: Moment) -> Result<u64> {
    let before = now.seconds() - KEPT;
    Ok(tx.execute("DELETE FROM portal_ticket WHERE expires < ?", &[before.into()])?)
}

fn failed() -> Fault {
    Fault::access_denied("Link check failed")
}
