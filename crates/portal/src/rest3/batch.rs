//! `batch` of REST 3.0: a list of commands, of which the first that fails ends it (protocol 13).

use serde_json::json;
use wire::steps::{self, Answers, Step};
use wire::{Map, Value, exception};

use crate::modules;
use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{GLOBAL, Method, Version, read};

/// Commands in one batch.
const MOST: usize = 50;

/// The method.
pub fn method() -> Method {
    read("batch", GLOBAL, batch)
        .v3(None)
        .about("Runs up to 50 commands in order, up to the first that fails, and returns their results.")
        .example(
            json!([
                {"method": "tasks.task.list", "query": {"select": ["id"], "pagination": {"limit": 1}}, "as": "tasks"},
                {"method": "tasks.task.list", "query": {"filter": ["id", {"$refArray": "tasks.id"}]}},
            ]),
            json!([{"items": [{"id": "*"}]}, {"items": [{"id": "*"}]}]),
        )
}

/// The methods that the commands of a batch name, as far as there are such.
pub fn steps(params: &Map) -> impl Iterator<Item = &'static Method> {
    let named = params.iter().filter_map(|(_, step)| step.get("method")?.as_str());
    named.filter_map(|name| modules().find_in(Version::V3, name))
}

fn batch(call: &mut Call<'_, '_>) -> Result<Value> {
    let steps = steps::read(std::mem::take(&mut call.params))?;
    if steps.len() > MOST {
        return Err(exception::of_field("batch", format!("No more than {MOST} commands are allowed")).into());
    }
    let mut answers = Answers::default();
    for step in steps {
        let alias = step.alias.clone();
        match run(call, &mut answers, step) {
            Ok(result) => answers.push(alias, result),
            // What was done before stays done.
            Err(Error::Fault(fault)) => {
                call.fault = Some(fault);
                return Ok(Value::Null);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(answers.into_value())
}

fn run(call: &mut Call<'_, '_>, answers: &mut Answers, mut step: Step) -> Result<Value> {
    let found = modules().find_in(Version::V3, &step.method).filter(|method| method.name != "batch");
    let method = found.ok_or_else(|| exception::method_not_found(&step.method))?;
    if !call.caller.reaches(method) {
        return Err(exception::insufficient_scope().into());
    }
    answers.substitute(&mut step.query)?;
    Ok(call.command(method, step.query, None)?.result)
}
