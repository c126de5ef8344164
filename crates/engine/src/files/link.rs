//! Links to files.
//!
//! As in Bitrix24 a link carries a signed token instead of credentials (protocol 1.1), but none of a
//! webhook's secret: `{base}/rest/download/?token=crm|{query}|{signature}`, the query in base64. It lets
//! whoever has it read one file, for an hour.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::Pending;
use subtle::ConstantTimeEq;
use wire::Fault;

use super::File;
use crate::Core;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::moment::Moment;

/// How long a link works, in seconds: as long as an access token of Bitrix24.
pub const LIFETIME: i64 = 3600;

const SCOPE: &str = "crm";

/// A link to a file.
pub fn link(core: &Core, id: i64, now: Moment) -> String {
    let query = URL_SAFE_NO_PAD.encode(format!("id={id}&expires={}", now.seconds() + LIFETIME));
    let signature = signature(&core.keys, &query);
    format!("{}/rest/download/?token={SCOPE}%7C{query}%7C{signature}", core.settings().base_url)
}

fn signature(keys: &Keys, query: &str) -> String {
    URL_SAFE_NO_PAD.encode(keys.sign(format!("{SCOPE}|{query}").as_bytes()))
}

/// The file behind a link's token, as it stands in the URL after percent-decoding.
///
/// # Errors
/// `ACCESS_DENIED` "Link check failed" (403) when the token was not made here or is too old; `ERROR_NOT_FOUND`
/// when the file is gone.
pub fn open(core: &Core, token: &str, now: Moment) -> Pending<Result<File>> {
    let Some(id) = check(&core.keys, token, now) else {
        return Pending::ready(Err(Fault::access_denied("Link check failed").into()));
    };
    core.store.read(move |tx| {
        let found = super::find(tx, id)?;
        found.ok_or_else(|| Error::from(Fault::not_found("The file was not found.")))
    })
}

/// The file that a token opens; `None` for a token that opens none.
fn check(keys: &Keys, token: &str, now: Moment) -> Option<i64> {
    let (query, given) = token.strip_prefix(SCOPE)?.strip_prefix('|')?.split_once('|')?;
    if !bool::from(signature(keys, query).as_bytes().ct_eq(given.as_bytes())) {
        return None;
    }
    let query = String::from_utf8(URL_SAFE_NO_PAD.decode(query).ok()?).ok()?;
    let (id, expires) = query.strip_prefix("id=")?.split_once("&expires=")?;
    let alive = now.seconds() < expires.parse().ok()?;
    id.parse().ok().filter(|_| alive)
}
