//! The list of integrations, page by page, as people search it.

mod condition;

use store::{Dialect, Param, Tx};

use condition::{Condition, condition, looked_up};
use engine::error::Result;
use engine::keys::Keys;
use engine::moment::Moment;

/// Which parts an integration has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An inbound webhook alone
    In,
    /// An outbound webhook alone
    Out,
    /// Both
    Both,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::In, Kind::Out, Kind::Both];

    /// `in`, `out` or `both`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::In => "in",
            Kind::Out => "out",
            Kind::Both => "both",
        }
    }
}

/// How an integration stands: the worst that can be said of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything works
    Active,
    /// A part was switched off by a person
    Paused,
    /// The inbound part stopped at its time
    Expired,
    /// The outbound part was switched off by the portal
    Disabled,
    /// The owner does not work here any more
    Dismissed,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] =
        [State::Active, State::Paused, State::Expired, State::Disabled, State::Dismissed];

    /// `active`, `paused`, `expired`, `disabled` or `dismissed`.
    pub fn name(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Paused => "paused",
            State::Expired => "expired",
            State::Disabled => "disabled",
            State::Dismissed => "dismissed",
        }
    }
}

/// The sort column; ties are sorted by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The number, which is the order of making
    #[default]
    Id,
    /// The name, letters of any case alike
    Title,
    /// The owner's name
    User,
    /// When it was made
    Created,
    /// When its inbound part was last used; never is the earliest
    LastUsed,
    /// How it stands, active first
    State,
}

impl Sort {
    /// All of them.
    pub const ALL: [Sort; 6] =
        [Sort::Id, Sort::Title, Sort::User, Sort::Created, Sort::LastUsed, Sort::State];

    /// Its name for programs: `last_used`.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Id => "id",
            Sort::Title => "title",
            Sort::User => "user",
            Sort::Created => "created",
            Sort::LastUsed => "last_used",
            Sort::State => "state",
        }
    }

    fn expression(self) -> String {
        match self {
            Sort::Id => "i.id".to_owned(),
            Sort::Title => Dialect::fold("i.title"),
            Sort::User => Dialect::fold(WHOLE_NAME),
            Sort::Created => "i.created".to_owned(),
            Sort::LastUsed => "COALESCE(h.last_used, 0)".to_owned(),
            Sort::State => STATE.to_owned(),
        }
    }
}

/// Which integrations are wanted, and how; everything that is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this user.
    pub owner: Option<i64>,
    /// The caller.
    pub asker: i64,
    /// Whether the asker sees everybody's, and not only the own ones.
    pub sees_all: bool,
    /// Words in name, description, handler, scopes or events; a number; or a webhook's URL or code, which finds the
    /// webhook without anything being kept of it.
    pub search: Option<String>,
    /// With these parts.
    pub kind: Option<Kind>,
    /// With this scope.
    pub scope: Option<String>,
    /// That listen to this event.
    pub event: Option<String>,
    /// That stand so.
    pub state: Option<State>,
    /// The order.
    pub sort: Sort,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// One in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// Its parts.
    pub kind: Kind,
    /// The code of its scenario.
    pub scenario: String,
    /// Its name.
    pub title: String,
    /// The owner's number and whole name, or address, of who has no name.
    pub user: (i64, String),
    /// The scopes of the inbound part.
    pub scopes: Vec<String>,
    /// The events of the outbound part.
    pub events: Vec<String>,
    /// Where the outbound part posts to; empty for a `portreeve listen`.
    pub handler_url: Option<String>,
    /// How it stands.
    pub state: State,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// When its inbound part was last used, Unix seconds.
    pub last_used: Option<i64>,
    /// The number of its outbound part.
    pub outbound_id: Option<i64>,
}

const FROM: &str = "FROM integration i JOIN portal_user u ON u.id = i.user_id \
                    LEFT JOIN hook h ON h.integration_id = i.id LEFT JOIN outbound o ON o.integration_id = i.id";

const WHOLE_NAME: &str = "TRIM(COALESCE(u.name, '') || ' ' || COALESCE(u.last_name, ''))";

/// The place of the state in [`State::ALL`]; its `?` is now.
const STATE: &str = "CASE WHEN u.active <> 'Y' THEN 4 WHEN o.disabled_because IS NOT NULL THEN 3 \
                     WHEN h.expires <= CAST(? AS BIGINT) THEN 2 WHEN h.active = 'N' OR o.active = 'N' THEN 1 ELSE 0 END";

/// A page of at most `size` from the one at `offset`, and how many match in all.
pub fn page(
    tx: &mut Tx<'_>,
    keys: &Keys,
    filter: &Filter,
    offset: i64,
    size: i64,
    now: Moment,
) -> Result<(Vec<Row>, i64)> {
    let looked_up = looked_up(tx, keys, filter)?;
    let condition = condition(filter, looked_up.as_ref(), now);
    let (mut rows, counted) = read(tx, &condition, filter, offset, size, now)?;
    let total = match counted {
        Some(total) => total,
        None => {
            let sql = format!("SELECT COUNT(*) {FROM} WHERE {}", condition.parts.join(" AND "));
            tx.one(&sql, &condition.params, |row| row.int(0))?.unwrap_or(0)
        }
    };
    add_events(tx, &mut rows, size)?;
    Ok((rows, total))
}

/// The page, and how many match in all where that is known without asking again: words are looked for once, not
/// twice; whatever else a page is of, the rows before it are cheaper counted than carried along.
fn read(
    tx: &mut Tx<'_>,
    condition: &Condition<'_>,
    filter: &Filter,
    offset: i64,
    size: i64,
    now: Moment,
) -> Result<(Vec<Row>, Option<i64>)> {
    let direction = if filter.descending { "DESC" } else { "ASC" };
    let total = if filter.search.is_some() { "COUNT(*) OVER ()" } else { "CAST(NULL AS BIGINT)" };
    let sql = format!(
        "SELECT i.id, i.scenario, i.title, i.user_id, {WHOLE_NAME}, u.email, h.id, h.scopes, h.last_used, o.id, \
         o.handler_url, i.created, {STATE}, {total} {FROM} WHERE {} ORDER BY {} {direction}, i.id {direction} LIMIT ? OFFSET ?",
        condition.parts.join(" AND "),
        filter.sort.expression(),
    );
    let mut params: Vec<Param<'_>> = vec![now.seconds().into()];
    params.extend(condition.params.iter().cloned());
    if filter.sort == Sort::State {
        params.push(now.seconds().into());
    }
    params.extend([size.into(), offset.into()]);
    let (mut rows, mut total) = (Vec::new(), None);
    tx.query(&sql, &params, |row| {
        rows.push(shaped(row)?);
        total = row.opt_int(13)?;
        Ok(())
    })?;
    Ok((rows, total))
}

fn shaped(row: &store::Row<'_>) -> std::result::Result<Row, store::Error> {
    let kind = match (row.opt_int(6)?, row.opt_int(9)?) {
        (Some(_), Some(_)) => Kind::Both,
        (Some(_), None) => Kind::In,
        (None, _) => Kind::Out,
    };
    let name = Some(row.text(4)?).filter(|name| !name.is_empty());
    let scopes = row.opt_text(7)?.unwrap_or_default().split(',').filter(|scope| !scope.is_empty());
    let state = usize::try_from(row.int(12)?).ok().and_then(|place| State::ALL.get(place).copied());
    Ok(Row {
        id: row.int(0)?,
        kind,
        scenario: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        user: (row.int(3)?, name.unwrap_or(row.text(5)?).to_owned()),
        scopes: scopes.map(str::to_owned).collect(),
        events: Vec::new(),
        handler_url: row.opt_text(10)?.map(str::to_owned),
        state: state.unwrap_or(State::Active),
        created: row.int(11)?,
        last_used: row.opt_int(8)?,
        outbound_id: row.opt_int(9)?,
    })
}

/// One statement for the whole page, with as many places for any page of that size.
fn add_events(tx: &mut Tx<'_>, rows: &mut [Row], size: i64) -> Result<()> {
    let places = usize::try_from(size).unwrap_or(rows.len()).max(rows.len());
    if rows.iter().all(|row| row.outbound_id.is_none()) {
        return Ok(());
    }
    let list = store::placeholders(places);
    let sql =
        format!("SELECT outbound_id, event FROM outbound_event WHERE outbound_id IN ({list}) ORDER BY event");
    let ids = rows.iter().map(|row| row.outbound_id.unwrap_or(0)).chain(std::iter::repeat(0)).take(places);
    let ids: Vec<Param<'_>> = ids.map(Param::from).collect();
    tx.query(&sql, &ids, |found| {
        let (id, event) = (found.int(0)?, found.text(1)?);
        let of = |row: &&mut Row| row.outbound_id == Some(id);
        rows.iter_mut().filter(of).for_each(|row| row.events.push(event.to_owned()));
        Ok(())
    })?;
    Ok(())
}
