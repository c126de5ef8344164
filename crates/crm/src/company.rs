//! The company: a firm one deals with, or one's own (protocol A.1).

use super::shared::{self, EVENTS, user_fields};
use engine::entity::{Derived, Entity, Field, Kind, Place, Told};

/// The company with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: 4,
        name: "company".into(),
        table: "crm_company".into(),
        code: "COMPANY".into(),
        prefix: "CO".into(),
        title: "Company".into(),
        plural: "companies".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: None,
        has_categories: false,
        has_products: false,
        fields: fields(),
        user_fields: Some(user_fields(4, "CRM_COMPANY", "ONCRMCOMPANYUSERFIELD")),
        derived: Derived::default(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = firm();
    fields.extend(shared::address());
    fields.extend(legal_address());
    fields.extend(business());
    fields.extend(shared::reachable());
    fields.push(Field::new("IS_MY_COMPANY", Kind::Char, "My company").default("N").indexed());
    fields.extend(shared::history());
    fields.extend(origin());
    fields.extend(shared::utm());
    fields.extend(shared::last_activity());
    fields.push(shared::last_communication());
    fields.extend(shared::multifields());
    fields.extend(drawn());
    fields.extend(item_only());
    fields
}

fn firm() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("TITLE", Kind::String, "Company name").required().indexed(),
        Field::new("COMPANY_TYPE", Kind::Status("COMPANY_TYPE"), "Company type").item("typeId"),
        Field::new("LOGO", Kind::File, "Logo"),
    ]
}

fn legal_address() -> Vec<Field> {
    vec![
        Field::new("ADDRESS_LEGAL", Kind::Text, "Legal address as text"),
        Field::new("REG_ADDRESS", Kind::String, "Legal address").legacy_only(),
        Field::new("REG_ADDRESS_2", Kind::String, "Legal address, second line").legacy_only(),
        Field::new("REG_ADDRESS_CITY", Kind::String, "Legal address: city").legacy_only(),
        Field::new("REG_ADDRESS_POSTAL_CODE", Kind::String, "Legal address: postal code").legacy_only(),
        Field::new("REG_ADDRESS_REGION", Kind::String, "Legal address: district").legacy_only(),
        Field::new("REG_ADDRESS_PROVINCE", Kind::String, "Legal address: state or province").legacy_only(),
        Field::new("REG_ADDRESS_COUNTRY", Kind::String, "Legal address: country").legacy_only(),
        Field::new("REG_ADDRESS_COUNTRY_CODE", Kind::String, "Legal address: country code").legacy_only(),
        Field::new("REG_ADDRESS_LOC_ADDR_ID", Kind::Integer, "Legal address ID in the location service")
            .legacy_only(),
    ]
}

fn business() -> Vec<Field> {
    vec![
        Field::new("BANKING_DETAILS", Kind::String, "Bank details"),
        Field::new("INDUSTRY", Kind::Status("INDUSTRY"), "Industry"),
        Field::new("EMPLOYEES", Kind::Status("EMPLOYEES"), "Number of employees"),
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        // A plain number: the legacy style prints `0` here, not `0.00`.
        Field::new("REVENUE", Kind::Decimal(2), "Annual revenue").default("0"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
    ]
}

/// What documents are drawn with: the logo, the stamp and signatures of a company of one's own.
fn drawn() -> Vec<Field> {
    let file = |code: &'static str, title: &'static str| Field::new(code, Kind::File, title).legacy_only();
    vec![
        file("UF_LOGO", "Logo in documents"),
        file("UF_STAMP", "Stamp"),
        file("UF_DIRECTOR_SIGN", "Signature of the director"),
        file("UF_ACCOUNTANT_SIGN", "Signature of the accountant"),
    ]
}

fn origin() -> Vec<Field> {
    vec![
        shared::link("CONTACT_ID", 3, "Contacts").item("contactIds").multiple().at(Place::Binding(3)),
        shared::link("LEAD_ID", 1, "Source lead").set_by_items(),
        Field::new("ORIGINATOR_ID", Kind::String, "External source"),
        Field::new("ORIGIN_ID", Kind::String, "External ID").indexed(),
        Field::new("ORIGIN_VERSION", Kind::String, "External version"),
    ]
}

fn item_only() -> Vec<Field> {
    let mut fields = shared::item_only();
    fields.extend([
        Field::new("CATEGORY_ID", Kind::Category, "Pipeline").read_only().default("0").item_only(),
        shared::fm(),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn legacy_fields_are_those_that_clients_compare() {
        let company = entity();
        let legacy: Vec<&str> =
            company.fields.iter().filter(|field| field.legacy).map(|field| &*field.code).collect();
        assert_eq!(legacy.len(), 61);
        assert_eq!(legacy[..3], ["ID", "TITLE", "COMPANY_TYPE"]);
        assert_eq!(legacy[12..15], ["ADDRESS_LOC_ADDR_ID", "ADDRESS_LEGAL", "REG_ADDRESS"]);
        assert_eq!(legacy[39..42], ["CONTACT_ID", "LEAD_ID", "ORIGINATOR_ID"]);
    }
}
