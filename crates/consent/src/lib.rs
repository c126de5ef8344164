//! Agreements to the processing of personal data, and who gave consent: `userconsent.*`.

use std::net::IpAddr;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::modules::Module;
use engine::moment::Moment;
use engine::noun::{self, Access, Face, ID, Noun, Row, Seed, Stamp, field, noun};
use engine::scopes::offered;
use engine::texts::{Locale, Topic};
use serde_json::json;
use store::Tx;
use wire::{Fault, Map, Value};

/// The scope of the methods.
const SCOPE: &str = "userconsent";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("userconsent", "Consents", "Agreements and given consents.")],
    nouns,
    methods,
    seeds: &[SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("consent")
};

const FACE: Face = Face { verbs: &[], ..Face::controller("consent", "agreement", "agreements") };

/// Agreements. `%company_name%` and the like in a text stand for what a page says.
static AGREEMENT: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required(),
        field("active", Kind::Char, "Active").default("Y"),
        field("languageId", Kind::String, "Language"),
        field("label", Kind::Text, "Text beside the checkbox"),
        field("text", Kind::Text, "Text"),
        field("created", Kind::DateTime, "Created").stamped(Stamp::Created),
    ],
    faces: &[FACE],
    ..noun("consent.agreement", "consent_agreement", SCOPE, ["agreement", "agreements"])
};

/// Consents that were given. Only administrators look through them.
static CONSENT: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("agreementId", Kind::Noun("consent.agreement"), "Agreement").required().indexed(),
        field("userId", Kind::User, "User"),
        field("ip", Kind::String, "IP address").required(),
        field("url", Kind::String, "Page"),
        field("originId", Kind::String, "ID in the data source"),
        field("originatorId", Kind::String, "Data source"),
        field("created", Kind::DateTime, "Created").stamped(Stamp::Created),
    ],
    faces: &[Face { verbs: &[], ..Face::controller("consent.consent", "consent", "consents") }],
    ..noun("consent.consent", "consent_consent", SCOPE, ["consent", "consents"])
};

/// The agreement that every portal has.
const SEED: Seed = Seed { name: "consent.agreement", names: || vec![NAME, LABEL, TEXT], seed: plant };

const NAME: &str = "Example of consent to the processing of personal data";
const LABEL: &str = "By clicking \"%button_caption%\", I consent to the processing of my personal data.";
const TEXT: &str = "I allow %company_name% (%company_address%, %email%) to process my personal data for the following \
                    purposes: %purposes%. The data may be passed on to: %third_parties%. I may withdraw this consent at \
                    any time.";

fn plant(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO consent_agreement (name, active, language_id, label, text, created) \
               VALUES (?, 'Y', NULL, ?, ?, ?)";
    let said = |text: &str| locale.text(Topic::Names, text).to_owned();
    let params = [said(NAME).into(), said(LABEL).into(), said(TEXT).into(), now.seconds().into()];
    tx.insert(sql, &params)?;
    Ok(())
}

/// What stands in a text in the place of something else, and the caption of a button that nobody names.
const PLACES: [&str; 5] = ["COMPANY_NAME", "COMPANY_ADDRESS", "PURPOSES", "THIRD_PARTIES", "EMAIL"];
const CAPTION: &str = "OK";

/// Letters that are put in the place of one.
const LONGEST: usize = 4_000;

fn nouns() -> Vec<&'static Noun> {
    vec![&AGREEMENT, &CONSENT]
}

fn methods() -> Vec<Method> {
    use method::Kind::{Fields, Id, Text};
    let places = PLACES.map(|name| optional(name, Text, "Text that is put in"));
    let fields = json!({"COMPANY_NAME": "Acme", "EMAIL": "info@example.com"});
    vec![
        read("userconsent.agreement.list", SCOPE, list)
            .about("Lists agreements, the latest first.")
            .example(json!({}), json!([{"ID": "1", "ACTIVE": "Y"}])),
        read("userconsent.agreement.text", SCOPE, text)
            .own_words()
            .about("Returns the text of an agreement, with what is put in.")
            .param(required("id", Id, "Agreement"))
            .param(optional("replace", Fields, "What is put into the text").with_members(places.into()))
            .example(
                json!({"id": 1, "replace": {"button_caption": "I agree", "fields": fields}}),
                json!({"LABEL": "*", "TEXT": "*"}),
            ),
        write("userconsent.consent.add", SCOPE, add)
            .own_words()
            .about("Adds a consent that was given and returns its ID.")
            .param(required("AGREEMENT_ID", Id, "Agreement"))
            .param(required("IP", Text, "IP address"))
            .param(optional("USER_ID", Id, "User"))
            .param(optional("URL", Text, "Page"))
            .param(optional("ORIGIN_ID", Text, "ID in the data source"))
            .param(optional("ORIGINATOR_ID", Text, "Data source"))
            .example(
                json!({"AGREEMENT_ID": 1, "IP": "192.168.1.100", "URL": "https://example.com/form"}),
                json!(1),
            ),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = AGREEMENT.grant(call, Act::Read)?;
    let rows = noun::select(call, &AGREEMENT, &scope, "1 = 1", Vec::new(), " ORDER BY t.id DESC LIMIT 1000")?;
    let shown = |row: &Row| {
        let mut map = Map::with_capacity(4);
        map.push("ID", row.number.to_string());
        map.push("NAME", row.text("name"));
        map.push("ACTIVE", row.text("active"));
        map.push("LANGUAGE_ID", row.text("languageId"));
        map.into_value()
    };
    Ok(rows.iter().map(shown).collect::<Vec<_>>().into())
}

/// The agreement that a request names.
fn named(call: &mut Call<'_, '_>, param: &str) -> Result<Row> {
    let id = call.param(param).and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "400", "Parameter `Agreement ID` required."))?;
    let scope = AGREEMENT.grant(call, Act::Read)?;
    let missing = || Fault::new(400, "ERROR_ARGUMENT", format!("Agreement with id {id} not found"));
    Ok(noun::one(call, &AGREEMENT, &scope, id)?.ok_or_else(missing)?)
}

fn text(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, "id")?;
    let replace = call.fields("replace");
    let inner = replace.get("fields").cloned().and_then(Value::into_map).unwrap_or_default();
    let given = |name: &str| {
        let value = inner.get_any_case(name).or(replace.get_any_case(name)).and_then(Value::text);
        value.unwrap_or_default().chars().take(LONGEST).collect::<String>()
    };
    let caption = Some(given("button_caption")).filter(|caption| !caption.is_empty());
    let caption = caption.unwrap_or_else(|| CAPTION.to_owned());
    let filled = |text: &str| filled(text, &caption, given);
    let mut map = Map::with_capacity(2);
    map.push("LABEL", filled(row.text("label")));
    map.push("TEXT", filled(row.text("text")));
    Ok(map.into_value())
}

/// A text with what is put in, in one pass: what is put in is not looked through again.
fn filled(text: &str, caption: &str, given: impl Fn(&str) -> String) -> String {
    let mut parts = text.split('%');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut open = true;
    for part in parts {
        let value = match part {
            "button_caption" if open => Some(caption.to_owned()),
            name if open => PLACES.into_iter().find(|place| place.eq_ignore_ascii_case(name)).map(&given),
            _ => None,
        };
        match value {
            Some(value) => {
                filled += &value;
                open = false;
            }
            None => {
                if open {
                    filled.push('%');
                }
                filled += part;
                open = true;
            }
        }
    }
    filled
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let agreement = named(call, "AGREEMENT_ID")?;
    let argument = |text: &'static str| Fault::new(400, "ERROR_ARGUMENT", text);
    let ip = call.text("IP").and_then(|text| text.trim().parse::<IpAddr>().ok());
    let ip = ip.ok_or_else(|| argument("Parameter IP is not valid"))?;
    let user = call.param("USER_ID").and_then(Value::as_int).filter(|user| *user > 0);
    if let Some(user) = user
        && !directory::exists(call.tx, user)?
    {
        return Err(argument("User not found").into());
    }
    let short = |name: &str| call.text(name).map(|text| text.chars().take(2_000).collect::<String>());
    let mut fields = Map::with_capacity(6);
    fields.push("agreementId", agreement.number);
    fields.push("ip", ip.to_string());
    fields.push("userId", user);
    fields.push("url", short("URL"));
    fields.push("originId", short("ORIGIN_ID"));
    fields.push("originatorId", short("ORIGINATOR_ID"));
    Ok(noun::put(call, &CONSENT, &fields)?.number.into())
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn what_is_put_in_is_not_looked_through_again() {
        let given =
            |name: &str| if name == "EMAIL" { "%company_name%".to_owned() } else { "Acme".to_owned() };
        assert_eq!(
            filled("To %company_name%, %email%: 5% off", "OK", given),
            "To Acme, %company_name%: 5% off"
        );
        assert_eq!(filled("%button_caption%%purposes%", "Yes", given), "YesAcme");
        assert_eq!(filled("100%", "", given), "100%");
    }
}
