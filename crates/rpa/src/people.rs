//! People, as answers have them beside what they have to do with.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use serde_json::{Value as Json, json};
use wire::Value;

/// People by their numbers.
pub struct People(HashMap<i64, Person>);

impl People {
    /// These, as far as they are there.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of(call: &mut Call<'_, '_>, ids: impl IntoIterator<Item = i64>) -> Result<Self> {
        Ok(People(directory::people(call.tx, &ids.into_iter().collect::<Vec<_>>())?))
    }

    /// One of them, as the task of an automation rule has somebody.
    pub fn member(&self, id: i64) -> Option<Json> {
        let person = self.0.get(&id)?;
        Some(json!({
            "id": format!("U{id}"), "entityId": id, "name": person.name, "photoSrc": "",
            "url": format!("/company/personal/user/{id}/"), "entityType": "users",
        }))
    }

    /// Some of them by their numbers.
    pub fn shown(&self, ids: impl IntoIterator<Item = i64>) -> Value {
        let known = ids.into_iter().filter_map(|id| Some((id.to_string(), card(id, self.0.get(&id)?))));
        Json::from(known.collect::<serde_json::Map<_, _>>()).into()
    }
}

fn card(id: i64, person: &Person) -> Json {
    let [name, last_name, second_name, _] = &person.names;
    json!({
        "id": id.to_string(), "name": name, "secondName": second_name, "lastName": last_name, "title": null,
        "workPosition": person.position, "fullName": person.name, "link": format!("/company/personal/user/{id}/"),
    })
}
