//! `crm.requisite.bankdetail.*`: accounts of those whom a requisite names. A requisite may have several.

use engine::call::Call;
use engine::entity::{Kind, describe};
use engine::error::Result;
use engine::noun::{Access, Draft, Events, Face, Hooks, ID, Noun, Row, Stamp, Verb, field, noun};
use engine::texts::Locale;
use wire::Map;

use super::preset::ROW;
use super::rule::faults;
use super::{link, text};
use crate::SCOPE;

/// Bank details.
pub static BANK_DETAIL: Noun = Noun {
    access: Access::Through("entityId"),
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Kind of the owner").read_only().default("8"),
        field("entityId", Kind::Noun("crm.requisite"), "Requisite")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("countryId", Kind::Integer, "Country"),
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Edited),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("modifyById", Kind::User, "Changed by").stamped(Stamp::EditedBy),
        text("name", "Name").trimmed().required().sample("Savings"),
        text("code", "Code"),
        text("xmlId", "External ID").indexed(),
        field("active", Kind::Char, "Active").default("Y"),
        field("sort", Kind::Integer, "Sort index").default("500").sample("600"),
        text("rqBankName", "Bank").sample("Hafenbank"),
        text("rqBankAddr", "Address of the bank"),
        text("rqBankCode", "Bank code"),
        text("rqAgencyName", "Branch of the bank"),
        text("rqBankRouteNum", "Routing number"),
        text("rqBik", "BIK, bank identification code"),
        text("rqMfo", "MFO code"),
        text("rqAccName", "Account holder"),
        text("rqAccNum", "Account number"),
        text("rqAccType", "Kind of the account"),
        text("rqIik", "IIK, account code"),
        text("rqAccCurrency", "Currency of the account").sample("EUR"),
        text("rqCorAccNum", "Correspondent account"),
        text("rqIban", "IBAN").sample("DE02120300000000202051"),
        text("rqSwift", "SWIFT"),
        text("rqBic", "BIC"),
        text("rqCodeb", "Bank code (code banque)"),
        text("rqCodeg", "Branch code (code guichet)"),
        text("rqRib", "RIB key"),
        text("comments", "Comment"),
        text("originatorId", "External source"),
    ],
    faces: &[Face {
        faults: faults("The RequisiteBankDetail with ID '{key}' is not found"),
        params: &[(&[Verb::Get, Verb::Update, Verb::Delete], ROW)],
        ..Face::legacy("crm.requisite.bankdetail")
    }],
    events: Some(Events::new("ONCRMBANKDETAIL")),
    hooks: &Details,
    ..noun("crm.requisite.bankdetail", "crm_bank_detail", SCOPE, ["bank detail", "bank details"])
};

struct Details;

impl Hooks for Details {
    /// Unless it says otherwise, the country is that of the requisite's template.
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() && draft.int("countryId").is_none_or(|country| country <= 0) {
            let sql = "SELECT p.country_id FROM crm_requisite r JOIN crm_requisite_preset p ON p.id = r.preset_id \
                       WHERE r.id = ?";
            let country = call.tx.one(sql, &[draft.int("entityId").into()], |row| row.opt_int(0))?;
            draft.set("countryId", country.flatten());
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        link::unset(call.tx, link::BANK_DETAILS, row.number)
    }

    /// As the real system describes it.
    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        fields.remove("ENTITY_TYPE_ID");
        describe::correct(fields, "NAME", "isRequired", false);
    }
}
