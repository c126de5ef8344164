//! How fast handlers are served that say they are busy. `cargo xtask soak --deliveries` holds them to their figures;
//! without that it is short, and only nothing may be given up.

use it::sink::{Reply, Sink};
use it::{Browser, Portal};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Leads in a short run, and in one that counts.
const SHORT: usize = 12;
const LONG: usize = 500;
/// Within so many times of what is possible: where the handler says when to come again, and where 503 alone tells.
const SAID: f64 = 2.0;
const UNSAID: f64 = 3.0;
/// How long a worker takes for a delivery.
const WORK: Duration = Duration::from_millis(200);

/// A handler, told to the test when it took something.
struct Busy {
    name: &'static str,
    sink: Sink,
    taken: Receiver<Instant>,
    /// Deliveries a second that are possible.
    possible: f64,
    within: f64,
}

impl Busy {
    fn new(
        name: &'static str,
        (possible, within): (f64, f64),
        mut answer: impl FnMut(Instant) -> Reply + Send + 'static,
    ) -> Busy {
        let (told, taken): (Sender<Instant>, _) = channel();
        let state = Mutex::new((BTreeSet::new(), told));
        let answer = Mutex::new(move || answer(Instant::now()));
        let sink = Sink::start(move |received| {
            let reply = answer.lock().unwrap()();
            let is_taken =
                matches!(&reply, Reply::After(..)) || matches!(&reply, Reply::Answer { status: 200, .. });
            let (seen, told) = &mut *state.lock().unwrap();
            if is_taken && seen.insert(received.header("webhook-id").to_owned()) {
                told.send(Instant::now()).unwrap();
            }
            reply
        });
        Busy { name, sink, taken, possible, within }
    }

    /// Takes so many in each second, and says when to come again.
    fn limited(rate: u32) -> Busy {
        let (mut began, mut taken) = (Instant::now(), 0);
        Busy::new("429 with Retry-After: 1", (rate.into(), SAID), move |now| {
            if now - began >= Duration::from_secs(1) {
                (began, taken) = (now, 0);
            }
            taken += 1;
            if taken <= rate {
                Reply::status(200)
            } else {
                Reply::status(429).with_header("retry-after", "1")
            }
        })
    }

    /// So many workers; 503 and nothing else while all of them work.
    fn workers(count: usize) -> Busy {
        let mut free = vec![Instant::now(); count];
        let possible = count as f64 / WORK.as_secs_f64();
        Busy::new("503 alone", (possible, UNSAID), move |now| match free.iter_mut().find(|at| **at <= now) {
            Some(at) => {
                *at = now + WORK;
                Reply::status(200).after(WORK)
            }
            None => Reply::status(503),
        })
    }
}

#[test]
fn busy_handlers_are_served_at_their_pace() {
    let is_long = std::env::var_os("PORTREEVE_SOAK_CHANGES").is_some();
    let count = if is_long { LONG } else { SHORT };
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let hook = server.hook("crm");
        let handlers = [Busy::limited(5), Busy::workers(4)];
        for busy in &handlers {
            server.portal().outbound(&busy.sink.url(), "ONCRMLEADADD", &[]);
        }
        let began = Instant::now();
        let adds: Vec<String> =
            (0..count).map(|number| format!("crm.lead.add?fields[TITLE]={number}")).collect();
        for some in adds.chunks(50) {
            let keys: Vec<String> = (0..some.len()).map(|number| format!("c{number}")).collect();
            let batch: Vec<(&str, &str)> =
                keys.iter().map(String::as_str).zip(some.iter().map(String::as_str)).collect();
            assert_eq!(hook.batch(&batch)["result_error"], json!([]));
        }
        // Each on a thread of its own would say the same: both have ended when the slower one has.
        for busy in &handlers {
            let last = busy.taken.iter().take(count).last().unwrap();
            let (seconds, possible) = ((last - began).as_secs_f64(), count as f64 / busy.possible);
            println!(
                "{engine}: {}: {count} deliveries in {seconds:.1} s of {possible:.1} possible, {} requests",
                busy.name,
                busy.sink.count()
            );
            assert!(!is_long || seconds <= possible * busy.within, "that is too slow");
        }
        server.portal().settled("delivered", 2 * count);
        server.stop();
    }
}

/// A handler that gets two requests at once at most, then one, decided while events wait. It answers when it holds as many as it may
/// get, so that their number is reached as well as kept.
#[test]
fn a_handler_gets_only_as_much_at_once_as_its_owner_allows() {
    for (engine, portal) in Portal::on_each_engine() {
        let gate = Arc::new(Gate::default());
        let sink = Sink::start({
            let gate = Arc::clone(&gate);
            move |_| gate.pass()
        });
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let further = ["--concurrency", "2", "--unordered"];
        let id = server.portal().outbound(&sink.url(), "ONCRMLEADADD", &further).to_string();
        let hook = server.hook("crm");
        let add = |count: usize| {
            (0..count).for_each(|_| _ = hook.result("crm.lead.add", json!({"fields": {"TITLE": "x"}})));
        };
        gate.open_with(2);
        add(12);
        server.portal().settled("delivered", 12);
        assert_eq!(gate.most(), 2, "{engine}");

        server.portal().ask(&["outbound", "update", &id, "--concurrency", "1"]);
        let text = server.portal().ask(&["outbound", "show", &id]);
        assert!(text.contains("most requests at once\t1"), "{text}");
        // What began under the old limit has ended: from here on only the new one is known to be obeyed once a courier has read it,
        // which it has when it sends something that was raised afterwards.
        gate.open_with(1);
        add(1);
        server.portal().settled("delivered", 13);
        gate.open_with(1);
        add(6);
        server.portal().settled("delivered", 19);
        assert_eq!(gate.most(), 1, "{engine}");
        server.stop();
    }
}

/// Counts who is inside, and lets them out when so many are.
#[derive(Default)]
struct Gate {
    state: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    now: usize,
    most: usize,
    wanted: usize,
    /// Those that may leave.
    leaving: usize,
}

impl Gate {
    fn pass(&self) -> Reply {
        let mut inside = self.state.lock().unwrap();
        inside.now += 1;
        inside.most = inside.most.max(inside.now);
        if inside.now - inside.leaving >= inside.wanted {
            inside.leaving = inside.now;
            self.changed.notify_all();
        }
        while inside.leaving == 0 {
            inside = self.changed.wait(inside).unwrap();
        }
        inside.leaving -= 1;
        inside.now -= 1;
        Reply::status(200)
    }

    /// Counts anew; nobody is inside.
    fn open_with(&self, wanted: usize) {
        *self.state.lock().unwrap() = Inside { wanted, ..Inside::default() };
    }

    fn most(&self) -> usize {
        self.state.lock().unwrap().most
    }
}

/// What the console and the command line say of a handler's pace just now, once there is something to say.
#[test]
fn the_pace_of_a_handler_is_shown() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(503).with_header("Retry-After", "600"));
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let id = server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);
        let mut browser = Browser::of_the_administrator(&server);
        let integration = browser.read("/api/integrations?kind=out")["integrations"][0]["id"].clone();
        let path = format!("/api/integrations/{integration}/pace");
        assert_eq!(browser.read(&path), json!({"waiting": 0, "nodes": []}), "{engine}");
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        sink.wait_for(1);
        let shown = loop {
            let shown = browser.read(&path);
            // Before, it is on its way, or its answer is not written down.
            if shown["nodes"][0]["busy"] == true && shown["waiting"] == 1 {
                break shown;
            }
        };
        let node = &shown["nodes"][0];
        assert_eq!(
            json!([node["here"], node["busy"], node["most"], shown["waiting"]]),
            json!([true, true, 64, 1])
        );
        assert!(node["paused_until"].is_string() && node["room"].as_u64().unwrap() < 8, "{shown}");
        let text = server.portal().ask(&["outbound", "show", &id.to_string()]);
        let line = text.lines().find(|line| line.starts_with("pace\t")).unwrap_or_else(|| panic!("{text}"));
        assert!(
            line.contains("at most 64") && line.contains("busy") && line.contains("paused until"),
            "{line}"
        );
        let json: serde_json::Value =
            serde_json::from_str(&server.portal().ask(&["outbound", "show", &id.to_string(), "--json"]))
                .unwrap();
        assert_eq!(json["pace"][0]["busy"], true, "{json}");
        server.stop();
    }
}
