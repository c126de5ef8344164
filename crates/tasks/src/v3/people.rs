//! People as tasks of REST 3.0 show them.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::files;
use wire::{Map, Value};

/// The people that an answer names.
#[derive(Debug, Default)]
pub struct People(HashMap<i64, Person>);

impl People {
    /// Looks them up.
    ///
    /// # Errors
    /// Those of the store.
    pub fn find(call: &mut Call<'_, '_>, mut ids: Vec<i64>) -> Result<Self> {
        ids.retain(|id| *id > 0);
        ids.sort_unstable();
        ids.dedup();
        Ok(People(directory::people(call.tx, &ids)?))
    }

    /// One of them in a role; nothing for somebody who is not there.
    pub fn one(&self, call: &Call<'_, '_>, id: i64, role: &str) -> Value {
        let Some(person) = self.0.get(&id) else { return Value::Null };
        let picture = person.photo.map(|photo| Value::under("src", files::link(call.core, photo, call.now)));
        let mut shown = Map::with_capacity(8);
        shown.push("id", id);
        shown.push("name", person.name.as_str());
        shown.push("role", role);
        shown.push("image", picture.unwrap_or_default());
        shown.push("gender", if person.gender == "F" { "female" } else { "male" });
        shown.push("email", person.names[3].as_str());
        shown.push("externalAuthId", "");
        shown.push("rights", Value::List(Vec::new()));
        shown.into()
    }

    /// Several of them.
    pub fn all(&self, call: &Call<'_, '_>, ids: &[i64], role: &str) -> Value {
        ids.iter()
            .map(|id| self.one(call, *id, role))
            .filter(|one| *one != Value::Null)
            .collect::<Vec<_>>()
            .into()
    }
}
