//! PostgreSQL's primary dies under load (`kill -9`), and its synchronous replica is promoted: the nodes, whose URL names both, answer
//! again by themselves, and what was acknowledged is there, with its events. `PORTREEVE_FAILOVERS` sets how often (`cargo xtask soak
//! --failover` says 5).

use crate::durability::rows_after;
use it::sink::{Reply, Sink};
use it::{Hook, Portal};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Bed, Cluster};

/// Connections that write at the same time, at each node.
const WRITERS: usize = 4;
/// Acknowledged writes of each node before the primary dies, and after its replica took over.
const ENOUGH: usize = 100;
/// How long the nodes may take to answer again.
const PATIENCE: Duration = Duration::from_secs(90);

/// A write that was acknowledged: the node, the lead and its title.
type Written = (usize, i64, String);

#[test]
fn a_replica_takes_over_from_a_primary_that_died() {
    let lasting = |primary: Cluster, replica: Option<Cluster>| {
        let (port, other) = (primary.port(), replica.expect("there is one"));
        primary.kill();
        other.promote();
        let next = other.replica(Some(port), &[]);
        (other, Some(next))
    };
    for nodes in [1, 2] {
        let Some(primary) = Cluster::start(&["synchronous_standby_names=*"], &[]) else { return };
        let replica = primary.replica(None, &[]);
        under_load(nodes, primary, Some(replica), &lasting);
    }
}

#[test]
fn a_server_that_died_comes_back() {
    let again = |primary: Cluster, _: Option<Cluster>| {
        let port = primary.port();
        (Cluster::serve(primary.kill(), port, &[]), None)
    };
    let Some(primary) = Cluster::start(&[], &[]) else { return };
    under_load(2, primary, None, &again);
}

/// Writes on all nodes, has the primary fail and go on or be replaced, and looks at what was acknowledged.
fn under_load(nodes: usize, primary: Cluster, replica: Option<Cluster>, fail: Fail<'_>) {
    let rounds = std::env::var("PORTREEVE_FAILOVERS").map_or(1, |text| text.parse().unwrap());
    let sink = Sink::start(|_| Reply::status(200));
    let servers = [Some(&primary), replica.as_ref()].into_iter().flatten();
    let servers: Vec<String> = servers.map(|server| format!("127.0.0.1:{}", server.port())).collect();
    let url = format!("postgres://postgres@{}/postgres", servers.join(","));
    let mut running = vec![Portal::within(&url).with("--allow-handlers", "127.0.0.1/32").start()];
    for _ in 1..nodes {
        let beside = running[0].portal().beside().with("--allow-handlers", "127.0.0.1/32");
        running.push(beside.start());
    }
    running[0].portal().outbound(&sink.url(), "ONCRMLEADADD", &["--retries", "1s,1s,1s,1s"]);
    // The portal has one address, that of the server that started last.
    let made = running[0].hook("crm");
    let hooks: Vec<Hook> = running.iter().map(|server| server.same_hook(&made)).collect();
    let mut pair = (primary, replica);
    let mut all = Vec::new();
    for number in 0..rounds {
        if number > 0 && pair.1.is_some() {
            wait_for_replica(&pair.0);
        }
        let (next, written) = round(number, &hooks, pair, fail);
        pair = next;
        all.extend(written);
        hooks.iter().for_each(|hook| is_all_there(hook, &all));
    }
    let wanted: BTreeSet<String> = all.iter().map(|(_, id, _)| id.to_string()).collect();
    sink.wait_until(|received| {
        received.len() >= wanted.len()
            && wanted.is_subset(&received.iter().filter_map(|one| one.field("data[FIELDS][ID]")).collect())
    });
    println!("{nodes} nodes: the {} events of all rounds arrived", wanted.len());
}

/// What becomes of a primary and its replica, if it has one.
type Pair = (Cluster, Option<Cluster>);
type Fail<'a> = &'a dyn Fn(Cluster, Option<Cluster>) -> Pair;

/// One failure under load: what there is afterwards, and what was acknowledged.
fn round(number: usize, hooks: &[Hook], pair: Pair, fail: Fail<'_>) -> (Pair, Vec<Written>) {
    let (stop, nodes) = (&AtomicBool::new(false), hooks.len());
    thread::scope(|scope| {
        let (acknowledge, acknowledged) = channel();
        for (node, hook) in hooks.iter().enumerate() {
            for writer in 0..WRITERS {
                let (acknowledge, tag) = (acknowledge.clone(), format!("{number}-{node}-{writer}"));
                scope.spawn(move || write_on(hook, node, &tag, stop, &acknowledge));
            }
        }
        drop(acknowledge);
        // Whatever becomes of this, the writers end.
        let stopped = Stop(stop);
        let mut written = Vec::new();
        enough(&acknowledged, nodes, &mut written);
        let pair = fail(pair.0, pair.1);
        written.extend(acknowledged.try_iter());
        let since = Instant::now();
        let first = enough(&acknowledged, nodes, &mut written).duration_since(since);
        let all = since.elapsed();
        drop(stopped);
        written.extend(acknowledged.iter());
        println!(
            "{nodes} nodes, round {number}: {} writes acknowledged; once the server was there, the next after {first:?}, \
             {ENOUGH} of each node after {all:?}",
            written.len()
        );
        (pair, written)
    })
}

/// What was acknowledged is there, and nothing twice.
fn is_all_there(hook: &Hook, written: &[Written]) {
    let leads = rows_after(hook, "crm.lead.list", 0);
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for lead in leads.values() {
        *titles.entry(lead["TITLE"].as_str().unwrap()).or_default() += 1;
    }
    for (node, id, title) in written {
        let there = leads.get(id).is_some_and(|lead| lead["TITLE"] == **title);
        assert!(there, "{title} ({id}), which node {node} acknowledged, is gone");
    }
    let twice: Vec<_> = titles.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?} were written more than once");
}

/// Ends the writers.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// Waits for enough acknowledged writes of each node; when the first one came.
fn enough(acknowledged: &Receiver<Written>, nodes: usize, written: &mut Vec<Written>) -> Instant {
    let (mut first, mut counts) = (None, vec![0; nodes]);
    let end = Instant::now() + PATIENCE;
    while counts.iter().any(|count| *count < ENOUGH) {
        let left = end.saturating_duration_since(Instant::now());
        let one = acknowledged.recv_timeout(left);
        let one = one.unwrap_or_else(|_| panic!("the nodes wrote only {counts:?} in {PATIENCE:?}"));
        first.get_or_insert_with(Instant::now);
        counts[one.0] += 1;
        written.push(one);
    }
    first.unwrap_or(end)
}

/// Adds leads for as long as it may, whatever comes of each.
fn write_on(hook: &Hook, node: usize, tag: &str, stop: &AtomicBool, acknowledge: &Sender<Written>) {
    for number in (0..).take_while(|_| !stop.load(Relaxed)) {
        let title = format!("{tag}-{number}");
        let reply = hook.attempt("crm.lead.add", json!({"fields": {"TITLE": title}}));
        let Some(reply) = reply else { panic!("the node is gone") };
        if reply.status == 200 {
            acknowledge.send((node, reply.result().as_i64().unwrap(), title)).unwrap();
        } else {
            assert!([500, 503].contains(&reply.status), "{} {}", reply.status, reply.text());
        }
    }
}

/// Has the primary answer only what its new replica has, too.
fn wait_for_replica(primary: &Cluster) {
    primary.set("synchronous_standby_names = '*'");
    Bed::within(primary.url()).load(
        "SET statement_timeout = '60s'; \
         DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync') LOOP \
         PERFORM pg_sleep(0.05); END LOOP; END $$"
            .to_owned(),
    );
    // Its end means that the setting was read by the process that tells the others.
    Bed::within(primary.url()).load("CHECKPOINT".to_owned());
}
