//! The list of integrations.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use portal::integration::{self, Filter, Kind, Row, Sort, State as Stands};
use portal::usage::{self, Sums};
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::shape::Frame;
use crate::clock;
use crate::console::Console;
use crate::console::api::ask::{Caller, Query};
use crate::console::api::ok;
use crate::console::api::refusal::Refusal;

/// How many are on a page, unless another number is asked for, and at most.
const SIZE: i64 = 20;
const MAX: i64 = 200;

/// `{"integrations": [..], "total": n}`: one's own, and everybody's for administrators.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let (page, size) = (query.number("page")?.unwrap_or(1), query.number("size")?.unwrap_or(SIZE));
    if page < 1 || !(1..=MAX).contains(&size) {
        return Err(Fault::argument(
            format!("The page size must be from 1 to {MAX}, and pages count from 1."),
            "page",
        )
        .into());
    }
    let offset = (page - 1).saturating_mul(size);
    let (core, filter, now) =
        (Arc::clone(console.portal.core()), filter(&who, &query)?, clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let (rows, total) = integration::page(tx, &core.keys, &filter, offset, size, now)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let day = usage::last_day(tx, &ids, now)?;
        Ok::<_, portal::Error>((rows, day, total))
    };
    let (rows, day, total) = console.portal.core().store.read(job).await?;
    let settings = &*console.portal.core().settings();
    let frame = Frame {
        base_url: &settings.base_url,
        zone: &settings.zone,
        now: clock::now(console.portal.core()).seconds(),
        asker: who.0.user_id,
        language: who.1.language,
    };
    let shape = |row: &Row| frame.row(row, day.get(&row.id).unwrap_or(&Sums::default()));
    Ok(ok(&json!({"integrations": rows.iter().map(shape).collect::<Value>(), "total": total})))
}

fn filter(who: &Caller, query: &Query) -> Result<Filter, Fault> {
    let sort = query.text("sort").unwrap_or_else(|| "-id".to_owned());
    let (descending, sort) = match sort.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, sort.as_str()),
    };
    Ok(Filter {
        owner: query.number("user")?,
        asker: who.0.user_id,
        sees_all: who.0.is_admin,
        search: query.text("search"),
        kind: query.text("kind").map(|name| one_of("kind", &name, Kind::ALL, Kind::name)).transpose()?,
        scope: query.text("scope"),
        event: query.text("event").map(|event| event.to_ascii_uppercase()),
        state: query
            .text("state")
            .map(|name| one_of("state", &name, Stands::ALL, Stands::name))
            .transpose()?,
        sort: one_of("sort", sort, Sort::ALL, Sort::name)?,
        descending,
    })
}

/// The value of that name, or the names that there are.
fn one_of<T: Copy, const N: usize>(
    field: &str,
    name: &str,
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, Fault> {
    let known = all.into_iter().find(|value| name_of(*value) == name);
    let wrong =
        || Fault::argument(format!("{field} must be one of {}.", all.map(&name_of).join(", ")), field);
    known.ok_or_else(wrong)
}
