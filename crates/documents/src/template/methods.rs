//! The methods of templates beyond those of their faces.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use serde_json::{Value as Json, json};
use wire::{Fault, Value};

use super::use_of::{Template, is_used, named};
use super::{OF_CRM, REST, TEMPLATE};
use crate::data::{self, Data, Datum};
use crate::family::Family;
use crate::numerator;

/// The methods.
pub fn methods() -> Vec<Method> {
    Family::ALL.into_iter().flat_map(of).collect()
}

fn of(family: Family) -> Vec<Method> {
    let (path, scope) = (family.path(), family.scope());
    let id = || required("id", Kind::Id, "ID");
    let mut fields = read(format!("{path}.template.getfields"), scope, move |call| get_fields(call, family))
        .controller()
        .about("Returns the fields of a document template with their values.")
        .param(id());
    let mut example = json!({"id": 1});
    if family == Family::Crm {
        fields = fields
            .param(required("entityTypeId", Kind::Int, "Type of the item"))
            .param(optional("entityId", Kind::Id, "ID of the item"))
            .param(optional("values", Kind::Fields, "Values by field, which go before those of the item"));
        example = json!({"id": 2, "entityTypeId": 2, "entityId": 2});
    }
    vec![
        fields.example(example, json!({"templateFields": {"DocumentNumber": {"required": "Y"}}})),
        write(format!("{path}.template.delete"), scope, move |call| delete(call, family))
            .controller()
            .about("Deletes a document template; one that has documents is only marked as deleted.")
            .param(id())
            .example(json!({"id": if family == Family::Crm { 2 } else { 1 }}), json!(null)),
    ]
}

fn delete(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let row = named(call, family, Act::Delete)?;
    if is_used(call, &row)? {
        let sql = "UPDATE documents_template SET is_deleted = 'Y', active = 'N', update_time = ?, updated_by = ? WHERE id = ?";
        let params = [call.now.seconds().into(), call.caller.user_id.into(), row.number.into()];
        call.tx.execute(sql, &params)?;
    } else {
        let face = if family == Family::Crm { &OF_CRM } else { &REST };
        engine::noun::delete(call, &TEMPLATE, face, &[row.number.into()])?;
    }
    Ok(Value::Null)
}

fn get_fields(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let row = named(call, family, Act::Read)?;
    let template = Template::load(call, family, row.number)?;
    if template.is_deleted {
        return Err(Fault::numbered(400, 0, "Cannot get fields from deleted template").into());
    }
    let values = call.param("values").map(Json::from).unwrap_or_default();
    let mut usual = match family {
        Family::Rest => Data::default(),
        Family::Crm => of_item(call, &values)?,
    };
    let mut data = usual.clone();
    data::overlay(&mut data, &values, &Json::Null, &call.clock());
    let number = numerator::preview(call, template.numerator)?;
    for data in [&mut usual, &mut data] {
        own(data, &number, &template.name, call.now.seconds());
    }
    let shown = data.describe(&usual, &template.placeholders, &template.writing, call.language);
    Ok(Value::under("templateFields", shown))
}

/// The data of the item that a request names; without an ID, that of nothing.
fn of_item(call: &mut Call<'_, '_>, values: &Json) -> Result<Data> {
    let entity = call.entity(call.id("entityTypeId")).filter(|entity| entity.is_item());
    let entity = entity.ok_or_else(|| Fault::numbered(400, 0, "No provider for entityTypeId"))?;
    let id = call.id("entityId");
    data::item(call, &entity, id, data::my_company(values))
}

/// Adds what documents say of themselves.
pub fn own(data: &mut Data, number: &str, template: &str, created: i64) {
    let given = |data: &Data, code: &str| match data.fields.get(code).map(|field| &field.value) {
        Some(Datum::Text(text)) => Some(text.clone()),
        _ => None,
    };
    data.own("DocumentNumber", "Number", "this.DOCUMENT.DOCUMENT_NUMBER", Datum::of(number));
    let number = given(data, "DocumentNumber").unwrap_or_default();
    let title = format!("{template} {number}");
    data.own("DocumentTitle", "Document title", "this.DOCUMENT.DOCUMENT_TITLE", Datum::of(title.trim()));
    data.own("DocumentCreateTime", "Created", "this.DOCUMENT.DOCUMENT_CREATE_TIME", Datum::Moment(created));
}
