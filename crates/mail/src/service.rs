//! Mail services that people may connect a mailbox to: `mailservice.*`. They are settings; Portreeve connects to none.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{
    Access, Described, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Seed, Verb, field,
    noun,
};
use engine::texts::Locale;
use store::Tx;
use wire::order::Direction;
use wire::{Fault, Map, Value};

/// The scope of the methods.
const SCOPE: &str = "mailservice";

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ERROR_CORE", "Mail service not found"),
    unreadable: Refusal::Coded("ERROR_CORE", "Access denied"),
    unwritable: Refusal::Coded("ERROR_CORE", "Access denied"),
    required: |_| Fault::core("Required field \"Name\" not filled"),
    invalid: |name| Fault::core(format!("Invalid value for \"{name}\"")),
    ..LEGACY_FAULTS
};

/// What administrators change services with.
const WRITES: Face =
    Face { verbs: &[(Verb::Add, "add"), (Verb::Update, "update"), (Verb::Delete, "delete")], ..READS };

const READS: Face = Face {
    verbs: &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Fields, "fields")],
    asks: &[],
    order: &[("sort", Direction::Asc), ("id", Direction::Asc)],
    whole: true,
    described: Described::Titles,
    faults: FAULTS,
    about: &[
        (Verb::List, "Lists mail services."),
        (Verb::Fields, "Returns the names of the fields of a mail service."),
    ],
    ..Face::flat("mailservice", "ID")
};

/// Mail services.
pub static SERVICE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("siteId", Kind::String, "Site").default("s1").read_only(),
        field("active", Kind::Char, "Active").default("Y").sample("Y"),
        field("sort", Kind::Integer, "Sorting").default("100"),
        field("name", Kind::String, "Name").trimmed().required().sample("Company mail"),
        field("server", Kind::String, "Server").sample("imap.example.com"),
        field("port", Kind::Integer, "Port").sample("993"),
        field("encryption", Kind::Char, "Secure connection").sample("Y"),
        field("link", Kind::String, "Web interface").sample("https://mail.example.com"),
        field("icon", Kind::File, "Logo"),
        field("smtpServer", Kind::String, "SMTP server").read_only(),
        field("smtpPort", Kind::Integer, "SMTP port").read_only(),
        field("smtpLoginAsImap", Kind::Char, "SMTP login as of IMAP").default("N").read_only(),
        field("smtpPasswordAsImap", Kind::Char, "SMTP password as of IMAP").default("N").read_only(),
        field("smtpEncryption", Kind::Char, "Secure SMTP connection").read_only(),
        field("uploadOutgoing", Kind::Char, "Keep sent mail").read_only(),
    ],
    faces: &[WRITES, READS],
    hooks: &Hook,
    ..noun("mail.service", "mail_service", SCOPE, ["mail service", "mail services"])
};

/// Services that every portal knows: name, server, port, web interface and SMTP server.
const KNOWN: [(&str, &str, &str, &str); 4] = [
    ("gmail", "imap.gmail.com", "https://mail.google.com/", "smtp.gmail.com"),
    ("outlook.com", "outlook.office365.com", "https://outlook.live.com/", "smtp.office365.com"),
    ("icloud", "imap.mail.me.com", "https://www.icloud.com/mail", "smtp.mail.me.com"),
    ("yahoo", "imap.mail.yahoo.com", "https://mail.yahoo.com/", "smtp.mail.yahoo.com"),
];

/// The first contents.
pub const SEED: Seed = Seed { name: "mail.services", names: Vec::new, seed: plant };

fn plant(tx: &mut Tx<'_>, _: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO mail_service (site_id, active, sort, name, server, port, encryption, link, smtp_server, \
               smtp_port, smtp_login_as_imap, smtp_password_as_imap, smtp_encryption, upload_outgoing) \
               VALUES ('s1', 'Y', ?, ?, ?, 993, 'Y', ?, ?, 465, 'Y', 'Y', 'Y', 'N')";
    for (at, (name, server, link, smtp)) in (1_i64..).zip(KNOWN) {
        let params = [(at * 100).into(), name.into(), server.into(), link.into(), smtp.into()];
        tx.insert(sql, &params)?;
    }
    Ok(())
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        let is_named = call.param("ID").and_then(Value::as_int).is_some_and(|id| id > 0);
        match verb {
            Verb::Get | Verb::Update | Verb::Delete if !is_named => {
                Err(Fault::core("Mail service ID not specified").into())
            }
            _ => Ok(()),
        }
    }

    fn prepare(&self, call: &mut Call<'_, '_>, _: &Face, _: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        let given = |name: &str| call.param(name).filter(|value| !value.is_empty());
        let unfit = |name: &str| Fault::core(format!("Invalid value for \"{name}\""));
        if given("PORT").is_some_and(|port| !port.as_int().is_some_and(|port| (1..=65_535).contains(&port))) {
            return Err(unfit("PORT").into());
        }
        for name in ["ACTIVE", "ENCRYPTION"] {
            if given(name).is_some_and(|flag| flag.as_flag().is_none()) {
                return Err(unfit(name).into());
            }
        }
        if given("SORT").is_some_and(|sort| sort.as_int().is_none()) {
            return Err(unfit("SORT").into());
        }
        Ok(())
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for map in shown {
            let link = map.get("ICON").and_then(|icon| icon.get("downloadUrl").cloned());
            map.insert("ICON", link.unwrap_or_default());
        }
        Ok(())
    }
}
