//! The choices of a field that is a list: `LIST` names those that there are by number and gives new ones under any other
//! name, `LIST_TEXT_VALUES` gives further ones, one a line.

use engine::call::Call;
use engine::error::Result;
use store::Param;
use wire::Value;

/// Choices of one field.
const MOST: usize = 1000;

/// A choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its number.
    pub id: i64,
    /// What a person reads.
    pub value: String,
    /// Whether new elements have it.
    pub is_default: bool,
}

/// The choices of a field, in their order.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, field: i64) -> Result<Vec<Choice>> {
    let sql = "SELECT id, value, def FROM lists_choice WHERE field_id = ? ORDER BY sort, id";
    Ok(call.tx.all(sql, &[field.into()], |row| {
        Ok(Choice { id: row.int(0)?, value: row.text(1)?.to_owned(), is_default: row.text(2)? == "Y" })
    })?)
}

/// Makes the choices of a field those that a request gives; those that it does not name go, and are taken from elements.
///
/// # Errors
/// Those of the store.
pub fn replace(call: &mut Call<'_, '_>, field: i64, given: &Value) -> Result<()> {
    let listed = given.get("LIST").cloned().unwrap_or_default();
    let lines = given.get("LIST_TEXT_VALUES").and_then(Value::text).unwrap_or_default().into_owned();
    if !listed.is_array() && lines.trim().is_empty() {
        return Ok(());
    }
    let defaults: Vec<String> = given
        .get("LIST_DEF")
        .map(|def| def.each().filter_map(Value::text).map(|text| text.into_owned()).collect())
        .unwrap_or_default();
    let old = of(call, field)?;
    let (mut kept, mut place) = (Vec::new(), 0);
    let mut write =
        |call: &mut Call<'_, '_>, id: Option<i64>, value: &str, sort: i64, is_default: bool| -> Result<()> {
            let def = if is_default { "Y" } else { "N" };
            if let Some(id) = id.filter(|id| old.iter().any(|choice| choice.id == *id)) {
                let sql = "UPDATE lists_choice SET value = ?, sort = ?, def = ? WHERE id = ?";
                call.tx.execute(sql, &[value.into(), sort.into(), def.into(), id.into()])?;
                kept.push(id);
                return Ok(());
            }
            let sql = "INSERT INTO lists_choice (field_id, value, sort, def) VALUES (?, ?, ?, ?)";
            call.tx.insert(sql, &[field.into(), value.into(), sort.into(), def.into()])?;
            Ok(())
        };
    for (name, choice) in listed.entries().take(MOST) {
        let value = choice.get("VALUE").unwrap_or(choice).text().unwrap_or_default().trim().to_owned();
        if value.is_empty() {
            continue;
        }
        place += 10;
        let sort = choice.get("SORT").and_then(Value::as_int).unwrap_or(place);
        let chosen = choice.get("DEF").and_then(Value::as_flag).unwrap_or(false);
        write(call, name.parse().ok(), &value, sort, chosen || defaults.iter().any(|id| *id == name))?;
        place = place.max(sort);
    }
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST) {
        place += 10;
        let same = old.iter().find(|choice| choice.value == line).map(|choice| choice.id);
        write(call, same, line, place, false)?;
    }
    for gone in old.iter().filter(|choice| !kept.contains(&choice.id)) {
        let params = [field.into(), Param::from(gone.id.to_string())];
        call.tx.execute("DELETE FROM lists_value WHERE field_id = ? AND value = ?", &params)?;
        call.tx.execute("DELETE FROM lists_choice WHERE id = ?", &[gone.id.into()])?;
    }
    Ok(())
}
