//! Telling people that a handler fails: what is told when, to whom, and once, over a clock that the tests move.

use std::time::Duration;

use portal::files::Blobs;
use portal::integration;
use portal::keys::Keys;
use portal::outbound::alert::{self, Stage};
use portal::outbound::policy::{Outcome, Policy, Try, verdict};
use portal::outbound::queue::{self, Attempt, Lane, Lease, Leased, Settled, Want};
use portal::outbox::{self, Message};
use portal::settings::{Format, Hidden, Settings};
use portal::{Moment, Portal};
use serde_json::{Value, json};
use store::{Options, Tx};

use testportal::{Bench, NOW, input};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// A portal that posts alerts and mails them, and switches off after two days.
fn settings() -> Settings {
    let mut settings = Settings::new("https://portal.test");
    settings.alerts.url = Hidden::plain("https://alerts.example/hook/s3cret");
    settings.mail.host = "mail.example".into();
    settings.disable_after = 2 * DAY;
    settings
}

/// Tries all that is due, each as the handler answers.
fn try_all(
    portal: &Bench,
    outbound_id: i64,
    now: i64,
    answers: fn(i64) -> (Option<u16>, Option<&'static str>),
) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let wants = Lane::ALL.map(|lane| Want { outbound_id, lane, count: 100 });
        let leased = queue::claim(tx, &wants, Lease { number: 7, until: at(now + 60) }, at(now))?;
        let settled: Vec<Settled> =
            leased.iter().enumerate().map(|(turn, one)| settled(one, now, answers(turn as i64))).collect();
        queue::settle(tx, &core, &settled, at(now))
    });
}

fn settled(one: &Leased, now: i64, (status, error): (Option<u16>, Option<&str>)) -> Settled {
    let outcome = status.map_or(Outcome::Failed, Outcome::Status);
    let tried =
        Try { raised: one.raised, attempts: one.attempts, retry_after: None, jitter: 0.5, now: at(now) };
    Settled {
        id: one.id,
        outbound_id: one.outbound_id,
        lease: 7,
        is_first: one.attempts == 0,
        is_test: one.is_test,
        attempt: Attempt { status, error: error.map(str::to_owned), ..Attempt::at(at(now)) },
        verdict: verdict(outcome, &tried, &Policy::default()),
    }
}

/// Looks for news as the courier's worker does; what is told, and what goes out.
fn look(portal: &Bench, now: i64) -> (Vec<alert::Alert>, Vec<Message>) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let due = alert::is_due(tx, &core, at(now))?;
        let told = alert::look(tx, &core, at(now))?;
        assert!(due || told.is_empty(), "nothing is told that nobody looked for");
        let items =
            outbox::claim(tx, &core.keys, 100, outbox::Lease { number: 9, until: at(now + 60) }, at(now))?;
        items.iter().try_for_each(|item| outbox::done(tx, item))?;
        Ok((told, items.into_iter().map(|item| item.letter.unwrap()).collect()))
    })
}

fn resume(portal: &Bench, outbound_id: i64, now: i64) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let id = integration::of_outbound(tx, outbound_id)?.unwrap().id;
        integration::set_active(tx, testportal::context(&core, 1, at(now)), id, true)
    });
}

fn posts(letters: &[Message]) -> Vec<Value> {
    let body = |letter: &Message| match letter {
        Message::Post { body } => Some(serde_json::from_str(body).unwrap()),
        Message::Mail { .. } => None,
    };
    letters.iter().filter_map(body).collect()
}

fn mails(letters: &[Message]) -> Vec<(&str, &str, &str)> {
    let mails = letters.iter().filter_map(|letter| match letter {
        Message::Mail { to, subject, text } => Some((to.as_str(), subject.as_str(), text.as_str())),
        Message::Post { .. } => None,
    });
    mails.collect()
}

#[test]
fn a_handler_that_is_down_for_two_days_is_told_when_it_should_be() {
    for portal in testportal::portals_with("crm", settings()) {
        let outbound = portal.told(input(&["ONCRMLEADADD"]));
        let (mut told, mut all) = (Vec::new(), Vec::new());
        for now in (0..=2 * DAY + HOUR).step_by(300) {
            if now % HOUR == 0 {
                portal.at(NOW + now).get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
            }
            try_all(&portal, outbound, now, |turn| match turn % 2 {
                0 => (Some(500), None),
                _ => (None, Some("the connection was refused")),
            });
            let (news, letters) = look(&portal, now);
            told.extend(news.into_iter().map(|alert| (now, alert.stage)));
            all.extend(letters);
        }
        assert_eq!(
            told,
            [
                (10 * MINUTE, Stage::Begun),
                (HOUR, Stage::Still),
                (DAY, Stage::Still),
                (40 * HOUR, Stage::Soon),
                (2 * DAY, Stage::Still),
                // With the first try that is not the first of its event.
                (2 * DAY + 5 * MINUTE, Stage::Off),
            ]
        );
        let posts = posts(&all);
        assert_eq!(posts.len(), 6, "one for each");
        let [first, .., last] = &posts[..] else { panic!() };
        assert_eq!(
            (&first["type"], &first["data"]["webhook"]),
            (&json!("webhook.failing"), &json!(outbound))
        );
        assert_eq!(first["data"]["failing_since"], "2026-06-01T12:00:00+00:00");
        assert_eq!(first["data"]["switch_off_at"], "2026-06-03T12:00:00+00:00");
        assert_eq!(first["data"]["waiting"], 1);
        assert_eq!(last["type"], "webhook.switched_off");
        assert_eq!(last["data"]["switched_off_because"], "Every request to the handler failed for 48 hours.");
        assert!(last["data"]["waiting"].as_i64() > Some(40), "{last}");
        let problems = last["data"]["problems"].as_array().unwrap();
        let reasons: Vec<_> = problems.iter().map(|one| one["reason"].as_str().unwrap()).collect();
        assert_eq!(
            (reasons.len(), reasons.contains(&"HTTP 500")),
            (2, true),
            "equal failures are one: {last}"
        );
        let counted: i64 = problems.iter().map(|one| one["count"].as_i64().unwrap()).sum();
        assert!(counted > 100, "{last}");
        assert!(problems.iter().all(|one| one["first"].as_str() < one["last"].as_str()), "{last}");

        // A person lets it go on, and it is well.
        let later = 2 * DAY + 2 * HOUR;
        resume(&portal, outbound, later);
        assert!(look(&portal, later).0.is_empty());
        try_all(&portal, outbound, later + 1, |_| (Some(200), None));
        let (news, letters) = look(&portal, later + 5);
        assert_eq!(news.iter().map(|alert| alert.stage).collect::<Vec<_>>(), [Stage::Well]);
        let mails = mails(&letters);
        assert_eq!(mails.iter().map(|(to, ..)| *to).collect::<Vec<_>>(), ["admin@localhost"], "once");
        assert_eq!(mails[0].1, "test: the handler has recovered");
        assert!(mails[0].2.contains("2026-06-01T12:00:00"), "{}", mails[0].2);
        assert!(look(&portal, later + 10).0.is_empty());
    }
}

#[test]
fn the_owner_and_whom_the_settings_name_are_told_in_the_form_of_their_chat() {
    let mut settings = settings();
    settings.alerts.mail = vec!["Night@Example.com".into(), "eva@example.com".into()];
    settings.alerts.format = Format::parse(r#"{"msg": "{name} #{webhook} of {owner}: {reason}"}"#).unwrap();
    settings.alerts.after = 1;
    for portal in testportal::portals_with("crm", settings) {
        let eva = portal.employee("eva@example.com", "crm").user;
        let told = portal.try_told(eva, input(&["ONCRMLEADADD"])).unwrap();
        portal.write(move |tx| {
            let sql = "UPDATE integration SET title = '<!channel> \"shop\"' WHERE user_id = ?";
            tx.execute(sql, &[eva.into()])?;
            Ok(())
        });
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "x", "ASSIGNED_BY_ID": eva}}));
        try_all(&portal, told, 0, |_| (None, Some("the connection was refused")));
        assert!(look(&portal, MINUTE - 1).0.is_empty());
        let (_, letters) = look(&portal, MINUTE);
        let own =
            format!("‹!channel› \"shop\" #{told} of eva@\u{200b}example.com: the connection was refused");
        assert_eq!(posts(&letters), [json!({"msg": own})]);
        let to: Vec<_> = mails(&letters).iter().map(|(to, ..)| (*to).to_owned()).collect();
        assert_eq!(to, ["eva@example.com", "night@example.com"]);
        assert!(!format!("{letters:?}").contains("handler.example"), "no part of the handler's URL");
    }
}

#[test]
fn nothing_is_told_of_test_events_busy_handlers_and_when_alerts_are_off() {
    for after in [10, 0] {
        let mut settings = settings();
        settings.alerts.after = after;
        for portal in testportal::portals_with("crm", settings) {
            let outbound = portal.told(input(&["ONCRMLEADADD"]));
            portal.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
            let status = if after > 0 { 429 } else { 500 };
            for now in (0..HOUR).step_by(300) {
                let busy: fn(i64) -> _ =
                    if status == 429 { |_| (Some(429), None) } else { |_| (Some(500), None) };
                try_all(&portal, outbound, now, busy);
                assert!(look(&portal, now).0.is_empty(), "{status} at {now}");
            }
        }
    }
}

#[test]
fn two_nodes_tell_it_once() {
    for bed in testkit::engines() {
        let location = bed.location.clone();
        let portal = testportal::bench(bed, "crm", settings());
        let now = Moment(NOW * 1_000_000);
        let other = Portal::open(
            &location,
            &Options::default(),
            Keys::derive(&[7; 32]),
            settings(),
            Blobs::in_memory(),
            now,
        )
        .unwrap();
        let outbound = portal.told(input(&["ONCRMLEADADD"]));
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        try_all(&portal, outbound, 0, |_| (Some(500), None));
        let looks = [&portal.portal, &other].map(|node| {
            let core = node.core().clone();
            node.core().store.write(move |tx: &mut Tx<'_>| alert::look(tx, &core, at(HOUR)))
        });
        let told: usize = looks.into_iter().map(|look| look.wait().unwrap().len()).sum();
        assert_eq!(told, 1, "on {}", portal.engine);
        let claims = [&portal.portal, &other].map(|node| {
            let keys = node.core().keys.clone();
            let lease = outbox::Lease { number: 9, until: at(HOUR + 60) };
            node.core().store.write(move |tx: &mut Tx<'_>| outbox::claim(tx, &keys, 9, lease, at(HOUR)))
        });
        let sent: usize = claims.into_iter().map(|claim| claim.wait().unwrap().len()).sum();
        assert_eq!(sent, 2, "a post and an e-mail, by one of them");
    }
}

#[test]
fn what_could_not_be_sent_is_tried_for_a_day_and_kept_sealed() {
    for portal in testportal::portals("crm") {
        let core = portal.portal.core().clone();
        let letter =
            Message::Mail { to: "a@example.com".into(), subject: "s".into(), text: "#welcome=c0de".into() };
        let (sent, keys) = (letter.clone(), core.keys.clone());
        portal.write(move |tx| outbox::put(tx, &keys, &sent, at(0)));
        let sealed = portal.read(|tx| {
            Ok(tx.one("SELECT letter FROM outbox", &[], |row| Ok(row.blob(0)?.to_vec()))?.unwrap())
        });
        assert!(!String::from_utf8_lossy(&sealed).contains("c0de"));
        let (mut tries, mut now) = (0, 0);
        loop {
            let keys = core.keys.clone();
            let fate = portal.write(move |tx| {
                let lease = outbox::Lease { number: 9, until: at(now + 60) };
                let items = outbox::claim(tx, &keys, 9, lease, at(now))?;
                let Some(item) = items.first() else { return Ok(None) };
                assert_eq!(item.tries, tries);
                outbox::failed(tx, item, "no", at(now)).map(Some)
            });
            match fate {
                Some(outbox::Fate::Again(next)) => (now, tries) = (next.seconds() - NOW, tries + 1),
                Some(outbox::Fate::GivenUp) => break,
                None => panic!("it is due at {now}"),
            }
        }
        assert!(
            tries >= 10 && (20 * HOUR..=DAY).contains(&now),
            "{tries} tries in {:?}",
            Duration::from_secs(now as u64)
        );
        assert!(!portal.read(|tx| outbox::is_due(tx, at(100 * DAY))));
    }
}
