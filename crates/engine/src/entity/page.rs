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
use super::sorting::Order;
use super::ways::{self, Ways, Within};
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
    choices: Vec<Ways>,
    sorted: Option<Order>,
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
            choices: Vec::new(),
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

    /// Sorts like this instead of in the order of the query.
    pub fn sorted(mut self, order: Option<Order>) -> Self {
        self.sorted = order;
        self
    }

    /// Those of them for which one of these conditions holds as well. Rows that are met in the same way in several choices are
    /// found once: the narrower choice comes first.
    pub fn among(mut self, ways: Ways) -> Self {
        self.choices.push(ways);
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
        let offset = match (self.extent, call.start) {
            (Extent::Page, Start::At(row)) => first_row(row, self.naming),
            (Extent::Window { offset, .. }, _) => offset,
            _ => 0,
        };
        let sorted = self.sorted.take();
        let is_sorted_by_module = sorted.is_some();
        let order = match sorted {
            Some(order) => order,
            None => order_by(self.table, self.naming, self.query)?,
        };
        let counts = offset < NEAR && self.is_to_be_counted(call);
        if let Some(found) = self.by_ways(&order) {
            let shown = self.read_numbers(call, columns, &order, found, (offset, counts), each)?;
            let found = || {
                let (found, values) = self.by_ways(&Order::default()).unwrap_or_default();
                (format!("({found}) found"), values)
            };
            return self.count(call, found, offset, shown);
        }
        self.settle();
        if self.params.len() > BOUND {
            return Err(too_large().into());
        }
        let condition = all_of(&self.conditions);
        let all = || format!("{}{condition}", source(self.table));
        if is_sorted_by_module && counts {
            let sql = format!("SELECT t.id FROM {} ORDER BY {}", all(), order.text());
            let values = self.params.iter().cloned().chain(order.values()).collect();
            let shown = self.read_numbers(call, columns, &order, (sql, values), (offset, counts), each)?;
            return self.count(call, || (all(), self.params.clone()), offset, shown);
        }
        let (from, skipped) = match self.far_page(call, &order, offset)? {
            Some(place) => {
                (Cow::from(all_of(&[self.conditions.as_slice(), &[place.condition]].concat())), place.offset)
            }
            None => (Cow::from(&condition), offset),
        };
        let page = self.page();
        let mut params: Vec<Param<'static>> = self.params.iter().cloned().chain(order.values()).collect();
        params.extend(page.map(|_| Param::from(skipped)));
        let is_by_id = order.by_id().is_some();
        let sql = match page {
            Some(size) if (skipped >= NEAR || !is_by_id) && self.table.beside.is_none() => {
                params.extend(order.values());
                sorted_page(self.table, size, columns, &from, &order.text())
            }
            _ => statement(self.table, page, columns, &from, &order.text()),
        };
        let mut shown = 0;
        call.tx.query(&sql, &params, |row| {
            shown += 1;
            each(row)
        })?;
        self.count(call, || (all(), self.params.clone()), offset, shown)
    }

    /// The rows on a page; `None` for everything.
    fn page(&self) -> Option<i64> {
        match self.extent {
            Extent::Page => Some(self.size),
            Extent::Window { limit, .. } => Some(limit),
            Extent::Whole => None,
        }
    }

    /// The statement that finds the numbers of the rows way by way, in this order; `None` where that is one way, or too many.
    fn by_ways(&self, order: &Order) -> Option<Within> {
        if self.choices.is_empty() || self.page().is_none() || self.table.beside.is_some() {
            return None;
        }
        let branches = ways::combined(&self.choices).filter(|branches| !branches.is_empty())?;
        let (mut sql, params) = ways::numbers(self.table, (&self.conditions, &self.params), &branches, order);
        if params.len() > BOUND {
            return None;
        }
        let places = order.places();
        if !places.is_empty() {
            sql += &format!(" ORDER BY {places}");
        }
        Some((sql, params))
    }

    /// Makes one condition of each choice.
    fn settle(&mut self) {
        for choice in std::mem::take(&mut self.choices) {
            let (condition, values) = choice.any();
            self.conditions.push(condition);
            self.params.extend(values);
        }
    }

    /// Whether all rows have to be gone through to tell how many there are.
    fn is_to_be_counted(&self, call: &Call<'_, '_>) -> bool {
        let is_page = self.extent == Extent::Page && call.start != Start::Uncounted;
        is_page && self.table.beside.is_none() && self.known.is_none() && self.kept().is_none()
    }

    /// Reads a page by the numbers of rows, which a statement finds in their order: by those of all rows, if how many there are is to be
    /// counted. If there are few, that says how many, and nobody goes through them again. Gives how many rows are on the page.
    fn read_numbers(
        &mut self,
        call: &mut Call<'_, '_>,
        columns: &str,
        order: &Order,
        (found, mut values): Within,
        (offset, counts): (i64, bool),
        mut each: impl FnMut(&Row<'_>) -> std::result::Result<(), store::Error>,
    ) -> Result<i64> {
        let (size, most) = (self.page().unwrap_or(self.size), offset + FEW);
        let (limit, skipped) = if counts { (most + 1, 0) } else { (size, offset) };
        values.extend([limit.into(), skipped.into()]);
        let mut numbers = call.tx.all(&format!("{found} LIMIT ? OFFSET ?"), &values, |row| row.int(0))?;
        if counts {
            self.known = i64::try_from(numbers.len()).ok().filter(|all| *all <= most);
            let of_page = |(at, _): &(i64, i64)| (offset..offset + size).contains(at);
            numbers = (0..).zip(numbers).filter(of_page).map(|(_, number)| number).collect();
        }
        let (name, dialect) = (self.table.table(), call.tx.dialect());
        let (among, sorted) = (dialect.among("t.id"), order.text());
        let sql = format!("SELECT t.id{columns} FROM {name} t WHERE {among} ORDER BY {sorted}");
        let mut shown = 0;
        for portion in dialect.portions(&numbers) {
            let mut params = dialect.params(portion.iter().map(|id| [Param::from(*id)])).to_vec();
            params.extend(order.values());
            call.tx.query(&sql, &params, |row| {
                shown += 1;
                each(row)
            })?;
        }
        Ok(shown)
    }

    /// The number under which these are counted: all items of an entity, and all rows of some nouns, or those with one value.
    fn kept(&self) -> Option<i64> {
        if !self.choices.is_empty() {
            return None;
        }
        match (self.conditions.len(), self.counting) {
            (0, _) if self.table.is_item() => Some(self.table.type_id),
            (0, Some(counted)) => Some(counted.number),
            (1, Some(counted)) => counted.part(self.table, self.naming, &self.query.filter),
            _ => None,
        }
    }

    /// Where a far page of all items in the order of ids begins; `None` for any other page, which is reached from the first
    /// row.
    fn far_page(&self, call: &mut Call<'_, '_>, order: &Order, offset: i64) -> Result<Option<count::Place>> {
        let Some(kept) = self.kept().filter(|_| offset >= NEAR) else { return Ok(None) };
        let Some(direction) = order.by_id() else { return Ok(None) };
        call.owed.counts.place(call.tx, kept, offset, direction)
    }

    /// Sets `total` and `next` (protocol 5.1), where the page is one of all these rows.
    fn count(
        &self,
        call: &mut Call<'_, '_>,
        all: impl FnOnce() -> Within,
        offset: i64,
        shown: i64,
    ) -> Result<()> {
        if matches!(self.extent, Extent::Window { .. }) {
            return Ok(());
        }
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
            let (all, values) = all();
            call.tx.one(&format!("SELECT COUNT(*) FROM {all}"), &values, |row| row.int(0))?.unwrap_or(0)
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

/// What a query sorts by. The id breaks ties, in the direction of the first of them: then an index of that
/// has the whole order.
pub(super) fn order_by(table: &Entity, naming: Naming, query: &Query) -> Result<Order> {
    let mut order = Order::default();
    let (mut by_id, mut falls) = (false, None);
    for (name, direction) in &query.order {
        let sortable = |field: &&Field| field.place == Place::Column && !field.multiple;
        match table.named(name, naming).filter(sortable) {
            Some(field) => {
                by_id |= field.code == "ID";
                falls = falls.or(Some(*direction == Direction::Desc));
                // PostgreSQL would put NULL last; SQLite and the real system put it first.
                let word = match (field.code == "ID", *direction) {
                    (true, Direction::Asc) => "ASC",
                    (true, Direction::Desc) => "DESC",
                    (false, Direction::Asc) => "ASC NULLS FIRST",
                    (false, Direction::Desc) => "DESC NULLS LAST",
                };
                order = order.by(format!("t.{}", field.column()), word);
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
    Ok(if by_id { order } else { order.by("t.id", if falls == Some(true) { "DESC" } else { "ASC" }) })
}
