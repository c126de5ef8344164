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

    /// The display name of one; empty for somebody who is not there.
    pub fn name(&self, id: i64) -> &str {
        self.0.get(&id).map_or("", |person| &person.name)
    }

    /// First, last and middle name of one, and the e-mail address.
    pub fn names(&self, id: i64) -> [&str; 4] {
        self.0.get(&id).map_or([""; 4], |person| person.names.each_ref().map(String::as_str))
    }

    /// One as a history signs with.
    pub fn signature(&self, id: i64) -> Map {
        let [name, last_name, second_name, login] = self.names(id);
        let mut shown = Map::with_capacity(5);
        shown.push("id", id);
        shown.push("name", name);
        shown.push("lastName", last_name);
        shown.push("secondName", second_name);
        shown.push("login", login);
        shown
    }

    /// One as a checklist names somebody, with what the person is there; nothing for somebody who is not there.
    pub fn member(&self, call: &Call<'_, '_>, id: i64, kind: &str) -> Option<Value> {
        let person = self.0.get(&id)?;
        let mut shown = Map::with_capacity(7);
        shown.push("ID", id.to_string());
        shown.push("TYPE", kind);
        shown.push("NAME", person.name.as_str());
        shown.push("PERSONAL_PHOTO", person.photo.map(|photo| photo.to_string()));
        shown.push("PERSONAL_GENDER", person.gender.as_str());
        shown.push("IMAGE", self.picture(call, id));
        shown.push("IS_COLLABER", false);
        Some(shown.into())
    }

    /// The same in camelCase.
    pub fn camel_member(&self, call: &Call<'_, '_>, id: i64, kind: &str) -> Option<Value> {
        let person = self.0.get(&id)?;
        let mut shown = Map::with_capacity(7);
        shown.push("id", id.to_string());
        shown.push("type", kind);
        shown.push("name", person.name.as_str());
        shown.push("personalPhoto", person.photo.map(|photo| photo.to_string()));
        shown.push("personalGender", person.gender.as_str());
        shown.push("image", self.picture(call, id));
        shown.push("isCollaber", false);
        Some(shown.into())
    }

    /// What one is in the company.
    pub fn position(&self, id: i64) -> &str {
        self.0.get(&id).map_or("", |person| &person.position)
    }

    /// The file that is the photo of one.
    pub fn photo(&self, id: i64) -> Option<i64> {
        self.0.get(&id).and_then(|person| person.photo)
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
