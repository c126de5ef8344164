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
        .says(&[
            "OK add and get",
            "OK list through paging",
            "OK lists of items",
            "OK batch of 50",
            "OK wrong secret",
            "OK missing scope",
            "OK unknown method",
        ]);
}
