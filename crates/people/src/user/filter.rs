//! Tests of users that are no comparison with a column: departments, search, who is online, kinds of users.

use store::{Dialect, Param};
use wire::Value;
use wire::filter::Op;

use super::fields::SEARCH;
use super::show::ONLINE;
use engine::entity::table::Within;
use engine::list_params::{self, Test};
use engine::moment::Moment;
use engine::noun::Face;

/// The fields that `user.search` and its `FIND` look at; the last one is the name of a department.
const SEARCHED: [&str; 5] = ["NAME", "LAST_NAME", "SECOND_NAME", "WORK_POSITION", DEPARTMENT_NAME];

const DEPARTMENT_NAME: &str = "UF_DEPARTMENT_NAME";

/// Words of a search that count.
const WORDS: usize = 10;

/// Names of tests that stand for one of these.
pub const SPECIAL: [&str; 6] =
    ["UF_DEPARTMENT", DEPARTMENT_NAME, "IS_ONLINE", "USER_TYPE", "NAME_SEARCH", "FIND"];

/// What a test means that is no comparison with a column. Text that `user.search` looks for begins so.
pub fn test(now: Moment, face: &Face, test: &mut Test) -> Option<Within> {
    begin(face, test);
    let mut special = Special { now, params: Vec::new() };
    let condition = match test.field.as_str() {
        "UF_DEPARTMENT" => special.departments(&test.value),
        DEPARTMENT_NAME => special.department_name(test),
        "IS_ONLINE" => special.online(&test.value),
        "USER_TYPE" => user_type(&test.value),
        "NAME_SEARCH" | "FIND" => special.words(&test.value),
        "ID" => special.among("t.id", &several(&test.value)?),
        _ => return None,
    };
    let negated = matches!(test.op, Op::Ne | Op::NotIn | Op::NotContains | Op::NotLike);
    Some((if negated { format!("NOT {condition}") } else { condition }, special.params))
}

/// In a search, names and positions are found by how they begin.
fn begin(face: &Face, test: &mut Test) {
    if face.path == SEARCH.path && test.op == Op::Eq && SEARCHED.contains(&test.field.as_str()) {
        let beginning = test.value.text().filter(|text| !text.is_empty()).map(|text| format!("{text}%"));
        test.value = beginning.map_or(test.value.clone(), Value::from);
    }
}

/// A condition on the table `t` of users that is being made.
struct Special {
    /// Decides who is online.
    now: Moment,
    /// The values of its placeholders.
    params: Vec<Param<'static>>,
}

impl Special {
    /// Users in one of these departments themselves; with an empty value, those in none.
    fn departments(&mut self, value: &Value) -> String {
        if value.is_empty() {
            return "NOT EXISTS (SELECT 1 FROM department_member m WHERE m.user_id = t.id)".to_owned();
        }
        let ids: Vec<i64> = value.each().filter_map(Value::as_int).collect();
        let among = self.among("m.department_id", &ids);
        format!("EXISTS (SELECT 1 FROM department_member m WHERE m.user_id = t.id AND {among})")
    }

    /// Users in a department whose name is like this.
    fn department_name(&mut self, test: &Test) -> String {
        let text = list_params::pattern(&test.value.text().unwrap_or_default());
        let part = matches!(test.op, Op::Contains | Op::NotContains);
        self.params.push(Param::from(if part { format!("%{text}%") } else { text }));
        in_department(&Dialect::like("d.name"))
    }

    fn online(&mut self, value: &Value) -> String {
        self.params.push(Param::from(self.now.seconds() - ONLINE));
        let seen = "COALESCE(t.last_activity_date, 0) >= ?";
        if value.as_flag() == Some(false) { format!("(NOT {seen})") } else { format!("({seen})") }
    }

    /// Each word must begin a word of a name, of the position or of a department.
    fn words(&mut self, value: &Value) -> String {
        let text = value.text().unwrap_or_default();
        let words = text.split_whitespace().take(WORDS).map(|word| self.word(word)).collect::<Vec<_>>();
        if words.is_empty() { "(1 = 1)".to_owned() } else { format!("({})", words.join(" AND ")) }
    }

    fn word(&mut self, word: &str) -> String {
        let word = Dialect::escape(word);
        let mut parts = Vec::with_capacity(2 * SEARCHED.len());
        for field in SEARCHED {
            for pattern in [format!("{word}%"), format!("% {word}%")] {
                self.params.push(Param::from(pattern));
                parts.push(match field {
                    DEPARTMENT_NAME => in_department(&Dialect::like("d.name")),
                    column => Dialect::like(&format!("COALESCE(t.{}, '')", column.to_ascii_lowercase())),
                });
            }
        }
        format!("({})", parts.join(" OR "))
    }

    fn among(&mut self, column: &str, ids: &[i64]) -> String {
        if ids.is_empty() {
            return "(1 = 0)".to_owned();
        }
        self.params.extend(ids.iter().map(|id| Param::from(*id)));
        format!("({column} IN ({}))", store::placeholders(ids.len()))
    }
}

fn in_department(condition: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM department_member m JOIN department d ON d.id = m.department_id \
         WHERE m.user_id = t.id AND {condition})"
    )
}

/// Here an employee is who works in a department; everybody else is a guest (`extranet`).
fn user_type(value: &Value) -> String {
    let kinds: Vec<String> = value.each().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect();
    let wanted = |kind: &str| kinds.iter().any(|wanted| wanted == kind);
    let works = "EXISTS (SELECT 1 FROM department_member m WHERE m.user_id = t.id)";
    match (wanted("employee"), wanted("extranet")) {
        (true, true) => "(1 = 1)".to_owned(),
        (true, false) => works.to_owned(),
        (false, true) => format!("(NOT {works})"),
        (false, false) => "(1 = 0)".to_owned(),
    }
}

/// The ids in `1 | 2 | 3`, which the real system takes besides lists; `None` for anything else.
fn several(value: &Value) -> Option<Vec<i64>> {
    let text = value.as_str().filter(|text| text.contains('|'))?;
    Some(text.split('|').filter_map(|id| id.trim().parse().ok()).collect())
}
