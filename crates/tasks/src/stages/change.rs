//! How the stages of a board change.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use wire::{Map, Value};

use super::{Board, FACE, STAGE, board_of};

/// The color of a stage that names none.
const COLOR: &str = "00C4FB";

/// What a request says of a stage.
#[derive(Debug, Default)]
pub struct Change {
    /// Its title.
    pub title: Option<String>,
    /// Its color, as six hexadecimal digits.
    pub color: Option<String>,
    /// The stage behind which it goes; 0 puts it in front.
    pub after: Option<i64>,
}

impl Change {
    /// Reads it.
    pub fn read(fields: &Map) -> Self {
        let text =
            |name: &str| fields.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
        let filled = |name: &str| text(name).filter(|text| !text.is_empty());
        Change {
            title: filled("TITLE"),
            color: filled("COLOR").and_then(|given| color(&given)),
            after: fields.get_any_case("AFTER_ID").map(|after| after.as_int().unwrap_or(0)),
        }
    }
}

/// A color as stages have it, six hexadecimal digits; `None` for what is none.
pub fn color(given: &str) -> Option<String> {
    let digits = given.trim().trim_start_matches('#');
    let fits = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    fits.then(|| digits.to_owned())
}

/// Adds a stage to a board: in front, unless it says behind which.
///
/// # Errors
/// Those of the store.
pub fn add(call: &mut Call<'_, '_>, board: Board, change: &Change) -> Result<i64> {
    let mut stages: Vec<i64> = board.stages(call)?.iter().map(|stage| stage.number).collect();
    let color = change.color.as_deref().unwrap_or(COLOR);
    let added = board.put(call, change.title.as_deref().unwrap_or_default(), color, 0, None)?.number;
    insert(&mut stages, added, change.after.unwrap_or(0));
    renumber(call, board, &stages)?;
    Ok(added)
}

/// Changes a stage.
///
/// # Errors
/// Those of the store.
pub fn update(call: &mut Call<'_, '_>, stage: &Row, change: &Change) -> Result<()> {
    let mut fields = Map::with_capacity(2);
    if let Some(title) = &change.title {
        fields.push("TITLE", title.as_str());
    }
    if let Some(color) = &change.color {
        fields.push("COLOR", color.as_str());
    }
    if !fields.is_empty() {
        noun::amend(call, &STAGE, &FACE, stage.number, &fields)?;
    }
    let Some(after) = change.after.filter(|after| *after != stage.number) else { return Ok(()) };
    let board = board_of(stage);
    let stages = board.made(call)?;
    let mut stages: Vec<i64> = stages.iter().map(|row| row.number).filter(|id| *id != stage.number).collect();
    insert(&mut stages, stage.number, after);
    renumber(call, board, &stages)
}

/// Deletes a stage.
///
/// # Errors
/// Those of the store.
pub fn delete(call: &mut Call<'_, '_>, stage: &Row) -> Result<()> {
    noun::clear(call, &STAGE, &[("id", stage.number.into())])?;
    let board = board_of(stage);
    let left: Vec<i64> = board.made(call)?.iter().map(|stage| stage.number).collect();
    renumber(call, board, &left)
}

/// Puts a stage behind another; in front when that is none of them.
fn insert(stages: &mut Vec<i64>, stage: i64, after: i64) {
    let at = stages.iter().position(|id| *id == after).map_or(0, |at| at + 1);
    stages.insert(at, stage);
}

fn renumber(call: &mut Call<'_, '_>, board: Board, stages: &[i64]) -> Result<()> {
    let old = board.made(call)?;
    for (at, id) in stages.iter().enumerate() {
        let sort = (at as i64 + 1) * 100;
        if old.iter().any(|stage| stage.number == *id && stage.int("sort") != Some(sort)) {
            let fields = Map::from([("SORT", sort.into())]);
            noun::amend(call, &STAGE, &FACE, *id, &fields)?;
        }
    }
    Ok(())
}
