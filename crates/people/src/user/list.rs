//! `user.get`, `user.search` and `user.current`

use serde_json::json;
use wire::filter::{Filter, Op};
use wire::{Value, select};

use super::SCOPE;
use super::filter::{self, Special};
use super::show::{self, Shown, visible};
use engine::call::Call;
use engine::entity::Naming;
use engine::entity::filter::Unknown;
use engine::entity::read::Query;
use engine::entity::table::{self, Extent};
use engine::error::Result;
use engine::list_params::{self, Test};
use engine::method::{Kind, Method, optional, read};

/// The three methods.
pub fn methods() -> Vec<Method> {
    let get = read("user.get", SCOPE, get)
        .about("Lists users, including dismissed ones, 50 per page.")
        .param(optional("FILTER", Kind::Filter, "Conditions by field, with comparison prefixes. They may also be passed outside FILTER"))
        .example(
            json!({"FILTER": {"ACTIVE": "Y", "UF_DEPARTMENT": 2}, "sort": "NAME", "select": ["ID", "NAME", "ACTIVE"]}),
            json!([{"ID": "2", "NAME": "Ines", "ACTIVE": true}, {"ID": "3", "NAME": "Otto", "ACTIVE": true}]),
        )
        .example(json!({"ID": 4}), json!([{"ID": "4", "ACTIVE": false, "UF_DEPARTMENT": [3]}]));
    let search = read("user.search", SCOPE, search)
        .about("Searches users by the beginning of a name, position or department.")
        .param(optional(
            "FIND",
            Kind::Text,
            "Words to search for by their beginnings; may also be passed in FILTER",
        ))
        .param(optional(
            "FILTER",
            Kind::Filter,
            "Beginning of NAME, LAST_NAME, WORK_POSITION or UF_DEPARTMENT_NAME",
        ))
        .example(json!({"FILTER": {"NAME": "in"}}), json!([{"ID": "2", "NAME": "Ines"}]))
        .example(json!({"FIND": "lang sales"}), json!([{"ID": "3", "LAST_NAME": "Lang"}]));
    let current = read("user.current", SCOPE, current)
        .about("Returns the user that the webhook acts as.")
        .example(json!({}), json!({"ID": "1", "ACTIVE": true, "UF_DEPARTMENT": [1]}));
    vec![paged(get), paged(search), current]
}

fn paged(method: Method) -> Method {
    method
        .param(optional("sort", Kind::Text, "Field to sort by; ID by default"))
        .param(optional("order", Kind::Any, "ASC or DESC"))
        .param(optional("select", Kind::Select, "Fields to return; the masks * and UF_* are allowed"))
        .param(optional("ADMIN_MODE", Kind::Flag, "Accepted for compatibility; every user sees all users"))
        .param(optional("IMAGE_RESIZE", Kind::Text, "Accepted for compatibility; photos are not resized"))
        .param(optional(
            "start",
            Kind::Int,
            "Offset of the first row, a multiple of 50; -1 skips counting the total",
        ))
        .own_words()
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    users(call, |test| test)
}

/// As `user.get`, but names and positions are found by how they begin.
fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    users(call, |mut test| {
        if test.op == Op::Eq && filter::SEARCHED.contains(&test.field.as_str()) {
            let beginning = test.value.text().filter(|text| !text.is_empty()).map(|text| format!("{text}%"));
            test.value = beginning.map_or(test.value.clone(), Value::from);
        }
        test
    })
}

fn users(call: &mut Call<'_, '_>, meaning: impl Fn(Test) -> Test) -> Result<Value> {
    let table = visible(call);
    let asked = list_params::read(&call.params, |name| table.has(name) || filter::is_special(name));
    let mut special = Special::new(call.now);
    let mut tests = Vec::new();
    for test in asked.tests.into_iter().map(meaning) {
        if !special.take(&test) {
            tests.push(test.into_filter(&table));
        }
    }
    let strict = call.settings.strict_filters;
    let query = Query {
        filter: Filter::All(tests),
        order: asked.order,
        select: Vec::new(),
        unknown: if strict { Unknown::Refused } else { Unknown::Ignored },
    };
    let ids = table::ids(call, &table, Naming::Legacy, &query, Some(special.into_within()), Extent::Page)?;
    let shown = Shown::in_list(&table, &select::parse(call.param("select").unwrap_or(&Value::Null)));
    Ok(show::rows(call, &shown, &ids)?.into())
}

fn current(call: &mut Call<'_, '_>) -> Result<Value> {
    let table = visible(call);
    let shown = Shown::of_oneself(&table);
    let id = call.caller.user_id;
    Ok(show::rows(call, &shown, &[id])?.pop().unwrap_or_default())
}
