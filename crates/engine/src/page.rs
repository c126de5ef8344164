//! Public pages: what whoever has a link may see without an account, such as the files of a folder. A link carries a signed token,
//! as links to [files](crate::files) do: `{base}/rest/page/?token=folder|{query}|{signature}`.
//!
//! A module declares its kinds of pages in [`Module::pages`](crate::modules::Module::pages). What a page says is data; the door
//! makes HTML of it.

use std::sync::Arc;

use store::{Pending, Tx};
use wire::Fault;

use crate::Core;
use crate::error::Result;
use crate::files::{sign, signed_by_us};
use crate::moment::Moment;
use crate::texts::Locale;

/// A kind of public pages.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Its name in links, never changed.
    pub name: &'static str,
    /// What the page with this query says; `None` where there is nothing to be seen any more.
    pub show: fn(&mut Reader<'_, '_>, &str) -> Result<Option<Page>>,
}

/// What a page is made in.
pub struct Reader<'c, 'tx> {
    /// The transaction.
    pub tx: &'c mut Tx<'tx>,
    /// The shared state of the portal.
    pub core: &'c Core,
    /// When the page is asked for.
    pub now: Moment,
    /// The language of the portal.
    pub locale: Locale,
}

/// What a page says.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// Links with their texts, and what stands beside each.
    pub links: Vec<Link>,
}

/// A link on a page.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it leads.
    pub to: String,
    /// Its text.
    pub text: String,
    /// What stands beside it.
    pub beside: String,
}

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

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}
