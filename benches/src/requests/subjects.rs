//! What is measured: a method, the requests for it, and the share of the bare server that it must reach.

use it::{Hook, Server};
use serde_json::{Value, json};

/// Ready-made requests of each kind; more than the connections, so that neighbours differ.
const VARIANTS: usize = 512;

/// One row of the table.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The least share of the bare server that is promised, if one is.
    pub(crate) floor: Option<f64>,
    /// Whether it adds rows, and so goes to the portal that may grow.
    pub(crate) writes: bool,
    pub(crate) requests: Vec<Vec<u8>>,
    /// Bytes in an answer's body.
    pub(crate) size: usize,
}

/// Its index in the list of [`all`] names the subject that "without count" is compared with.
pub(crate) const UNCOUNTED: usize = 3;
/// And the one with count.
pub(crate) const COUNTED: usize = 4;

pub(crate) fn all(reading: &Server, adding: &Server) -> Result<Vec<Subject>, String> {
    let (read, add) = (reading.hook("crm"), adding.hook("crm"));
    let fields = json!(["ID", "TITLE", "STATUS_ID", "DATE_CREATE", "ASSIGNED_BY_ID"]);
    let contacts = contact_ids(&read);
    let some = |number: usize| json!({"id": contacts[number % contacts.len()]});
    Ok(vec![
        subject("crm.contact.get", Some(0.40), &read, "crm.contact.get", some),
        Subject {
            writes: true,
            ..subject(
                "crm.lead.add (FULL)",
                Some(0.28),
                &add,
                "crm.lead.add",
                |number| json!({"fields": brief(number)}),
            )
        },
        // A phone is a row of its own, and its place in the index of phones is another page for every lead.
        Subject {
            writes: true,
            ..subject(
                "crm.lead.add with a phone (FULL)",
                None,
                &add,
                "crm.lead.add",
                |number| json!({"fields": lead(number)}),
            )
        },
        subject(
            "crm.lead.list, 5 fields, no count",
            Some(0.09),
            &read,
            "crm.lead.list",
            |_| json!({"select": fields, "start": -1}),
        ),
        subject(
            "crm.lead.list, 5 fields, count",
            None,
            &read,
            "crm.lead.list",
            |_| json!({"select": fields, "start": 0}),
        ),
        subject(
            "crm.lead.list, all fields, no count",
            None,
            &read,
            "crm.lead.list",
            |_| json!({"start": -1}),
        ),
        subject("crm.lead.list, all fields, count", None, &read, "crm.lead.list", |_| json!({"start": 0})),
    ])
}

/// A lead as an integration enters it: who, and from where.
fn brief(number: usize) -> Value {
    let mut fields = lead(number);
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("PHONE");
    }
    fields
}

/// A lead as a form on a web page sends it: also how to reach them.
pub(crate) fn lead(number: usize) -> Value {
    json!({
        "TITLE": format!("Request {number} from the harbour page"),
        "NAME": "Ines",
        "LAST_NAME": format!("Berg {number}"),
        "PHONE": [{"VALUE": format!("+49 30 {number:07}"), "VALUE_TYPE": "WORK"}],
        "SOURCE_ID": "WEB",
    })
}

/// A POST as the SDKs send it.
pub(crate) fn request(hook: &Hook, method: &str, parameters: &Value) -> Vec<u8> {
    let (host, path) =
        hook.url().strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a plain URL");
    let body = parameters.to_string();
    format!(
        "POST /{path}{method} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The same requests to another path: what the bare server gets is as long to read.
pub(crate) fn redirected(requests: &[Vec<u8>], path: &str) -> Vec<Vec<u8>> {
    let to_path = |request: &Vec<u8>| {
        let text = String::from_utf8_lossy(request);
        let (verb, rest) = text.split_once(' ').expect("a request line");
        let (_, rest) = rest.split_once(' ').expect("a request line");
        format!("{verb} {path} {rest}").into_bytes()
    };
    requests.iter().map(to_path).collect()
}

fn subject(
    name: &'static str,
    floor: Option<f64>,
    hook: &Hook,
    method: &str,
    parameters: impl Fn(usize) -> Value,
) -> Subject {
    let requests = (0..VARIANTS).map(|number| request(hook, method, &parameters(number))).collect();
    let size = hook.call(method, parameters(0)).body.len();
    Subject { name, floor, writes: false, requests, size }
}

fn contact_ids(hook: &Hook) -> Vec<Value> {
    let page = |after: &Value| {
        let question =
            json!({"select": ["ID"], "order": {"ID": "ASC"}, "filter": {">ID": after}, "start": -1});
        hook.result("crm.contact.list", question).as_array().cloned().unwrap_or_default()
    };
    let mut ids: Vec<Value> = Vec::new();
    loop {
        let rows = page(ids.last().unwrap_or(&json!(0)));
        ids.extend(rows.iter().map(|row| row["ID"].clone()));
        if rows.len() < 50 {
            return ids;
        }
    }
}
