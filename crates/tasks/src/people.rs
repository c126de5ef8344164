//! People as answers about tasks show them.

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::files;
use wire::{Map, Value};

/// The picture of somebody who has no photo.
const NOBODY: &str = "/bitrix/images/tasks/default_avatar.png";

/// The people that the tasks of an answer name.
pub struct People(HashMap<i64, Person>);

impl People {
    /// Looks them up.
    pub fn find(call: &mut Call<'_, '_>, ids: impl Iterator<Item = i64>) -> Result<Self> {
        let mut ids: Vec<i64> = ids.filter(|id| *id > 0).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(People(directory::people(call.tx, &ids)?))
    }

    /// The picture of one.
    pub fn picture(&self, call: &Call<'_, '_>, id: i64) -> String {
        let photo = self.0.get(&id).and_then(|person| person.photo);
        photo.map_or_else(|| NOBODY.to_owned(), |photo| files::link(call.core, photo, call.now))
    }

    /// One as a card; `[]` for somebody who is not there.
    pub fn card(&self, call: &Call<'_, '_>, id: i64) -> Value {
        let Some(person) = self.0.get(&id) else { return Value::List(Vec::new()) };
        let mut card = Map::with_capacity(5);
        card.push("id", id.to_string());
        card.push("name", person.name.as_str());
        card.push("link", format!("/company/personal/user/{id}/"));
        card.push("icon", self.picture(call, id));
        card.push("workPosition", person.position.as_str());
        card.into()
    }

    /// Several as cards by their numbers; `[]` when there are none.
    pub fn cards(&self, call: &Call<'_, '_>, ids: &[i64]) -> Value {
        let known = ids.iter().filter(|id| self.0.contains_key(id));
        known.map(|id| (id.to_string().into(), self.card(call, *id))).collect::<Map>().into_value()
    }
}
