//! A kind of public pages, and what a page says.

use store::Tx;

use crate::Core;
use crate::error::Result;
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

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}
