//! `log.blogpost.get`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{Kind, Method, optional, read};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::{POST, uf};
use crate::SCOPE;
use crate::dest::{self, MOST};
use crate::files::{self, POSTS};

/// Posts that an answer with a cursor has at most, and by default.
const CURSOR: (i64, i64) = (200, 50);

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("log.blogpost.get", SCOPE, get)
            .own_words()
            .about("Lists the posts that the caller sees, newest first, 50 per page.")
            .param(optional("POST_ID", Kind::Id, "Only this post"))
            .param(optional(
                "LOG_RIGHTS",
                Kind::List,
                "Only posts for one of these recipients: UA, U1, SG1, DR1",
            ))
            .param(optional("LOG_DATE_FROM", Kind::Text, "Published at this moment or later"))
            .param(optional("LOG_DATE_TO", Kind::Text, "Published at this moment or earlier"))
            .param(optional("FIRST_ID", Kind::Int, "Only posts with greater IDs, in their order"))
            .param(optional("LAST_ID", Kind::Int, "Only posts with smaller IDs"))
            .param(optional("LIMIT", Kind::Int, "Posts to return with FIRST_ID or LAST_ID, at most 200"))
            .param(optional("start", Kind::Int, "Offset of the first row"))
            .example(json!({"POST_ID": 1}), json!([{"ID": "1", "TITLE": "Opening hours in December"}])),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = POST.grant(call, Act::Read)?;
    let (condition, params) = asked(call);
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0);
    let cursor = match (number("FIRST_ID"), number("LAST_ID")) {
        (Some(first), _) => Some((first, ">", "")),
        (None, Some(last)) => Some((last, "<", " DESC")),
        (None, None) => None,
    };
    let rows = match cursor {
        Some((id, test, order)) => {
            let limit = number("LIMIT").unwrap_or(CURSOR.1).min(CURSOR.0);
            let params = params.into_iter().chain([Param::from(id)]).collect();
            let rest = format!(" ORDER BY t.id{order} LIMIT {limit}");
            noun::select(call, &POST, &scope, &format!("{condition} AND t.id {test} ?"), params, &rest)?
        }
        None => {
            let order = Some(noun::Order::default().by("t.date_publish", "DESC").by("t.id", "DESC"));
            let asked = Asked { within: Some((condition, params)), order, ..Asked::default() };
            noun::asked(call, &POST, &scope, asked)?
        }
    };
    shown(call, &rows)
}

/// The condition that the parameters give.
fn asked(call: &Call<'_, '_>) -> (String, Vec<Param<'static>>) {
    let (mut parts, mut params) = (vec!["1 = 1".to_owned()], Vec::new());
    let post = call.id("POST_ID");
    if post > 0 {
        parts.push("t.id = ?".to_owned());
        params.push(post.into());
    } else if let Some(codes) = call.param("LOG_RIGHTS").filter(|codes| !codes.is_empty()) {
        let codes: Vec<String> = codes
            .each()
            .filter_map(Value::text)
            .map(|code| code.trim().to_ascii_uppercase())
            .take(MOST)
            .collect();
        parts.push(format!(
            "EXISTS (SELECT 1 FROM feed_recipient asked WHERE asked.post_id = t.id AND asked.code IN ({}))",
            store::placeholders(codes.len())
        ));
        params.extend(codes.into_iter().map(Param::from));
    }
    for (name, test) in [("LOG_DATE_FROM", "t.date_publish >= ?"), ("LOG_DATE_TO", "t.date_publish <= ?")] {
        if let Some(moment) = call.param(name).and_then(|given| call.clock().read(given)) {
            parts.push(test.to_owned());
            params.push(moment.into());
        }
    }
    (parts.join(" AND "), params)
}

fn shown(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Value> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let mut attached = files::shown(call, POSTS, &numbers)?;
    let polls = uf::polls(call, &numbers)?;
    let pictured = pictured(call, &numbers)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let files = attached.remove(&row.number).unwrap_or_default();
        let own: Vec<i64> = files.iter().map(|file| file.id).collect();
        let fields = uf::fields(call, row, &own, polls.get(&row.number).copied());
        let mut post = Map::with_capacity(28);
        post.push("ID", row.number.to_string());
        post.push("BLOG_ID", row.int("authorId").unwrap_or(0).to_string());
        post.push("PUBLISH_STATUS", "P");
        post.push("TITLE", row.text("title"));
        post.push("AUTHOR_ID", row.int("authorId").unwrap_or(0).to_string());
        post.push("ENABLE_COMMENTS", "Y");
        post.push("NUM_COMMENTS", row.int("numComments").unwrap_or(0).to_string());
        post.push("CODE", Value::Null);
        post.push("MICRO", row.text("micro"));
        post.push("DETAIL_TEXT", row.text("message"));
        post.push("DATE_PUBLISH", moment::print(&call.caller.zone, row.int("datePublish").unwrap_or(0)));
        post.push("CATEGORY_ID", row.text("tagIds"));
        post.push("HAS_SOCNET_ALL", yes_no(dest::of(row).contains(&crate::rights::EVERYBODY)));
        post.push("HAS_TAGS", yes_no(!row.text("tagIds").is_empty()));
        post.push("HAS_IMAGES", yes_no(files.iter().any(|file| files::is_image(&file.name))));
        post.push("HAS_PROPS", yes_no(fields.has_values));
        post.push("HAS_COMMENT_IMAGES", pictured.contains(&row.number).then_some("Y"));
        for (name, field) in fields.shown {
            post.push(name, field);
        }
        post.push("FILES", own.into_iter().map(Value::from).collect::<Vec<_>>());
        shown.push(Value::from(post));
    }
    Ok(shown.into())
}

/// Those of these posts that have comments with pictures.
fn pictured(call: &mut Call<'_, '_>, posts: &[i64]) -> Result<Vec<i64>> {
    let table = |name: &str| call.core.modules.noun(name).map(|shape| shape.noun.table);
    let (Some(attached), Some(objects)) = (table("disk.attached"), table("disk.object")) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT c.post_id, o.name FROM feed_comment c JOIN {attached} a ON a.host = 'feed.comment' AND a.entity_id = c.id \
         JOIN {objects} o ON o.id = a.object_id WHERE c.post_id IN (#)"
    );
    let pictured = call
        .tx
        .all_among(&sql, &[], posts, |row| Ok(files::is_image(row.text(1)?).then_some(row.int(0)?)))?;
    Ok(pictured.into_iter().flatten().collect())
}
