//! `note.document.search.*`: documents that have a text in their title or within.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, Pages, Type, described, property};
use engine::entity::Order;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun::{self, Asked, Row};
use serde_json::json;
use store::{Dialect, Param};
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::document::DOCUMENT;

const PAGES: Pages = Pages { usual: 50, most: 100 };
/// Characters that are looked for.
const LENGTHS: (usize, usize) = (2, 255);
/// Characters that a snippet shows before and behind what was found.
const AROUND: usize = 60;

/// A document that was found.
static DTO: Dto = Dto {
    name: "DocumentSearchDto",
    properties: &[
        property("documentId", Type::Int),
        property("collectionId", Type::Int),
        property("title", Type::String),
        property("score", Type::Float),
        property("snippet", Type::String),
        property("sharedAccess", Type::Bool),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let limit = vec![optional("limit", Kind::Int, "Rows on a page")];
    let mut methods = vec![
        read("note.document.search.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Finds documents by their titles and texts.")
            .param(required("query", Kind::Text, "Text to look for"))
            .param(optional("pagination", Kind::Any, "The limit of rows").with_members(limit))
            .example(
                json!({"query": "oak"}),
                json!({"items": [{"documentId": 1, "snippet": "*"}, {"documentId": 2}], "hasMore": false}),
            ),
    ];
    methods.extend(described("note.document.search", SCOPE, &DTO));
    methods
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let query = call.text("query").unwrap_or_default();
    let query = query.trim();
    let length = query.chars().count();
    if length < LENGTHS.0 {
        return Err(Fault::new(400, "NOTE_SEARCH_QUERY_TOO_SHORT", "Search query is too short").into());
    }
    if length > LENGTHS.1 {
        return Err(Fault::new(400, "NOTE_SEARCH_QUERY_TOO_LONG", "Search query is too long").into());
    }
    let page = PAGES.read(call.param("pagination").unwrap_or(&Value::Null))?;
    let pattern = Param::from(format!("%{}%", Dialect::escape(query)));
    let (in_title, in_text) = (Dialect::like("t.title"), Dialect::like("t.markdown"));
    let in_title_first = format!("CASE WHEN {in_title} THEN 0 ELSE 1 END");
    let order = Order::default().by(in_title_first, "ASC").by("t.id", "ASC").with([pattern.clone()]);
    let asked = Asked {
        within: Some((format!("({in_title} OR {in_text})"), vec![pattern.clone(), pattern])),
        order: Some(order),
        window: Some((0, page.limit + 1)),
        ..Asked::default()
    };
    let scope = DOCUMENT.grant(call, Act::Read)?;
    let mut rows = noun::asked(call, &DOCUMENT, &scope, asked)?;
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut answer = Map::with_capacity(2);
    answer.push("items", rows.iter().map(|row| found(row, query)).collect::<Vec<_>>());
    answer.push("hasMore", more);
    Ok(answer.into())
}

/// The share of the title or, less, of the text that was looked for.
fn found(row: &Row, query: &str) -> Value {
    let title = snippet(row.text("title"), query);
    let snippet = snippet(row.text("markdown"), query);
    let mut map = Map::with_capacity(6);
    map.push("documentId", row.number);
    map.push("collectionId", row.int("collectionId"));
    map.push("title", row.text("title"));
    map.push("score", if title.is_some() { 0.9 } else { 0.5 });
    map.push("snippet", snippet.or(title).unwrap_or_default());
    map.push("sharedAccess", false);
    map.into()
}

/// What stands around a text, which is marked; `None` where it is not found.
fn snippet(text: &str, query: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = query.chars().collect();
    let same = |window: &[char]| {
        window.iter().zip(&wanted).all(|(letter, wanted)| letter.to_lowercase().eq(wanted.to_lowercase()))
    };
    let at = letters.windows(wanted.len()).position(same)?;
    let (end, before) = (at + wanted.len(), at.saturating_sub(AROUND));
    let behind = letters.len().min(end + AROUND);
    let part = |from: usize, to: usize| escaped(&letters[from..to]);
    let dots = |cut: bool| if cut { "..." } else { "" };
    Some(format!(
        "{}{}<b>{}</b>{}{}",
        dots(before > 0),
        part(before, at),
        part(at, end),
        part(end, behind),
        dots(behind < letters.len())
    ))
}

/// Text as HTML has it.
fn escaped(letters: &[char]) -> String {
    let mut html = String::with_capacity(letters.len());
    for letter in letters {
        match letter {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            other => html.push(*other),
        }
    }
    html
}
