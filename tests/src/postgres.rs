//! A database of one's own on the throw-away cluster.

use postgres::{Client, NoTls};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new, empty database's URL; `None`, said aloud, where `PORTREEVE_TEST_POSTGRES` names no server (`cargo xtask test`
/// always starts one).
pub fn database() -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("PORTREEVE_TEST_POSTGRES") else {
        println!("skipped on PostgreSQL: PORTREEVE_TEST_POSTGRES names no server");
        return None;
    };
    let name = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut client = Client::connect(&server, NoTls).expect("the cluster takes connections");
    client.batch_execute(&format!("CREATE DATABASE {name}")).expect("we are its superuser");
    let (head, _) = server.rsplit_once('/').expect("the URL names a database");
    Some(format!("{head}/{name}"))
}
