//! `department.get` and `department.fields`

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::json;
use store::Param;
use wire::filter::Filter;
use wire::{Map, Value};

use super::SCOPE;
use engine::call::Call;
use engine::entity::filter::Unknown;
use engine::entity::read::Query;
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Field, Kind, Naming, describe};
use engine::error::Result;
use engine::list_params::{self, Test};
use engine::method::{self, Method, optional, read};

/// Both methods.
pub fn methods() -> Vec<Method> {
    use method::Kind;
    vec![
        read("department.get", SCOPE, get)
            .about("Lists departments, 50 per page.")
            .param(optional("sort", Kind::Text, "Field to sort by"))
            .param(optional("order", Kind::Text, "ASC or DESC"))
            .param(optional("ID", Kind::Any, "ID of the department, or a list of IDs"))
            .param(optional("NAME", Kind::Any, "Name of the department"))
            .param(optional("SORT", Kind::Any, "Sort index of the department"))
            .param(optional("PARENT", Kind::Any, "ID of the parent department; 0 for the root"))
            .param(optional("UF_HEAD", Kind::Any, "ID of the head"))
            .param(optional("start", Kind::Int, "Offset of the first row, a multiple of 50"))
            .own_words()
            .example(
                json!({"PARENT": 1, "sort": "NAME", "order": "ASC"}),
                json!([
                    {"ID": "2", "NAME": "Sales", "SORT": 500, "PARENT": "1", "UF_HEAD": "2"},
                    {"ID": "3", "NAME": "Support", "SORT": 500, "PARENT": "1"},
                ]),
            ),
        read("department.fields", SCOPE, fields)
            .about("Returns the titles of the department fields.")
            .example(json!({}), json!({"ID": "ID", "NAME": "Name", "PARENT": "Parent department"})),
    ]
}

/// The table of departments as the engine's filters see it.
fn departments() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let fields = vec![
            Field::new("ID", Kind::Integer, "ID"),
            Field::new("NAME", Kind::String, "Name"),
            Field::new("SORT", Kind::Integer, "Sort index"),
            Field::new("PARENT", Kind::Integer, "Parent department"),
            Field::new("UF_HEAD", Kind::Integer, "Head"),
        ];
        table::described("department", "Department", fields)
    });
    &TABLE
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let title = |field: &Field| describe::title(field, call.language).into();
    let titles = departments().fields.iter().map(|field| ((*field.code).into(), title(field)));
    Ok(titles.collect::<Map>().into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let asked = list_params::read(&call.params, |name| departments().has(name));
    let strict = call.settings.strict_filters;
    let query = Query {
        filter: Filter::All(asked.tests.into_iter().map(meant).collect()),
        order: asked.order,
        select: Vec::new(),
        unknown: if strict { Unknown::Refused } else { Unknown::Ignored },
    };
    let ids = table::ids(call, departments(), Naming::Legacy, &query, None, Extent::Page)?;
    rows(call, &ids).map(Value::List)
}

fn meant(mut test: Test) -> Filter {
    // The root has nothing above it, which a request calls 0.
    if test.field == "PARENT" && test.value.as_int() == Some(0) {
        test.value = Value::Null;
    }
    test.into_filter(departments())
}

/// Departments in the order of `ids`. Ids are text and places are numbers (protocol 6.1); what is not set is
/// left out.
fn rows(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Vec<Value>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = store::placeholders(ids.len());
    let params: Vec<Param<'_>> = ids.iter().map(|id| Param::from(*id)).collect();
    let sql = format!("SELECT id, name, sort, parent, uf_head FROM department WHERE id IN ({marks})");
    let mut found = HashMap::with_capacity(ids.len());
    call.tx.query(&sql, &params, |row| {
        let mut map = Map::with_capacity(5);
        map.push("ID", row.int(0)?.to_string());
        map.push("NAME", row.text(1)?);
        map.push("SORT", row.int(2)?);
        for (column, name) in [(3, "PARENT"), (4, "UF_HEAD")] {
            if let Some(id) = row.opt_int(column)? {
                map.push(name, id.to_string());
            }
        }
        found.insert(row.int(0)?, Value::Map(map));
        Ok(())
    })?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}
