//! What an alert says, to people and to programs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::stage::Stage;
use super::{Alert, MAX_COUNTED, Problem};
use engine::keys::Keys;
use engine::moment::{self, Moment};
use engine::outbox::Message;
use engine::settings::Settings;
use engine::texts::{Locale, Topic, fill};

/// Problems that a text names.
const NAMED: usize = 5;

/// With what alerts to this URL are signed, as `whsec_..`: another one for each URL, and the same for as long as the
/// portal has its key.
pub fn secret(keys: &Keys, url: &str) -> String {
    format!("whsec_{}", STANDARD.encode(keys.sign(format!("alerts|{url}").as_bytes())))
}

impl Alert {
    /// As it is posted.
    pub(super) fn post(&self, settings: &Settings, locale: Locale, now: Moment) -> Message {
        let mut values = self.values(settings, locale);
        // A name must not call a whole channel.
        values.iter_mut().for_each(|(_, value)| *value = harmless(value));
        let text = self.text(locale, &values);
        values.push(("text", text.clone()));
        let own = || self.own(settings, &text, now);
        Message::Post { body: settings.alerts.format.body(&values).unwrap_or_else(own).to_string() }
    }

    /// As it is mailed.
    pub(super) fn mail(&self, settings: &Settings, locale: Locale, to: String) -> Message {
        let values = self.values(settings, locale);
        let subject = fill(locale.text(Topic::Mail, self.stage.subject()), &values);
        Message::Mail { to, subject, text: self.text(locale, &values) }
    }

    fn own(&self, settings: &Settings, text: &str, now: Moment) -> Value {
        let time = |seconds: i64| moment::print(&settings.zone, seconds).to_string();
        let problem = |one: &Problem| {
            json!({
                "reason": one.reason,
                "count": one.times,
                "first": time(one.first),
                "last": time(one.last),
            })
        };
        let data = json!({
            "webhook": self.outbound_id,
            "integration": self.integration_id,
            "name": self.name,
            "owner": {"id": self.owner.id, "name": self.owner.name},
            "failing_since": self.since.map(time),
            "switched_off_because": self.because,
            "switch_off_at": self.off_at.map(time),
            "problems": self.problems.iter().map(problem).collect::<Value>(),
            "waiting": self.waiting,
            "url": self.url(settings),
            "text": text,
        });
        json!({"type": self.stage.code(), "timestamp": time(now.seconds()), "data": data})
    }

    /// The page that shows it.
    fn url(&self, settings: &Settings) -> String {
        match self.integration_id {
            0 => settings.base_url.clone(),
            id => format!("{}/devops/edit/out-hook/{id}/", settings.base_url),
        }
    }

    /// What templates and texts may name.
    fn values(&self, settings: &Settings, locale: Locale) -> Vec<(&'static str, String)> {
        let time = |seconds: Option<i64>| {
            seconds.map_or(String::new(), |at| moment::print(&settings.zone, at).to_string())
        };
        let last = self.problems.first();
        let because = self.because.as_deref().unwrap_or_default();
        let translated = locale.error(because);
        vec![
            ("type", self.stage.code().to_owned()),
            ("webhook", self.outbound_id.to_string()),
            ("integration", self.integration_id.to_string()),
            ("name", one_line(&self.name)),
            ("owner", one_line(&self.owner.name)),
            ("since", time(self.since)),
            ("off_at", time(self.off_at)),
            ("because", translated.unwrap_or_else(|| because.to_owned())),
            ("reason", last.map_or(String::new(), |one| one_line(&one.reason))),
            ("count", self.problems.iter().map(|one| one.times).sum::<i64>().to_string()),
            ("waiting", counted(self.waiting)),
            ("url", self.url(settings)),
        ]
    }

    fn text(&self, locale: Locale, values: &[(&'static str, String)]) -> String {
        let say = |english: &str, values: &[(&str, String)]| fill(locale.text(Topic::Mail, english), values);
        let mut lines = vec![say(self.stage.sentence(), values)];
        if self.stage == Stage::Soon {
            lines.push(say(OFF_AT, values));
        }
        for one in self.problems.iter().take(NAMED) {
            let its = [("reason", one_line(&one.reason)), ("count", one.times.to_string())];
            lines.push(say(PROBLEM, &its));
        }
        if self.stage != Stage::Test {
            lines.extend([WAITING, OWNER].map(|english| say(english, values)));
        }
        lines.extend(values.iter().find(|(name, _)| *name == "url").map(|(_, url)| url.clone()));
        lines.join("\n")
    }
}

const OFF_AT: &str = "It will be switched off at {off_at}, unless it takes an event before.";
const PROBLEM: &str = "- {reason}, times: {count}";
const WAITING: &str = "Events that wait: {waiting}";
const OWNER: &str = "Owner: {owner}";

impl Stage {
    const ALL: [Stage; 6] = [Stage::Begun, Stage::Still, Stage::Soon, Stage::Off, Stage::Well, Stage::Test];

    fn subject(self) -> &'static str {
        match self {
            Stage::Begun => "{name}: the handler is failing",
            Stage::Still => "{name}: the handler is still failing",
            Stage::Soon => "{name}: the webhook will soon be switched off",
            Stage::Off => "{name}: the webhook was switched off",
            Stage::Well => "{name}: the handler has recovered",
            Stage::Test => "Test alert from Portreeve",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Stage::Begun => {
                "Outbound webhook {webhook} ({name}): the handler has been failing since {since}."
            }
            Stage::Still | Stage::Soon => {
                "Outbound webhook {webhook} ({name}): the handler is still failing, since {since}."
            }
            Stage::Off => "Outbound webhook {webhook} ({name}) was switched off. {because}",
            Stage::Well => {
                "Outbound webhook {webhook} ({name}): the handler takes events again. It had been failing since {since}."
            }
            Stage::Test => "This is a test: alerts about failing handlers arrive here.",
        }
    }
}

/// Everything that is said here in English.
pub fn sayings() -> Vec<&'static str> {
    let stages = Stage::ALL.into_iter().flat_map(|stage| [stage.subject(), stage.sentence()]);
    stages.chain([OFF_AT, PROBLEM, WAITING, OWNER]).collect()
}

fn counted(count: i64) -> String {
    if count >= MAX_COUNTED { format!("{MAX_COUNTED}+") } else { count.to_string() }
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Without what chats take for a mention or a link.
fn harmless(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('@', "@\u{200b}")
}
