//! Stages: the columns of boards on which tasks stand (`task.stages.*`). A board is that of a workgroup (`G`), the plan of
//! a person (`U`), or whatever else has an `ENTITY_TYPE` of its own.

mod change;
pub mod copy;
mod methods;
mod movetask;
pub mod place;
mod show;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Order};
use engine::error::Result;
use engine::noun::{self, Access, Asked, Face, Grant, ID, Noun, Row, Rule, field, has_member, noun};
use engine::texts::Topic;
use store::Param;
use wire::{Map, Value};

pub use change::{Change, add, color, delete, update};
pub use methods::methods;
pub use show::show;

use crate::SCOPE;
use crate::group::{self, BELONGS};

/// What stages are written with. It has no methods.
const FACE: Face = Face { verbs: &[], ..Face::legacy("tasks.stage") };

/// Stages.
pub static STAGE: Noun = Noun {
    access: Access::Rule(&OfBoard),
    fields: &[
        ID,
        field("title", Kind::String, "Title").short(),
        field("sort", Kind::Integer, "Sort index").default("100"),
        field("color", Kind::String, "Color"),
        field("systemType", Kind::String, "What it stands for"),
        field("entityId", Kind::Integer, "Workgroup, person or other owner of the board").immutable(),
        field("entityType", Kind::String, "Kind of the board").immutable(),
    ],
    faces: &[FACE],
    ..noun("tasks.stage", "tasks_stage", SCOPE, ["stage of a board", "stages of boards"])
};

/// The index by which the stages of a board are found in order.
pub const INDEX: &str =
    "INDEX IF NOT EXISTS tasks_stage_of ON tasks_stage (entity_type, entity_id, sort, id)";

/// A board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// The kind of its owner: [`GROUP`], [`PERSON`] or another.
    pub kind: &'static str,
    /// The number of its owner.
    pub owner: i64,
}

/// The board of a workgroup.
pub const GROUP: &str = "G";
/// The plan of a person.
pub const PERSON: &str = "U";

/// A stage that a board has from the start: what it stands for, its title and its color.
pub type First = (Option<&'static str>, &'static str, &'static str);

const OF_GROUPS: [First; 3] = [
    (Some("NEW"), "New", "00C4FB"),
    (Some("PROGRESS"), "In progress", "47D1E2"),
    (Some("FINISH"), "Done", "75D900"),
];

const OF_PEOPLE: [First; 2] =
    [(Some("NEW"), "Not planned", "00C4FB"), (None, "Will be done this week", "47D1E2")];

/// The titles that boards have from the start.
pub fn names() -> Vec<&'static str> {
    OF_GROUPS.iter().chain(&OF_PEOPLE).map(|(_, title, _)| *title).collect()
}

impl Board {
    /// The plan of a person.
    pub fn of_person(user: i64) -> Self {
        Board { kind: PERSON, owner: user }
    }

    /// The board of a workgroup.
    pub fn of_group(group: i64) -> Self {
        Board { kind: GROUP, owner: group }
    }

    /// Its stages in order, as far as it has any.
    ///
    /// # Errors
    /// Those of the store.
    pub fn made(self, call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
        let values: Vec<Param<'static>> = vec![self.kind.into(), self.owner.into()];
        let within = Some(("t.entity_type = ? AND t.entity_id = ?".to_owned(), values));
        let order = Some(Order::default().by("t.sort", "ASC").by("t.id", "ASC"));
        noun::belonging(call, &STAGE, Asked { within, order, whole: true, ..Asked::default() })
    }

    /// Its stages in order; it gets the usual ones when it is first asked for them.
    ///
    /// # Errors
    /// Those of the store.
    pub fn stages(self, call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
        let usual: &[First] = if self.kind == PERSON { &OF_PEOPLE } else { &OF_GROUPS };
        self.stages_or(call, usual)
    }

    /// The same with other stages for a start.
    ///
    /// # Errors
    /// Those of the store.
    pub fn stages_or(self, call: &mut Call<'_, '_>, usual: &[First]) -> Result<Vec<Row>> {
        let made = self.made(call)?;
        if !made.is_empty() {
            return Ok(made);
        }
        call.write_from_here()?;
        let locale = call.core.locale(call.settings.language);
        let mut stages = Vec::with_capacity(usual.len());
        for (at, (system, title, color)) in usual.iter().enumerate() {
            let title = locale.text(Topic::Names, title);
            stages.push(self.put(call, title, color, (at as i64 + 1) * 100, *system)?);
        }
        Ok(stages)
    }

    fn put(
        self,
        call: &mut Call<'_, '_>,
        title: &str,
        color: &str,
        sort: i64,
        system: Option<&'static str>,
    ) -> Result<Row> {
        let fields = [
            ("TITLE", Value::from(title)),
            ("COLOR", color.into()),
            ("SORT", sort.into()),
            ("SYSTEM_TYPE", system.map(Value::from).unwrap_or_default()),
            ("ENTITY_ID", self.owner.into()),
            ("ENTITY_TYPE", self.kind.into()),
        ];
        noun::put(call, &STAGE, &Map::from(fields))
    }

    /// Whether the caller changes its stages and moves tasks on it: one's own plan, and the board of a workgroup that one
    /// belongs to.
    ///
    /// # Errors
    /// Those of the store.
    pub fn opens(self, call: &mut Call<'_, '_>) -> Result<bool> {
        match self.kind {
            PERSON => Ok(self.owner == call.caller.user_id),
            GROUP => group::belongs(call, self.owner),
            _ => Ok(false),
        }
    }
}

/// The stage of that number, whoever asks.
///
/// # Errors
/// Those of the store.
pub fn numbered(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    noun::again(call, &STAGE, id)
}

/// The board on which a stage is.
pub fn board_of(stage: &Row) -> Board {
    let kind = match stage.text("entityType") {
        PERSON => PERSON,
        GROUP => GROUP,
        "A" => "A",
        _ => "",
    };
    Board { kind, owner: stage.int("entityId").unwrap_or(0) }
}

/// The stages of a workgroup's board are seen and changed by its members, those of a plan by its person.
#[derive(Debug)]
struct OfBoard;

impl Rule for OfBoard {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        let mut condition = "((t.entity_type = 'U' AND t.entity_id = ?)".to_owned();
        let mut values = vec![me.clone()];
        if let Some(member) = has_member(call, "groups.member", "groupId", "t.entity_id", BELONGS) {
            condition += &format!(" OR (t.entity_type = 'G' AND {member})");
            values.push(me);
        }
        Ok(Grant::Where(condition + ")", values))
    }
}
