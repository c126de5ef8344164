//! Posts of another portal's feed that the one sees as whom it is read, and the comments on them. No method tells for whom
//! a post is: it is asked which posts are for each workgroup, user and department.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use wire::{Map, Value};

use crate::comment::COMMENT;
use crate::dest;
use crate::post::POST;
use crate::rights::EVERYBODY;

/// Comments on a page.
const PAGE: usize = 100;

/// The lists.
pub fn steps() -> Vec<Step> {
    const CODES: &[Put] = &[Put::named("LOG_RIGHTS/0", "CODE")];
    const USERS: &[Put] = &[Put::named("USER_ID", "@authorId")];
    let posts = Step::new("log.blogpost.get", Target::With(posts));
    let named = |code: &str, table: &str| {
        let sql =
            format!("SELECT id, '{code}' || CAST(id AS TEXT) FROM {table} WHERE id > ? ORDER BY id LIMIT ?");
        Step::new("log.blogpost.get", Target::With(recipients)).of(code).each(sql, CODES)
    };
    let comments = Step::new("log.blogcomment.user.get", Target::Noun(&COMMENT, &COMMENT.faces[0]))
        .with(serde_json::json!({"LIMIT": PAGE}))
        .of_each("portal_user", USERS)
        .at(At::Under("comments"))
        .paged(Paging::Before("LAST_ID", "id", PAGE))
        .taking(&[("id", "ID"), ("log_id", "POST_ID"), ("date", "DATE_CREATE"), ("text", "TEXT")]);
    vec![posts, named("SG", "sonet_group"), named("DR", "department"), named("U", "portal_user"), comments]
}

fn posts(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    const TAKEN: [(&str, &str); 8] = [
        ("ID", "POST_ID"),
        ("AUTHOR_ID", "AUTHOR_ID"),
        ("TITLE", "TITLE"),
        ("MICRO", "MICRO"),
        ("DETAIL_TEXT", "MESSAGE"),
        ("CATEGORY_ID", "TAG_IDS"),
        ("DATE_PUBLISH", "DATE_PUBLISH"),
        ("NUM_COMMENTS", "NUM_COMMENTS"),
    ];
    let mut posts = Vec::with_capacity(rows.len());
    for row in &rows {
        let set = |name: &str| row.value(name).get("VALUE").filter(|value| !value.is_empty()).cloned();
        let mut post: Map = TAKEN.into_iter().map(|(shown, own)| (own.into(), row.value(shown))).collect();
        let important = set("UF_BLOG_POST_IMPRTNT").is_some_and(|value| value.as_flag() == Some(true));
        post.insert("IMPORTANT", engine::input::yes_no(important));
        post.insert("IMPORTANT_UNTIL", set("UF_IMPRTANT_DATE_END"));
        post.insert("DATE_CHANGE", row.value("DATE_PUBLISH"));
        posts.push(post);
    }
    copying.noun(&POST, &POST.faces[0], posts, &[])?;
    for row in rows.into_iter().filter(|row| row.get("HAS_SOCNET_ALL").and_then(Value::as_flag) == Some(true))
    {
        recipient(copying, &row, EVERYBODY)?;
    }
    Ok(copying.tx.number_behind(POST.table)?)
}

/// Posts that are for whom the request named.
fn recipients(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let code = row.get("CODE").and_then(Value::text).unwrap_or_default().into_owned();
        recipient(copying, &row, &code)?;
    }
    Ok(())
}

fn recipient(copying: &mut Copying<'_, '_>, row: &Map, code: &str) -> Result<()> {
    let id = row.get("ID").and_then(Value::as_int).unwrap_or(0);
    let Some(post) = copying.row(&POST, id)? else { return Ok(()) };
    let mut codes = dest::of(&post);
    if codes.contains(&code) {
        return Ok(());
    }
    codes.push(code);
    copying
        .tx
        .execute("UPDATE feed_post SET recipients = ? WHERE id = ?", &[codes.join(",").into(), id.into()])?;
    dest::put(copying.tx, id, code)
}
