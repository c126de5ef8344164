//! Which links a caller may make. Nothing is linked that did not go through here: what [`super::binding`] stores is
//! made by [`allow`] alone, and columns that name an item are looked at in [`of_draft`].
//!
//! A link that is new needs the right to read its other end. Seen from a company, a link belongs to the contact, whose
//! companies and main company it changes; so there, whoever links or unlinks must be allowed to change the contact.
//! What is missing and what may not be read give the same answer, which so tells nobody what exists.

use std::collections::HashSet;

use store::Param;
use wire::Fault;

use super::binding::{self, Binding};
use super::draft::Draft;
use super::ends::Ends;
use super::{Entity, Field, Kind, Naming, Place, read};
use crate::access::Act;
use crate::call::Call;
use crate::error::{Error, Result};

/// Links of an item towards one kind of items, as the caller may make them.
#[derive(Debug)]
pub struct Links {
    ends: Ends,
    list: Vec<Binding>,
}

/// The reason for refusing links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// One of the items is not there, or not for the caller.
    Missing,
    /// The caller may see one of the items, but the link would change it.
    Denied,
}

/// How a request names what is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By a list of links, all of which must be there.
    List,
    /// By a column, as on the real system: whoever may read every item may name one that is not there.
    Column,
}

impl Links {
    /// Both ends.
    pub(super) fn ends(&self) -> Ends {
        self.ends
    }

    /// The links by place.
    pub(super) fn list(&self) -> &[Binding] {
        &self.list
    }
}

/// The links that an item (`None` for one that is about to be added) shall have, when the caller may make them so.
///
/// # Errors
/// `ERROR_CORE` for more links than an item may have.
pub fn allow(
    call: &mut Call<'_, '_>,
    ends: Ends,
    owner: Option<i64>,
    by: By,
    list: Vec<Binding>,
) -> Result<std::result::Result<Links, Refused>> {
    binding::require_few(&list)?;
    let target = call.entity(ends.target).ok_or_else(|| Fault::core("Unknown kind of link."))?;
    let old: HashSet<i64> = match owner {
        Some(id) => binding::load(call.tx, ends, id)?.iter().map(|link| link.target).collect(),
        None => HashSet::new(),
    };
    let new: HashSet<i64> = list.iter().map(|link| link.target).collect();
    let fresh: Vec<i64> = new.difference(&old).copied().collect();
    if !all_within(call, &target, Act::Read, by, &fresh)? {
        return Ok(Err(Refused::Missing));
    }
    if ends.change_the_target() {
        let changed: Vec<i64> = new.symmetric_difference(&old).copied().collect();
        if !all_within(call, &target, Act::Update, By::List, &changed)? {
            return Ok(Err(Refused::Denied));
        }
    }
    Ok(Ok(Links { ends, list }))
}

/// Whether the caller may do that to all of these items.
fn all_within(call: &mut Call<'_, '_>, entity: &Entity, act: Act, by: By, ids: &[i64]) -> Result<bool> {
    let reach = read::reach(call, entity, act);
    if ids.is_empty() || (by == By::Column && reach.all) {
        return Ok(true);
    }
    let lock = if act == Act::Read { "" } else { call.tx.dialect().for_update() };
    let placeholders = store::placeholders(ids.len());
    let sql =
        format!("SELECT assigned_by_id, opened FROM {} WHERE id IN ({placeholders}){lock}", entity.table());
    let params: Vec<Param<'_>> = ids.iter().map(|id| Param::from(*id)).collect();
    let mut within = 0;
    call.tx.query(&sql, &params, |row| {
        let covered = reach.covers(row.opt_int(0)?.unwrap_or(0), row.opt_text(1)? == Some("Y"));
        within += usize::from(covered);
        Ok(())
    })?;
    Ok(within == ids.len())
}

/// The links that the fields of a request make, and a look at the columns that name items without a list beside them.
pub fn of_draft(
    call: &mut Call<'_, '_>,
    naming: Naming,
    draft: &mut Draft<'_>,
    item: Option<i64>,
) -> Result<Vec<Links>> {
    let mut lists: Vec<(i64, By, Vec<Binding>)> = std::mem::take(&mut draft.bindings)
        .into_iter()
        .map(|(target, list)| (target, By::List, list))
        .collect();
    let (mut allowed, entity) = (Vec::new(), draft.table);
    for field in &entity.fields {
        match (field.place, field.kind) {
            (Place::Binding(target), _) => {
                let at = lists.iter().position(|(other, _, _)| *other == target);
                let wanted = match at {
                    Some(at) => Some((lists[at].1, std::mem::take(&mut lists[at].2))),
                    None => by_column(call, entity, field, draft, item)?,
                };
                let Some((by, list)) = wanted else { continue };
                let ends = Ends { owner: entity.type_id, target };
                allowed.push(allow(call, ends, item, by, list)?.map_err(|why| why.of_field(naming, field))?);
            }
            (Place::Column, Kind::Link(target) | Kind::Parent(target))
                if !entity.has_list_of(target) && !may_name(call, entity, field, target, draft, item)? =>
            {
                return Err(Refused::Missing.of_field(naming, field));
            }
            _ => {}
        }
    }
    Ok(allowed)
}

/// Keeps the column of the primary link (`CONTACT_ID`) and the list (`CONTACT_IDS`) in step when only the
/// column was given: that item becomes the first of the list, an empty value clears the list.
fn by_column(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    list: &Field,
    draft: &Draft<'_>,
    item: Option<i64>,
) -> Result<Option<(By, Vec<Binding>)>> {
    let Place::Binding(target) = list.place else { return Ok(None) };
    let column = binding::column_of(&call.meta, target).to_ascii_uppercase();
    if column == list.code || draft.get(&column).is_none() {
        return Ok(None);
    }
    let primary = draft.int(&column).filter(|id| *id > 0);
    let others = match item {
        Some(id) if primary.is_some() => binding::load(call.tx, Ends { owner: entity.type_id, target }, id)?,
        _ => Vec::new(),
    };
    let all = primary.into_iter().chain(others.into_iter().map(|other| other.target));
    Ok(Some((By::Column, binding::from_ids(all))))
}

/// Whether the caller may name the item that a draft puts into a column; the one that stands there already may stay.
fn may_name(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    field: &Field,
    target: i64,
    draft: &Draft<'_>,
    item: Option<i64>,
) -> Result<bool> {
    let (Some(id), Some(target)) = (draft.int(&field.code).filter(|id| *id > 0), call.entity(target)) else {
        return Ok(true);
    };
    if all_within(call, &target, Act::Read, By::Column, &[id])? {
        return Ok(true);
    }
    let Some(item) = item else { return Ok(false) };
    let sql = format!("SELECT {} FROM {} WHERE id = ?", field.column(), entity.table());
    let stands = call.tx.one(&sql, &[item.into()], |row| row.opt_int(0))?.flatten();
    Ok(stands == Some(id))
}

/// Makes the links of an item what they shall be.
pub fn store(call: &mut Call<'_, '_>, entity: &Entity, id: i64, all: &[Links]) -> Result<()> {
    all.iter().try_for_each(|links| binding::replace(call, entity, id, links))
}

impl Entity {
    /// Whether it has a list of links towards that kind of items.
    pub fn has_list_of(&self, target: i64) -> bool {
        self.fields.iter().any(|field| field.place == Place::Binding(target))
    }
}

impl Refused {
    /// The words in which a refused field is told.
    fn of_field(self, naming: Naming, field: &Field) -> Error {
        match (self, naming) {
            (Refused::Denied, _) => read::denied(naming),
            (Refused::Missing, Naming::Legacy) => Fault::crm("Not found.").into(),
            (Refused::Missing, _) => Fault::invalid_field(&field.title).into(),
        }
    }
}
