//! Access rules for the rows of a noun.
//!
//! One answer, a condition on rows, serves lists, single rows and rows that are about to be written alike, so that they
//! cannot disagree. The functions that read or write rows ask for a [`RowScope`], and only [`Noun::grant`] makes one: a
//! handler that forgets does not compile.

use std::sync::Arc;

use store::Param;

use super::{Draft, Face, Noun, Row, Shape, own};
use crate::access::{self, Act};
use crate::call::Call;
use crate::entity::owner::leads;
use crate::entity::page::{List, all_of};
use crate::entity::{Kind, Stored, Ways, read as items};
use crate::error::Result;
use crate::event::MayKnow;

/// The rule of a noun.
#[derive(Clone, Copy)]
pub enum Access {
    /// Everybody reads and writes.
    Everybody,
    /// Everybody reads, administrators write.
    Shared,
    /// Administrators only.
    Administrators,
    /// As the row to which this link leads: who reads that reads these, who changes that adds, changes and deletes these.
    Through(&'static str),
    /// What roles allow, by who is responsible for the row and whether it is open to everybody: the rule of items.
    Roles,
    /// A rule of the module.
    Rule(&'static dyn Rule),
}

/// A module's own rule.
pub trait Rule: Sync {
    /// Which rows, called `t`, the caller may do this to. Rows that are about to be added are judged by the same condition.
    ///
    /// # Errors
    /// Those of the store.
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant>;

    /// Whether the caller may read every row that a list of this face has, since that is decided by what they all lie in: then
    /// nobody asks each of them.
    ///
    /// # Errors
    /// Those of the store.
    fn opens(&self, _: &mut Call<'_, '_>, _: &Face) -> Result<bool> {
        Ok(false)
    }

    /// Whether the caller may read no row there could be, whatever the condition is: then the custom fields are closed as well.
    ///
    /// # Errors
    /// Those of the store.
    fn is_closed(&self, _: &mut Call<'_, '_>) -> Result<bool> {
        Ok(false)
    }

    /// The fields that say whose a row is: one that changes must stay within what the caller may change.
    fn fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// Who may know of an event about a row; administrators, unless the rule says otherwise.
    ///
    /// # Errors
    /// Those of the store.
    fn audience(&self, _: &mut Call<'_, '_>, _row: &Row) -> Result<MayKnow> {
        Ok(administrators())
    }
}

/// Which rows an act is allowed on.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// All of them.
    All,
    /// None.
    Nothing,
    /// Those that roles open.
    Roles(access::RowScope),
    /// Those for which this condition on the table `t` holds, with the values of its placeholders.
    Where(String, Vec<Param<'static>>),
    /// Those for which one of these holds, each of which an index finds rows by.
    Any(Ways),
}

/// The rows that a caller may act on, found out for this call.
#[derive(Debug)]
pub struct RowScope(Grant);

impl Noun {
    /// Finds out which rows the caller may do this to.
    ///
    /// # Errors
    /// Those of the store.
    pub fn grant(&'static self, call: &mut Call<'_, '_>, act: Act) -> Result<RowScope> {
        let is_open = match self.access {
            Access::Everybody => true,
            Access::Shared => act == Act::Read || call.caller.is_admin,
            Access::Administrators => call.caller.is_admin,
            // Levels belong to a table, see [`Shape::grant`].
            Access::Roles => false,
            Access::Rule(rule) => return Ok(RowScope(rule.grant(call, act)?)),
            Access::Through(link) => return Ok(RowScope(self.through(call, link, act)?)),
        };
        Ok(RowScope(if is_open { Grant::All } else { Grant::Nothing }))
    }

    /// Finds out which rows of a list of this face the caller may read.
    pub(super) fn grant_list(&'static self, call: &mut Call<'_, '_>, face: &Face) -> Result<RowScope> {
        match self.access {
            Access::Rule(rule) if rule.opens(call, face)? => Ok(RowScope::everything()),
            _ => self.grant(call, Act::Read),
        }
    }

    /// A condition on the rows `t` of another noun: that a column of theirs leads to a row of this one that the caller may do
    /// this to. With the values of its placeholders; for rules about what belongs to these rows.
    ///
    /// # Errors
    /// Those of the store.
    pub fn leads(
        &'static self,
        call: &mut Call<'_, '_>,
        act: Act,
        column: &str,
    ) -> Result<(String, Vec<Param<'static>>)> {
        let mut params = Vec::new();
        let condition = self.grant(call, act)?.condition(&mut params);
        Ok((leads(&format!("t.{column}"), self.table, condition.as_deref()), params))
    }

    /// What the rule of the noun that a link leads to gives for the rows that have the link.
    fn through(&self, call: &mut Call<'_, '_>, link: &str, act: Act) -> Result<Grant> {
        let (column, target) = self.link(call, link);
        let act = if act == Act::Read { Act::Read } else { Act::Update };
        Ok(match target.grant(call, act)?.0.plain() {
            Grant::Where(condition, params) => {
                let rows = format!("SELECT t.id FROM {} t WHERE {condition}", target.table);
                Grant::Where(format!("t.{column} IN ({rows})"), params)
            }
            other => other,
        })
    }

    /// The column of a link, and the noun that it leads to.
    fn link(&self, call: &Call<'_, '_>, name: &str) -> (String, &'static Noun) {
        match self.field(name).map(|field| (field.column(), field.kind)) {
            Some((column, Kind::Noun(target))) => (column, call.core.modules.noun_named(target)),
            _ => panic!("{name} of {} is no link", self.name),
        }
    }

    /// Whether a write changes whose the row is.
    pub(super) fn moves(&self, draft: &Draft<'_>) -> bool {
        match self.access {
            Access::Through(link) => draft.is_given(link),
            Access::Rule(rule) => rule.fields().iter().any(|name| draft.is_given(name)),
            Access::Roles => true,
            Access::Everybody | Access::Shared | Access::Administrators => false,
        }
    }

    /// Who may know of an event about a row.
    pub(super) fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        match self.access {
            Access::Everybody | Access::Shared => Ok(Arc::new(|_| true)),
            Access::Administrators | Access::Roles => Ok(administrators()),
            Access::Rule(rule) => rule.audience(call, row),
            Access::Through(link) => {
                let target = self.link(call, link).1;
                match own::again(call, target, row.int(link).unwrap_or(0))? {
                    Some(above) => target.audience(call, &above),
                    None => Ok(administrators()),
                }
            }
        }
    }
}

impl Shape {
    /// Finds out which rows the caller may do this to.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<RowScope> {
        match self.noun.access {
            Access::Roles => Ok(RowScope::of_roles(items::reach(call, &self.table, act))),
            _ => self.noun.grant(call, act),
        }
    }
}

/// Administrators alone may know.
pub fn administrators() -> MayKnow {
    Arc::new(|recipient| recipient.is_admin)
}

/// Members as the noun of another module keeps them.
struct Members {
    table: &'static str,
    /// The columns of what they are members of, and of who they are.
    of: &'static str,
    user: &'static str,
}

impl Members {
    /// Those of a noun whose field `of` says of what; `None` where there is no such module.
    fn find(call: &Call<'_, '_>, members: &str, of: &str) -> Option<Self> {
        let shape = call.core.modules.noun(members)?;
        Some(Members { table: shape.noun.table, of: shape.column(of)?, user: shape.column("userId")? })
    }
}

/// A condition on rows: that somebody, whose number is its one value, is a member of what `column` leads to. Members are rows
/// of the noun `members` of another module, called `m`, whose field `of` says of what, and for which `which` holds. `None`
/// where there is no such module.
pub fn has_member(call: &Call<'_, '_>, members: &str, of: &str, column: &str, which: &str) -> Option<String> {
    let Members { table, of, user } = Members::find(call, members, of)?;
    Some(format!("EXISTS (SELECT 1 FROM {table} m WHERE m.{of} = {column} AND m.{user} = ? AND {which})"))
}

/// Whether the caller is one whom [`has_member`] finds in what has this number.
///
/// # Errors
/// Those of the store.
pub fn is_member(call: &mut Call<'_, '_>, members: &str, of: &str, number: i64, which: &str) -> Result<bool> {
    let Some(found) = has_member(call, members, of, "?", which) else { return Ok(false) };
    let params = [number.into(), call.caller.user_id.into()];
    Ok(call.tx.one(&format!("SELECT 1 WHERE {found}"), &params, |row| row.int(0))?.is_some())
}

/// Those whom [`has_member`] finds in what has this number; nobody where there is no such module.
///
/// # Errors
/// Those of the store.
pub fn members_of(
    call: &mut Call<'_, '_>,
    members: &str,
    of: &str,
    number: i64,
    which: &str,
) -> Result<Vec<i64>> {
    let Some(Members { table, of, user }) = Members::find(call, members, of) else { return Ok(Vec::new()) };
    let sql = format!("SELECT m.{user} FROM {table} m WHERE m.{of} = ? AND {which}");
    Ok(call.tx.all(&sql, &[number.into()], |row| row.int(0))?)
}

impl Grant {
    /// The same with one condition in the place of several.
    fn plain(self) -> Self {
        match self {
            Grant::Any(ways) => {
                let (condition, values) = ways.any();
                Grant::Where(condition, values)
            }
            other => other,
        }
    }
}

impl RowScope {
    /// All rows, whoever asks.
    pub(super) fn everything() -> Self {
        RowScope(Grant::All)
    }

    /// Those that roles open.
    pub(super) fn of_roles(scope: access::RowScope) -> Self {
        RowScope(if scope.all { Grant::All } else { Grant::Roles(scope) })
    }

    /// Whether everything is allowed.
    pub(super) fn is_everything(&self) -> bool {
        matches!(self.0, Grant::All)
    }

    /// Whether nothing at all is allowed.
    pub fn is_nothing(&self) -> bool {
        match &self.0 {
            Grant::Nothing => true,
            Grant::Roles(scope) => scope.is_nothing(),
            Grant::All | Grant::Where(..) | Grant::Any(_) => false,
        }
    }

    /// Whether it is plain without a look into the database that a row that is about to be written is none of these.
    pub(super) fn plainly_refuses(&self, draft: &Draft<'_>, old: Option<&Row>) -> bool {
        let stand = || draft.stand(old);
        matches!(&self.0, Grant::Roles(scope) if !scope.covers(stand().responsible, stand().opened))
    }

    /// The condition on `t`, when not every row is allowed; its values go to `params`.
    pub(super) fn condition(&self, params: &mut Vec<Param<'static>>) -> Option<String> {
        match &self.0 {
            Grant::All => None,
            Grant::Nothing => Some("1 = 0".to_owned()),
            Grant::Roles(scope) => scope.condition(params),
            Grant::Where(condition, values) => {
                params.extend(values.iter().cloned());
                Some(condition.clone())
            }
            Grant::Any(ways) => {
                let (condition, values) = ways.clone().any();
                params.extend(values);
                Some(condition)
            }
        }
    }

    /// A list of those of its rows that are among these.
    pub(super) fn narrow<'q>(&self, list: List<'q>) -> List<'q> {
        match &self.0 {
            Grant::Any(ways) => list.among(ways.clone()),
            _ => list.within(|params| self.condition(params)),
        }
    }

    /// Whether a row that is about to be written is one of these: the condition is asked of its values.
    pub(super) fn admits(
        &self,
        call: &mut Call<'_, '_>,
        draft: &Draft<'_>,
        old: Option<&Row>,
    ) -> Result<bool> {
        match &self.0 {
            Grant::All => return Ok(true),
            Grant::Nothing => return Ok(false),
            Grant::Roles(_) => return Ok(!self.plainly_refuses(draft, old)),
            Grant::Where(..) | Grant::Any(_) => {}
        }
        let (mut columns, mut params) = (Vec::new(), Vec::new());
        for (_, field) in draft.table.stored().filter(|(_, field)| field.user.is_none()) {
            let column = match field.kind.stored() {
                Stored::Text => "TEXT",
                _ if field.multiple => "TEXT",
                Stored::Int => "{int}",
                Stored::Real => "{real}",
            };
            columns.push(format!("CAST(? AS {column}) AS {}", field.column()));
            params.push(draft.after(old, &field.code).clone());
        }
        let condition = self.condition(&mut params);
        let row = call.tx.dialect().expand(&columns.join(", "));
        let conditions: Vec<String> = condition.into_iter().collect();
        let sql = format!("SELECT 1 FROM (SELECT {row}) t{}", all_of(&conditions));
        Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
    }
}
