//! JavaScript: `@bitrix24/b24jssdk` from npm, unmodified, over https with the development authority.

use it::{Portal, Script, clients};

#[test]
fn b24jssdk() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_tls("dev").start();
    Script::new("node", "b24js.mjs")
        .env("CLIENTS", clients.join("js"))
        .env("NODE_EXTRA_CA_CERTS", server.portal().authority())
        .env("HOOK", server.hook("crm").url())
        .env("NARROW", server.hook("user").url())
        .env("NEWER", server.hook("task,main").url())
        .says(&[
            "OK add and get",
            "OK list through paging",
            "OK lists of items",
            "OK batch of 50",
            "OK newer version",
            "OK wrong secret",
            "OK missing scope",
            "OK unknown method",
        ]);
}

/// Everything that only reads, alone and in batches, and every list in each way that the SDK fetches lists.
#[test]
fn b24jssdk_as_a_whole() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_tls("dev").with_demo_data().with("--limits", "off").start();
    let described = server.portal().ask(&["describe"]);
    let file = server.portal().data().join("methods.json");
    std::fs::write(&file, &described).unwrap();
    let described: serde_json::Value = serde_json::from_str(&described).unwrap();
    let methods = described["methods"].as_array().unwrap().iter();
    let scopes: std::collections::BTreeSet<&str> =
        methods.filter_map(|method| method["scope"].as_str()).collect();
    let scopes = scopes.into_iter().collect::<Vec<_>>().join(",");
    let said = Script::new("node", "b24js_walk.mjs")
        .env("CLIENTS", clients.join("js"))
        .env("NODE_EXTRA_CA_CERTS", server.portal().authority())
        .env("HOOK", server.hook(&scopes).url())
        .env("METHODS", file)
        .says(&[]);
    let walked = said.lines().find_map(|line| line.strip_prefix("OK ")?.strip_suffix(" lists")?.parse().ok());
    assert!(walked >= Some(50), "{said}");
}
