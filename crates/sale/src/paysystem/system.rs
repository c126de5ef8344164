//! Pay systems: `sale.paysystem.*`. Invoices of the older kind name some of them, `crm.paysystem.*`.

use std::borrow::Cow;

use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, Envelope, Face, Faults, Field, Hooks, ID, Noun, Row, Saved, Seed, Verb, field, noun,
};
use engine::texts::Topic;
use wire::{Fault, Map, Value};

use super::handler::HANDLER;
use super::{PAY_SYSTEM, settings};
use crate::CRM;
use crate::kit::{self, number_of_file, unfit, words};
use crate::payer::person_type::{PERSON_TYPE, RESERVED};

const FAULTS: Faults = words("ERROR_PAY_SYSTEM_NOT_FOUND", "Pay system not found");

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::Delete, "delete"), (Verb::List, "list")],
    naming: Naming::Item,
    faults: FAULTS,
    ..Face::flat("sale.paysystem", "ID")
}
.whole();

const LEGACY: Face = Face {
    verbs: &[(Verb::List, "list"), (Verb::Fields, "fields")],
    scope: Some(CRM),
    ..Face::legacy("crm.paysystem")
};

/// Pay systems.
pub static SYSTEM: Noun = Noun {
    example: "5",
    access: Access::Shared,
    fields: &[
        ID.camel("ID"),
        field("name", Kind::String, "Name").camel("NAME").required().sample("Wire"),
        field("active", Kind::Char, "Active").camel("ACTIVE").default("N"),
        field("sort", Kind::Integer, "Sort index").camel("SORT").default("100"),
        field("description", Kind::Text, "Description").camel("DESCRIPTION"),
        field("personTypeId", Kind::Integer, "Payer type").camel("PERSON_TYPE_ID").required().sample("1"),
        field("handler", Kind::String, "Handler").camel("ACTION_FILE").indexed(),
        own("xmlId", "XML_ID", Kind::String, "External ID").indexed(),
        own("entityRegistryType", "ENTITY_REGISTRY_TYPE", REGISTRY, "Pays for")
            .default("CRM_INVOICE")
            .indexed(),
        own("newWindow", "NEW_WINDOW", Kind::Char, "Opens in a new window").default("N"),
        own("isCash", "IS_CASH", Kind::Choice(&["N", "Y", "A"]), "Y cash, A card, N neither").default("N"),
        own("psaName", "PSA_NAME", Kind::String, "Title"),
        own("psMode", "PS_MODE", Kind::String, "Mode"),
        own("allowEditPayment", "ALLOW_EDIT_PAYMENT", Kind::Char, "Payments may be recounted").default("Y"),
        own("autoChange1c", "AUTO_CHANGE_1C", Kind::Char, "Follows another system").default("N"),
        own("canPrintCheck", "CAN_PRINT_CHECK", Kind::Char, "Prints receipts").default("N"),
        own("encoding", "ENCODING", Kind::String, "Encoding"),
        own("tariff", "TARIFF", Kind::Text, "Tariff"),
        own("logotype", "LOGOTYPE", Kind::File, "Logo"),
    ],
    faces: &[
        Face { samples: || serde_json::json!({"BX_REST_HANDLER": "till"}), params: ADDED, ..FACE },
        Face {
            envelope: Envelope::Under("FIELDS"),
            verbs: &[(Verb::Update, "update")],
            params: CHANGED,
            ..FACE
        },
        LEGACY,
    ],
    hooks: &Systems,
    ..noun("sale.paySystem", "crm_pay_system", PAY_SYSTEM, ["pay system", "pay systems"])
};

const CHANGED: &[(&[Verb], engine::method::Param)] =
    &[(&[Verb::Update], engine::method::optional("FIELDS", engine::method::Kind::Fields, "Values by field"))];

const REGISTRY: Kind = Kind::Choice(&["CRM_INVOICE", "ORDER", "CRM_QUOTE"]);

/// A field that invoices do not show.
const fn own(name: &'static str, shown: &'static str, kind: Kind, title: &'static str) -> Field {
    field(name, kind, title).camel(shown).camel_only()
}

const ADDED: &[(&[Verb], engine::method::Param)] = &[
    (
        &[Verb::Add],
        engine::method::required("BX_REST_HANDLER", engine::method::Kind::Text, "Code of the handler"),
    ),
    (
        &[Verb::Add],
        engine::method::optional(
            "SETTINGS",
            engine::method::Kind::Fields,
            "Values of the handler's settings",
        ),
    ),
];

struct Systems;

impl Hooks for Systems {
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if face.path == LEGACY.path {
            return Ok(());
        }
        kit::admit(call, verb)?;
        match verb {
            Verb::Add => kit::require(call, &["NAME", "PERSON_TYPE_ID", "BX_REST_HANDLER"]),
            _ => Ok(()),
        }
    }

    fn within(&self, face: &Face) -> Option<&'static str> {
        (face.path == LEGACY.path).then_some("t.entity_registry_type = 'CRM_INVOICE'")
    }

    /// A request names the handler by its code.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        let code = match face.envelope {
            Envelope::Flat => call.param("BX_REST_HANDLER").cloned(),
            Envelope::Under(_) => given.get("BX_REST_HANDLER").cloned(),
        };
        given.to_mut().remove("ACTION_FILE");
        let Some(code) = code else { return Ok(()) };
        let code = code.text().unwrap_or_default().into_owned();
        if !noun::has(call, &HANDLER, &[("code", code.clone().into())])? {
            return Err(Fault::new(400, "ERROR_HANDLER_NOT_FOUND", "Handler not found").into());
        }
        given.to_mut().insert("ACTION_FILE", code);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(payer) = draft.int("personTypeId") {
            require_payer(call, payer)?;
        }
        if old.is_none() && !draft.is_given("xmlId") {
            kit::name(draft);
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, face: &Face, saved: &Saved<'_>) -> Result<()> {
        let given = call.param("SETTINGS").filter(|_| face.envelope == Envelope::Flat).cloned();
        match given.filter(|given| saved.old.is_none() && !given.is_empty()) {
            Some(given) => settings::keep(call, saved.row, 0, &given),
            None => Ok(()),
        }
    }

    /// A pay system that payments name stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "SELECT 1 FROM sale_payment WHERE pay_system_id = ? LIMIT 1";
        if call.tx.one(sql, &[row.number.into()], |row| row.int(0))?.is_some() {
            return Err(kit::failure("There are payments with this pay system").into());
        }
        noun::clear(call, &settings::SETTINGS, &[("paySystemId", row.number.into())])
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        shown.iter_mut().for_each(|map| number_of_file(map, "LOGOTYPE"));
        Ok(())
    }
}

fn require_payer(call: &mut Call<'_, '_>, payer: i64) -> Result<()> {
    match noun::has(call, &PERSON_TYPE, &[("id", payer.into())])? {
        true => Ok(()),
        false => Err(Fault::new(400, "ERROR_PERSON_TYPE_NOT_FOUND", "Person type not found").into()),
    }
}

/// A pay system that a parameter names.
///
/// # Errors
/// The refusal of one that is not there.
pub fn named(call: &mut Call<'_, '_>, parameter: &str) -> Result<Row> {
    kit::require(call, &[parameter])?;
    let id = call.param(parameter).and_then(Value::as_int).ok_or_else(|| unfit(parameter))?;
    noun::again(call, &SYSTEM, id)?.ok_or_else(|| kit::failure("Pay system not found").into())
}

/// What the pay systems are called that there are from the start.
pub const TRANSFER: &str = "Bank transfer";
const CASH: &str = "Cash";
const CARD: &str = "Card";

/// What invoices of the older kind name: the two types of payers, and a transfer by each of them. The name of this seed is older
/// than that of the nouns.
pub const OLDER: Seed = Seed {
    name: "crm.paysystem",
    names: Vec::new,
    seed: |tx, language, _| {
        for code in RESERVED {
            tx.execute("INSERT INTO crm_person_type (code) VALUES (?)", &[code.into()])?;
        }
        for payer in [1_i64, 2] {
            let sql = "INSERT INTO crm_pay_system (name, active, sort, description, person_type_id, handler) \
                       VALUES (?, 'Y', 100, '', ?, 'bill')";
            let name = language.text(Topic::Names, TRANSFER);
            tx.execute(sql, &[name.into(), payer.into()])?;
        }
        Ok(())
    },
};

/// Those that orders are paid with.
pub const SEED: Seed = Seed {
    name: "sale.paySystem",
    names: || vec![TRANSFER, CASH, CARD],
    seed: |tx, language, _| {
        let sql = "UPDATE crm_pay_system SET entity_registry_type = 'CRM_INVOICE', is_cash = 'N', new_window = 'N', \
                   allow_edit_payment = 'Y', auto_change1c = 'N', can_print_check = 'N'";
        tx.execute(sql, &[])?;
        tx.number_behind(SYSTEM.table)?;
        for (name, handler, cash) in [(CASH, "cash", "Y"), (CARD, "card", "A")] {
            let sql = "INSERT INTO crm_pay_system (name, active, sort, description, person_type_id, handler, \
                       entity_registry_type, is_cash, new_window, allow_edit_payment, auto_change1c, can_print_check) \
                       VALUES (?, 'Y', 100, '', 1, ?, 'ORDER', ?, 'N', 'Y', 'N', 'N')";
            let name = language.text(Topic::Names, name);
            tx.execute(sql, &[name.into(), handler.into(), cash.into()])?;
        }
        Ok(())
    },
};
