//! Public pages: what whoever has a link may see without an account, such as the files of a folder. A link carries a signed token,
//! as links to [files](crate::files) do: `{base}/rest/page/?token=folder|{query}|{signature}`.
//!
//! A module declares its kinds of pages in [`Module::pages`](crate::modules::Module::pages). What a page says is data; the door
//! makes HTML of it.

mod kind;
mod open;

pub use kind::{Kind, Link, Page, Reader};
pub use open::{link, open};
