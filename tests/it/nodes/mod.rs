//! One, two and four nodes of a portal behind nginx: reads, writes over several modules and deliveries, with `kill -9` of a node
//! and its start in between. Afterwards everything that was acknowledged is there, on every node, and every event was sent.
//! `cargo xtask soak --nodes` runs it at length and prints figures; without that it is short, with two nodes.

mod figures;
mod modules;
mod proxy;

use crate::durability::{Audit, add_batch, rows_after};
use figures::Meter;
use it::crowd::{Answer, Berth, Crowd, Handler};
use it::{Hook, Portal, Server};
use modules::{Done, Stage};
use proxy::Nginx;
use serde_json::json;
use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use store::Location;
use tempfile::TempDir;

/// Clients that call at the same time.
const CLIENTS: usize = 8;
/// How long a client waits after a call that nobody answered.
const BREATH: Duration = Duration::from_millis(20);
/// When no event comes for so long, none will: longer than a lease.
const PATIENCE: Duration = Duration::from_secs(60);
const HANDLERS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const SCOPES: &str = "crm,catalog,sale,booking,im,user";

#[test]
fn nothing_is_lost_behind_a_proxy() {
    let Some(nginx) = proxy::program() else { return println!("skipped: nginx is not installed") };
    let given = |name: &str| std::env::var(name).ok();
    let counts = given("PORTREEVE_NODES").unwrap_or("2".to_owned());
    let seconds = given("PORTREEVE_NODES_SECONDS").map_or(8, |text| text.parse().unwrap());
    let kills = given("PORTREEVE_NODES_KILLS").map_or(2, |text| text.parse().unwrap());
    for count in counts.split(',').map(|text| text.parse().unwrap()) {
        let found = Portal::on_each_engine().into_iter().find(|(engine, _)| *engine == "postgres");
        let Some((_, portal)) = found else { return println!("skipped: there is no PostgreSQL") };
        Cluster::start(nginx, portal, count).run(Duration::from_secs(seconds), kills);
    }
}

/// The nodes of a portal, and what is around them.
struct Cluster {
    nodes: Vec<Server>,
    proxy: Nginx,
    database: String,
    hook: Hook,
    stage: Stage,
    arrived: Arc<(Mutex<HashSet<u64>>, Condvar)>,
    _handler: Crowd,
    _files: TempDir,
}

impl Cluster {
    fn start(nginx: &str, portal: Portal, count: usize) -> Cluster {
        let ports: Vec<u16> = (0..count).map(|_| proxy::free_port()).collect();
        let proxy = Nginx::start(nginx, proxy::free_port(), &ports);
        let files = TempDir::with_prefix("portreeve-files-").unwrap();
        let set = |portal: Portal, port: u16| {
            [
                ("--listen", format!("127.0.0.1:{port}").as_str()),
                ("--base-url", &proxy.base),
                ("--trusted-proxies", "127.0.0.1/32"),
                ("--files", files.path().to_str().unwrap()),
                ("--allow-handlers", "127.0.0.2/32"),
                ("--handler-timeout", "2"),
                ("--handler-lease", "5"),
            ]
            .into_iter()
            .fold(portal, |portal, (flag, value)| portal.with(flag, value))
        };
        let Location::Postgres(database) = portal.location() else { panic!("a portal on PostgreSQL") };
        let mut nodes = vec![set(portal, ports[0]).start()];
        for port in &ports[1..] {
            nodes.push(set(nodes[0].portal().beside(), *port).start());
        }
        let hook = nodes[0].hook(SCOPES);
        let stage = Stage::new(&nodes[0], &hook);
        let arrived = Arc::<(Mutex<HashSet<u64>>, Condvar)>::default();
        let (berth, book) = (Berth::new(HANDLERS), Arc::clone(&arrived));
        nodes[0].portal().outbound(&berth.url(), "ONCRMLEADADD", &["--retries", "1s,1s,1s,1s,1s,1s,1s,1s"]);
        let handler: Handler = Box::new(move |arrival| {
            book.0.lock().unwrap().insert(arrival.item().unwrap());
            book.1.notify_all();
            Answer::OK
        });
        let handler = Crowd::start(vec![(berth, handler)]);
        Cluster { nodes, proxy, database, hook, stage, arrived, _handler: handler, _files: files }
    }

    /// A quarter of the time each: reads, writes, deliveries, and all of them while nodes are killed.
    fn run(mut self, time: Duration, kills: usize) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!("{} nodes on {cores} processors, {CLIENTS} clients", self.nodes.len());
        let (quarter, mut done) = (time / 4, Vec::new());
        done.extend(self.measured("writes", quarter, |stage, hook, writer, number| {
            stage.write(hook, writer, number, "w")
        }));
        _ = self.measured("reads", quarter, |_, hook, writer, number| read(hook, writer + number));
        let before = self.arrived();
        let meter = self.meter();
        let leads = |_: &Stage, hook: &Hook, writer: usize, number: usize| {
            add_batch(hook, &format!("d-{writer}-{number}")).map(Done::Written)
        };
        done.extend(load(&self.stage, &self.hook, &leads, || it::pass(quarter)));
        println!("  {:<10} {}", "deliveries", meter.end(self.arrived() - before));
        done.extend(self.killed(quarter, kills));
        self.check(&done);
        let acknowledged = done.len();
        println!(
            "  {acknowledged} writes acknowledged, all there on every node; {} events, all sent",
            self.arrived()
        );
    }

    fn measured<T: Send>(
        &self,
        what: &str,
        time: Duration,
        call: impl Fn(&Stage, &Hook, usize, usize) -> Option<T> + Sync,
    ) -> Vec<T> {
        let meter = self.meter();
        let done = load(&self.stage, &self.hook, &call, || it::pass(time));
        println!("  {what:<10} {}", meter.end(done.len()));
        done
    }

    fn meter(&self) -> Meter {
        let pids: Vec<u32> = self.nodes.iter().map(Server::pid).collect();
        Meter::start(&pids, self.proxy.pid(), &self.database)
    }

    /// Reads and writes while one node after the other is killed and started.
    fn killed(&mut self, time: Duration, kills: usize) -> Vec<Done> {
        let Cluster { nodes, stage, hook, .. } = self;
        let call = |stage: &Stage, hook: &Hook, writer: usize, number: usize| {
            read(hook, writer + number);
            stage.write(hook, writer, 1_000_000 + number, "k")
        };
        let pause = time / u32::try_from(kills.max(1)).unwrap();
        load(stage, hook, &call, || {
            for kill in 0..kills {
                it::pass(pause);
                let place = kill % nodes.len();
                let killed = nodes.remove(place).kill();
                nodes.insert(place, killed.start());
            }
            it::pass(pause);
        })
    }

    fn check(&self, done: &[Done]) {
        let doors = self.proxy.direct.iter();
        let direct: Vec<Hook> = doors.map(|door| self.hook.replaced(&self.proxy.base, door)).collect();
        self.stage.check(&direct, done);
        let written: Vec<_> = done
            .iter()
            .filter_map(|one| match one {
                Done::Written(written) => Some(written),
                _ => None,
            })
            .collect();
        Audit::default().check(&direct[0], &written, 0);
        let leads: HashSet<u64> =
            rows_after(&direct[0], "crm.lead.list", 0).keys().map(|id| id.cast_unsigned()).collect();
        let mut arrived = self.arrived.0.lock().unwrap();
        while !leads.is_subset(&arrived) {
            let waited = self.arrived.1.wait_timeout(arrived, PATIENCE).unwrap();
            arrived = waited.0;
            let missing = leads.difference(&arrived).count();
            assert!(missing == 0 || !waited.1.timed_out(), "{missing} of {} events never came", leads.len());
        }
    }

    fn arrived(&self) -> usize {
        self.arrived.0.lock().unwrap().len()
    }
}

/// What clients were answered while something was done beside them.
fn load<T: Send>(
    stage: &Stage,
    hook: &Hook,
    call: &(impl Fn(&Stage, &Hook, usize, usize) -> Option<T> + Sync),
    beside: impl FnOnce(),
) -> Vec<T> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let over = &over;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|writer| {
                let hook = hook.clone();
                scope.spawn(move || {
                    let mut done = Vec::new();
                    for number in 0.. {
                        if over.load(Relaxed) {
                            break;
                        }
                        match call(stage, &hook, writer, number) {
                            Some(one) => done.push(one),
                            None => it::pass(BREATH),
                        }
                    }
                    done
                })
            })
            .collect();
        beside();
        over.store(true, Relaxed);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// A page of leads, or one of them.
fn read(hook: &Hook, number: usize) -> Option<()> {
    let reply = match number % 2 {
        0 => hook.attempt("crm.lead.list", json!({"select": ["ID", "TITLE"], "start": -1})),
        _ => hook.attempt("crm.contact.get", json!({"id": 1})),
    }?;
    assert_eq!(reply.status, 200, "{}", reply.text());
    Some(())
}
