//! Who may do what: by roles, and by the rights of each site.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{block, page, site};

/// A code that no folder has yet.
fn other_code() -> String {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    format!("f{}", COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

/// What each operation opens.
fn calls(shop: i64, lid: i64, id: i64) -> Vec<(&'static str, &'static str, Json)> {
    vec![
        ("read", "landing.block.getlist", json!({"lid": lid, "params": {"edit_mode": 1}})),
        ("read", "landing.landing.getadditionalfields", json!({"lid": lid})),
        ("read", "landing.template.getSiteRef", json!({"id": shop})),
        ("edit", "landing.landing.update", json!({"lid": lid, "fields": {"TITLE": "x"}})),
        ("edit", "landing.landing.add", json!({"fields": {"TITLE": "x", "SITE_ID": shop}})),
        (
            "edit",
            "landing.site.addFolder",
            json!({"siteId": shop, "fields": {"TITLE": "x", "CODE": other_code()}}),
        ),
        ("edit", "landing.block.updatecontent", json!({"lid": lid, "block": id, "content": "<p>x</p>"})),
        ("edit", "landing.landing.copy", json!({"lid": lid})),
        ("sett", "landing.site.update", json!({"id": shop, "fields": {"TITLE": "x"}})),
        ("sett", "landing.template.setSiteRef", json!({"id": shop, "data": {}})),
        ("sett", "landing.syspage.set", json!({"id": shop, "type": "cart", "lid": lid})),
        ("public", "landing.landing.publication", json!({"lid": lid})),
        ("public", "landing.site.publication", json!({"id": shop})),
        ("delete", "landing.site.markDelete", json!({"id": shop, "mark": false})),
        ("delete", "landing.landing.markUnDelete", json!({"lid": lid})),
    ]
}

fn may(who: &Hook, shop: i64, lid: i64, id: i64, given: &[&str]) {
    for (op, method, params) in calls(shop, lid, id) {
        let asked = who.ask(method, params);
        assert_eq!(asked.is_ok(), given.contains(&op), "{method} with {given:?}: {asked:?}");
        if let Err(fault) = asked {
            assert!(
                ["ACCESS_DENIED", "LANDING_NOT_EXIST", "ENTITY_NOT_FOUND"].contains(&&*fault.code),
                "{fault:?}"
            );
        }
    }
    let seen = who.get("landing.site.getList", json!({"params": {"filter": {"ID": shop}}}));
    assert_eq!(seen.as_array().unwrap().len(), usize::from(given.contains(&"read")));
    let pages = who.get("landing.landing.getList", json!({"params": {"filter": {"ID": lid}}}));
    assert_eq!(pages.as_array().unwrap().len(), usize::from(given.contains(&"read")));
    assert_eq!(who.get("landing.site.getRights", json!({"id": shop})).as_array().unwrap().len(), given.len());
}

const ALL: [&str; 5] = ["read", "edit", "sett", "public", "delete"];

#[test]
fn roles_say_who_may_do_what() {
    for ada in portals("landing") {
        let (shop, other) = (site(&ada, "shop"), site(&ada, "other"));
        let lid = page(&ada, shop, "P", json!({}));
        let id = block(&ada, lid, "15.social", json!(null));
        let theirs = page(&ada, other, "Q", json!({}));
        let ines = ada.employee("ines@example.com", "landing");
        let manager = &ada.get("landing.role.getList", json!({}))[1]["ID"];
        may(&ines, shop, lid, id, &ALL);
        for given in [
            ["read"].as_slice(),
            &["read", "edit"],
            &["read", "sett"],
            &["read", "public"],
            &["read", "delete"],
        ] {
            let rights = json!({"0": ["denied"], shop.to_string(): given});
            ada.get("landing.role.setRights", json!({"id": manager, "rights": rights}));
            may(&ines, shop, lid, id, given);
            assert_eq!(ines.refused("landing.block.getlist", json!({"lid": theirs})).1, "LANDING_NOT_EXIST");
            may(&ada, shop, lid, id, &ALL);
        }
        let shown = ada.get("landing.role.getRights", json!({"id": manager}));
        // By all sites and the shop, 0 and 1: PHP writes such a map as a list.
        assert_eq!(shown, json!([["denied"], ["read", "delete"]]));
        let own = json!({"fields": {"TITLE": "mine", "CODE": "mine"}});
        assert!(ines.ask("landing.site.add", own.clone()).is_ok(), "additional rights stay");
        ada.get(
            "landing.role.setRights",
            json!({"id": manager, "rights": {"0": ["read"]}, "additional": ["menu24", "x"]}),
        );
        assert_eq!(ines.refused("landing.site.add", own).1, "ACCESS_DENIED");
        ada.get(
            "landing.role.setAccessCodes",
            json!({"id": manager, "codes": [format!("U{}", ines.user + 1)]}),
        );
        may(&ines, shop, lid, id, &[]);
        ada.get("landing.role.setAccessCodes", json!({"id": manager, "codes": [format!("U{}", ines.user)]}));
        may(&ines, shop, lid, id, &["read"]);
        for (method, params) in [
            ("landing.role.isEnabled", json!({})),
            ("landing.role.getList", json!({})),
            ("landing.role.setRights", json!({"id": manager, "rights": {"0": ["edit"]}})),
            ("landing.role.setAccessCodes", json!({"id": manager})),
            ("landing.role.enable", json!({"mode": 0})),
            ("landing.site.setRights", json!({"id": shop, "rights": {"AU": ["edit"]}})),
        ] {
            assert_eq!(ines.refused(method, params).1, "IS_NOT_ADMIN", "{method}");
        }
        let elsewhere = json!({"id": manager, "scope": "KNOWLEDGE"});
        assert_eq!(ada.refused("landing.role.getRights", elsewhere).1, "ROLE_SCOPE_MISMATCH");
    }
}

#[test]
fn without_roles_each_site_has_rights() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let lid = page(&ada, shop, "P", json!({}));
        let id = block(&ada, lid, "15.social", json!(null));
        let ines = ada.employee("ines@example.com", "landing");
        let me = format!("U{}", ines.user);
        ada.get("landing.role.enable", json!({"mode": 0}));
        assert_eq!(ada.get("landing.role.isEnabled", json!({})), json!(false));
        may(&ines, shop, lid, id, &ALL);
        ada.get(
            "landing.site.setRights",
            json!({"id": shop, "rights": {me.as_str(): ["edit"], "U999": ["public"]}}),
        );
        may(&ines, shop, lid, id, &["read", "edit"]);
        ada.get(
            "landing.site.setRights",
            json!({"id": shop, "rights": {me.as_str(): ["denied", "read"], "AU": ["read"]}}),
        );
        assert_eq!(ines.get("landing.site.getRights", json!({"id": shop})), json!(["denied"]));
        assert_eq!(ines.refused("landing.landing.publication", json!({"lid": lid})).1, "LANDING_NOT_EXIST");
        assert_eq!(ada.get("landing.site.setRights", json!({"id": 999, "rights": {}})), json!(false));
        ada.get("landing.site.setRights", json!({"id": shop}));
        may(&ines, shop, lid, id, &ALL);
        ada.get("landing.role.enable", json!({"mode": 1}));
        may(&ines, shop, lid, id, &ALL);
    }
}

#[test]
fn what_somebody_may_not_see_is_not_reached_by_number() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let lid = page(&ada, shop, "P", json!({}));
        let id = block(&ada, lid, "15.social", json!(null));
        let ines = ada.employee("ines@example.com", "landing");
        let mine =
            ines.get("landing.site.add", json!({"fields": {"TITLE": "m", "CODE": "m"}})).as_i64().unwrap();
        let page = page(&ines, mine, "M", json!({}));
        let rights = json!({"0": ALL, shop.to_string(): ["denied"]});
        ada.get("landing.role.setRights", json!({"id": 2, "rights": rights}));
        for (method, params, code) in [
            ("landing.landing.copyblock", json!({"lid": page, "block": id}), "BLOCK_NOT_FOUND"),
            ("landing.landing.moveblock", json!({"lid": page, "block": id}), "BLOCK_NOT_FOUND"),
            ("landing.block.getbyid", json!({"block": id, "params": {"edit_mode": 1}}), "BLOCK_NOT_FOUND"),
            ("landing.landing.copy", json!({"lid": lid, "toSiteId": mine}), "LANDING_NOT_EXIST"),
            ("landing.landing.move", json!({"lid": page, "toSiteId": shop}), "ACCESS_DENIED"),
            ("landing.syspage.set", json!({"id": mine, "type": "cart", "lid": lid}), "LANDING_NOT_EXIST"),
            ("landing.landing.update", json!({"lid": page, "fields": {"SITE_ID": shop}}), "ACCESS_DENIED"),
            ("landing.site.fullExport", json!({"id": shop}), "ACCESS_DENIED"),
            ("landing.block.uploadfile", json!({"block": id, "picture": ["a.png", "x"]}), "BLOCK_NOT_FOUND"),
        ] {
            assert_eq!(ines.refused(method, params).1, code, "{method}");
        }
        ines.get("landing.template.setLandingRef", json!({"id": page, "data": {"1": lid}}));
        assert_eq!(ines.get("landing.template.getLandingRef", json!({"id": page})), json!(true));
        assert_eq!(ines.get("landing.site.getPublicUrl", json!({"id": [shop]})), json!([]));
    }
}
