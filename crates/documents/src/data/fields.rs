//! Fields with their values, lists of rows, and how templates are filled with them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use engine::texts::{Locale, Topic};
use wire::{Map, Value};

use super::Datum;
use crate::docx::{Plan, code_of, find};
use crate::region::Writing;

/// A field with its value.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its display name.
    pub title: String,
    /// Whose it is: `["Document", "Company"]`.
    pub group: Vec<String>,
    /// Where it comes from: `this.SOURCE.COMPANY.TITLE`.
    pub chain: String,
    /// How it is written, where the placeholder does not say.
    pub format: Option<String>,
    /// Whether documents need it.
    pub required: bool,
    /// Its value.
    pub value: Datum,
}

/// A list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The title and the chain of each field, by code.
    pub fields: BTreeMap<String, Field>,
    /// Values by code.
    pub rows: Vec<BTreeMap<String, Datum>>,
}

/// Something that people choose: whose fields documents are filled with.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What requests choose it by.
    pub code: &'static str,
    /// Its display name.
    pub title: &'static str,
    /// Whose it is.
    pub group: Vec<String>,
    /// What there is to choose from, and whether it is chosen.
    pub options: Vec<(i64, String, bool)>,
}

/// Everything that a document may be filled with.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Fields by code.
    pub fields: BTreeMap<String, Field>,
    /// Lists, each with its own fields.
    pub lists: Vec<List>,
    /// Whether values may have placeholders in them.
    pub nested: bool,
    /// Further placeholders that values have.
    pub inner: Vec<String>,
    /// What people choose.
    pub choices: Vec<Choice>,
}

impl Data {
    /// Adds a field of the document itself. What the request says of its value goes before.
    pub fn own(&mut self, code: &str, title: &str, chain: &str, value: Datum) {
        let given = self.fields.remove(code).unwrap_or(Field { value, ..Field::default() });
        let field = Field {
            title: title.to_owned(),
            group: vec![DOCUMENT.to_owned()],
            chain: chain.to_owned(),
            required: true,
            ..given
        };
        self.fields.insert(code.to_owned(), field);
    }

    /// The placeholders of a template with their texts and pictures; `stamps` says whether stamps are drawn.
    pub fn plan(&self, placeholders: &[String], writing: &Writing, stamps: bool) -> Plan {
        let mut plan = Plan { nested: self.nested, ..Plan::default() };
        let mut lists = vec![Vec::new(); self.lists.len()];
        for inside in placeholders.iter().chain(&self.inner) {
            if let Some(Datum::Picture(kind, Some(picture))) =
                self.fields.get(inside).map(|field| &field.value)
                && (stamps || *kind != "STAMP")
            {
                plan.pictures.insert(inside.clone(), picture.clone());
            }
            let text = match self.list_with(code_of(inside)) {
                Some((at, list)) => {
                    lists[at].push(inside.as_str());
                    list.texts(inside, writing).join(", ")
                }
                None => self.text(inside, writing),
            };
            plan.texts.insert(inside.clone(), text);
        }
        for (list, insides) in self.lists.iter().zip(lists).filter(|(_, insides)| !insides.is_empty()) {
            // A table needs a row, be it an empty one.
            let mut rows = vec![BTreeMap::new(); list.rows.len().max(1)];
            for inside in insides {
                let texts = list.texts(inside, writing).into_iter().chain([String::new()]);
                rows.iter_mut().zip(texts).for_each(|(row, text)| _ = row.insert(inside.to_owned(), text));
            }
            plan.lists.push(rows);
        }
        plan
    }

    /// What a placeholder stands for; nothing where there is no such field.
    fn text(&self, inside: &str, writing: &Writing) -> String {
        let code = code_of(inside);
        match self.fields.get(code) {
            Some(field) => field.value.text(modifier(inside).or(field.format.as_deref()), writing),
            None => writing.phrases.get(code).and_then(Json::as_str).unwrap_or_default().to_owned(),
        }
    }

    fn list_with(&self, code: &str) -> Option<(usize, &List)> {
        let own = self.fields.contains_key(code);
        self.lists.iter().enumerate().find(|(_, list)| !own && list.fields.contains_key(code))
    }

    /// The fields of a template as `getfields` shows them; `usual` has the values without those of the request.
    pub fn describe(
        &self,
        usual: &Data,
        placeholders: &[String],
        writing: &Writing,
        language: Locale,
    ) -> Map {
        let mut codes: Vec<&str> = Vec::new();
        let always = ["DocumentNumber", TITLE];
        for code in placeholders.iter().map(|inside| code_of(inside)).chain(always) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let choices = self.choices.iter().filter(|choice| {
            let begins = camel(choice.code);
            codes.iter().any(|code| code.starts_with(&begins))
        });
        let choices: Map = choices.map(|choice| (choice.code.into(), choice.card(language).into())).collect();
        let cards = codes.into_iter().map(|code| (code.into(), self.shown(usual, code, writing, language)));
        cards.chain(choices).collect()
    }

    fn shown(&self, usual: &Data, code: &str, writing: &Writing, language: Locale) -> Value {
        let mut card = Value::from(self.card(usual, code, writing, language));
        // The real system works the title out, and shows with what.
        if let (TITLE, Value::Map(card)) = (code, &mut card) {
            card.insert("chain", vec![Value::Opaque, "getTitle".into()]);
        }
        card
    }

    fn card(&self, usual: &Data, code: &str, writing: &Writing, language: Locale) -> Json {
        let is_drawn =
            |data: &Data| matches!(data.fields.get(code), Some(Field { value: Datum::Picture(..), .. }));
        let value = |data: &Data| match data.list_with(code) {
            Some((_, list)) => json!(list.texts(code, writing)),
            None if is_drawn(data) => Json::Null,
            None => json!(data.text(code, writing)),
        };
        let field = self.fields.get(code).or_else(|| self.list_with(code)?.1.fields.get(code));
        let mut card = json!({"value": value(self), "default": value(usual)});
        let Some(field) = field.filter(|field| !field.title.is_empty() || !field.chain.is_empty()) else {
            return card;
        };
        card["title"] = json!(translated(language, &field.title));
        if !field.chain.is_empty() {
            card["group"] = field.group.iter().map(|part| translated(language, part)).collect();
            card["chain"] = json!(field.chain);
        }
        if let Some(kind) = field.value.kind() {
            card["type"] = json!(kind);
        }
        if field.required {
            card["required"] = json!("Y");
        }
        card
    }
}

impl Choice {
    fn card(&self, language: Locale) -> Json {
        let option = |(id, title, selected): &(i64, String, bool)| json!({"value": id.to_string(), "title": title, "selected": selected});
        json!({
            "title": translated(language, self.title),
            "value": self.options.iter().map(option).collect::<Json>(),
            "group": self.group.iter().map(|part| translated(language, part)).collect::<Json>(),
        })
    }
}

impl List {
    fn texts(&self, inside: &str, writing: &Writing) -> Vec<String> {
        let code = code_of(inside);
        let format = self.fields.get(code).and_then(|field| field.format.as_deref());
        let text = |row: &BTreeMap<String, Datum>| {
            row.get(code).map_or_else(String::new, |datum| datum.text(modifier(inside).or(format), writing))
        };
        self.rows.iter().map(text).collect()
    }
}

/// A title in a language: one of these modules, or that of a field of the CRM.
fn translated(language: Locale, title: &str) -> String {
    let name = language.text(Topic::Names, title);
    let text = if name == title { language.text(Topic::Fields, title) } else { name };
    text.to_owned()
}

/// What a document is called.
const TITLE: &str = "DocumentTitle";

/// The group of a document's own fields.
pub const DOCUMENT: &str = "Document";

/// What a placeholder says about how its field is written.
fn modifier(inside: &str) -> Option<&str> {
    inside.split_once('~').map(|(_, modifier)| modifier).filter(|modifier| !modifier.is_empty())
}

/// `MY_COMPANY` as `MyCompany`, the way codes of fields are made.
pub fn camel(chain: &str) -> String {
    let mut camel = String::with_capacity(chain.len());
    for word in chain.split(['_', '.']) {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    }
    camel
}

/// The placeholders in a text of a request.
pub fn inner(text: &str) -> impl Iterator<Item = String> {
    find(text).map(|(_, inside)| inside.to_owned())
}

/// A field of the source.
pub fn named(title: &str, chain: &str, group: &[&str]) -> Field {
    Field {
        title: title.to_owned(),
        group: group.iter().map(|part| (*part).to_owned()).collect(),
        chain: format!("this.SOURCE.{chain}"),
        ..Field::default()
    }
}
