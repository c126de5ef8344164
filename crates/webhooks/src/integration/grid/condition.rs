//! The SQL condition of a list's filter.

use store::{Dialect, Param, Tx};

use super::{Filter, Kind, STATE, State};
use engine::error::Result;
use engine::keys::Keys;
use engine::moment::Moment;

/// A condition with its parameters.
#[derive(Default)]
pub struct Condition<'a> {
    /// Conditions that must all hold.
    pub parts: Vec<String>,
    /// Their parameters, in order.
    pub params: Vec<Param<'a>>,
}

impl<'a> Condition<'a> {
    fn term(&mut self, sql: impl Into<String>, params: impl IntoIterator<Item = Param<'a>>) {
        self.parts.push(sql.into());
        self.params.extend(params);
    }
}

/// The hash of the webhook whose URL or secret is searched for; `None` when it is something else.
pub fn looked_up(tx: &mut Tx<'_>, keys: &Keys, filter: &Filter) -> Result<Option<[u8; 32]>> {
    let given = filter.search.as_deref().and_then(|text| credentials(text, filter.asker));
    let Some(lookup) = given.map(|(user, secret)| keys.lookup(user, &secret)) else { return Ok(None) };
    let known =
        tx.one("SELECT 1 FROM hook WHERE lookup = ?", &[lookup.as_slice().into()], |row| row.int(0))?;
    Ok(known.map(|_| lookup))
}

/// What the filter asks for; `looked_up` stands for its words.
pub fn condition<'a>(filter: &'a Filter, looked_up: Option<&'a [u8; 32]>, now: Moment) -> Condition<'a> {
    let mut condition = Condition::default();
    condition.term("1 = 1", []);
    let visible = (!filter.sees_all).then_some(filter.asker);
    for user in [visible, filter.owner].into_iter().flatten() {
        condition.term("i.user_id = ?", [user.into()]);
    }
    match (looked_up, &filter.search) {
        (Some(lookup), _) => condition.term("h.lookup = ?", [Param::from(lookup.as_slice())]),
        (None, Some(text)) => search(&mut condition, text),
        (None, None) => {}
    }
    match filter.kind {
        Some(Kind::In) => condition.term("h.id IS NOT NULL AND o.id IS NULL", []),
        Some(Kind::Out) => condition.term("h.id IS NULL AND o.id IS NOT NULL", []),
        Some(Kind::Both) => condition.term("h.id IS NOT NULL AND o.id IS NOT NULL", []),
        None => {}
    }
    if let Some(scope) = &filter.scope {
        let pattern = format!("%,{},%", Dialect::escape(scope));
        condition.term("',' || h.scopes || ',' LIKE ? ESCAPE '\\'", [pattern.into()]);
    }
    if let Some(event) = &filter.event {
        let sql = "EXISTS (SELECT 1 FROM outbound_event e WHERE e.outbound_id = o.id AND e.event = ?)";
        condition.term(sql, [event.as_str().into()]);
    }
    if let Some(state) = filter.state {
        let place = State::ALL.iter().position(|known| *known == state).unwrap_or_default();
        condition.term(format!("{STATE} = {place}"), [now.seconds().into()]);
    }
    condition
}

/// Words of which each must be found somewhere.
fn search<'a>(condition: &mut Condition<'a>, text: &'a str) {
    // What a person looks at in a row, as one text: one function call for each row.
    let row =
        "i.title || ' ' || i.comment || ' ' || COALESCE(o.handler_url, '') || ' ' || COALESCE(h.scopes, '')";
    for word in text.split_whitespace() {
        let pattern = format!("%{}%", Dialect::escape(&word.to_ascii_lowercase()));
        // Letters of every script cost PostgreSQL ten times as much; most words have none but Latin ones.
        let found =
            if word.is_ascii() { format!("lower({row}) LIKE ? ESCAPE '\\'") } else { Dialect::like(row) };
        let (mut parts, mut params) = (vec![found], vec![Param::from(pattern)]);
        // Names of events are in capitals.
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let event = format!("%{}%", Dialect::escape(&word.to_ascii_uppercase()));
            parts.push(
                "EXISTS (SELECT 1 FROM outbound_event e WHERE e.outbound_id = o.id AND e.event LIKE ? ESCAPE '\\')"
                    .to_owned(),
            );
            params.push(event.into());
        }
        // One look at the people, who are few.
        let owner = Dialect::like(
            "COALESCE(u.name, '') || ' ' || COALESCE(u.last_name, '') || ' ' || COALESCE(u.email, '')",
        );
        parts.push(format!("i.user_id IN (SELECT u.id FROM portal_user u WHERE {owner})"));
        params.push(format!("%{}%", Dialect::escape(word)).into());
        if let Ok(id) = word.parse::<i64>() {
            parts.push("i.id = ?".to_owned());
            params.push(id.into());
        }
        condition.term(format!("({})", parts.join(" OR ")), params);
    }
}

/// User and secret out of a webhook's URL, or out of a bare secret, which can only be one's own.
fn credentials(text: &str, asker: i64) -> Option<(i64, String)> {
    const SECRET: usize = 16;
    let text = text.trim();
    let is_secret = |part: &str| {
        part.len() == SECRET && part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    };
    match text.split_once("/rest/") {
        Some((_, path)) => {
            let mut parts = path.split('/');
            let (user, secret) = (parts.next()?.parse().ok()?, parts.next()?);
            is_secret(secret).then(|| (user, secret.to_owned()))
        }
        None => is_secret(text).then(|| (asker, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::credentials;

    #[test]
    fn a_webhooks_url_is_told_from_words() {
        let found = Some((7, "83te1pjdphsa9u15".to_owned()));
        for url in [
            "https://p.example/rest/7/83te1pjdphsa9u15/",
            " http://p/rest/7/83te1pjdphsa9u15/crm.lead.get.json?ID=1",
            "/rest/7/83te1pjdphsa9u15",
        ] {
            assert_eq!(credentials(url, 1), found, "{url}");
        }
        assert_eq!(credentials("83te1pjdphsa9u15", 7), found);
        for text in ["83TE1pjdphsa9u15", "/rest/x/83te1pjdphsa9u15/", "/rest/7/short/", "crm", ""] {
            assert_eq!(credentials(text, 1), None, "{text}");
        }
    }
}
