//! Links to public pages, and opening them.

use std::sync::Arc;

use store::Pending;
use wire::Fault;

use super::{Kind, Page, Reader};
use crate::Core;
use crate::error::Result;
use crate::files::{sign, signed_by_us};
use crate::moment::Moment;

/// The link to a page.
pub fn link(core: &Core, kind: &Kind, query: &str) -> String {
    format!("{}/rest/page/?token={}", core.settings().base_url, sign(&core.keys, kind.name, query))
}

/// What the page behind a link says, by the token as it stands in the URL after percent-decoding.
///
/// # Errors
/// `ACCESS_DENIED` "Link check failed" (403) when the token was not made here; `ERROR_NOT_FOUND` when there is nothing to be
/// seen any more.
pub fn open(core: &Arc<Core>, token: &str, now: Moment) -> Pending<Result<Page>> {
    let found = core.modules.pages().find_map(|kind| {
        let query = signed_by_us(&core.keys, kind.name, token)?;
        Some((*kind, query))
    });
    let Some((kind, query)) = found else {
        return Pending::ready(Err(Fault::access_denied("Link check failed").into()));
    };
    let core = Arc::clone(core);
    core.clone().store.read(move |tx| {
        let locale = core.locale(core.settings().language);
        let mut reader = Reader { tx, core: &core, now, locale };
        let page = (kind.show)(&mut reader, &query)?;
        Ok(page.ok_or_else(|| Fault::not_found("There is nothing to be seen any more."))?)
    })
}
