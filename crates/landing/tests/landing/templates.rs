//! Templates, special pages, and where knowledge bases are shown.

use serde_json::json;
use testportal::portals;

use crate::{block, html, ids, page, site};

#[test]
fn an_exported_site_becomes_pages_again() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let fields = json!({"ADDITIONAL_FIELDS": {"METAMAIN_TITLE": "Home!", "FAVICON_PICTURE": "1"}});
        let home = page(&ada, shop, "Home", fields);
        let cover = block(&ada, home, "01.big_with_text", json!(null));
        let columns = block(&ada, home, "03.1.three_cols_big_with_text_and_titles", json!(null));
        let nodes = json!({".landing-block-node-title": "Hello", ".landing-block-node-button": {"text": "Go", "href": "/x"}});
        ada.get("landing.block.updatenodes", json!({"lid": home, "block": cover, "data": nodes}));
        ada.get(
            "landing.block.removecard",
            json!({"lid": home, "block": columns, "selector": ".landing-block-node-card@1"}),
        );
        page(&ada, shop, "Second", json!({}));
        ada.get("landing.syspage.set", json!({"id": shop, "type": "mainpage", "lid": home}));
        let export = ada.get("landing.site.fullExport", json!({"id": shop, "params": {"code": "demo"}}));
        assert_eq!((&export["version"], &export["syspages"]), (&json!(3), &json!({"mainpage": "demo/home"})));
        let item = &export["items"]["demo/home"];
        assert_eq!(item["fields"]["ADDITIONAL_FIELDS"], json!({"METAMAIN_TITLE": "Home!"}));
        let wrong = json!({"id": shop, "params": {"code": "a-b"}});
        assert_eq!(ada.refused("landing.site.fullExport", wrong).1, "SYSTEM_ERROR");

        let registered = ada.get("landing.demos.register", json!({"data": export}));
        assert_eq!(registered.as_array().unwrap().len(), 3);
        assert_eq!(ada.get("landing.demos.register", json!({"data": export})), registered, "the same ones");
        let listed = ada.get("landing.demos.getPageList", json!({"type": "page"}));
        assert_eq!(listed["demo/home"]["TITLE"], "Home");
        assert_eq!(listed["search-result"]["DATA"]["items"]["#block3430"], json!({"code": "59.1.search"}));
        assert!(ada.get("landing.demos.getSiteList", json!({"type": "page"})).get("search-result").is_none());
        assert_eq!(
            ada.get("landing.demos.getPageList", json!({"type": "page", "filter": {"ID": "nobody"}})),
            json!([])
        );
        let other = site(&ada, "other");
        let asked = json!({"siteId": other, "code": "demo/home", "fields": {"TITLE": "New"}});
        let made = ada.get("landing.landing.addByTemplate", asked).as_i64().unwrap();
        let blocks = ids(&ada, made, true);
        assert_eq!(html(&ada, made, blocks[0]), html(&ada, home, cover));
        assert_eq!(html(&ada, made, blocks[1]).matches("landing-block-node-card").count(), 2);
        let fields = ada.get("landing.landing.getadditionalfields", json!({"lid": made}));
        assert_eq!(fields["METAMAIN_TITLE"], "New");
        let search = json!({"siteId": other, "code": "search-result"});
        let search = ada.get("landing.landing.addByTemplate", search).as_i64().unwrap();
        let blocks = ids(&ada, search, true);
        assert!(html(&ada, search, blocks[0]).contains("landing-block-node-form"));
        let unknown = json!({"siteId": other, "code": "no"});
        assert_eq!(ada.refused("landing.landing.addByTemplate", unknown).1, "WRONG_DATA");
        // A list has the manifest in any case: false where nobody selects it.
        let listed = ada.get("landing.demos.getList", json!({"params": {"select": ["XML_ID"]}}));
        assert_eq!(listed[0], json!({"XML_ID": "demo", "MANIFEST": false}));
        assert!(ada.get("landing.demos.getList", json!({}))[0]["MANIFEST"].is_object());
        assert_eq!(ada.get("landing.demos.unregister", json!({"code": "demo"})), json!(true));
        assert_eq!(ada.get("landing.demos.unregister", json!({"code": "demo"})), json!(false));
        let bad = json!({"data": {"code": "x", "items": {"x": {"code": "x", "items": {"1": {"nodes": {"a": "<script>"}}}}}}});
        assert_eq!(ada.refused("landing.demos.register", bad).1, "CONTENT_IS_BAD");
        let deep = (0..40).fold(json!("<script>"), |within, _| json!({"a": within}));
        let bad =
            json!({"data": {"code": "x", "items": {"x": {"code": "x", "items": {"1": {"nodes": deep}}}}}});
        assert_eq!(ada.refused("landing.demos.register", bad).1, "CONTENT_IS_BAD");
    }
}

#[test]
fn pages_play_parts_and_fill_areas() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let (home, cart) = (page(&ada, shop, "Home", json!({})), page(&ada, shop, "Cart", json!({})));
        for (kind, lid) in [("mainpage", home), (" cart ", cart)] {
            ada.get("landing.syspage.set", json!({"id": shop, "type": kind, "lid": lid}));
        }
        let parts = ada.get("landing.syspage.get", json!({"id": shop}));
        assert_eq!(
            (&parts["cart"]["LANDING_ID"], &parts["mainpage"]["TITLE"]),
            (&json!(cart.to_string()), &json!("Home"))
        );
        assert_eq!(ada.get("landing.syspage.get", json!({"id": shop, "active": true})), json!([]));
        assert_eq!(ada.get("landing.syspage.get", json!({"id": 999})), json!(null));
        ada.get("landing.syspage.deleteForLanding", json!({"id": cart}));
        assert_eq!(ada.get("landing.syspage.get", json!({"id": shop})).as_object().unwrap().len(), 1);
        ada.get("landing.syspage.deleteForSite", json!({"id": shop}));
        assert_eq!(ada.get("landing.syspage.get", json!({"id": shop})), json!([]));

        let set = json!({"id": home, "data": {"1": cart, "2": 999, "3": 0, "x": cart}});
        assert_eq!(ada.get("landing.template.setLandingRef", set), json!(true));
        assert_eq!(ada.get("landing.template.getLandingRef", json!({"id": home})), json!({"1": cart}));
        let listed = json!({"params": {"filter": {"ID": cart}, "check_area": 1, "select": ["ID"]}});
        assert_eq!(ada.get("landing.landing.getList", listed)[0]["IS_AREA"], json!(true));
        ada.get("landing.template.setLandingRef", json!({"id": home}));
        assert_eq!(ada.get("landing.template.getLandingRef", json!({"id": home})), json!(true));
        assert_eq!(ada.get("landing.template.getlist", json!({})).as_array().unwrap().len(), 6);
    }
}

#[test]
fn knowledge_bases_are_shown_at_groups_and_in_menus() {
    for ada in portals("landing,sonet_group") {
        let base = json!({"scope": "KNOWLEDGE", "fields": {"TITLE": "KB", "CODE": "kb"}});
        let base = ada.get("landing.site.add", base).as_i64().unwrap();
        let shop = site(&ada, "shop");
        let group = ada.get("sonet_group.create", json!({"NAME": "Team"}));
        let at = json!({"id": base, "groupId": group});
        assert_eq!(ada.get("landing.site.bindingToGroup", at.clone()), json!(true));
        assert_eq!(ada.get("landing.site.bindingToGroup", at.clone()), json!(false), "a group has one");
        assert_eq!(ada.get("landing.site.bindingToGroup", json!({"id": base, "groupId": 999})), json!(false));
        assert_eq!(ada.get("landing.site.bindingToMenu", json!({"id": shop, "menuCode": "m"})), json!(false));
        let listed = ada.get("landing.site.getGroupBindings", json!({}));
        assert_eq!((&listed[0]["ENTITY_ID"], &listed[0]["TITLE"]), (&json!(base.to_string()), &json!("KB")));
        assert_eq!(ada.get("landing.site.unbindingFromGroup", at), json!(true));
        assert_eq!(ada.get("landing.site.getGroupBindings", json!({})), json!([]));
        let missing = ada.refused("landing.site.bindingToGroup", json!({"id": base}));
        assert_eq!(
            (missing.1.as_str(), missing.2.as_str()),
            ("MISSING_PARAMS", "Not enough call parameters, missing: groupId")
        );
    }
}
