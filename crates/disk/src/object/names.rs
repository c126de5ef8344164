//! Names: within a folder no two objects have the same one, whatever its letters' case.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{Draft, Row};
use store::Param;
use wire::Fault;

use super::{DEPTH, FOLDER};
use crate::refusal::{missing, taken};

/// Letters of a name.
const LENGTH: usize = 255;

/// A name as it is kept: what paths and other systems have a meaning for is replaced.
pub fn clean(given: &str) -> String {
    let kept = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => Some('-'),
        letter if letter.is_control() => None,
        letter => Some(letter),
    };
    let name: String = given.chars().filter_map(kept).collect();
    let name: String = name.trim().chars().take(LENGTH).collect();
    if name.chars().all(|letter| letter == '.') { String::new() } else { name }
}

/// A name as it is compared.
pub fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Puts an object into its folder, or changes its name there.
///
/// # Errors
/// When there is no such folder, the name is taken there, or the folders lie too deep.
pub fn place(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>, parent: i64) -> Result<()> {
    // Whoever changes what lies in a folder has its row first, so that two cannot take the same name.
    let sql =
        "UPDATE disk_object SET changes = changes + 1 WHERE id = ? AND type = 'folder' AND deleted_type = 0";
    if call.tx.execute(sql, &[parent.into()])? == 0 {
        return Err(missing(parent).into());
    }
    let sql = "SELECT storage_id FROM disk_object WHERE id = ?";
    let storage = call.tx.one(sql, &[parent.into()], |row| row.int(0))?;
    if old.is_none_or(|old| old.int("storageId") != storage) {
        draft.set("storageId", storage);
    }
    let is_folder = matches!(draft.after(old, "type"), Param::Text(kind) if kind == FOLDER);
    if is_folder && old.is_none() {
        let sql = "SELECT COUNT(*) FROM disk_path WHERE folder_id = ?";
        if call.tx.one(sql, &[parent.into()], |row| row.int(0))? >= Some(DEPTH) {
            return Err(
                Fault::new(400, "DISK_OBJ_22000", "The folders lie too deep within each other").into()
            );
        }
    }
    let key = match draft.after(old, "nameKey") {
        Param::Text(key) => key.clone().into_owned(),
        _ => return Ok(()),
    };
    if holder(call, parent, &key)?.is_some_and(|holder| old.is_none_or(|old| old.number != holder)) {
        return Err(taken(is_folder).into());
    }
    Ok(())
}

/// The object of a folder that has that name.
pub fn holder(call: &mut Call<'_, '_>, parent: i64, key: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM disk_object WHERE parent_id = ? AND deleted_type = 0 AND name_key = ?";
    Ok(call.tx.one(sql, &[parent.into(), key.into()], |row| row.int(0))?)
}

/// That name, or one with a number behind it that nothing in the folder has: `offer (1).pdf`.
pub fn free(call: &mut Call<'_, '_>, parent: i64, name: &str) -> Result<String> {
    let name = clean(name);
    if holder(call, parent, &key(&name))?.is_none() {
        return Ok(name);
    }
    // Twice as far each time, and then back by halves: many of the same name cost few looks.
    let (mut low, mut high) = (0, 1);
    while is_taken(call, parent, &name, high)? {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_taken(call, parent, &name, middle)? { low = middle } else { high = middle }
    }
    Ok(numbered(&name, high))
}

fn is_taken(call: &mut Call<'_, '_>, parent: i64, name: &str, number: u64) -> Result<bool> {
    Ok(holder(call, parent, &key(&numbered(name, number)))?.is_some())
}

fn numbered(name: &str, number: u64) -> String {
    let (stem, ending) = match name.rfind('.').filter(|at| *at > 0) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let mark = format!(" ({number})");
    let room = LENGTH.saturating_sub(mark.chars().count() + ending.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{stem}{mark}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_fit() {
        let cases = [(" a/b:c ", "a-b-c"), ("\u{0}x\n", "x"), ("..", ""), ("Ö.txt", "Ö.txt"), ("  ", "")];
        cases.into_iter().for_each(|(given, kept)| assert_eq!(clean(given), kept));
        assert_eq!(clean(&"я".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn numbers_stand_before_the_ending() {
        assert_eq!(numbered("offer.tar.gz", 2), "offer.tar (2).gz");
        assert_eq!(numbered(".env", 1), ".env (1)");
        assert_eq!(numbered("folder", 3), "folder (3)");
        assert_eq!(numbered(&format!("{}.txt", "a".repeat(251)), 12).len(), 255);
    }
}
