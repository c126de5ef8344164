//! The tasks that a template raises when something is started by it.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use crate::param;
use crate::task::TASK;

/// Raises them, and gives how many.
///
/// # Errors
/// Those of the store.
pub fn tasks(call: &mut Call<'_, '_>, template: &Row, instance: i64, values: &Json) -> Result<usize> {
    let name = template.text("taskName");
    if name.is_empty() {
        return Ok(0);
    }
    let people = people(call, &template.json("taskUsers"), values)?;
    for user in &people {
        let mut task = Map::with_capacity(8);
        task.push("instanceId", instance);
        task.push("userId", *user);
        task.push("name", name);
        task.push("description", template.text("taskDescription"));
        task.push("activity", template.text("taskActivity"));
        task.push("activityName", format!("A{}_1", template.number));
        task.push("parameters", Value::from(parameters(template)));
        let number = noun::put(call, &TASK, &task)?.number;
        tell(call, *user, number, name)?;
    }
    Ok(people.len())
}

/// Those for whom the tasks are, as far as they are there and work here.
fn people(call: &mut Call<'_, '_>, named: &Json, values: &Json) -> Result<Vec<i64>> {
    let mut people = Vec::new();
    for one in named.as_array().into_iter().flatten() {
        let text = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
        let users: Vec<i64> = match (text.as_str(), param::user(&text)) {
            ("starter", _) => vec![call.caller.user_id],
            (_, Some(user)) => vec![user],
            (parameter, None) => {
                let value = Value::from(values[parameter].clone());
                value.each().filter_map(Value::text).filter_map(|text| param::user(&text)).collect()
            }
        };
        for user in users {
            if !people.contains(&user) && people.len() < 100 && directory::is_active(call.tx, user)? {
                people.push(user);
            }
        }
    }
    Ok(people)
}

/// What somebody who does a task is shown of it.
fn parameters(template: &Row) -> Json {
    let mut shown = serde_json::Map::new();
    let comment = if template.text("taskComment") == "Y" { "Y" } else { "N" };
    shown.insert("CommentLabel".to_owned(), json!("Comment"));
    shown.insert("CommentRequired".to_owned(), json!(comment));
    shown.insert("ShowComment".to_owned(), json!("Y"));
    match template.text("taskActivity") {
        "ApproveActivity" => {
            shown.insert("StatusYesLabel".to_owned(), json!("Approve"));
            shown.insert("StatusNoLabel".to_owned(), json!("Reject"));
        }
        "ReviewActivity" => drop(shown.insert("StatusOkLabel".to_owned(), json!("Done"))),
        other => {
            shown.insert("StatusOkLabel".to_owned(), json!("Save"));
            if other == "RequestInformationOptionalActivity" {
                shown.insert("StatusCancelLabel".to_owned(), json!("Cancel"));
            }
            shown.insert("Fields".to_owned(), fields(&template.json("taskFields")));
        }
    }
    shown.into()
}

/// The fields of a task, as it shows them.
fn fields(declared: &Json) -> Json {
    let one = |(id, about): (&String, &Json)| {
        json!({
            "Id": id, "Type": about["Type"].as_str().unwrap_or("string"), "Name": about["Name"].as_str().unwrap_or(id),
            "Description": about["Description"].as_str().unwrap_or_default(), "Multiple": param::flag(&about["Multiple"]),
            "Required": param::flag(&about["Required"]), "Options": about["Options"], "Settings": null,
            "Default": if about["Default"].is_null() { json!("") } else { about["Default"].clone() },
        })
    };
    declared.as_object().into_iter().flatten().map(one).collect::<Vec<_>>().into()
}

/// Notifies somebody of a task; nobody where there are no notifications.
fn tell(call: &mut Call<'_, '_>, user: i64, task: i64, name: &str) -> Result<()> {
    if user == call.caller.user_id {
        return Ok(());
    }
    let link = format!("/company/personal/bizproc/{task}/");
    let mut given = Map::with_capacity(7);
    given.push("USER_ID", user);
    given.push("AUTHOR_ID", call.caller.user_id);
    // From a person.
    given.push("TYPE", 2);
    given.push("MESSAGE", format!("[URL={link}]{name}[/URL]"));
    given.push("MODULE", "bizproc");
    given.push("EVENT", "activity");
    given.push("TAG", format!("BIZPROC|TASK|{task}"));
    noun::put_there(call, "im.notification", &given)
}
