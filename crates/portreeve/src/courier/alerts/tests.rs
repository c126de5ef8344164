//! Alerts over a clock that the tests move, to servers of the tests, on both engines.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use portal::files::Blobs;
use portal::guard::Guard;
use portal::integration::{self, EditContext, Fresh, Input, scenario};
use portal::keys::Keys;
use portal::outbound::alert;
use portal::outbound::manage::{self, Actor};
use portal::outbound::policy::{Policy, Verdict};
use portal::outbound::queue::{self, Attempt, Lane, Lease, Settled, Want};
use portal::outbound::sign;
use portal::settings::{Format, Hidden, Mail, MailTls, Settings};
use portal::user::{self, NewUser};
use portal::{Moment, Portal};
use serde_json::{Value, json};
use store::{Location, Options, Tx};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::rustls::RootCertStore;

use super::Alerts;
use crate::courier::connect::{self, Connector};
use crate::courier::resolve::Names;
use crate::courier::send::Sender;
use crate::courier::trust::Trust;
use crate::mail::Mailer;
use crate::mail::server::MailServer;

const NOW: i64 = 1_780_315_200;
const MINUTE: i64 = 60;

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// A program that takes alerts, and answers with these statuses in turn, the last one for all that follow.
struct Pager {
    address: SocketAddr,
    got: UnboundedReceiver<String>,
}

impl Pager {
    async fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (told, got) = unbounded_channel();
        tokio::spawn(async move {
            for turn in 0.. {
                let Ok((mut stream, _)) = listener.accept().await else { return };
                let (mut text, mut buffer) = (String::new(), [0; 4096]);
                while !is_whole(&text) {
                    let count = stream.read(&mut buffer).await.unwrap();
                    text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
                }
                let _ = told.send(text);
                let status = statuses[turn.min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Pager { address, got }
    }

    fn url(&self) -> String {
        format!("http://{}/hook/s3cret", self.address)
    }

    /// The next alert, whose signature is right: its headers and its body.
    async fn next(&mut self, keys: &Keys) -> (String, Value) {
        let text = self.got.recv().await.unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let key = sign::key(&alert::secret(keys, &self.url())).unwrap();
        let timestamp = header(head, "webhook-timestamp").parse().unwrap();
        let signature = sign::signature(&key, header(head, "webhook-id"), timestamp, body);
        assert_eq!(header(head, "webhook-signature"), signature);
        (head.to_owned(), serde_json::from_str(body).unwrap())
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    body.len() >= header(head, "content-length").parse().unwrap()
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let values = head.lines().filter_map(|line| line.split_once(": "));
    values.into_iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

fn settings(pager: &Pager, mail: &MailServer) -> Settings {
    let mut settings = Settings::new("https://portal.test");
    settings.guard = Arc::new(Guard::new(vec!["127.0.0.1/32".parse().unwrap()]));
    settings.alerts.url = Hidden::plain(&pager.url());
    settings.mail = Mail {
        host: "127.0.0.1".into(),
        port: Some(mail.address.port()),
        tls: MailTls::Off,
        from: "portal@example.com".into(),
        ..Mail::default()
    };
    settings
}

fn open(location: &Location, settings: Settings) -> Portal {
    Portal::open(location, &Options::default(), Keys::derive(&[7; 32]), settings, Blobs::in_memory(), at(0))
        .unwrap()
}

fn worker(portal: &Portal) -> Arc<Alerts> {
    let guard = Guard::new(vec!["127.0.0.1/32".parse().unwrap()]);
    let names = Names::new(&["127.0.0.1:9".parse().unwrap()]).unwrap();
    let nobody = Trust::new(RootCertStore::empty(), Vec::new()).unwrap();
    let connector = Connector::new(names, connect::fixed(guard)).with_tls(nobody).unwrap();
    let agent = HeaderValue::from_static("Bitrix24 Webhook Engine");
    let sender = Arc::new(Sender::new(connector, agent, Duration::from_secs(60), 4));
    Arc::new(Alerts::new(portal.clone(), sender, Mailer::new(None).unwrap()))
}

/// Eva, who is no administrator, and her outbound webhook with one event that waits.
fn begin(portal: &Portal) -> i64 {
    let core = portal.core().clone();
    let fresh = Fresh::random();
    let job = move |tx: &mut Tx<'_>| {
        let new = |email: &str, is_admin| NewUser { email: email.into(), is_admin, ..NewUser::default() };
        user::create(tx, &new("admin@example.com", true), at(0))?;
        let eva = user::create(tx, &new("eva@example.com", false), at(0))?;
        let told = manage::Input {
            handler_url: "https://handler.example/in?key=s3cret".into(),
            events: vec!["ONCRMLEADADD".into()],
            retries: Policy::default(),
            ordered: false,
            active: true,
            extras: Default::default(),
            pickup: false,
            skip_own: false,
            only: BTreeMap::new(),
            tell_changed: false,
            limits: Default::default(),
        };
        let input = Input {
            scenario: scenario::OUT_HOOK.into(),
            title: "shop".into(),
            outbound: Some(told),
            ..Input::default()
        };
        let actor = Actor { user_id: eva, is_admin: false };
        let context = EditContext { core: &core, actor, by: portal::audit::By::OPERATOR, now: at(0) };
        let id = integration::make(tx, context, &input, &fresh)?;
        let outbound = integration::find(tx, id)?.unwrap().outbound.unwrap().id;
        let fresh = queue::Fresh {
            outbound_id: outbound,
            event_handler_id: 1,
            ordered: false,
            event: "ONCRMLEADADD",
            object: "lead:1",
            data: "data%5BFIELDS%5D%5BID%5D=1",
            hop: 0,
            is_off: false,
            lease: None,
        };
        queue::put(tx, fresh, at(0))?;
        Ok::<_, portal::Error>(outbound)
    };
    portal.core().store.write(job).wait().unwrap()
}

/// The one event is tried.
fn try_it(portal: &Portal, outbound_id: i64, now: i64, status: u16) {
    let core = portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let wants = Lane::ALL.map(|lane| Want { outbound_id, lane, count: 1 });
        let leased = queue::claim(tx, &wants, Lease { number: 7, until: at(now + 60) }, at(now))?;
        let one = leased.first().expect("it is due");
        let attempt = Attempt { status: Some(status), ..Attempt::at(at(now)) };
        let verdict = if status == 200 { Verdict::Delivered } else { Verdict::Retry { at: at(now + 1) } };
        let settled = Settled {
            id: one.id,
            outbound_id,
            lease: 7,
            is_first: one.attempts == 0,
            is_test: false,
            attempt,
            verdict,
        };
        queue::settle(tx, &core, &[settled], at(now))
    };
    portal.core().store.write(job).wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_posted_and_mailed_once_over_restarts() {
    for bed in testkit::engines() {
        let (mut pager, mut mail) = (Pager::start(&[200]).await, MailServer::start(None, false).await);
        let settings = settings(&pager, &mail);
        let portal = open(&bed.location, settings.clone());
        let (outbound, keys) = (begin(&portal), portal.core().keys.clone());
        let alerts = worker(&portal);
        try_it(&portal, outbound, 0, 500);
        try_it(&portal, outbound, 9 * MINUTE, 500);
        alerts.round(at(9 * MINUTE)).await.unwrap();
        assert!(pager.got.is_empty() && !mail.has_more(), "not before ten minutes");
        alerts.round(at(10 * MINUTE)).await.unwrap();
        let (head, body) = pager.next(&keys).await;
        assert!(head.starts_with("POST /hook/s3cret HTTP/1.1"), "{head}");
        assert_eq!(header(&head, "content-type"), "application/json");
        let data = &body["data"];
        assert_eq!(
            (&body["type"], &data["name"], &data["owner"]["name"], &data["waiting"]),
            (&json!("webhook.failing"), &json!("shop"), &json!("eva@example.com"), &json!(1))
        );
        assert_eq!(
            (&data["problems"][0]["reason"], &data["problems"][0]["count"]),
            (&json!("HTTP 500"), &json!(2))
        );
        assert!(!body.to_string().contains("s3cret"), "no URL: {body}");
        let mut to = [mail.next().await, mail.next().await].map(|mail| mail.to);
        to.sort_unstable();
        assert_eq!(to, ["<admin@example.com>", "<eva@example.com>"]);

        // A restart, and another node.
        drop((alerts, portal));
        let portal = open(&bed.location, settings);
        let alerts = worker(&portal);
        alerts.round(at(11 * MINUTE)).await.unwrap();
        assert!(pager.got.is_empty() && !mail.has_more(), "nothing is told twice");
        try_it(&portal, outbound, 20 * MINUTE, 200);
        alerts.round(at(20 * MINUTE)).await.unwrap();
        let (_, body) = pager.next(&keys).await;
        assert_eq!((&body["type"], &body["data"]["waiting"]), (&json!("webhook.recovered"), &json!(0)));
        assert!(mail.next().await.data.contains("shop: the handler has recovered"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_nobody_takes_is_sent_again_and_is_the_same() {
    for bed in testkit::engines() {
        let (mut pager, mail) = (Pager::start(&[503, 200]).await, MailServer::start(None, false).await);
        let mut settings = settings(&pager, &mail);
        settings.mail.host = String::new();
        settings.alerts.format = Format::Text;
        let portal = open(&bed.location, settings);
        let (outbound, keys) = (begin(&portal), portal.core().keys.clone());
        let alerts = worker(&portal);
        try_it(&portal, outbound, 0, 500);
        alerts.round(at(10 * MINUTE)).await.unwrap();
        let (first, body) = pager.next(&keys).await;
        alerts.round(at(10 * MINUTE + 29)).await.unwrap();
        assert!(pager.got.is_empty(), "not at once");
        alerts.round(at(10 * MINUTE + 30)).await.unwrap();
        let (second, again) = pager.next(&keys).await;
        assert_eq!(body, again);
        assert_eq!(header(&first, "webhook-id"), header(&second, "webhook-id"));
        assert!(
            body["text"].as_str().unwrap().starts_with(&format!("Outbound webhook {outbound} (shop)")),
            "{body}"
        );
        alerts.round(at(60 * MINUTE)).await.unwrap();
        assert!(pager.got.is_empty(), "taken is taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_it_out_is_told_what_arrived_and_what_did_not() {
    let bed = testkit::sqlite();
    let (mut pager, mail) = (Pager::start(&[200]).await, MailServer::start(None, true).await);
    let portal = open(&bed.location, settings(&pager, &mail));
    begin(&portal);
    let tried = worker(&portal).try_out(at(0)).await.unwrap();
    let told: Vec<_> = tried.iter().map(|one| (one.to.as_deref(), one.error.is_some())).collect();
    assert_eq!(told, [(None, false), (Some("admin@example.com"), true)]);
    assert!(tried[1].error.as_ref().unwrap().contains("550"));
    assert_eq!(pager.next(&portal.core().keys).await.1["type"], "webhook.alert_test");
    // It is not tried again.
    worker(&portal).round(at(3600)).await.unwrap();
    assert!(pager.got.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_go_only_where_handlers_may_be() {
    let bed = testkit::sqlite();
    let (mut pager, mail) = (Pager::start(&[200]).await, MailServer::start(None, false).await);
    let mut settings = settings(&pager, &mail);
    settings.guard = Arc::default();
    settings.mail.host = String::new();
    let portal = open(&bed.location, settings);
    begin(&portal);
    let tried = worker(&portal).try_out(at(0)).await.unwrap();
    assert!(tried[0].error.as_ref().unwrap().contains("127.0.0.1"), "{:?}", tried[0].error);
    assert!(pager.got.try_recv().is_err());
}
