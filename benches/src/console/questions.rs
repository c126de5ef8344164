//! What the console's pages ask.

use it::Browser;
use serde_json::{Value, json};

/// One request.
pub(super) struct Question {
    pub(super) verb: &'static str,
    pub(super) path: String,
    pub(super) body: Value,
}

impl Question {
    /// As it stands in the table.
    pub(super) fn name(&self) -> String {
        let body = if self.body.is_null() { String::new() } else { self.body.to_string() };
        format!("{}{body}", self.path.trim_start_matches("/api/"))
    }
}

/// Reading, page by page. What is rare and what there is not is the hardest to find.
const READ: &[&str] = &[
    "session",
    "integrations",
    "integrations?page=400&size=25",
    "integrations?search=hook%20777",
    "integrations?search=nothing%20like%20it",
    "integrations?kind=both&state=active&sort=title",
    "integrations?sort=last_used&size=50",
    "integrations?event=ONCRMLEADUPDATE&sort=-created",
    "integrations?scope=crm&user=3",
    "deliveries",
    "deliveries?integration=9",
    "deliveries?integration=9&state=failed",
    "deliveries?state=waiting",
    "deliveries?state=sending",
    "deliveries?state=failed",
    "deliveries?state=failed&event=ONCRMCOMPANYDELETE",
    "deliveries?state=delivered&limit=200",
    "deliveries?event=ONCRMCOMPANYDELETE",
    "deliveries?event=ONCRMLEADUPDATE",
    "deliveries?object=lead:17",
    "deliveries?status=2xx",
    "deliveries?status=3xx",
    "deliveries?status=4xx",
    "deliveries?status=5xx",
    "deliveries?status=none",
    "deliveries?since=1h",
    "deliveries?since=9d&until=8d",
    "deliveries?since=9d&until=8d&event=ONCRMCOMPANYDELETE",
    "deliveries?since=9d&until=8d&status=4xx",
    "deliveries?before=1000000",
    "deliveries/summary",
    "statistics",
    "statistics?kind=deliveries",
    "statistics?by=hour",
    "statistics?from=60d&top=50",
    "statistics?by=hour&from=6d&kind=deliveries",
    "statistics?integration=9&from=60d",
    "statistics/methods",
    "statistics/methods?from=60d",
    "statistics/methods?integration=9&from=60d",
    "catalogue",
    "scenarios",
    "sessions",
];

/// What administrators alone may read.
const ADMINISTER: &[&str] = &[
    "users",
    "users?search=name%20777",
    "users?page=50&active=Y",
    "users/2",
    "audit",
    "audit?user=1",
    "roles",
    "settings",
];

/// Everything that the pages of this browser's user ask.
pub(super) fn all(browser: &mut Browser) -> Result<Vec<Question>, String> {
    let read = |path: &str| Question { verb: "GET", path: format!("/api/{path}"), body: Value::Null };
    let mut questions: Vec<Question> = READ.iter().map(|path| read(path)).collect();
    let session = browser.done("GET", "/api/session", &Value::Null);
    if session["user"]["is_admin"] == true {
        questions.extend(ADMINISTER.iter().map(|path| read(path)));
    }
    for (list, of) in [("deliveries", "deliveries"), ("integrations", "integrations")] {
        let found = browser.done("GET", &format!("/api/{list}"), &Value::Null);
        let id = found[of][0]["id"].as_i64().ok_or_else(|| format!("there are no {list}"))?;
        questions.push(read(&format!("{list}/{id}")));
    }
    let call =
        |method: &str, body: Value| Question { verb: "POST", path: format!("/api/call/{method}"), body };
    questions.extend([
        call("crm.lead.list", json!({"order": {"ID": "DESC"}})),
        call("crm.lead.list", json!({"filter": {"%TITLE": "17"}, "start": 50})),
        call("crm.lead.list", json!({"filter": {">DATE_CREATE": "2026-01-01"}, "order": {"TITLE": "ASC"}})),
        call("crm.lead.fields", json!({})),
        call("department.get", json!({})),
    ]);
    Ok(questions)
}
