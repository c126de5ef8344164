//! Links to files.
//!
//! As in Bitrix24 a link carries a signed token instead of credentials (protocol 1.1), but none of a
//! webhook's secret: `{base}/rest/download/?token=crm|{query}|{signature}`, the query in base64. It lets
//! whoever has it read one file, for an hour.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::Pending;
use subtle::ConstantTimeEq;
use wire::{Fault, Value, fault};

use super::File;
use crate::Core;
use crate::call::Call;
use crate::error::{Error, Result};
use crate::keys::{Keys, random_code};
use crate::moment::Moment;

/// How long a link works, in seconds: as long as an access token of Bitrix24.
pub const LIFETIME: i64 = 3600;

const SCOPE: &str = "crm";

/// A public link to a file, which works until it is [withdrawn](withdraw). Asked again, it is the same one.
///
/// # Errors
/// Those of the store.
pub fn publish(call: &mut Call<'_, '_>, id: i64) -> Result<String> {
    if let Some(link) = public_link(call, id)? {
        return Ok(link);
    }
    let sql = "UPDATE portal_file SET public_mark = ? WHERE id = ?";
    call.tx.execute(sql, &[random_code(20).into(), id.into()])?;
    Ok(public_link(call, id)?.unwrap_or_default())
}

/// The public link to a file that has one.
///
/// # Errors
/// Those of the store.
pub fn public_link(call: &mut Call<'_, '_>, id: i64) -> Result<Option<String>> {
    let sql = "SELECT public_mark FROM portal_file WHERE id = ? AND public_mark IS NOT NULL";
    let mark = call.tx.one(sql, &[id.into()], |row| Ok(row.text(0)?.to_owned()))?;
    Ok(mark.map(|mark| signed(call.core, &format!("id={id}&mark={mark}"))))
}

/// Ends the public link to a file.
///
/// # Errors
/// Those of the store.
pub fn withdraw(call: &mut Call<'_, '_>, id: i64) -> Result<()> {
    call.tx.execute("UPDATE portal_file SET public_mark = NULL WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// A link to a file.
pub fn link(core: &Core, id: i64, now: Moment) -> String {
    signed(core, &format!("id={id}&expires={}", now.seconds() + LIFETIME))
}

/// Sends a file in the place of a result; who cannot take one, as the console, gets the link. To be called for a file that
/// the caller may read.
///
/// # Errors
/// The refusal within a batch.
pub fn send(call: &mut Call<'_, '_>, id: i64) -> Result<Value> {
    if call.in_batch {
        return Err(fault::BATCH_METHOD_NOT_ALLOWED.into());
    }
    let link = link(call.core, id, call.now);
    call.sends = Some(link.clone());
    Ok(Value::under("downloadUrl", link))
}

fn signed(core: &Core, query: &str) -> String {
    format!("{}/rest/download/?token={}", core.settings().base_url, sign(&core.keys, SCOPE, query))
}

/// A token for an area, as it stands in a URL.
pub(crate) fn sign(keys: &Keys, area: &str, query: &str) -> String {
    let query = URL_SAFE_NO_PAD.encode(query);
    let signature = signature(keys, area, &query);
    format!("{area}%7C{query}%7C{signature}")
}

/// The query of a token that was made here for that area.
pub(crate) fn signed_by_us(keys: &Keys, area: &str, token: &str) -> Option<String> {
    let (query, given) = token.strip_prefix(area)?.strip_prefix('|')?.split_once('|')?;
    if !bool::from(signature(keys, area, query).as_bytes().ct_eq(given.as_bytes())) {
        return None;
    }
    String::from_utf8(URL_SAFE_NO_PAD.decode(query).ok()?).ok()
}

fn signature(keys: &Keys, area: &str, query: &str) -> String {
    URL_SAFE_NO_PAD.encode(keys.sign(format!("{area}|{query}").as_bytes()))
}

/// The file behind a link's token, as it stands in the URL after percent-decoding.
///
/// # Errors
/// `ACCESS_DENIED` "Link check failed" (403) when the token was not made here or is too old; `ERROR_NOT_FOUND`
/// when the file is gone.
pub fn open(core: &Core, token: &str, now: Moment) -> Pending<Result<File>> {
    let Some((id, mark)) = check(&core.keys, token, now) else {
        return Pending::ready(Err(Fault::access_denied("Link check failed").into()));
    };
    core.store.read(move |tx| {
        if let Some(mark) = &mark {
            let sql = "SELECT 1 FROM portal_file WHERE id = ? AND public_mark = ?";
            let open = tx.one(sql, &[id.into(), mark.as_str().into()], |row| row.int(0))?;
            open.ok_or_else(|| Fault::access_denied("Link check failed"))?;
        }
        let found = super::find(tx, id)?;
        found.ok_or_else(|| Error::from(Fault::not_found("The file was not found.")))
    })
}

/// The file that a token opens, and the mark that its public link must have; `None` for a token that opens none.
fn check(keys: &Keys, token: &str, now: Moment) -> Option<(i64, Option<String>)> {
    let query = signed_by_us(keys, SCOPE, token)?;
    let query = query.strip_prefix("id=")?;
    if let Some((id, mark)) = query.split_once("&mark=") {
        return Some((id.parse().ok()?, Some(mark.to_owned())));
    }
    let (id, expires) = query.split_once("&expires=")?;
    let alive = now.seconds() < expires.parse().ok()?;
    id.parse().ok().filter(|_| alive).map(|id| (id, None))
}
