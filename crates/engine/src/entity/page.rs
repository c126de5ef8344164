//! The rows of a list: the one place that makes the SQL of a page, its order and its total. Items, nouns and every table
//! that is described like theirs are listed by it.

use std::borrow::Cow;

use store::{Param, Row};
use wire::filter::Filter;
use wire::order::Direction;
use wire::params::Start;
use wire::{Fault, Text};

use super::count::{self, Counted};
use super::filter::{Conditions, Unknown, too_large};
use super::{Entity, Field, Naming, Place};
use crate::call::Call;
use crate::error::Result;

/// Rows on a page (protocol 5.1).
pub const PAGE: i64 = 50;

/// Rows that are gone through faster than blocks are summed up, or numbers are read alone.
const NEAR: i64 = 2000;

/// Rows whose numbers are read as fast as those of a page, if the rows must be gone through anyway.
const FEW: i64 = 5000;

/// Values that one statement binds: SQLite takes 32766.
const BOUND: usize = 32_000;

/// The parameters of a list.
#[derive(Debug)]
pub struct Query {
    /// Which rows.
    pub filter: Filter,
    /// In which order; the id breaks ties.
    pub order: Vec<(Text, Direction)>,
    /// Which fields; none means the usual ones.
    pub select: Vec<Text>,
    /// How to treat unknown names in filter and order.
    pub unknown: Unknown,
}

impl Query {
    /// Calls fields that came under their upper-case names as this style does.
    pub(crate) fn name(&mut self, table: &Entity, naming: Naming) {
        let known = |name: &str| {
            let field = table.named(name, naming).or_else(|| table.named(name, Naming::Legacy))?;
            naming.name(field).map(Text::new)
        };
        let order = self.order.iter_mut().map(|(name, _)| name);
        for name in order.chain(&mut self.select) {
            if let Some(known) = known(name) {
                *name = known;
            }
        }
        rename(&mut self.filter, &known);
    }
}

fn rename(filter: &mut Filter, known: &impl Fn(&str) -> Option<Text>) {
    match filter {
        Filter::All(tests) | Filter::Any(tests) => tests.iter_mut().for_each(|test| rename(test, known)),
        Filter::Test { field, .. } => {
            if let Some(name) = known(field) {
                *field = name;
            }
        }
    }
}

/// How much of a list one answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A page from the row where the call starts (protocol 5.1).
    Page,
    /// Everything, as the lists that Bitrix24 keeps in memory.
    Whole,
    /// So many rows behind so many others; nobody counts them.
    Window {
        /// The rows that are passed over.
        offset: i64,
        /// The rows that are read.
        limit: i64,
    },
}

/// The rows that a query finds in a table, called `t`.
pub struct List<'q> {
    table: &'q Entity,
    naming: Naming,
    query: &'q Query,
    extent: Extent,
    conditions: Vec<String>,
    params: Vec<Param<'static>>,
    sorted: Option<(String, Vec<Param<'static>>)>,
    known: Option<i64>,
    counting: Option<Counted>,
    size: i64,
}

impl<'q> List<'q> {
    /// Those for which the filter of the query holds.
    ///
    /// # Errors
    /// For a filter that the table does not take.
    pub fn new(
        call: &Call<'_, '_>,
        table: &'q Entity,
        naming: Naming,
        query: &'q Query,
        extent: Extent,
    ) -> Result<Self> {
        let mut conditions = Conditions::new(table, naming, query.unknown, call.clock(), call.tx.dialect());
        let asked = conditions.build(&query.filter)?;
        let (params, conditions) = (conditions.params, asked.into_iter().collect());
        Ok(List {
            table,
            naming,
            query,
            extent,
            conditions,
            params,
            sorted: None,
            known: None,
            counting: None,
            size: PAGE,
        })
    }

    /// Has pages of so many rows.
    pub fn sized(mut self, size: i64) -> Self {
        self.size = size.clamp(1, PAGE);
        self
    }

    /// Tells how many there are, where somebody keeps count.
    pub fn counted(mut self, total: Option<i64>) -> Self {
        self.known = total;
        self
    }

    /// Takes how many there are from where rows are counted.
    pub fn known_by(mut self, counting: Option<Counted>) -> Self {
        self.counting = counting;
        self
    }

    /// Sorts by these expressions of SQL, with the values of their placeholders, instead of the order of the query.
    pub fn sorted(mut self, order: String, values: Vec<Param<'static>>) -> Self {
        self.sorted = Some((order, values));
        self
    }

    /// Those of them for which these conditions hold as well, which a request cannot lift. Their values go to the
    /// parameters.
    pub fn within<C: IntoIterator<Item = String>>(
        mut self,
        conditions: impl FnOnce(&mut Vec<Param<'static>>) -> C,
    ) -> Self {
        self.conditions.extend(conditions(&mut self.params));
        self
    }

    /// Reads the page where the call starts, or everything: of each row the id and the `columns`, as a SELECT names them
    /// behind others. Sets the call's `total` and `next`.
    ///
    /// # Errors
    /// For an order that the table does not take, and those of `each` and of the store.
    pub fn read(
        mut self,
        call: &mut Call<'_, '_>,
        columns: &str,
        mut each: impl FnMut(&Row<'_>) -> std::result::Result<(), store::Error>,
    ) -> Result<()> {
        if self.params.len() > BOUND {
            return Err(too_large().into());
        }
        let offset = match (self.extent, call.start) {
            (Extent::Page, Start::At(row)) => first_row(row, self.naming),
            (Extent::Window { offset, .. }, _) => offset,
            _ => 0,
        };
        let condition = all_of(&self.conditions);
        let has_own_order = self.sorted.is_some();
        let far = if has_own_order { None } else { self.far_page(call, offset)? };
        let (from, skipped) = match far {
            Some(place) => {
                (Cow::from(all_of(&[self.conditions.as_slice(), &[place.condition]].concat())), place.offset)
            }
            None => (Cow::from(&condition), offset),
        };
        let (order, values) = match self.sorted.take() {
            Some(sorted) => sorted,
            None => (order_by(self.table, self.naming, self.query)?, Vec::new()),
        };
        let page = match self.extent {
            Extent::Page => Some(self.size),
            Extent::Window { limit, .. } => Some(limit),
            Extent::Whole => None,
        };
        if has_own_order && offset < NEAR && self.is_to_be_counted(call) {
            let shown = self.read_few(call, columns, (&condition, &order, &values), offset, each)?;
            return self.count(call, &condition, offset, shown);
        }
        let counted = self.params.len();
        self.params.extend(values.iter().cloned());
        self.params.extend(page.map(|_| Param::from(skipped)));
        let sql = match page {
            Some(size) if (skipped >= NEAR || !order.starts_with("t.id ")) && self.table.beside.is_none() => {
                self.params.extend(values);
                sorted_page(self.table, size, columns, &from, &order)
            }
            _ => statement(self.table, page, columns, &from, &order),
        };
        let mut shown = 0;
        call.tx.query(&sql, &self.params, |row| {
            shown += 1;
            each(row)
        })?;
        self.params.truncate(counted);
        if matches!(self.extent, Extent::Window { .. }) {
            return Ok(());
        }
        self.count(call, &condition, offset, shown)
    }

    /// Whether all rows have to be gone through to tell how many there are.
    fn is_to_be_counted(&self, call: &Call<'_, '_>) -> bool {
        let is_page = self.extent == Extent::Page && call.start != Start::Uncounted;
        is_page && self.table.beside.is_none() && self.known.is_none() && self.kept().is_none()
    }

    /// Reads a page by the numbers of all rows, in an order that no index has. If there are few, that says how many, and nobody
    /// goes through them again. Gives how many rows are on the page.
    fn read_few(
        &mut self,
        call: &mut Call<'_, '_>,
        columns: &str,
        (condition, order, values): (&str, &str, &[Param<'static>]),
        offset: i64,
        mut each: impl FnMut(&Row<'_>) -> std::result::Result<(), store::Error>,
    ) -> Result<i64> {
        let (name, most) = (self.table.table(), offset + FEW);
        let values = || values.iter().cloned();
        let params: Vec<Param<'_>> =
            self.params.iter().cloned().chain(values()).chain([Param::from(most + 1)]).collect();
        let sql = format!("SELECT t.id FROM {name} t{condition} ORDER BY {order} LIMIT ?");
        let numbers = call.tx.all(&sql, &params, |row| row.int(0))?;
        self.known = i64::try_from(numbers.len()).ok().filter(|all| *all <= most);
        let of_page = |(at, _): &(i64, i64)| (offset..offset + self.size).contains(at);
        let numbers: Vec<i64> = (0..).zip(numbers).filter(of_page).map(|(_, number)| number).collect();
        let dialect = call.tx.dialect();
        let sql =
            format!("SELECT t.id{columns} FROM {name} t WHERE {} ORDER BY {order}", dialect.among("t.id"));
        let mut shown = 0;
        for portion in dialect.portions(&numbers) {
            let mut params = dialect.params(portion.iter().map(|id| [Param::from(*id)])).to_vec();
            params.extend(values());
            call.tx.query(&sql, &params, |row| {
                shown += 1;
                each(row)
            })?;
        }
        Ok(shown)
    }

    /// The number under which these are counted: all items of an entity, and all rows of some nouns, or those with one value.
    fn kept(&self) -> Option<i64> {
        match (self.conditions.len(), self.counting) {
            (0, _) if self.table.is_item() => Some(self.table.type_id),
            (0, Some(counted)) => Some(counted.number),
            (1, Some(counted)) => counted.part(self.table, self.naming, &self.query.filter),
            _ => None,
        }
    }

    /// Where a far page of all items in the order of ids begins; `None` for any other page, which is reached from the first
    /// row.
    fn far_page(&self, call: &mut Call<'_, '_>, offset: i64) -> Result<Option<count::Place>> {
        let Some(kept) = self.kept().filter(|_| offset >= NEAR) else { return Ok(None) };
        let by_id = |name: &str| self.table.named(name, self.naming).is_some_and(|field| field.code == "ID");
        let direction = match self.query.order.as_slice() {
            [] => Direction::Asc,
            [(name, direction), ..] if by_id(name) => *direction,
            _ => return Ok(None),
        };
        call.owed.counts.place(call.tx, kept, offset, direction)
    }

    /// Sets `total` and `next` (protocol 5.1).
    fn count(&self, call: &mut Call<'_, '_>, condition: &str, offset: i64, shown: i64) -> Result<()> {
        if call.start == Start::Uncounted {
            call.total = self.naming.is_legacy().then_some(0);
            return Ok(());
        }
        // A first page that is not full says itself how many there are.
        let total = if self.extent == Extent::Whole || (offset == 0 && shown < self.size) {
            shown
        } else if let Some(known) = self.known {
            known
        } else if let Some(kept) = self.kept() {
            call.owed.counts.total(call.tx, kept)?
        } else {
            let sql = format!("SELECT COUNT(*) FROM {}{condition}", source(self.table));
            call.tx.one(&sql, &self.params, |row| row.int(0))?.unwrap_or(0)
        };
        call.total = Some(total);
        call.next = (shown > 0 && offset + shown < total).then_some(offset + shown);
        Ok(())
    }
}

/// What a list reads: the table as `t`, and what stands beside it. The order of the join is SQLite's, too: the conditions say
/// which rows of that there are, and these have an index of the others.
fn source(table: &Entity) -> String {
    let beside = table.beside.map_or_else(String::new, |other| format!("{other} CROSS JOIN "));
    format!("{beside}{} t", table.table())
}

/// The statement that reads a list under this condition, in this order: all of it, or a page of so many rows, whose first
/// row is its last parameter.
pub(super) fn statement(
    table: &Entity,
    page: Option<i64>,
    columns: &str,
    condition: &str,
    order: &str,
) -> String {
    let source = source(table);
    let page = page.map_or_else(String::new, |size| format!(" LIMIT {size} OFFSET ?"));
    format!("SELECT t.id{columns} FROM {source}{condition} ORDER BY {order}{page}")
}

/// The same for an order that rows may have to be sorted into, or for a far page: that is done with their numbers alone, and where an index has
/// what it is about, without a look at the rows that are not on the page. The values of the order come twice.
fn sorted_page(table: &Entity, size: i64, columns: &str, condition: &str, order: &str) -> String {
    let name = table.table();
    format!(
        "SELECT t.id{columns} FROM {name} t \
         JOIN (SELECT t.id AS number FROM {name} t{condition} ORDER BY {order} LIMIT {size} OFFSET ?) page \
         ON page.number = t.id ORDER BY {order}"
    )
}

/// These conditions as a SELECT has them.
pub(crate) fn all_of(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The row at which a page begins: legacy lists know whole pages only (protocol 5.1).
fn first_row(row: u32, naming: Naming) -> i64 {
    if naming.is_legacy() { i64::from(row) / PAGE * PAGE } else { i64::from(row) }
}

/// The columns by which a query sorts. The id breaks ties, in the direction of the first of them: then an index of that
/// has the whole order.
pub(super) fn order_by(table: &Entity, naming: Naming, query: &Query) -> Result<String> {
    let mut parts = Vec::new();
    let (mut by_id, mut falls) = (false, None);
    for (name, direction) in &query.order {
        let sortable = |field: &&Field| field.place == Place::Column && !field.multiple;
        match table.named(name, naming).filter(sortable) {
            Some(field) => {
                by_id |= field.code == "ID";
                falls = falls.or(Some(*direction == Direction::Desc));
                let word = if *direction == Direction::Desc { "DESC" } else { "ASC" };
                // PostgreSQL would put NULL last; SQLite and the real system put it first.
                let nulls = match (field.code == "ID", *direction) {
                    (true, _) => "",
                    (false, Direction::Desc) => " NULLS LAST",
                    (false, _) => " NULLS FIRST",
                };
                parts.push(format!("t.{} {word}{nulls}", field.column()));
            }
            None if query.unknown == Unknown::Ignored => {}
            None => {
                return Err(Fault::invalid_value(format!(
                    "Invalid order: field '{name}' is not allowed in order"
                ))
                .into());
            }
        }
    }
    if !by_id {
        parts.push(if falls == Some(true) { "t.id DESC" } else { "t.id ASC" }.to_owned());
    }
    Ok(parts.join(", "))
}
