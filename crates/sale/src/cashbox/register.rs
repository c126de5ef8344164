//! Cash registers: `sale.cashbox.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, Envelope, Face, Field, Hooks, ID, Noun, Row, Stamp, Verb, field, noun,
};
use store::Param;
use wire::{Fault, Map, Value, select};

use super::CASHBOX;
use super::handler::HANDLER;
use crate::kit::{self, unfit, words};

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Delete, "delete")],
    faults: words("ERROR_CASHBOX_NOT_FOUND", "Cash register not found"),
    ..Face::flat("sale.cashbox", "ID")
}
.whole();

/// Cash registers.
pub static REGISTER: Noun = Noun {
    example: "1",
    access: Access::Administrators,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Counter"),
        field("restCode", Kind::String, "Code of the handler")
            .required()
            .immutable()
            .indexed()
            .sample("till"),
        field("email", Kind::String, "E-mail address for errors").required().sample("till@example.com"),
        field("ofd", Kind::Choice(OFD), "Operator of fiscal data"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateLastCheck", Kind::DateTime, "Last receipt").read_only(),
        field("numberKkm", Kind::String, "External ID"),
        field("kkmId", Kind::String, "Model").read_only(),
        field("active", Kind::Char, "Active").default("N").sample("Y"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("useOffline", Kind::Char, "Is used offline").default("N"),
        field("enabled", Kind::Char, "Can be used").default("Y").read_only(),
        SETTINGS,
        field("ofdSettings", Kind::Json, "Settings of the operator"),
    ],
    faces: &[FACE, Face { envelope: Envelope::Under("FIELDS"), verbs: &[(Verb::Update, "update")], ..FACE }],
    hooks: &Registers,
    ..noun("sale.cashbox", "sale_cashbox", CASHBOX, ["cash register", "cash registers"])
};

const SETTINGS: Field = field("settings", Kind::Json, "Settings");

/// The operators of fiscal data.
const OFD: &[&str] = &[
    "bx_firstofd",
    "bx_platformaofd",
    "bx_yarusofd",
    "bx_taxcomofd",
    "bx_ofdruofd",
    "bx_tenzorofd",
    "bx_conturofd",
];

/// Bytes of the settings of a register at most.
const MOST: usize = 60_000;

/// What a request may give and no answer shows: it contains passwords.
const SECRET: [&str; 3] = ["SETTINGS", "OFD_SETTINGS", "REST_CODE"];

struct Registers;

impl Hooks for Registers {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)?;
        if verb != Verb::List {
            return Ok(());
        }
        let names = select::parse(call.param("SELECT").unwrap_or(&Value::Null));
        let table = &call.core.modules.shape(&REGISTER).table;
        let is_bad = |name: &str| name != "*" && (SECRET.contains(&name) || !table.has(name));
        match names.iter().find(|name| is_bad(&name.to_ascii_uppercase())) {
            None => Ok(()),
            Some(name) => Err(Fault::crm(format!("{name} not allowed for select")).into()),
        }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        for name in ["settings", "ofdSettings"] {
            if matches!(draft.get(name), Some(Param::Text(json)) if json.len() > MOST) {
                return Err(unfit(if name == "settings" { "SETTINGS" } else { "OFD_SETTINGS" }).into());
            }
        }
        let Some(code) = draft.text("restCode").map(str::to_owned) else { return Ok(()) };
        match noun::has(call, &HANDLER, &[("code", code.into())])? {
            true => Ok(()),
            false => Err(unfit("REST_CODE").into()),
        }
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for map in shown {
            SECRET.iter().for_each(|name| _ = map.remove(name));
            kit::blank(map, &["NUMBER_KKM", "OFD"]);
        }
        Ok(())
    }
}
