//! The conditions of a search, in SQL.

use store::{Dialect, Param};

use super::{Answered, Filter};

/// A condition on `delivery d`, with its parameters.
#[derive(Default)]
pub(super) struct Condition<'a> {
    parts: Vec<String>,
    /// The values of its placeholders.
    pub(super) params: Vec<Param<'a>>,
}

impl<'a> Condition<'a> {
    /// All parts; everything where there are none.
    pub(super) fn sql(&self) -> String {
        if self.parts.is_empty() { "1 = 1".to_owned() } else { self.parts.join(" AND ") }
    }

    /// And this, too.
    pub(super) fn and(&mut self, sql: &str) {
        self.parts.push(sql.to_owned());
    }

    /// And this with its one parameter.
    pub(super) fn and_with(&mut self, sql: &str, param: Param<'a>) {
        self.and(sql);
        self.params.push(param);
    }

    /// The same, if there is one.
    pub(super) fn and_some(&mut self, sql: &str, param: Option<i64>) {
        if let Some(param) = param {
            self.and_with(sql, param.into());
        }
    }

    /// Of these webhooks; or else of those of `owner`, if there is one.
    pub(super) fn and_hooks(&mut self, hooks: Option<&[i64]>, owner: Option<i64>) {
        match hooks {
            None => {
                let owned = "d.outbound_id IN (SELECT o.id FROM outbound o \
                             JOIN integration i ON i.id = o.integration_id WHERE i.user_id = ?)";
                self.and_some(owned, owner);
            }
            Some([]) => self.and("1 = 0"),
            Some(hooks) => {
                self.and(&format!("d.outbound_id IN ({})", store::placeholders(hooks.len())));
                self.params.extend(hooks.iter().map(|id| Param::from(*id)));
            }
        }
    }

    /// What no index helps with.
    pub(super) fn and_matches(&mut self, filter: &'a Filter) {
        self.and_some("d.raised >= ?", filter.since.map(|at| at.0));
        self.and_some("d.raised < ?", filter.until.map(|at| at.0));
        if let Some(state) = filter.state {
            self.and(state.condition());
        }
        for (sql, text) in [("d.event = ?", &filter.event), ("d.object = ?", &filter.object)] {
            if let Some(text) = text {
                self.and_with(sql, text.as_str().into());
            }
        }
        filter.words().for_each(|word| self.and_word(word));
        // A query for each row, and never a join, for which an engine may read the tries of everybody.
        const LAST: &str = "(SELECT a.status FROM delivery_attempt a WHERE a.delivery_id = d.id \
                            ORDER BY a.number DESC LIMIT 1)";
        match filter.answered {
            None => {}
            Some(Answered::Hundred(hundred)) => {
                let first = i64::from(hundred) * 100;
                self.and_with(&format!("{LAST} BETWEEN ? AND {}", first + 99), first.into());
            }
            Some(Answered::Nothing) => {
                let tried =
                    "(SELECT MAX(a.number) FROM delivery_attempt a WHERE a.delivery_id = d.id) IS NOT NULL";
                self.and(&format!("d.state <> 2 AND {tried} AND {LAST} IS NULL"));
            }
        }
    }

    /// With this word in what a person reads of it: event, object, integration, handler, or the error or the answer of
    /// a try. What is cheap to look at comes first.
    fn and_word(&mut self, word: &str) {
        let pattern = format!("%{}%", Dialect::escape(word));
        // Letters of every script cost PostgreSQL ten times as much; most words have none but Latin ones.
        let like = |text: &str| {
            if word.is_ascii() { format!("lower({text}) LIKE ? ESCAPE '\\'") } else { Dialect::like(text) }
        };
        let pattern = if word.is_ascii() { pattern.to_ascii_lowercase() } else { pattern };
        let parts = [
            like("d.event || ' ' || d.object"),
            // One look at the webhooks, which are few.
            format!(
                "d.outbound_id IN (SELECT o.id FROM outbound o JOIN integration i ON i.id = o.integration_id WHERE {})",
                like("i.title || ' ' || o.handler_url")
            ),
            format!(
                "EXISTS (SELECT 1 FROM delivery_attempt a WHERE a.delivery_id = d.id AND {})",
                like("COALESCE(a.error, '') || ' ' || a.answer")
            ),
        ];
        self.and(&format!("({})", parts.join(" OR ")));
        self.params.extend(vec![Param::from(pattern); parts.len()]);
    }
}
