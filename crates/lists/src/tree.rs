//! The tree of a list's sections: nested sets, counted from rows.

use std::collections::HashMap;

use engine::list_params::Test;
use engine::noun::Row;
use wire::Value;
use wire::filter::Op;

/// What filters test that follows from the tree.
pub const OF_TREE: [&str; 4] = ["LEFT_MARGIN", "RIGHT_MARGIN", "DEPTH_LEVEL", "GLOBAL_ACTIVE"];

/// The place of a section in the tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Where it begins.
    pub left: i64,
    /// Where it ends.
    pub right: i64,
    /// The first level has 1.
    pub depth: i64,
    /// Whether it is active with all above it.
    pub active: bool,
}

impl Place {
    /// Whether a test of one of [`OF_TREE`] holds.
    pub fn passes(&self, test: &Test) -> bool {
        let (own, read): (i64, fn(&Value) -> Option<i64>) = match test.field.as_str() {
            "LEFT_MARGIN" => (self.left, Value::as_int),
            "RIGHT_MARGIN" => (self.right, Value::as_int),
            "DEPTH_LEVEL" => (self.depth, Value::as_int),
            _ => (self.active.into(), |value| value.as_flag().map(i64::from)),
        };
        let mut wanted = test.value.each().filter_map(read);
        match test.op {
            Op::Eq | Op::In => wanted.any(|value| own == value),
            Op::Ne | Op::NotIn => wanted.all(|value| own != value),
            Op::Gt => wanted.all(|value| own > value),
            Op::Ge => wanted.all(|value| own >= value),
            Op::Lt => wanted.all(|value| own < value),
            Op::Le => wanted.all(|value| own <= value),
            _ => true,
        }
    }
}

/// The places of all sections of a list.
pub fn places(rows: &[Row]) -> HashMap<i64, Place> {
    let mut below: HashMap<i64, Vec<&Row>> = HashMap::new();
    for row in rows {
        below.entry(row.int("iblockSectionId").unwrap_or(0)).or_default().push(row);
    }
    let under = |id: i64| below.get(&id).into_iter().flatten().rev();
    let (mut places, mut at): (HashMap<i64, Place>, i64) = (HashMap::with_capacity(rows.len()), 0);
    // Sections whose sections below are to be numbered, and those that are done.
    let mut left: Vec<(&Row, Place, bool)> = under(0).map(|row| (*row, ROOT, false)).collect();
    while let Some((row, above, is_done)) = left.pop() {
        at += 1;
        if is_done {
            places.entry(row.number).or_default().right = at;
            continue;
        }
        let active = above.active && row.text("active") == "Y";
        let place = Place { left: at, right: 0, depth: above.depth + 1, active };
        places.insert(row.number, place);
        left.push((row, place, true));
        left.extend(under(row.number).map(|row| (*row, place, false)));
    }
    places
}

/// Above the first level.
const ROOT: Place = Place { left: 0, right: 0, depth: 0, active: true };
