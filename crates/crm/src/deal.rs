//! The deal: a sale on its way through a pipeline (protocol A.1).

use super::shared::{self, EVENTS, user_fields};
use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Stage, Told};

/// The deal with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: 2,
        name: "deal".into(),
        table: "crm_deal".into(),
        code: "DEAL".into(),
        prefix: "D".into(),
        title: "Deal".into(),
        plural: "deals".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: Some(Stage {
            field: "STAGE_ID",
            semantic: "STAGE_SEMANTIC_ID",
            dictionary: "DEAL_STAGE".into(),
            codes: Codes::Plain,
        }),
        has_categories: true,
        has_products: true,
        fields: fields(),
        user_fields: Some(user_fields(2, "CRM_DEAL", "ONCRMDEALUSERFIELD")),
        derived: Derived::default(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = sale();
    fields.extend(shared::sums());
    fields.extend(shared::client());
    fields.extend(course());
    fields.extend(shared::history_on_stages());
    fields.extend(origin());
    fields.extend(shared::utm());
    fields.extend(shared::last_activity());
    fields.extend(item_only());
    fields
}

fn sale() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("TITLE", Kind::String, "Deal name"),
        Field::new("TYPE_ID", Kind::Status("DEAL_TYPE"), "Deal type"),
        Field::new("CATEGORY_ID", Kind::Category, "Pipeline").immutable(),
        Field::new("STAGE_ID", Kind::Stage, "Stage").indexed(),
        Field::new("STAGE_SEMANTIC_ID", Kind::String, "Stage group").read_only(),
        Field::new("IS_NEW", Kind::Char, "New deal").read_only(),
        Field::new("IS_RECURRING", Kind::Char, "Recurring deal template").default("N"),
        Field::new("IS_RETURN_CUSTOMER", Kind::Char, "Repeat deal").default("N"),
        Field::new("IS_REPEATED_APPROACH", Kind::Char, "Repeat inquiry").default("N"),
        Field::new("PROBABILITY", Kind::Integer, "Probability, %"),
    ]
}

fn course() -> Vec<Field> {
    vec![
        shared::link("QUOTE_ID", 7, "Source quote").set_by_items(),
        Field::new("BEGINDATE", Kind::Date, "Start date"),
        Field::new("CLOSEDATE", Kind::Date, "Expected close date"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
        Field::new("CLOSED", Kind::Char, "Closed").default("N"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
    ]
}

fn origin() -> Vec<Field> {
    vec![
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
        shared::link("LEAD_ID", 1, "Source lead").set_by_items(),
        Field::new("ADDITIONAL_INFO", Kind::String, "Additional information"),
        Field::new("LOCATION_ID", Kind::Location, "Location"),
        Field::new("ORIGINATOR_ID", Kind::String, "External source"),
        Field::new("ORIGIN_ID", Kind::String, "External ID").indexed(),
    ]
}

fn item_only() -> Vec<Field> {
    let mut fields = shared::item_only();
    fields.extend([
        shared::obsolete("DATE_CREATE_SHORT", Kind::DateTime, "Created, short"),
        shared::obsolete("DATE_MODIFY_SHORT", Kind::DateTime, "Modified, short"),
        shared::obsolete("BEGINDATE_SHORT", Kind::DateTime, "Start date, short"),
        shared::obsolete("CLOSEDATE_SHORT", Kind::DateTime, "Expected close date, short"),
        shared::obsolete("PRODUCT_ID", Kind::String, "Product"),
        shared::obsolete("EVENT_DATE", Kind::DateTime, "Event date"),
        shared::obsolete("EVENT_DATE_SHORT", Kind::DateTime, "Event date, short"),
        shared::obsolete("EVENT_ID", Kind::String, "Event type"),
        shared::obsolete("EVENT_DESCRIPTION", Kind::Text, "Event description"),
        shared::obsolete("ORDER_STAGE", Kind::String, "Stage of the order"),
        shared::obsolete("IS_WORK", Kind::Char, "In progress"),
        shared::obsolete("IS_WON", Kind::Char, "Won"),
        shared::obsolete("IS_LOSE", Kind::Char, "Lost"),
        shared::obsolete("RECEIVED_AMOUNT", Kind::Decimal(2), "Sum received"),
        shared::obsolete("LOST_AMOUNT", Kind::Decimal(2), "Sum lost"),
        shared::obsolete("HAS_PRODUCTS", Kind::Char, "Has product rows"),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn legacy_fields_are_those_that_clients_compare() {
        let deal = entity();
        let legacy: Vec<&str> =
            deal.fields.iter().filter(|field| field.legacy).map(|field| &*field.code).collect();
        assert_eq!(legacy.len(), 45);
        assert_eq!(legacy[..3], ["ID", "TITLE", "TYPE_ID"]);
        assert_eq!(legacy[33..36], ["LEAD_ID", "ADDITIONAL_INFO", "LOCATION_ID"]);
        assert_eq!(legacy[43..], ["LAST_ACTIVITY_TIME", "LAST_ACTIVITY_BY"]);
    }
}
