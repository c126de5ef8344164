//! `crm.requisite.*`: what contacts and companies are called in contracts and invoices. A contact or company may have several.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing};
use engine::entity::{Kind, UserFields, describe};
use engine::error::Result;
use engine::noun::{Access, Draft, Events, Face, Hooks, ID, Noun, Row, Stamp, Verb, clear, field, noun};
use engine::texts::Locale;
use wire::{Fault, Map, Value};

use super::preset::ROW;
use super::rule::{OWNERS, faults, undefined};
use super::{address, bankdetail, link, text};
use crate::SCOPE;
use crate::shared::user_fields;

static USER_FIELDS: UserFields = user_fields(super::TYPE_ID, "CRM_REQUISITE", "ONCRMREQUISITEUSERFIELD");

/// Requisites.
pub static REQUISITE: Noun = Noun {
    access: Access::Rule(&OWNERS),
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Kind of the owner: 3 contact, 4 company")
            .required()
            .immutable()
            .sample("4"),
        field("entityId", Kind::Integer, "Owner").required().immutable().indexed().sample("1"),
        field("presetId", Kind::Integer, "Template").required().immutable().indexed().sample("1"),
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Edited),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("modifyById", Kind::User, "Changed by").stamped(Stamp::EditedBy),
        text("name", "Name").trimmed().required().sample("Branch office"),
        text("code", "Code"),
        text("xmlId", "External ID").indexed(),
        text("originatorId", "External source"),
        field("active", Kind::Char, "Active").default("Y"),
        field("addressOnly", Kind::Char, "Holds nothing but an address").default("N"),
        field("sort", Kind::Integer, "Sort index").default("500").sample("510"),
        text("rqName", "Full name"),
        text("rqFirstName", "First name"),
        text("rqLastName", "Last name"),
        text("rqSecondName", "Second name"),
        text("rqCompanyId", "Company ID"),
        text("rqCompanyName", "Short company name").sample("Nordlicht Service GmbH"),
        text("rqCompanyFullName", "Full company name"),
        text("rqCompanyRegDate", "Date of state registration"),
        text("rqDirector", "Director"),
        text("rqAccountant", "Chief accountant"),
        text("rqCeoName", "Name of the head"),
        text("rqCeoWorkPos", "Position of the head"),
        text("rqContact", "Contact person"),
        text("rqEmail", "E-mail"),
        text("rqPhone", "Phone"),
        text("rqFax", "Fax"),
        text("rqIdentType", "Type of the identity document").described_as("crm_status"),
        text("rqIdentDoc", "Identity document"),
        text("rqIdentDocSer", "Identity document: series"),
        text("rqIdentDocNum", "Identity document: number"),
        text("rqIdentDocPersNum", "Identity document: personal number"),
        text("rqIdentDocDate", "Identity document: date of issue"),
        text("rqIdentDocIssuedBy", "Identity document: issued by"),
        text("rqIdentDocDepCode", "Identity document: code of the authority"),
        text("rqInn", "INN, taxpayer number").indexed().sample("7717586110"),
        text("rqKpp", "KPP, tax registration code"),
        text("rqUsrle", "Commercial register number"),
        text("rqIfns", "Tax office"),
        text("rqOgrn", "OGRN, state registration number"),
        text("rqOgrnip", "OGRNIP, registration number of an entrepreneur"),
        text("rqOkpo", "OKPO code"),
        text("rqOktmo", "OKTMO code"),
        text("rqOkved", "OKVED code"),
        text("rqEdrpou", "EDRPOU code"),
        text("rqDrfo", "DRFO code"),
        text("rqKbe", "KBE code"),
        text("rqIin", "IIN, individual number"),
        text("rqBin", "BIN, business number"),
        text("rqStCertSer", "State registration certificate: series"),
        text("rqStCertNum", "State registration certificate: number"),
        text("rqStCertDate", "State registration certificate: date"),
        field("rqVatPayer", Kind::Char, "Pays VAT"),
        text("rqVatId", "VAT ID"),
        text("rqVatCertSer", "VAT certificate: series"),
        text("rqVatCertNum", "VAT certificate: number"),
        text("rqVatCertDate", "VAT certificate: date"),
        text("rqResidenceCountry", "Country of residence"),
        text("rqBaseDoc", "Acts on the basis of"),
        text("rqRegon", "REGON"),
        text("rqKrs", "KRS"),
        text("rqPesel", "PESEL"),
        text("rqLegalForm", "Legal form"),
        text("rqSiret", "SIRET"),
        text("rqSiren", "SIREN"),
        text("rqCapital", "Share capital"),
        text("rqRcs", "RCS"),
        text("rqCnpj", "CNPJ"),
        text("rqStateReg", "State registration"),
        text("rqMnplReg", "Municipal registration"),
        text("rqCpf", "CPF"),
    ],
    faces: &[Face {
        faults: faults("The Requisite with ID '{key}' is not found"),
        about: &[(Verb::Delete, "Deletes a requisite with its bank details and addresses.")],
        params: &[(&[Verb::Get, Verb::Update, Verb::Delete], ROW)],
        ..Face::legacy("crm.requisite")
    }],
    events: Some(Events::new("ONCRMREQUISITE")),
    user_fields: Some(&USER_FIELDS),
    user_field_methods: Some(("crm.requisite.userfield", 7)),
    hooks: &Requisites,
    ..noun("crm.requisite", "crm_requisite", SCOPE, ["requisite", "requisites"])
};

struct Requisites;

impl Hooks for Requisites {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        let owner = OWNERS
            .kind(call, draft.after(None, "entityTypeId"))
            .ok_or_else(|| undefined("ENTITY_TYPE_ID"))?;
        let positive = |name: &str| draft.int(name).filter(|id| *id > 0);
        let id = positive("entityId").ok_or_else(|| undefined("ENTITY_ID"))?;
        let preset = positive("presetId").ok_or_else(|| undefined("PRESET_ID"))?;
        let sql = "SELECT id FROM crm_requisite_preset WHERE id = ?";
        if call.tx.one(sql, &[preset.into()], |row| row.int(0))?.is_none() {
            return Err(undefined("PRESET_ID").into());
        }
        match standing(call, &owner, id, Act::Update)? {
            Standing::Missing => Err(Fault::crm("Entity not found.").into()),
            // Those who may not are refused with all others.
            Standing::Denied | Standing::Allowed => Ok(()),
        }
    }

    /// What hangs on it goes, too, and nothing uses it any more.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        clear(call, &bankdetail::BANK_DETAIL, &[("entityId", row.number.into())])?;
        let owned = [("entityTypeId", super::TYPE_ID.into()), ("entityId", row.number.into())];
        clear(call, &address::ADDRESS, &owned)?;
        link::unset(call.tx, link::REQUISITES, row.number)
    }

    /// As the real system describes it: it has a name nevertheless.
    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        describe::correct(fields, "NAME", "isRequired", false);
        describe::correct(fields, "RQ_IDENT_TYPE", "statusType", vec![Value::from("RQ_IDENT_TYPE_CO")]);
    }
}
