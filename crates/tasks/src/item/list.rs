//! Lists of the old spelling.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use wire::params::Start;
use wire::{Map, Value};

use crate::SCOPE;
use crate::history::HISTORY;
use crate::people::People;
use crate::task::{self, TASK, UPPER};

/// The methods.
pub fn methods() -> Vec<Method> {
    let about = "Lists tasks by filter, 50 per page. Superseded by tasks.task.list.";
    vec![
        read("task.items.getlist", SCOPE, |call| run(call, "NAV_PARAMS", "TASKDATA"))
            .positional()
            .own_words()
            .about(about)
            .param(optional("ORDER", Kind::Order, "ASC or DESC by field"))
            .param(optional("FILTER", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("TASKDATA", Kind::Select, "Fields to return"))
            .param(optional("NAV_PARAMS", Kind::Fields, "nPageSize and iNumPage"))
            .example(json!({"ORDER": {"ID": "asc"}, "FILTER": {"RESPONSIBLE_ID": 1}}), json!("*")),
        read("task.logitem.list", SCOPE, log)
            .positional()
            .own_words()
            .about("Lists what was changed in a task. Superseded by tasks.task.history.list.")
            .param(engine::method::required("ID", Kind::Id, "ID of the task"))
            .example(json!({"ID": 1}), json!("*")),
        read("task.planner.getlist", SCOPE, planned)
            .about("Returns the IDs of the tasks that the user works on today.")
            .example(json!({}), json!("*")),
    ]
}

/// A list; `nav` is the parameter that says which page, `select` the one that says which fields.
pub fn run(call: &mut Call<'_, '_>, nav: &str, select: &str) -> Result<Value> {
    let param = |name: &str| call.param(name).cloned().unwrap_or_default();
    let (order, filter, nav) = (param("ORDER"), param("FILTER"), param(nav));
    let nav = nav.get("NAV_PARAMS").cloned().unwrap_or(nav);
    let select: Vec<String> =
        param(select).each().filter_map(Value::text).map(|name| name.to_ascii_uppercase()).collect();
    let size = nav.get("nPageSize").and_then(Value::as_int).map(|size| size.clamp(1, 50));
    if let Some(page) = nav.get("iNumPage").and_then(Value::as_int).filter(|page| *page > 1) {
        let from = (page - 1).saturating_mul(size.unwrap_or(50));
        call.start = Start::At(u32::try_from(from).unwrap_or(u32::MAX));
    }
    let asked = Asked { size, ..task::asked(call, &order, &filter)? };
    let scope = TASK.grant(call, Act::Read)?;
    let rows = noun::asked(call, &TASK, &scope, asked)?;
    let all = select.is_empty() || select.iter().any(|name| name == "*");
    let shown = shown(call, &rows, if all { &[] } else { &select })?;
    Ok(shown.into_iter().map(Value::from).collect::<Vec<_>>().into())
}

/// Tasks under upper-case names, with the names of people.
pub fn shown(call: &mut Call<'_, '_>, rows: &[Row], select: &[String]) -> Result<Vec<Map>> {
    let named = |row: &Row| {
        ["createdBy", "responsibleId"].into_iter().filter_map(|name| row.int(name)).collect::<Vec<_>>()
    };
    let people = People::find(call, rows.iter().flat_map(named))?;
    let stored = noun::show_all(call, &TASK, &UPPER, rows, false)?;
    let one = |(row, mut map): (&Row, Map)| {
        map.insert("REAL_STATUS", row.int("status").unwrap_or(0).to_string());
        for (prefix, field) in [("CREATED_BY", "createdBy"), ("RESPONSIBLE", "responsibleId")] {
            let [name, last_name, second_name, login] = people.names(row.int(field).unwrap_or(0));
            map.push(format!("{prefix}_NAME"), name);
            map.push(format!("{prefix}_LAST_NAME"), last_name);
            map.push(format!("{prefix}_SECOND_NAME"), second_name);
            map.push(format!("{prefix}_LOGIN"), login);
        }
        let wanted = |name: &str| select.is_empty() || name == "ID" || select.iter().any(|one| one == name);
        map.into_iter().filter(|(name, _)| wanted(name)).collect::<Map>()
    };
    Ok(rows.iter().zip(stored).map(one).collect())
}

fn log(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("ID");
    let scope = HISTORY.grant(call, Act::Read)?;
    let within = Some(("t.task_id = ?".to_owned(), vec![id.into()]));
    let rows = noun::asked(call, &HISTORY, &scope, Asked { within, whole: true, ..Asked::default() })?;
    call.total = None;
    let one = |row: &Row| {
        let mut map = Map::with_capacity(6);
        map.push("CREATED_DATE", moment::print(&call.caller.zone, row.int("createdDate").unwrap_or(0)));
        map.push("USER_ID", row.int("userId").unwrap_or(0).to_string());
        map.push("TASK_ID", id.to_string());
        map.push("FIELD", row.text("field"));
        map.push("FROM_VALUE", row.text("fromValue"));
        map.push("TO_VALUE", row.text("toValue"));
        Value::from(map)
    };
    Ok(rows.iter().map(one).collect::<Vec<_>>().into())
}

/// The tasks that the caller has begun and not ended.
fn planned(call: &mut Call<'_, '_>) -> Result<Value> {
    let sql = "SELECT t.id FROM tasks_task t WHERE t.status = 3 AND t.id IN \
               (SELECT m.task_id FROM tasks_member m WHERE m.user_id = ? AND m.role IN ('R', 'A')) ORDER BY t.id LIMIT 500";
    let ids = call.tx.all(sql, &[call.caller.user_id.into()], |row| Ok(Value::Int(row.int(0)?)))?;
    Ok(ids.into())
}
