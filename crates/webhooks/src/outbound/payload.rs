//! The body of a delivery, byte for byte as protocol 9.2 has it.

use wire::{Map, Text, Value, form};

use engine::Shared;
use engine::settings::Settings;

/// The portal's part of every delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The portal's host, with its port where that is not the usual one.
    pub domain: String,
    /// `https://{domain}/rest/`
    pub client_endpoint: String,
    /// Where applications would renew their tokens. Ours has no authorization server beside it, so it is
    /// the portal itself.
    pub server_endpoint: String,
    /// [`Meta::member_id`](engine::meta::Meta::member_id)
    pub member_id: String,
}

impl Auth {
    /// Of the portal as everything sees it now.
    pub fn of(shared: &Shared) -> Self {
        Auth::new(&shared.settings, &shared.meta.member_id)
    }

    /// Of a portal with these settings.
    pub fn new(settings: &Settings, member_id: &str) -> Self {
        let domain = settings.base_url.split_once("://").map_or(settings.base_url.as_str(), |(_, host)| host);
        let endpoint = format!("{}/rest/", settings.base_url);
        Auth {
            domain: domain.to_owned(),
            client_endpoint: endpoint.clone(),
            server_endpoint: endpoint,
            member_id: member_id.to_owned(),
        }
    }
}

/// The member of `data` that names changed fields.
const CHANGED: &str = "CHANGED";

/// An event on its way to one handler.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    /// The event's name.
    pub event: &'a str,
    /// The number of the webhook's subscription to this event.
    pub event_handler_id: i64,
    /// The event's `data`, encoded by [`data`].
    pub data: &'a str,
    /// When it was raised, Unix seconds.
    pub ts: i64,
}

/// `data[FIELDS][ID]=17` for `{"FIELDS": {"ID": 17}}`, in the spelling of a form.
pub fn data(data: Value) -> String {
    let mut form = Map::new();
    form.push("data", data);
    form::encode(&form)
}

/// The same data with `CHANGED`, the names of the fields that an update changed. A form has no empty list, so an update that
/// changed nothing has none.
pub fn with_changed(data: Value, changed: &[Text]) -> Value {
    let mut data = data.into_map().unwrap_or_default();
    data.push(CHANGED, changed.iter().map(|field| Value::from(field.as_str())).collect::<Vec<_>>());
    data.into()
}

/// Data with the names that earlier data has, too: of two updates of one object that are told as one.
pub(super) fn with_earlier(data: &str, earlier: &str) -> String {
    let read = |form: &str| {
        let form = form::decode(form.as_bytes(), &wire::Limits::default()).remove("data");
        form.and_then(Value::into_map).unwrap_or_default()
    };
    let (mut now, earlier) = (read(data), read(earlier));
    let Some(before) = earlier.get(CHANGED) else { return data.to_owned() };
    let after = now.remove(CHANGED).unwrap_or_default();
    let mut names: Vec<Text> = Vec::new();
    for name in before.items().chain(after.items()).filter_map(Value::text) {
        if !names.iter().any(|known| *known == *name) {
            names.push(Text::new(&*name));
        }
    }
    self::data(with_changed(now.into(), &names))
}

/// The body: event, event_handler_id, data, ts, auth.
pub fn body(letter: Payload<'_>, auth: &Auth, application_token: &str) -> String {
    let mut head = Map::new();
    head.push("event", letter.event);
    head.push("event_handler_id", letter.event_handler_id);
    let mut about = Map::new();
    about.push("domain", auth.domain.as_str());
    about.push("client_endpoint", auth.client_endpoint.as_str());
    about.push("server_endpoint", auth.server_endpoint.as_str());
    about.push("member_id", auth.member_id.as_str());
    about.push("application_token", application_token);
    let mut tail = Map::new();
    tail.push("ts", letter.ts);
    tail.push("auth", about);
    let (head, tail) = (form::encode(&head), form::encode(&tail));
    // Data that has nothing to say leaves no pair behind.
    let parts = [head.as_str(), letter.data, tail.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn auth() -> Auth {
        Auth::new(&Settings::new("https://portal.example.org"), "0123456789abcdef0123456789abcdef")
    }

    #[test]
    fn the_body_is_as_the_protocol_shows_it() {
        let data = data(Value::from(json!({"FIELDS": {"ID": 365}})));
        let letter = Payload { event: "ONCRMLEADADD", event_handler_id: 17, data: &data, ts: 1_760_954_322 };
        assert_eq!(
            body(letter, &auth(), "k3v9"),
            "event=ONCRMLEADADD&event_handler_id=17&data%5BFIELDS%5D%5BID%5D=365&ts=1760954322\
             &auth%5Bdomain%5D=portal.example.org\
             &auth%5Bclient_endpoint%5D=https%3A%2F%2Fportal.example.org%2Frest%2F\
             &auth%5Bserver_endpoint%5D=https%3A%2F%2Fportal.example.org%2Frest%2F\
             &auth%5Bmember_id%5D=0123456789abcdef0123456789abcdef&auth%5Bapplication_token%5D=k3v9"
        );
    }

    #[test]
    fn changed_fields_follow_the_fields_and_add_up() {
        let told = |changed: &[&str]| {
            let changed: Vec<Text> = changed.iter().copied().map(Text::new).collect();
            data(with_changed(Value::from(json!({"FIELDS": {"ID": 5}})), &changed))
        };
        let id = "data%5BFIELDS%5D%5BID%5D=5";
        assert_eq!(
            told(&["TITLE", "UF_CRM_1"]),
            format!("{id}&data%5BCHANGED%5D%5B0%5D=TITLE&data%5BCHANGED%5D%5B1%5D=UF_CRM_1")
        );
        assert_eq!(told(&[]), id);
        assert_eq!(with_earlier(&told(&["B", "A"]), &told(&["A", "C"])), told(&["A", "C", "B"]));
        assert_eq!(with_earlier(&told(&["B"]), id), told(&["B"]));
        assert_eq!(with_earlier(id, &told(&["B"])), told(&["B"]));
    }

    #[test]
    fn empty_data_leaves_no_pair() {
        assert_eq!(data(Value::from(json!({"FIELDS": []}))), "");
        let letter = Payload { event: "E", event_handler_id: 1, data: "", ts: 2 };
        assert!(body(letter, &auth(), "t").starts_with("event=E&event_handler_id=1&ts=2&auth%5Bdomain%5D="));
    }
}
