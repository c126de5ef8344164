//! `crm.automatedsolution.*`: digital workplaces, under which smart processes are gathered. A smart process is in one of
//! them at most, which it names itself.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Described, Draft, Face, Faults, Field, Hooks, ID, Noun, Refusal, Row,
    Saved, VERBS, Verb, field, noun,
};
use serde_json::json;
use store::{Param, Tx};
use wire::order::Direction;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// Digital workplaces.
pub static SOLUTION: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("title", Kind::String, "Name").trimmed().required().sample("Personnel"),
        // Taken, too: smart processes name their workplace.
        Field {
            read_only: false,
            ..field("typeIds", Kind::Integer, "Smart processes")
                .multiple()
                .computed()
                .described_as("crm_dynamic_type")
        },
    ],
    faces: &[Face {
        verbs: VERBS,
        deleted: Answer::Null,
        described: Described::Named,
        asks: &["filter", "order"],
        order: &[("id", Direction::Asc)],
        strict: true,
        samples: || json!({"filter": {">id": 0}}),
        about: &[
            (Verb::Add, "Adds a digital workplace, moves smart processes to it, and returns it."),
            (
                Verb::Update,
                "Updates a digital workplace and returns it. The list of smart processes is replaced as a whole.",
            ),
            (Verb::Delete, "Deletes a digital workplace without smart processes."),
        ],
        faults: Faults {
            missing: Refusal::Coded("NOT_FOUND", "Digital workplace with such id not found"),
            unreadable: Refusal::Coded("ACCESS_DENIED", "Insufficient permissions"),
            required: |_| Fault::new(400, "BX_EMPTY_REQUIRED", "The required field 'Title' is not filled"),
            ..CONTROLLER_FAULTS
        },
        ..Face::controller("crm.automatedsolution", "automatedSolution", "automatedSolutions")
    }],
    example: "2",
    hooks: &Places,
    ..noun(
        "crm.automatedSolution",
        "crm_automated_solution",
        SCOPE,
        ["digital workplace", "digital workplaces"],
    )
};

struct Places;

impl Hooks for Places {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let Some(given) = saved.given.get("typeIds") else { return Ok(()) };
        let number = Param::from(saved.row.number);
        let sql = "UPDATE crm_type SET custom_section_id = NULL WHERE custom_section_id = ?";
        call.tx.execute(sql, std::slice::from_ref(&number))?;
        let types: Vec<i64> = given.items().filter_map(Value::as_int).collect();
        let sql = "UPDATE crm_type SET custom_section_id = ? WHERE id IN (#)";
        call.tx.execute_among(sql, &[number], &types)?;
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match members(call.tx, row.number)?.is_empty() {
            true => Ok(()),
            false => {
                let text = "Cannot delete the workplace that has SPAs. Move them to another workplace";
                Err(Fault::new(400, "HAS_BOUND_TYPES", text).into())
            }
        }
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            let types = members(call.tx, row.number)?;
            map.insert("typeIds", types.into_iter().map(Value::Int).collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// The smart processes in a workplace, by number.
fn members(tx: &mut Tx<'_>, solution: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM crm_type WHERE custom_section_id = ? ORDER BY id";
    Ok(tx.all(sql, &[solution.into()], |row| row.int(0))?)
}

/// All workplaces, as number and name.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<(i64, String)>> {
    Ok(tx.all("SELECT id, title FROM crm_automated_solution ORDER BY id", &[], |row| {
        Ok((row.int(0)?, row.opt_text(1)?.unwrap_or_default().to_owned()))
    })?)
}

/// Workplaces as a smart process shows them, with the one where it is.
pub fn sections(solutions: &[(i64, String)], own: Option<i64>) -> Vec<Value> {
    let show = |(id, title): &(i64, String)| {
        let mut map = Map::with_capacity(3);
        map.push("id", *id);
        map.push("title", title.as_str());
        map.push("isSelected", own == Some(*id));
        Value::Map(map)
    };
    solutions.iter().map(show).collect()
}

/// Refuses a smart process that names a workplace that is not there.
///
/// # Errors
/// Code 0.
pub fn require(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<()> {
    let Some(id) = draft.int("customSectionId").filter(|id| *id != 0) else { return Ok(()) };
    match list(call.tx)?.iter().any(|(known, _)| *known == id) {
        true => Ok(()),
        false => Err(Fault::new(400, "0", "Select a workplace where the SPA will be located").into()),
    }
}
