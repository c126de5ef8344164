//! Who has which templates, and what is written of them.

use std::borrow::Cow;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{Draft, Face, Grant, Hooks, Row, Rule, Saved};
use store::Param;
use wire::{Fault, Map};

use super::{make, rhythm};
use crate::checklist::tree;
use crate::files;

/// Templates are their creator's and the administrators'.
#[derive(Debug)]
pub struct OfCreator;

impl Rule for OfCreator {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin || act == Act::Add {
            return Ok(Grant::All);
        }
        Ok(Grant::Where("t.created_by = ?".to_owned(), vec![call.caller.user_id.into()]))
    }
}

pub struct Rules;

impl Hooks for Rules {
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        let said = |name: &str| given.get_any_case(name).cloned();
        let (params, one, several) = (said("REPLICATE_PARAMS"), said("RESPONSIBLE_ID"), said("RESPONSIBLES"));
        let given = given.to_mut();
        if let Some(params) = params {
            let old = old.map(|old| old.json("replicateParams")).unwrap_or_default();
            given.insert("REPLICATE_PARAMS", wire::Value::from(rhythm::complete(call, &params, &old)));
        }
        // One says who the other is.
        match (one, several) {
            (Some(one), None) => given.insert("RESPONSIBLES", wire::Value::List(vec![one])),
            (None, Some(several)) => {
                if let Some(first) = several.each().next() {
                    given.insert("RESPONSIBLE_ID", first.clone());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        draft.set_if_empty("createdBy", call.caller.user_id);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let mut wrong = Vec::new();
        if draft.after(old, "title") == &Param::Null {
            wrong.push("Task title is not specified");
        }
        // Somebody else's name is under it only when an administrator says so.
        if draft.int("createdBy").is_some_and(|creator| creator != call.caller.user_id)
            && !call.caller.is_admin
        {
            draft.leave("createdBy");
        }
        if old.is_none() {
            draft.set_if_empty("createdBy", call.caller.user_id);
        }
        people(call, draft)?;
        match draft.after(old, "responsibleId") {
            Param::Int(id) if *id > 0 => {
                let id = *id;
                if draft.is_given("responsibleId") && directory::name_of(call.tx, id)?.is_none() {
                    wrong.push("The user specified in the \"Responsible\" field was not found");
                }
            }
            _ => wrong.push("Responsible person not specified"),
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let text: String = wrong.iter().map(|text| format!("{text}<br>")).collect();
        Err(Fault::core(text).into())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        files::follow_template(call, saved.row, saved.given)?;
        make::schedule(call, saved.row)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        call.cancel(&make::JOB, &row.number.to_string())?;
        tree::clear(call, super::checklist::tree_of(row.number))?;
        files::clear(call, files::TEMPLATES, row.number)?;
        let sql = "UPDATE tasks_template SET base_template_id = 0 WHERE base_template_id = ?";
        call.tx.execute(sql, &[row.number.into()])?;
        Ok(())
    }
}

/// People that a template names at most in one field.
const MOST: usize = 100;

/// Whoever is not there is left out of the lists of people; one of only such is refused with the responsible person.
fn people(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    for name in ["responsibles", "accomplices", "auditors"] {
        let Some(Param::Text(list)) = draft.get(name) else { continue };
        let ids: Vec<i64> = serde_json::from_str(list).unwrap_or_default();
        let known = directory::people(call.tx, &ids)?;
        let mut kept: Vec<i64> = Vec::new();
        for id in ids.iter().filter(|id| known.contains_key(id)) {
            if !kept.contains(id) && kept.len() < MOST {
                kept.push(*id);
            }
        }
        if name == "responsibles" && ids.iter().any(|id| !known.contains_key(id)) {
            let text = "The user specified in the \"Responsible\" field was not found<br>";
            return Err(Fault::core(text).into());
        }
        draft.set(name, (!kept.is_empty()).then(|| serde_json::Value::from(kept).to_string()));
    }
    Ok(())
}
