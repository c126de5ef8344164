//! `vote.AttachedVote.download`: the results as a table that spreadsheets open, HTML under the name of a workbook. It is made
//! anew for each download, in the place of the one before.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::files::{self, Bytes, Made, Making};
use engine::method::{Method, write};
use engine::texts::Topic;
use serde_json::json;
use wire::{Fault, Value, fault};

use crate::SCOPE;
use crate::find::{find, named};
use crate::tally;

/// The titles of the columns.
pub const TITLES: [&str; 5] = ["Question", "Answer", "Votes", "Percent", "Voters"];

/// People that a report names for each answer.
const NAMED: usize = 5000;

const MIME: &str = "application/vnd.ms-excel";

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        named(write("vote.AttachedVote.download", SCOPE, download))
            .sends()
            .about("Sends the results of a poll as a table for spreadsheets.")
            .example(json!({"attachId": 1}), json!({"downloadUrl": "*"})),
    ]
}

fn download(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.in_batch {
        return Err(fault::BATCH_METHOD_NOT_ALLOWED.into());
    }
    let attach = find(call, Act::Read, 400)?;
    let questions = tally::questions(call, attach.number)?;
    let voters = tally::voters(call, &attach, NAMED)?;
    let users: Vec<i64> = voters.values().flatten().copied().collect();
    let names = directory::people(call.tx, &users)?;
    let mut rows = vec![TITLES.map(|title| call.language.text(Topic::Names, title).to_owned())];
    for question in &questions {
        for answer in &question.answers {
            let voted = voters.get(&answer.id).map_or(&[][..], Vec::as_slice);
            let voted: Vec<&str> =
                voted.iter().filter_map(|user| names.get(user)).map(|person| person.name.as_str()).collect();
            rows.push([
                question.text.clone(),
                answer.text.clone(),
                answer.counter.to_string(),
                answer.percent(question).to_string(),
                voted.join(", "),
            ]);
        }
    }
    let making = Making { of: Vec::new(), with: table(&rows), by: make };
    let name = format!("vote{}.xls", attach.number);
    let (file, _) = files::make(call, (&name, MIME), &making, attach.int("report"))?;
    let sql = "UPDATE vote_attach SET report = ? WHERE id = ?";
    call.tx.execute(sql, &[file.into(), attach.number.into()])?;
    files::send(call, file)
}

fn make(_: &[Bytes], table: &str) -> std::result::Result<Made, Fault> {
    Ok(Made { content: table.as_bytes().to_vec(), note: String::new() })
}

/// Rows as a table in which every cell is text, so that none is taken for a formula.
fn table(rows: &[[String; 5]]) -> String {
    let mut html = String::from(
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\
         <style>td { mso-number-format: \"\\@\"; }</style></head><body><table border=\"1\">\n",
    );
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            html.push_str("<td>");
            html.push_str(&escaped(cell));
            html.push_str("</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table></body></html>\n");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text() {
        let row = ["a<b>".to_owned(), "=1+1".to_owned(), "\"&\"".to_owned(), String::new(), String::new()];
        let html = table(&[row]);
        assert!(html.contains("<td>a&lt;b&gt;</td><td>=1+1</td><td>&quot;&amp;&quot;</td>"), "{html}");
    }
}
