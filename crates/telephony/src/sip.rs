//! SIP lines: `voximplant.sip.*`. Portreeve keeps their settings and is connected to no provider, so that none of them is
//! registered.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::keys;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Access, Face, Hooks, ID, Noun, Row, Stamp, Verb, field, noun};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// What lines are written with.
const FACE: Face = Face { verbs: &[], ..Face::flat("telephony.sip", "CONFIG_ID") };

const LIST: Face = Face {
    verbs: &[(Verb::List, "get")],
    beside: true,
    asks: &["filter"],
    params: &[
        (&[Verb::List], optional("SORT", method::Kind::Text, "Field to sort by")),
        (&[Verb::List], optional("ORDER", method::Kind::Text, "ASC or DESC")),
    ],
    samples: || json!({"filter": {"TYPE": "cloud"}, "SORT": "CONFIG_ID", "ORDER": "ASC"}),
    about: &[(Verb::List, "Lists SIP lines by filter, 50 per page.")],
    ..Face::legacy("voximplant.sip")
};

/// SIP lines.
pub static SIP: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID.upper("CONFIG_ID"),
        field("type", Kind::Choice(&["cloud", "office"]), "Type").default("cloud"),
        field("regId", Kind::Integer, "Registration").indexed(),
        field("server", Kind::String, "Server").required(),
        field("login", Kind::String, "Login").required(),
        // Encrypted, as hexadecimal digits.
        field("password", Kind::String, "Password"),
        field("incomingServer", Kind::String, "Server for incoming calls"),
        field("incomingLogin", Kind::String, "Login for incoming calls"),
        field("incomingPassword", Kind::String, "Password for incoming calls"),
        field("authUser", Kind::String, "User of the authorization"),
        field("outboundProxy", Kind::String, "Proxy"),
        field("detectLineNumber", Kind::Char, "Detect the number of the line").default("N"),
        field("lineDetectHeaderOrder", Kind::String, "Headers with the number").default("diversion;to"),
        field("registrationStatusCode", Kind::Integer, "Code of the registration"),
        field("registrationErrorMessage", Kind::String, "Error of the registration"),
        field("title", Kind::String, "Name"),
        field("changed", Kind::DateTime, "Changed").stamped(Stamp::Changed).camel_only(),
    ],
    faces: &[FACE, LIST],
    hooks: &Hook,
    ..noun("telephony.sip", "telephony_sip", SCOPE, ["SIP line", "SIP lines"])
};

/// Cloud lines that there may be.
const MOST: usize = 10;
/// Lines altogether.
const MOST_LINES: usize = 100;
/// Letters of a password.
const LONGEST_PASSWORD: usize = 100;
/// What registrations are numbered from.
const FIRST: i64 = 150_000;
/// The owner under which passwords are encrypted.
const KEPT_FOR: i64 = 0;

/// The code and the text of a line without a provider.
pub const UNCONNECTED: (&str, &str) = ("503", "No telephony provider is connected");

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Id, Text};
    let config = || required("CONFIG_ID", Id, "SIP line");
    let given = |method: Method, adding: bool| {
        let server = if adding { required } else { optional };
        method
            .param(optional("TITLE", Text, "Name"))
            .param(server("SERVER", Text, "Server"))
            .param(server("LOGIN", Text, "Login"))
            .param(optional("PASSWORD", Text, "Password"))
    };
    let add = write("voximplant.sip.add", SCOPE, add)
        .own_words()
        .about("Adds a SIP line and returns it. It is kept and connected to nothing.")
        .param(optional("TYPE", Text, "cloud or office"));
    let sample =
        json!({"TITLE": "Spare line", "SERVER": "sip.example.com", "LOGIN": "u2", "PASSWORD": "secret"});
    vec![
        given(add, true)
            .example(sample, json!({"TYPE": "cloud", "SERVER": "sip.example.com", "CONFIG_ID": "*"})),
        given(
            write("voximplant.sip.update", SCOPE, update)
                .own_words()
                .about("Updates the given settings of a SIP line.")
                .param(config()),
            false,
        )
        .example(json!({"CONFIG_ID": 1, "TITLE": "Main line"}), json!(1)),
        write("voximplant.sip.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a SIP line.")
            .param(config())
            .example(json!({"CONFIG_ID": 1}), json!(1)),
        read("voximplant.sip.status", SCOPE, status)
            .own_words()
            .about("Returns the state of the registration of a SIP line.")
            .param(required("REG_ID", Id, "Registration"))
            .example(
                json!({"REG_ID": 150_001}),
                json!({"REG_ID": 150_001, "STATUS_CODE": 503, "STATUS_RESULT": "error"}),
            ),
        read("voximplant.sip.connector.status", SCOPE, connector)
            .about("Returns the free minutes of the SIP connector; there are none.")
            .example(json!({}), json!({"FREE_MINUTES": 0, "PAID": false})),
    ]
}

/// Refuses whoever may not manage numbers.
///
/// # Errors
/// That refusal.
pub fn require_manager(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(Fault::from(wire::fault::ACCESS_DENIED).into()) }
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, _: Verb) -> Result<()> {
        require_manager(call)
    }

    /// A line shows what lines of its type have, with the passwords as they were given.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            for (name, field) in [("PASSWORD", "password"), ("INCOMING_PASSWORD", "incomingPassword")] {
                map.insert(name, opened(call, row.text(field)));
            }
            let others: &[&str] = match row.text("type") {
                "office" => &["REG_ID"],
                _ => &["INCOMING_SERVER", "INCOMING_LOGIN", "INCOMING_PASSWORD"],
            };
            for name in others {
                map.remove(name);
            }
            if map.get("TITLE") == Some(&Value::Null) {
                map.insert("TITLE", "");
            }
        }
        Ok(())
    }
}

fn opened(call: &Call<'_, '_>, sealed: &str) -> Option<String> {
    call.core.keys.open(KEPT_FOR, &keys::unhex(sealed)?)
}

fn sealed(call: &Call<'_, '_>, secret: &str) -> String {
    keys::hex(&call.core.keys.seal(KEPT_FOR, secret))
}

/// All lines.
///
/// # Errors
/// Those of the store.
pub fn all(call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
    noun::belonging(call, &SIP, noun::Asked { whole: true, ..noun::Asked::default() })
}

/// The identifier of a line among all lines: `reg150001` or `sip2`.
pub fn line_id(row: &Row) -> String {
    match row.int("regId") {
        Some(registration) => format!("reg{registration}"),
        None => format!("sip{}", row.number),
    }
}

/// The name of a line.
pub fn title(row: &Row) -> String {
    match (row.text("title"), row.text("type")) {
        ("", "office") => format!("Office PBX ({})", row.number),
        ("", _) => format!("Cloud PBX ({})", row.number),
        (title, _) => title.to_owned(),
    }
}

/// The line with that number.
///
/// # Errors
/// Those of the store.
pub fn find(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    let scope = SIP.grant(call, Act::Read)?;
    noun::one(call, &SIP, &scope, id)
}

/// The settings that a request gives, checked; `known` is the line that is changed.
fn given(call: &mut Call<'_, '_>, known: Option<&Row>) -> Result<Map> {
    let wrong = |text: &'static str| Fault::new(400, "CHECK_FIELDS_ERROR", text);
    let mut fields = Map::with_capacity(5);
    for (name, complaint) in [
        ("SERVER", "Server address not specified"),
        ("LOGIN", "Login for connecting to the server not specified"),
    ] {
        let value = call.param(name).and_then(Value::text).map(|text| text.trim().to_owned());
        match value.filter(|text| !text.is_empty()) {
            Some(text) => fields.push(name, text.chars().take(255).collect::<String>()),
            None if known.is_none() || call.param(name).is_some() => return Err(wrong(complaint).into()),
            None => {}
        }
    }
    if let Some(password) = call.param("PASSWORD").and_then(Value::text) {
        if password.chars().count() > LONGEST_PASSWORD {
            return Err(wrong("Password for connecting to the server cannot exceed 100 characters").into());
        }
        fields.push("PASSWORD", sealed(call, &password));
    }
    if let Some(title) = call.param("TITLE").and_then(Value::text).map(std::borrow::Cow::into_owned) {
        let title: String = title.trim().chars().take(255).collect();
        let own = known.map(|row| row.number);
        let taken = all(call)?.iter().any(|row| Some(row.number) != own && row.text("title") == title);
        if taken && !title.is_empty() {
            let text = "The specified connection name is already registered in the system";
            return Err(Fault::new(400, "TITLE_EXISTS", text).into());
        }
        fields.push("TITLE", title);
    }
    Ok(fields)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_manager(call)?;
    let kind = if call.text("TYPE").as_deref() == Some("office") { "office" } else { "cloud" };
    let mut fields = given(call, None)?;
    let lines = all(call)?;
    if lines.iter().filter(|row| row.text("type") == "cloud").count() >= MOST && kind == "cloud" {
        let text = "You cannot connect more than 10 virtual PBXs.";
        return Err(Fault::new(400, "MAX_CLOUD_PBX", text).into());
    }
    if lines.len() >= MOST_LINES {
        return Err(Fault::core("There are too many lines").into());
    }
    fields.push("TYPE", kind);
    let row = noun::put(call, &SIP, &fields)?;
    let mut numbered = Map::with_capacity(3);
    if kind == "cloud" {
        numbered.push("REG_ID", FIRST + row.number);
    } else {
        numbered.push("INCOMING_LOGIN", format!("sip{}", row.number));
        numbered.push("INCOMING_PASSWORD", sealed(call, &keys::hex(&keys::random::<16>())));
    }
    let row = noun::amend(call, &SIP, &FACE, row.number, &numbered)?.unwrap_or(row);
    let mut shown = noun::show(call, &SIP, &LIST, &row)?;
    shown.push("ID", row.number.to_string());
    if let Some(registration) = row.int("regId") {
        shown.insert("REG_ID", registration);
    }
    Ok(shown.into_value())
}

fn named(call: &mut Call<'_, '_>) -> Result<Row> {
    require_manager(call)?;
    let id = call.id("CONFIG_ID");
    let missing = || Fault::new(400, "ERROR_NOT_FOUND", "Specified CONFIG_ID is not found");
    Ok(find(call, id)?.ok_or_else(missing)?)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call)?;
    let fields = given(call, Some(&row))?;
    noun::amend(call, &SIP, &FACE, row.number, &fields)?;
    Ok(1.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call)?;
    noun::clear(call, &SIP, &[("id", Param::from(row.number))])?;
    Ok(1.into())
}

fn status(call: &mut Call<'_, '_>) -> Result<Value> {
    require_manager(call)?;
    let registration = call.id("REG_ID");
    let row = all(call)?.into_iter().find(|row| row.int("regId") == Some(registration));
    let row = row.ok_or_else(|| Fault::new(400, "REG_ID_NOT_FOUND", "Settings not found"))?;
    let changed = moment::print(&call.caller.zone, row.int("changed").unwrap_or(0));
    let mut map = Map::with_capacity(5);
    map.push("REG_ID", registration);
    map.push("LAST_UPDATED", changed[..19].replace('T', " "));
    map.push("ERROR_MESSAGE", UNCONNECTED.1);
    map.push("STATUS_CODE", UNCONNECTED.0.parse::<i64>().unwrap_or(0));
    map.push("STATUS_RESULT", "error");
    Ok(map.into_value())
}

fn connector(call: &mut Call<'_, '_>) -> Result<Value> {
    require_manager(call)?;
    let mut map = Map::with_capacity(2);
    map.push("FREE_MINUTES", 0);
    map.push("PAID", false);
    Ok(map.into_value())
}
