//! Files of a copy. A row that shows one is written without it, and in the same transaction the link is noted, so that the
//! contents come later, one after the other, and go on after an interruption.

use std::collections::BTreeMap;

use blobs::Blob;
use serde_json::{Value as Json, json};
use store::{Migration, Row, Tx};
use wire::{Map, Value};

use super::Copying;
use crate::error::Result;
use crate::files::{self, CopiedFile};

/// The history of the table of files that wait.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "files of copies", sql: include_str!("files.sql") }];

/// Under this name a row has the place of the request that it came by, in [`Copying::asked`].
pub const ASKED: &str = "@asked";

/// Names of links, those that are made for programs first.
const LINKS: [&[&str]; 3] =
    [&["urlMachine"], &["downloadUrl", "urlDownload", "DOWNLOAD_URL"], &["showUrl", "urlShow", "url", "URL"]];

const WAITS: i64 = 0;
const WAITS_UNNUMBERED: i64 = 1;
const IS_THERE: i64 = 2;
const REFUSED: i64 = 3;

/// A file as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    number: i64,
    name: Option<String>,
    created: Option<i64>,
    url: String,
    grade: usize,
}

/// A column that holds numbers of files, one or a list.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// Whether it holds a list.
    pub many: bool,
}

/// A file that waits to be fetched.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The number under which it waits.
    pub id: i64,
    /// Its link.
    pub url: String,
    /// The name of the step that has it.
    pub step: String,
    /// What the step was asked for: `params`, and what rows were `given`.
    pub asked: Json,
    /// When the link was read, Unix seconds.
    pub read_at: i64,
    table: String,
    column: String,
    row: i64,
    many: bool,
    number: i64,
    name: Option<String>,
    created: Option<i64>,
}

/// Files of a copy in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that wait.
    pub waiting: i64,
    /// Those that are here.
    pub here: i64,
    /// Those that cannot be fetched, by the reason.
    pub refused: BTreeMap<String, i64>,
}

impl Copying<'_, '_> {
    /// Notes the files that a row shows in a column, so that they can be fetched. Those without a link are counted.
    ///
    /// # Errors
    /// Those of the store.
    pub fn files(&mut self, holder: Holder<'_>, number: i64, row: &Map, value: &Value) -> Result<()> {
        let asked = row.get(ASKED).and_then(Value::as_int).and_then(|at| usize::try_from(at).ok());
        let asked = asked.and_then(|at| self.asked.get(at)).cloned().unwrap_or_default();
        for (at, member) in (0..).zip(members(value, holder.many)) {
            match self.shown(member) {
                Some(shown) => self.note(holder, (number, at), &shown, &asked)?,
                None => self.told.files += 1,
            }
        }
        Ok(())
    }

    fn note(&mut self, holder: Holder<'_>, (row, at): (i64, i64), shown: &Shown, asked: &str) -> Result<()> {
        let sql = "INSERT INTO portal_copy_file (state, table_name, column_name, row_id, at, many, number, name, created, \
                   url, grade, step, asked, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (table_name, column_name, row_id, at) DO UPDATE SET url = excluded.url, grade = excluded.grade, \
                   step = excluded.step, asked = excluded.asked, read_at = excluded.read_at \
                   WHERE portal_copy_file.state < ? AND portal_copy_file.grade >= excluded.grade";
        let state = if shown.number > 0 { WAITS } else { WAITS_UNNUMBERED };
        let params = [
            state.into(),
            holder.table.into(),
            holder.column.into(),
            row.into(),
            at.into(),
            i64::from(holder.many).into(),
            shown.number.into(),
            shown.name.as_deref().into(),
            shown.created.into(),
            shown.url.as_str().into(),
            (shown.grade as i64).into(),
            self.step.as_str().into(),
            asked.into(),
            self.clock.now.seconds().into(),
            IS_THERE.into(),
        ];
        self.tx.execute(sql, &params)?;
        Ok(())
    }

    fn shown(&self, value: &Value) -> Option<Shown> {
        if let Some(inner) = value.get("value").or_else(|| value.get("VALUE")) {
            return self.shown(inner);
        }
        let bare = Shown { number: 0, name: None, created: None, url: String::new(), grade: LINKS.len() };
        if let Some(url) = link(value) {
            return Some(Shown { url, ..bare });
        }
        let named = |names: &[&str]| names.iter().find_map(|name| link(value.get(name)?));
        let (grade, url) =
            LINKS.iter().enumerate().find_map(|(grade, names)| Some((grade, named(names)?)))?;
        let number = value.get("id").or_else(|| value.get("ID")).and_then(Value::as_int);
        let name = value.get("name").or_else(|| value.get("NAME")).and_then(Value::text);
        Some(Shown {
            number: number.unwrap_or(0),
            name: name.filter(|name| !name.is_empty()).map(|name| name.into_owned()),
            created: value.get("date").and_then(|date| self.clock.read(date)),
            url,
            grade,
        })
    }
}

/// What a request is remembered as.
pub fn request(params: &Json, given: &Map) -> String {
    json!({"params": params, "given": Json::from(&Value::Map(given.clone()))}).to_string()
}

/// The files that a value shows: one, or several in a list or under their numbers.
fn members(value: &Value, many: bool) -> impl Iterator<Item = &Value> {
    let is_one = !many || !value.is_array();
    let one = is_one.then_some(value).filter(|value| !value.is_empty() && value.as_int() != Some(0));
    one.into_iter().chain(value.items().filter(move |_| !is_one))
}

fn link(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let is_link = ["http://", "https://", "/"].iter().any(|start| text.starts_with(start));
    is_link.then(|| text.to_owned())
}

/// The next files that wait, in an order in which those that bring numbers come first: the others are numbered behind them.
///
/// # Errors
/// Those of the store.
pub fn waiting(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Waiting>> {
    let sql = format!("SELECT {COLUMNS} FROM portal_copy_file WHERE state < ? ORDER BY state, id LIMIT ?");
    Ok(tx.all(&sql, &[IS_THERE.into(), most.into()], one)?)
}

/// One of them, as it is noted by now.
///
/// # Errors
/// Those of the store.
pub fn again(tx: &mut Tx<'_>, id: i64) -> Result<Option<Waiting>> {
    let sql = format!("SELECT {COLUMNS} FROM portal_copy_file WHERE id = ? AND state < ?");
    Ok(tx.one(&sql, &[id.into(), IS_THERE.into()], one)?)
}

/// What [`one`] reads.
const COLUMNS: &str =
    "id, url, step, asked, read_at, table_name, column_name, row_id, many, number, name, created";

fn one(row: &Row<'_>) -> std::result::Result<Waiting, store::Error> {
    Ok(Waiting {
        id: row.int(0)?,
        url: row.text(1)?.to_owned(),
        step: row.text(2)?.to_owned(),
        asked: serde_json::from_str(row.text(3)?).unwrap_or_default(),
        read_at: row.int(4)?,
        table: row.text(5)?.to_owned(),
        column: row.text(6)?.to_owned(),
        row: row.int(7)?,
        many: row.int(8)? != 0,
        number: row.int(9)?,
        name: row.opt_text(10)?.map(str::to_owned),
        created: row.opt_int(11)?,
    })
}

/// Keeps a file that was fetched, and puts it into its row.
///
/// # Errors
/// Those of the store.
pub fn keep(
    tx: &mut Tx<'_>,
    file: &Waiting,
    name: &str,
    content_type: Option<&str>,
    blob: &Blob,
    now: i64,
) -> Result<()> {
    if again(tx, file.id)?.is_none() {
        return Ok(());
    }
    let name = file.name.as_deref().unwrap_or(name);
    let created = file.created.unwrap_or(now);
    let copied =
        CopiedFile { number: (file.number > 0).then_some(file.number), name, content_type, created, blob };
    let id = files::put_copied(tx, &copied)?;
    let sql = "UPDATE portal_copy_file SET state = ?, file_id = ?, url = '', reason = NULL WHERE id = ?";
    tx.execute(sql, &[IS_THERE.into(), id.into(), file.id.into()])?;
    let Waiting { table, column, .. } = file;
    let put = if file.many {
        let sql = "SELECT file_id FROM portal_copy_file WHERE table_name = ? AND column_name = ? AND row_id = ? \
                   AND state = ? ORDER BY at";
        let place = [table.as_str().into(), column.as_str().into(), file.row.into(), IS_THERE.into()];
        let mut list: Vec<i64> = tx.all(sql, &place, |row| row.int(0))?;
        // Somebody may have added others since.
        let sql = format!("SELECT {column} FROM {table} WHERE id = ?");
        let present = tx.one(&sql, &[file.row.into()], |row| Ok(row.opt_text(0)?.map(str::to_owned)))?;
        let present: Option<Vec<i64>> = present.flatten().and_then(|text| serde_json::from_str(&text).ok());
        let others: Vec<i64> = present.into_iter().flatten().filter(|id| !list.contains(id)).collect();
        list.extend(others);
        let sql = format!("UPDATE {table} SET {column} = ? WHERE id = ?");
        tx.execute(&sql, &[Json::from(list).to_string().into(), file.row.into()])?
    } else {
        // Somebody may have put another one there since.
        let sql = format!("UPDATE {table} SET {column} = ? WHERE id = ? AND {column} IS NULL");
        tx.execute(&sql, &[id.into(), file.row.into()])?
    };
    if put == 0 {
        files::delete(tx, &[id])?;
        refuse(tx, file.id, "its record is gone or has another file by now")?;
    }
    Ok(())
}

/// Notes why a file cannot be fetched.
///
/// # Errors
/// Those of the store.
pub fn refuse(tx: &mut Tx<'_>, id: i64, reason: &str) -> Result<()> {
    let sql = "UPDATE portal_copy_file SET state = ?, file_id = NULL, reason = ? WHERE id = ?";
    tx.execute(sql, &[REFUSED.into(), reason.into(), id.into()])?;
    Ok(())
}

/// Has those that were refused wait again.
///
/// # Errors
/// Those of the store.
pub fn try_again(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "UPDATE portal_copy_file SET state = CASE WHEN number > 0 THEN 0 ELSE 1 END WHERE state = ?";
    tx.execute(sql, &[REFUSED.into()])?;
    Ok(())
}

/// All in numbers.
///
/// # Errors
/// Those of the store.
pub fn tally(tx: &mut Tx<'_>) -> Result<Tally> {
    let mut tally = Tally::default();
    let sql = "SELECT state, COALESCE(reason, ''), COUNT(*) FROM portal_copy_file GROUP BY state, COALESCE(reason, '')";
    tx.query(sql, &[], |row| {
        let count = row.int(2)?;
        match row.int(0)? {
            IS_THERE => tally.here += count,
            REFUSED => *tally.refused.entry(row.text(1)?.to_owned()).or_default() += count,
            _ => tally.waiting += count,
        }
        Ok(())
    })?;
    Ok(tally)
}

/// The links that were read at that second, to be [put back](renew) where rows were read only for them.
///
/// # Errors
/// Those of the store.
pub fn links(tx: &mut Tx<'_>, read_at: i64) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT id, url FROM portal_copy_file WHERE read_at = ? AND state < ?";
    Ok(tx.all(sql, &[read_at.into(), IS_THERE.into()], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?)
}

/// Puts fresh links in the place of older ones.
///
/// # Errors
/// Those of the store.
pub fn renew(tx: &mut Tx<'_>, links: &[(i64, String)], now: i64) -> Result<()> {
    for (id, url) in links {
        let sql = "UPDATE portal_copy_file SET url = ?, read_at = ? WHERE id = ? AND state < ?";
        tx.execute(sql, &[url.as_str().into(), now.into(), (*id).into(), IS_THERE.into()])?;
    }
    Ok(())
}
