//! Finding deliveries among millions, a page at a time.
//!
//! An index costs every event, so there is none for events, objects or times. A search walks through the numbers,
//! from the newest down, along whichever index is narrowest: of some webhooks, of what was given up, of what is
//! still open, or of all. How much it looks at is bounded; when that does not fill the page, it says how far back
//! it came, and the next page goes on from there.

use std::ops::Range;

use store::{Param, Tx};

use super::condition::Condition;
use super::{ADDRESSEE, COLUMNS, Delivery, State, Tried, WIDTH, delivery, place, tried};
use engine::error::Result;
use engine::moment::Moment;

/// The outcome of the last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// A status of that hundred: 2 to 5.
    Hundred(u8),
    /// No answer.
    Nothing,
}

impl Answered {
    /// `2xx`, `3xx`, `4xx`, `5xx` or `none`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "2xx" => Some(Answered::Hundred(2)),
            "3xx" => Some(Answered::Hundred(3)),
            "4xx" => Some(Answered::Hundred(4)),
            "5xx" => Some(Answered::Hundred(5)),
            "none" => Some(Answered::Nothing),
            _ => None,
        }
    }

    /// What is delivered was answered with 2xx, and nothing else was.
    fn can_be(self, state: State) -> bool {
        self == Answered::Hundred(2) || state != State::Delivered
    }
}

/// Which deliveries are meant; everything that is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this webhook.
    pub outbound_id: Option<i64>,
    /// Of webhooks of this integration.
    pub integration_id: Option<i64>,
    /// Of webhooks of this user.
    pub owner: Option<i64>,
    /// Of this event.
    pub event: Option<String>,
    /// The object: `lead:17`.
    pub object: Option<String>,
    /// In this state.
    pub state: Option<State>,
    /// Whose last try came to that.
    pub answered: Option<Answered>,
    /// With these words, each of them anywhere in what a person reads of a delivery.
    pub words: Option<String>,
    /// Raised at this moment or later.
    pub since: Option<Moment>,
    /// Raised before this moment.
    pub until: Option<Moment>,
    /// Older than the delivery of this number: where the page before ended.
    pub before: Option<i64>,
}

/// A search takes so many words, and ignores the rest.
pub const MAX_WORDS: usize = 8;

impl Filter {
    /// The words, one by one.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().flat_map(|words| words.split_whitespace()).take(MAX_WORDS)
    }

    /// Whether more must be read for each delivery than the delivery itself.
    fn looks_at_tries(&self) -> bool {
        self.answered.is_some() || self.words().next().is_some()
    }
}

/// The result of a search.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Newest first, with the last try of each.
    pub deliveries: Vec<(Delivery, Option<Tried>)>,
    /// From where to go on: [`Filter::before`] of the next page. `None` when there is nothing older.
    pub before: Option<i64>,
}

/// What a search looks at, one window after the other, until the page is full: the common case is quick, and
/// a rare one bounded.
const WINDOWS: [i64; 3] = [1_000, 4_000, 20_000];
/// The same where what is looked at is spread over the whole log, or has its tries looked at, too.
const NARROW: [i64; 3] = [300, 1_000, 3_000];
/// So many open deliveries may be sorted for a page.
const FEW: i64 = 2_000;
/// Of so many webhooks one by one; of more it is quicker to walk through everybody's.
const MAX_HOOKS: i64 = 200;

/// [`count_open`] counts no further.
pub const MAX_COUNTED: i64 = 10_000;

/// Along which index to walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// Of these webhooks only.
    pub(super) hooks: Option<Vec<i64>>,
    /// Only what was given up.
    pub(super) failed: bool,
}

/// At most `limit` deliveries, newest first. The page may be shorter and not the last: see [`Page::before`].
pub fn search(tx: &mut Tx<'_>, filter: &Filter, limit: usize) -> Result<Page> {
    let hooks = hooks(tx, filter)?;
    let range = range(tx, filter)?;
    if filter.answered.zip(filter.state).is_some_and(|(answered, state)| !answered.can_be(state)) {
        return Ok(Page::default());
    }
    let asks_for_open = matches!(filter.state, Some(State::Waiting | State::Sending | State::Held));
    // Then only what is open or was given up can match.
    let cannot_be_delivered =
        filter.state.is_none() && filter.answered.is_some_and(|answered| !answered.can_be(State::Delivered));
    if (asks_for_open || cannot_be_delivered) && few_open(tx, filter, hooks.as_deref(), &range)? {
        let mut page = Page::default();
        let mut range = range;
        if cannot_be_delivered {
            page = walk(tx, filter, &Way { hooks: hooks.clone(), failed: true }, range.clone(), limit)?;
            range.start = page.before.unwrap_or(range.start);
        }
        page.merge(open(tx, filter, hooks.as_deref(), &range, limit)?, limit);
        return Ok(page);
    }
    let failed = filter.state.is_some_and(State::is_given_up);
    walk(tx, filter, &Way { hooks, failed }, range, limit)
}

impl Page {
    /// Puts further deliveries among these, and keeps the newest.
    fn merge(&mut self, mut others: Vec<(Delivery, Option<Tried>)>, limit: usize) {
        let full = others.len() == limit;
        self.deliveries.append(&mut others);
        self.deliveries.sort_unstable_by_key(|(delivery, _)| std::cmp::Reverse(delivery.id));
        if full || self.deliveries.len() > limit {
            self.deliveries.truncate(limit);
            self.before = self.deliveries.last().map(|(oldest, _)| oldest.id);
        }
    }
}

/// The webhooks that are meant, when they are few enough to look at one by one.
pub(super) fn hooks(tx: &mut Tx<'_>, filter: &Filter) -> Result<Option<Vec<i64>>> {
    let mut condition = Condition::default();
    condition.and_some("o.id = ?", filter.outbound_id);
    condition.and_some("o.integration_id = ?", filter.integration_id);
    condition.and_some("i.user_id = ?", filter.owner);
    if condition.params.is_empty() {
        return Ok(None);
    }
    if let (Some(id), None, None) = (filter.outbound_id, filter.integration_id, filter.owner) {
        // Its log is there when it is not any more.
        return Ok(Some(vec![id]));
    }
    let sql = format!(
        "SELECT o.id FROM outbound o JOIN integration i ON i.id = o.integration_id WHERE {} ORDER BY o.id LIMIT ?",
        condition.sql()
    );
    condition.params.push((MAX_HOOKS + 1).into());
    let found = tx.all(&sql, &condition.params, |row| row.int(0))?;
    Ok((found.len() as i64 <= MAX_HOOKS).then_some(found))
}

/// The numbers among which to search.
pub(super) fn range(tx: &mut Tx<'_>, filter: &Filter) -> Result<Range<i64>> {
    let start = filter.since.map(|at| place::first_since(tx, at)).transpose()?.unwrap_or(i64::MIN);
    let end = filter.until.map(|at| place::end_before(tx, at)).transpose()?.unwrap_or(i64::MAX);
    Ok(start..end.min(filter.before.unwrap_or(i64::MAX)))
}

/// Whether so little is open that all of it can be looked at.
fn few_open(tx: &mut Tx<'_>, filter: &Filter, hooks: Option<&[i64]>, range: &Range<i64>) -> Result<bool> {
    for part in Part::of(filter.state) {
        if count(tx, part.among(filter, hooks, range), FEW + 1)? > FEW {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many deliveries wait or are being sent, of this user's webhooks or of all: at most [`MAX_COUNTED`].
pub fn count_open(tx: &mut Tx<'_>, owner: Option<i64>) -> Result<i64> {
    let filter = Filter { owner, ..Filter::default() };
    let (hooks, mut sum) = (hooks(tx, &filter)?, 0);
    for part in Part::of(None) {
        sum += count(tx, part.among(&filter, hooks.as_deref(), &(i64::MIN..i64::MAX)), MAX_COUNTED - sum)?;
    }
    Ok(sum)
}

fn count(tx: &mut Tx<'_>, condition: Condition<'_>, most: i64) -> Result<i64> {
    let sql =
        format!("SELECT COUNT(*) FROM (SELECT 1 AS one FROM delivery d WHERE {} LIMIT ?) w", condition.sql());
    let mut params = condition.params;
    params.push(most.into());
    Ok(tx.one(&sql, &params, |row| row.int(0))?.unwrap_or(0))
}

/// All open deliveries that match, as many as fit on a page.
fn open(
    tx: &mut Tx<'_>,
    filter: &Filter,
    hooks: Option<&[i64]>,
    range: &Range<i64>,
    limit: usize,
) -> Result<Vec<(Delivery, Option<Tried>)>> {
    let mut found = Vec::new();
    for part in Part::of(filter.state) {
        let mut condition = part.among(filter, hooks, range);
        condition.and_matches(filter);
        found.append(&mut read(tx, &condition, "d.id + 0", limit)?);
    }
    found.sort_unstable_by_key(|(delivery, _)| std::cmp::Reverse(delivery.id));
    found.truncate(limit);
    Ok(found)
}

/// What has not ended, by the partial index that it is in.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// What waits or is being sent.
    Queue,
    /// What stands behind an earlier one of its object.
    Lines,
    /// What is held.
    Held,
}

impl Part {
    /// Where deliveries of a state are; what is held is open to nobody who asks for none.
    fn of(state: Option<State>) -> &'static [Part] {
        match state {
            Some(State::Sending) => &[Part::Queue],
            Some(State::Held) => &[Part::Held],
            _ => &[Part::Queue, Part::Lines],
        }
    }

    /// What is there. The sums keep the engines from walking through the numbers instead: these indexes are short, and in
    /// another order.
    fn among<'a>(self, filter: &Filter, hooks: Option<&[i64]>, range: &Range<i64>) -> Condition<'a> {
        let mut condition = Condition::default();
        // Numbers in the text, so that the engines see which of their partial indexes fits; and equalities, so that they
        // look for each webhook in it.
        match (self, filter.state) {
            (Part::Queue, Some(State::Waiting)) => condition.and("d.state < 2 AND d.state = 0"),
            (Part::Queue, Some(State::Sending)) => condition.and("d.state < 2 AND d.state = 1"),
            (Part::Queue, _) => condition.and("d.state < 2 AND d.state IN (0, 1)"),
            (Part::Lines, _) => condition.and("d.ordered = 1 AND d.state >= 5"),
            (Part::Held, _) => condition.and("d.state = 4"),
        }
        condition.and_hooks(hooks, filter.owner);
        condition.and_with("d.id + 0 >= ?", range.start.into());
        condition.and_with("d.id + 0 < ?", range.end.into());
        condition
    }
}

/// Walks down the numbers, window by window.
fn walk(tx: &mut Tx<'_>, filter: &Filter, way: &Way, range: Range<i64>, limit: usize) -> Result<Page> {
    let (mut page, mut end) = (Page::default(), range.end);
    for size in if way.is_dense(filter) { WINDOWS } else { NARROW } {
        let floor = floor(tx, way, range.start..end, size)?;
        let start = floor.unwrap_or(range.start);
        let mut condition = way.condition(filter.owner);
        condition.and_with("d.id >= ?", start.into());
        condition.and_with("d.id < ?", end.into());
        condition.and_matches(filter);
        let wanted = limit - page.deliveries.len();
        page.deliveries.append(&mut read(tx, &condition, "d.id", wanted)?);
        page.before = floor;
        if page.deliveries.len() == limit {
            page.before = page.deliveries.last().map(|(oldest, _)| oldest.id);
            break;
        }
        let Some(next) = floor else { break };
        end = next;
    }
    Ok(page)
}

impl Way {
    /// Whether what it leads along lies together, and needs no look at the tries.
    pub(super) fn is_dense(&self, filter: &Filter) -> bool {
        self.hooks.is_none() && !self.failed && !filter.looks_at_tries()
    }

    pub(super) fn condition(&self, owner: Option<i64>) -> Condition<'static> {
        let mut condition = Condition::default();
        if self.failed {
            condition.and("d.state = 3");
        }
        condition.and_hooks(self.hooks.as_deref(), owner);
        condition
    }
}

/// The number down to which a window of that size reaches; `None` when there is no more than that.
pub(super) fn floor(tx: &mut Tx<'_>, way: &Way, range: Range<i64>, size: i64) -> Result<Option<i64>> {
    let failed = if way.failed { "d.state = 3 AND " } else { "" };
    let Some(hooks) = &way.hooks else {
        let sql = format!(
            "SELECT d.id FROM delivery d WHERE {failed}d.id >= ? AND d.id < ? ORDER BY d.id DESC LIMIT 1 OFFSET ?"
        );
        let params = [range.start.into(), range.end.into(), (size - 1).into()];
        return Ok(tx.one(&sql, &params, |row| row.int(0))?);
    };
    // Each of them may have its share: what is above the highest of their ends is complete.
    let share = (size / (hooks.len().max(1) as i64)).max(1);
    let sql = format!(
        "SELECT MAX(w.floor) FROM (SELECT (SELECT d.id FROM delivery d WHERE {failed}d.outbound_id = h.id \
         AND d.id >= ? AND d.id < ? ORDER BY d.id DESC LIMIT 1 OFFSET ?) AS floor FROM ({}) h) w",
        listed(hooks.len())
    );
    let mut params: Vec<Param<'_>> = vec![range.start.into(), range.end.into(), (share - 1).into()];
    params.extend(hooks.iter().map(|id| Param::from(*id)));
    Ok(tx.one(&sql, &params, |row| row.opt_int(0))?.flatten())
}

/// A table of so many parameters.
fn listed(count: usize) -> String {
    let rows = vec!["SELECT CAST(? AS BIGINT) AS id"; count];
    if rows.is_empty() { "SELECT 0 AS id WHERE 1 = 0".to_owned() } else { rows.join(" UNION ALL ") }
}

fn read(
    tx: &mut Tx<'_>,
    condition: &Condition<'_>,
    order: &str,
    limit: usize,
) -> Result<Vec<(Delivery, Option<Tried>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, a.number, a.started, a.took, a.status, a.error, a.answer, a.headers \
         FROM (SELECT d.* FROM delivery d WHERE {} ORDER BY {order} DESC LIMIT ?) d {ADDRESSEE} \
         LEFT JOIN delivery_attempt a ON a.delivery_id = d.id AND a.number = \
         (SELECT MAX(number) FROM delivery_attempt WHERE delivery_id = d.id) ORDER BY d.id DESC",
        condition.sql()
    );
    let mut params = condition.params.clone();
    params.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut found = Vec::new();
    tx.query(&sql, &params, |row| {
        let last = if row.opt_int(WIDTH)?.is_some() { Some(tried(row, WIDTH)?) } else { None };
        found.push((delivery(row)?, last));
        Ok(())
    })?;
    Ok(found)
}
