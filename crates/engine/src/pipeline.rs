//! Dictionaries, pipelines and currencies, as items use them.

use store::{Row, Tx};
use wire::Text;

use crate::error::Result;

/// An entry of a dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Its number.
    pub id: i64,
    /// The dictionary, `SOURCE` or `DEAL_STAGE_3`.
    pub entity_id: Text,
    /// Its code within the dictionary.
    pub status_id: Text,
    /// Its display name.
    pub name: Text,
    /// Its original name; empty for entries that people created.
    pub name_init: Text,
    /// Its place in the dictionary.
    pub sort: i64,
    /// Whether it may not be deleted.
    pub system: bool,
    /// The pipeline whose stage it is.
    pub category_id: Option<i64>,
    /// `#39A8EF`
    pub color: Option<Text>,
    /// `S` success, `F` failure, nothing in progress
    pub semantics: Option<Text>,
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its number; 0 is the default pipeline of deals.
    pub id: i64,
    /// The entity that it belongs to.
    pub entity_type_id: i64,
    /// Its display name.
    pub name: Text,
    /// Its place.
    pub sort: i64,
    /// Whether items go there that name none.
    pub is_default: bool,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// Its id in the outside system that made it.
    pub origin_id: Text,
    /// That outside system.
    pub originator_id: Text,
}

/// Reads the entries of all dictionaries, by `(SORT, ID)`.
pub fn load_statuses(tx: &mut Tx<'_>) -> Result<Vec<Status>> {
    let sql = "SELECT id, entity_id, status_id, name, name_init, sort, system, category_id, color, semantics \
               FROM crm_status ORDER BY sort, id";
    Ok(tx.all(sql, &[], |row| {
        Ok(Status {
            id: row.int(0)?,
            entity_id: Text::new(row.text(1)?),
            status_id: Text::new(row.text(2)?),
            name: Text::new(row.text(3)?),
            name_init: Text::new(row.text(4)?),
            sort: row.int(5)?,
            system: row.text(6)? == "Y",
            category_id: row.opt_int(7)?,
            color: opt_text(row, 8)?,
            semantics: opt_text(row, 9)?,
        })
    })?)
}

/// Reads all pipelines, by `(SORT, ID)`.
pub fn load_categories(tx: &mut Tx<'_>) -> Result<Vec<Category>> {
    let sql = "SELECT id, entity_type_id, name, sort, is_default, created, origin_id, originator_id \
               FROM crm_category ORDER BY sort, id";
    Ok(tx.all(sql, &[], |row| {
        Ok(Category {
            id: row.int(0)?,
            entity_type_id: row.int(1)?,
            name: Text::new(row.text(2)?),
            sort: row.int(3)?,
            is_default: row.text(4)? == "Y",
            created: row.int(5)?,
            origin_id: Text::new(row.text(6)?),
            originator_id: Text::new(row.text(7)?),
        })
    })?)
}

/// Reads the codes of currencies, that of the base first.
pub fn load_currencies(tx: &mut Tx<'_>) -> Result<Vec<Text>> {
    let sql = "SELECT currency FROM crm_currency ORDER BY CASE base WHEN 'Y' THEN 0 ELSE 1 END, sort, id";
    Ok(tx.all(sql, &[], |row| Ok(Text::new(row.text(0)?)))?)
}

fn opt_text(row: &Row<'_>, column: usize) -> std::result::Result<Option<Text>, store::Error> {
    Ok(row.opt_text(column)?.map(Text::new))
}
