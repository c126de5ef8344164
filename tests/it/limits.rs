//! The leaky bucket (protocol 10.1): off unless asked for, and then the cloud's figures.

use it::Portal;

/// What the bucket holds.
const CAPACITY: usize = 50;

#[test]
fn none_by_default() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    for _ in 0..4 * CAPACITY {
        hook.get("profile").success();
    }
}

/// The bucket empties by two a second, so it takes a little more than fifty to fill it, and far fewer than four hundred.
#[test]
fn too_many_requests() {
    let server = Portal::new().with("--limits", "bitrix24").start();
    let hook = server.hook("crm");
    let refused = (0..8 * CAPACITY).find_map(|number| {
        let reply = hook.get("profile");
        (reply.status != 200).then_some((number, reply))
    });
    let (number, reply) = refused.expect("the bucket overflows");
    assert!(number >= CAPACITY, "the first {CAPACITY} pass; number {number} did not");
    assert_eq!(reply.refusal(503, "QUERY_LIMIT_EXCEEDED"), "Too many requests");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
}

/// A batch counts once, whatever is in it.
#[test]
fn a_batch_is_one_request() {
    let server = Portal::new().with("--limits", "bitrix24").start();
    let hook = server.hook("crm");
    let commands: Vec<(String, &str)> = (0..50).map(|number| (format!("c{number}"), "profile")).collect();
    let commands: Vec<(&str, &str)> =
        commands.iter().map(|(key, command)| (key.as_str(), *command)).collect();
    for _ in 0..CAPACITY / 2 {
        let sections = hook.batch(&commands);
        assert_eq!(sections["result"].as_object().unwrap().len(), 50);
    }
}
