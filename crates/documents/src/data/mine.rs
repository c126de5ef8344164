//! The company that is one's own: the one that a request, or else the item, names, or the first of them.

use engine::access::Act;
use engine::call::Call;
use engine::entity::read;
use engine::error::Result;
use serde_json::Value as Json;
use wire::{Map, Value};

use super::{Choice, DOCUMENT, Data};

/// The number of companies.
pub const COMPANY: i64 = 4;

/// What requests choose the company by.
pub const CODE: &str = "MY_COMPANY";

/// The company of one's own that values name.
pub fn named(values: &Json) -> Option<i64> {
    let named = &values[CODE];
    named.as_i64().or_else(|| named.as_str()?.parse().ok())
}

/// The most companies to choose from.
const MOST: usize = 50;

/// The number of the company; what there is to choose from is noted in the data.
pub fn chosen(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    own: &Map,
    wanted: Option<i64>,
) -> Result<Option<i64>> {
    let options = options(call)?;
    let named = own.get("MYCOMPANY_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let has = |id: &i64| options.iter().any(|(own, _)| own == id);
    let chosen = wanted.filter(has).or(named).or(options.first().map(|(id, _)| *id));
    if !options.is_empty() {
        data.choices.push(Choice {
            code: CODE,
            title: "My Company",
            group: vec![DOCUMENT.to_owned(), "My Company".to_owned()],
            options: options.into_iter().map(|(id, title)| (id, title, Some(id) == chosen)).collect(),
        });
    }
    Ok(chosen)
}

/// The companies of one's own that the caller may read, with their names.
fn options(call: &mut Call<'_, '_>) -> Result<Vec<(i64, String)>> {
    let Some(entity) = call.entity(COMPANY).filter(|entity| entity.has("IS_MY_COMPANY")) else {
        return Ok(Vec::new());
    };
    let mut params = vec!["Y".into()];
    let within = read::reach(call, &entity, Act::Read).condition(&mut params);
    let within = within.map_or_else(String::new, |condition| format!(" AND {condition}"));
    let sql = format!(
        "SELECT t.id, t.title FROM {} t WHERE t.is_my_company = ?{within} ORDER BY t.id LIMIT {MOST}",
        entity.table()
    );
    Ok(call
        .tx
        .all(&sql, &params, |row| Ok((row.int(0)?, row.opt_text(1)?.unwrap_or_default().to_owned())))?)
}
