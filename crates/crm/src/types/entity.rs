//! What the items of a smart process are: all that any of them may have has a column, and the switches of a type say what
//! of it is there for anybody.

use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Stage, Told, UserFields};

use super::kept::{Relation, Switch, Type};
use crate::shared;

/// How the names of events about items of smart processes begin.
pub const EVENTS: &str = "ONCRMDYNAMICITEM";

/// The entity of a type; `title` names other types of items.
pub fn of(kind: &Type, relations: &[Relation], title: impl Fn(i64) -> Option<String>) -> Entity {
    let number = kind.entity_type_id;
    let mut fields: Vec<Field> =
        fields().into_iter().map(|(switch, field)| shown(kind, switch, field)).collect();
    let parents = relations.iter().filter(|relation| relation.child == number);
    fields.extend(
        parents.filter_map(|relation| Some(shared::parent(relation.parent, &title(relation.parent)?))),
    );
    let stage = Stage {
        field: "STAGE_ID",
        semantic: "STAGE_SEMANTIC_ID",
        dictionary: format!("DYNAMIC_{number}_STAGE").into(),
        codes: Codes::Numbered(number),
    };
    Entity {
        type_id: number,
        name: format!("dynamic_{number}").into(),
        table: table(number).into(),
        code: format!("DYNAMIC_{number}").into(),
        prefix: format!("T{number:x}").into(),
        title: kind.title.clone().into(),
        plural: kind.title.clone().into(),
        beside: None,
        told: Told::ByNumber(EVENTS),
        stage: Some(stage),
        has_categories: true,
        has_products: kind.has(Switch::Products),
        fields,
        user_fields: Some(user_fields(number, kind.id)),
        derived: Derived::default(),
    }
}

/// The table of a type's items.
pub fn table(entity_type_id: i64) -> String {
    format!("crm_dynamic_{entity_type_id}")
}

/// The fields with a column in the table of any type.
pub fn stored() -> Vec<Field> {
    fields().into_iter().map(|(_, field)| field).collect()
}

fn shown(kind: &Type, switch: Option<Switch>, field: Field) -> Field {
    if switch.is_none_or(|switch| kind.has(switch)) { field } else { field.hidden() }
}

/// All fields with the switch that shows each; `None` for those of every type.
fn fields() -> Vec<(Option<Switch>, Field)> {
    let groups = [
        (None, common()),
        (Some(Switch::Dates), dates()),
        (Some(Switch::Client), shared::client()),
        (Some(Switch::Observers), vec![Field::new("OBSERVERS", Kind::User, "Observers").multiple()]),
        (None, vec![Field::new("CATEGORY_ID", Kind::Category, "Pipeline")]),
        (Some(Switch::Stages), stages()),
        (Some(Switch::Source), source()),
        (Some(Switch::Products), sale()),
        (Some(Switch::MyCompany), vec![shared::link("MYCOMPANY_ID", 4, "My company details")]),
        (None, shared::last_activity()),
    ];
    let of_group =
        |(switch, fields): (Option<Switch>, Vec<Field>)| fields.into_iter().map(move |field| (switch, field));
    groups.into_iter().flat_map(of_group).collect()
}

fn common() -> Vec<Field> {
    let ([responsible, author, editor], [created, changed]) = (shared::people(), shared::times());
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("TITLE", Kind::String, "Name"),
        Field::new("XML_ID", Kind::String, "External code").indexed(),
        created,
        changed,
        author,
        editor,
        responsible,
        Field::new("OPENED", Kind::Char, "Available to everyone").required().default("Y"),
        Field::new("WEBFORM_ID", Kind::Integer, "CRM form").default("0"),
    ]
}

fn dates() -> Vec<Field> {
    vec![Field::new("BEGINDATE", Kind::Date, "Start date"), Field::new("CLOSEDATE", Kind::Date, "End date")]
}

fn stages() -> Vec<Field> {
    let [moved_by, moved] = shared::moves();
    vec![
        moved,
        moved_by,
        Field::new("STAGE_ID", Kind::Stage, "Stage").indexed(),
        Field::new("PREVIOUS_STAGE_ID", Kind::Stage, "Previous stage").read_only(),
    ]
}

fn source() -> Vec<Field> {
    vec![
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
    ]
}

fn sale() -> Vec<Field> {
    vec![
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        Field::new("IS_MANUAL_OPPORTUNITY", Kind::Char, "Amount is set manually").default("N"),
        Field::new("OPPORTUNITY", Kind::Decimal(2), "Amount").default("0"),
        Field::new("TAX_VALUE", Kind::Decimal(2), "Tax").default("0"),
    ]
}

/// The user fields of the type with that id and number.
pub(super) fn user_fields(number: i64, id: i64) -> UserFields {
    UserFields {
        number,
        object: format!("CRM_{id}").into(),
        prefix: format!("UF_CRM_{id}_").into(),
        ..shared::user_fields(number, "", "ONCRMTYPEUSERFIELD")
    }
}
