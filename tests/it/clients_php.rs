//! PHP: what CRest does, over https with the development authority (protocol 12.1).

use it::{Portal, Script, Server, clients};

fn php(server: &Server, script: &str) -> Script {
    Script::new("php", script)
        .argument(&format!("-dcurl.cainfo={}", server.portal().authority().display()))
        .env("HOOK", server.hook("crm").url())
        .env("NARROW", server.hook("user").url())
}

#[test]
fn a_lead_comes_in_through_a_form() {
    if clients().is_none() {
        return;
    }
    let server = Portal::new().with_tls("dev").start();
    let expected = [
        "OK add and get",
        "OK list through paging",
        "OK batch of 50",
        "OK wrong secret",
        "OK missing scope",
        "OK unknown method",
    ];
    php(&server, "crest/lead.php").says(&expected);
}

#[test]
fn recipes_for_the_crm_work() {
    if clients().is_none() {
        return;
    }
    let server = Portal::new().with_tls("dev").start();
    let expected = [
        "OK order",
        "OK document",
        "OK repeated lead",
        "OK activity",
        "OK own field",
        "OK requisites",
        "OK smart process",
    ];
    php(&server, "crest/crm.php").says(&expected);
}

#[test]
fn the_server_check_passes() {
    if clients().is_none() {
        return;
    }
    let server = Portal::new().with_tls("dev").start();
    php(&server, "crest/checkserver.php").says(&["OK curl", "OK json", "OK mbstring", "OK post"]);
}
