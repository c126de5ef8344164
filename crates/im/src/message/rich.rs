//! What a message has beyond its text: attached blocks, a keyboard, and a menu, each as a list in its parameters.

use serde_json::{Map, Value as Json, json};
use wire::{Fault, Value};

use engine::call::Call;
use engine::error::Result;

/// Bytes that each of them takes as JSON.
const SIZE: usize = 60_000;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The name of the parameter.
    pub name: &'static str,
    /// Puts what a request gives into the form in which answers have it; `None` when it cannot.
    read: fn(Json) -> Option<Json>,
    invalid: (&'static str, &'static str),
    oversize: (&'static str, &'static str),
}

/// Attached blocks.
pub const ATTACH: Part = Part {
    name: "ATTACH",
    read: attach,
    invalid: ("ATTACH_ERROR", "Incorrect attach params"),
    oversize: ("ATTACH_OVERSIZE", "You have exceeded the maximum allowable size of attach"),
};

/// Buttons below the message.
pub const KEYBOARD: Part = Part {
    name: "KEYBOARD",
    read: |given| buttons(given, "BUTTONS"),
    invalid: ("KEYBOARD_ERROR", "Incorrect keyboard params"),
    oversize: ("KEYBOARD_OVERSIZE", "You have exceeded the maximum allowable size of keyboard"),
};

/// Entries of the message's menu.
pub const MENU: Part = Part {
    name: "MENU",
    read: |given| buttons(given, "ITEMS"),
    invalid: ("MENU_ERROR", "Incorrect menu params"),
    oversize: ("MENU_OVERSIZE", "You have exceeded the maximum allowable size of menu"),
};

/// The same as the update of a message refuses it: the code is spelled so there.
pub const MENU_OF_UPDATE: Part = Part { invalid: ("menu_ERROR", "Incorrect menu params"), ..MENU };

/// What a request says of a part.
#[derive(Debug)]
pub enum Given {
    /// Nothing
    Absent,
    /// To have none
    Removed,
    /// This
    Set(Json),
}

impl Part {
    /// Reads it from the call.
    ///
    /// # Errors
    /// The refusal of what cannot be read, or is too large.
    pub fn given(&self, call: &Call<'_, '_>) -> Result<Given> {
        let Some(value) = call.param(self.name) else { return Ok(Given::Absent) };
        if value.is_empty() || value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case("N")) {
            return Ok(Given::Removed);
        }
        let invalid = || Fault::new(400, self.invalid.0, self.invalid.1);
        let given: Json = match value {
            Value::Str(text) => serde_json::from_str(text).map_err(|_| invalid())?,
            other => serde_json::from_slice(&wire::json::encode(other)).map_err(|_| invalid())?,
        };
        let read = (self.read)(given).ok_or_else(invalid)?;
        if read.to_string().len() > SIZE {
            return Err(Fault::new(400, self.oversize.0, self.oversize.1).into());
        }
        Ok(Given::Set(read))
    }
}

/// Puts what was given into the parameters of a message.
pub fn put(params: &mut Map<String, Json>, part: Part, given: Given) {
    match given {
        Given::Absent => {}
        Given::Removed => _ = params.remove(part.name),
        Given::Set(value) => _ = params.insert(part.name.to_owned(), value),
    }
}

/// A list, which PHP may write as a map with numbers.
fn members(given: Json) -> Option<Vec<Json>> {
    match given {
        Json::Array(list) => Some(list),
        Json::Object(map) if !map.is_empty() && map.keys().all(|key| key.parse::<u32>().is_ok()) => {
            Some(map.into_iter().map(|(_, value)| value).collect())
        }
        _ => None,
    }
}

/// A map with its keys in capitals.
fn capitals(given: Json) -> Option<Map<String, Json>> {
    match given {
        Json::Object(map) => {
            Some(map.into_iter().map(|(key, value)| (key.to_ascii_uppercase(), value)).collect())
        }
        _ => None,
    }
}

/// The kinds of blocks, and whether each holds a list.
const BLOCKS: [(&str, bool); 8] = [
    ("USER", true),
    ("LINK", true),
    ("MESSAGE", false),
    ("HTML", false),
    ("DELIMITER", false),
    ("GRID", true),
    ("IMAGE", true),
    ("FILE", true),
];

/// A list of blocks, or `{ID, COLOR, COLOR_TOKEN, BLOCKS}`, or several of these.
fn attach(given: Json) -> Option<Json> {
    match members(given.clone()) {
        Some(list) => {
            let framed = |one: &Json| capitals(one.clone()).is_some_and(|one| one.contains_key("BLOCKS"));
            if !list.is_empty() && list.iter().all(framed) {
                return list.into_iter().map(frame).collect::<Option<Vec<Json>>>().map(Json::Array);
            }
            frame(json!({"BLOCKS": list})).map(|one| json!([one]))
        }
        None => frame(given).map(|one| json!([one])),
    }
}

fn frame(given: Json) -> Option<Json> {
    let mut given = capitals(given)?;
    let blocks: Vec<Json> =
        members(given.remove("BLOCKS")?)?.into_iter().map(block).collect::<Option<_>>()?;
    if blocks.is_empty() {
        return None;
    }
    let mut frame = Map::new();
    frame.insert("ID".to_owned(), given.remove("ID").unwrap_or(json!(0)));
    frame.insert("BLOCKS".to_owned(), blocks.into());
    for name in ["DESCRIPTION", "COLOR", "COLOR_TOKEN"] {
        if let Some(value) = given.remove(name).filter(Json::is_string) {
            frame.insert(name.to_owned(), value);
        }
    }
    Some(frame.into())
}

fn block(given: Json) -> Option<Json> {
    let given = capitals(given)?;
    let (name, value) = given.into_iter().find(|(name, _)| BLOCKS.iter().any(|(known, _)| known == name))?;
    let is_list = BLOCKS.iter().any(|(known, list)| *known == name && *list);
    let value = match (is_list, value) {
        (true, one @ Json::Object(_)) => match members(one.clone()) {
            Some(list) => list.into(),
            None => json!([one]),
        },
        (true, list @ Json::Array(_)) => list,
        (true, _) => return None,
        (false, other) => other,
    };
    Some(json!({name: value}))
}

/// What a button does, one of these.
const DOES: [&str; 6] = ["LINK", "COMMAND", "ACTION", "APP_ID", "FUNCTION", "DISABLED"];

/// Buttons, be it a list of them or `{BOT_ID, BUTTONS}`.
fn buttons(given: Json, under: &str) -> Option<Json> {
    let (bot, list) = match members(given.clone()) {
        Some(list) => (None, list),
        None => {
            let mut given = capitals(given)?;
            (given.remove("BOT_ID"), members(given.remove(under)?)?)
        }
    };
    let buttons: Vec<Json> = list.into_iter().map(|one| button(one, bot.as_ref())).collect::<Option<_>>()?;
    (!buttons.is_empty()).then(|| buttons.into())
}

fn button(given: Json, bot: Option<&Json>) -> Option<Json> {
    let mut button = capitals(given)?;
    let kind = button.get("TYPE").and_then(Json::as_str).unwrap_or("BUTTON").to_ascii_uppercase();
    if kind == "NEWLINE" {
        return Some(json!({"TYPE": "NEWLINE"}));
    }
    let has_text = button.get("TEXT").and_then(Json::as_str).is_some_and(|text| !text.trim().is_empty());
    if !has_text || !DOES.iter().any(|name| button.contains_key(*name)) {
        return None;
    }
    button.insert("TYPE".to_owned(), "BUTTON".into());
    if !button.contains_key("BOT_ID") {
        button.insert("BOT_ID".to_owned(), bot.cloned().unwrap_or(json!(0)));
    }
    for (name, usual) in [("DISPLAY", "BLOCK"), ("DISABLED", "N"), ("BLOCK", "N")] {
        button.entry(name).or_insert_with(|| usual.into());
    }
    Some(button.into())
}

#[cfg(test)]
mod tests {
    use super::{attach, buttons};
    use serde_json::json;

    #[test]
    fn blocks_come_in_three_forms() {
        let blocks = json!([{"MESSAGE": "Hi"}, {"link": {"NAME": "Site", "LINK": "https://a.b"}}]);
        let listed = json!([{"MESSAGE": "Hi"}, {"LINK": [{"NAME": "Site", "LINK": "https://a.b"}]}]);
        assert_eq!(attach(blocks.clone()), Some(json!([{"ID": 0, "BLOCKS": listed}])));
        let framed = json!({"ID": 1, "COLOR": "#29619b", "BLOCKS": blocks});
        let shown = json!([{"ID": 1, "COLOR": "#29619b", "BLOCKS": listed}]);
        assert_eq!(attach(framed.clone()), Some(shown.clone()));
        assert_eq!(attach(json!([framed])), Some(shown));
        for wrong in [json!([]), json!([{"NONSENSE": 1}]), json!({"BLOCKS": "x"}), json!(5)] {
            assert_eq!(attach(wrong.clone()), None, "{wrong}");
        }
    }

    #[test]
    fn buttons_have_a_text_and_do_something() {
        let one = json!({"TEXT": "Site", "LINK": "https://a.b"});
        let framed = json!({"BOT_ID": 7, "BUTTONS": [one, {"TYPE": "NEWLINE"}]});
        let shown = buttons(framed, "BUTTONS").unwrap();
        assert_eq!((&shown[0]["BOT_ID"], &shown[0]["DISPLAY"]), (&json!(7), &json!("BLOCK")));
        assert_eq!(shown[1], json!({"TYPE": "NEWLINE"}));
        assert_eq!(buttons(json!([{"TEXT": "Nothing"}]), "BUTTONS"), None);
        assert_eq!(buttons(json!([{"LINK": "https://a.b"}]), "BUTTONS"), None);
    }
}
