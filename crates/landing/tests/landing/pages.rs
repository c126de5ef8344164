//! Sites, folders and pages: codes, the tree, the trash, publication.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{block, ids, page, site};

fn sites(who: &Hook, params: Json) -> Json {
    who.get("landing.site.getList", json!({"params": params}))
}

#[test]
fn codes_are_unique_in_their_place() {
    for ada in portals("landing") {
        let (first, second) = (site(&ada, "shop"), site(&ada, "shop"));
        let digits = site(&ada, "2026");
        let of = |id: i64| sites(&ada, json!({"select": ["CODE"], "filter": {"ID": id}}))[0]["CODE"].clone();
        assert_eq!(
            (of(first), of(second), of(digits)),
            (json!("/shop/"), json!("/shop2/"), json!("/site2026/"))
        );
        // What is a sign of patterns to the database is a letter here.
        let sign = || of(site(&ada, r"50%_a\b"));
        assert_eq!([sign(), sign()], [r"/50%_a\b/", r"/50%_a\b2/"]);
        let slash = json!({"fields": {"TITLE": "x", "CODE": "a/b"}});
        assert_eq!(ada.refused("landing.site.add", slash).1, "SLASH_IS_NOT_ALLOWED");
        assert_eq!(ada.refused("landing.site.add", json!({"fields": {"CODE": "x"}})).1, "BX_EMPTY_REQUIRED");
        assert_eq!(ada.refused("landing.site.add", json!({})).1, "MISSING_PARAMS");

        let folder = |title: &str, above: i64| {
            let fields = json!({"TITLE": title, "PARENT_ID": above});
            ada.ask("landing.site.addFolder", json!({"siteId": first, "fields": fields}))
        };
        let news = folder("News", 0).unwrap().as_i64().unwrap();
        assert_eq!(folder("News", 0).unwrap_err().code, "FOLDER_IS_NOT_UNIQUE");
        let inner = folder("News", news).unwrap().as_i64().unwrap();
        assert_eq!(folder("News", 999).unwrap_err().code, "ACCESS_DENIED");

        let code = |id: i64| {
            let asked = json!({"params": {"select": ["CODE"], "filter": {"ID": id}}});
            ada.get("landing.landing.getList", asked)[0]["CODE"].as_str().unwrap().to_owned()
        };
        let one = page(&ada, first, "Spring Sale", json!({}));
        let other = page(&ada, first, "Spring Sale", json!({}));
        let within = page(&ada, first, "Spring Sale", json!({"FOLDER_ID": inner}));
        assert_eq!((code(one).as_str(), code(within).as_str()), ("springsale", "springsale"));
        assert!(code(other).starts_with("springsale_") && code(other).len() == 15, "{}", code(other));
        for (fields, refusal) in [
            (json!({"CODE": "a/b"}), "SLASH_IS_NOT_ALLOWED"),
            (json!({"CODE": ""}), "CANT_BE_EMPTY"),
            (json!({"CODE": "code_12_34"}), "WRONG_CODE_FORMAT"),
            (json!({"FOLDER_ID": 999}), "FOLDER_NOT_FOUND"),
            (json!({"SITE_ID": 999}), "SITE_NOT_FOUND"),
        ] {
            let mut given = json!({"TITLE": "x", "SITE_ID": first});
            crate::extend(&mut given, fields);
            assert_eq!(ada.refused("landing.landing.add", json!({"fields": given})).1, refusal);
        }
        // A move to where its code is taken changes it.
        ada.get("landing.landing.move", json!({"lid": within}));
        assert!(code(within).starts_with("springsale_"));
        let wrong = json!({"lid": within, "toSiteId": second, "toFolderId": news});
        assert_eq!(ada.refused("landing.landing.move", wrong).1, "FOLDER_NOT_FOUND");
    }
}

#[test]
fn addresses_follow_the_tree() {
    for ada in portals("landing") {
        let domain = json!({"fields": {"TITLE": "S", "CODE": "s", "DOMAIN_ID": "S.Example.com"}});
        let shop = ada.get("landing.site.add", domain.clone()).as_i64().unwrap();
        assert_eq!(ada.refused("landing.site.add", domain).1, "DOMAIN_EXIST");
        for (domain, refusal) in
            [("no", "DOMAIN_IS_INCORRECT"), ("my.bitrix.com", "DOMAIN_DISABLE"), ("77", "DOMAIN_NOT_FOUND")]
        {
            let given = json!({"fields": {"TITLE": "S", "CODE": "s", "DOMAIN_ID": domain}});
            assert_eq!(ada.refused("landing.site.add", given).1, refusal);
        }
        let add = |title: &str, above: i64| {
            let fields = json!({"TITLE": title, "PARENT_ID": above});
            ada.get("landing.site.addFolder", json!({"siteId": shop, "fields": fields})).as_i64().unwrap()
        };
        let (news, year) = (add("News", 0), 0);
        let year = add("2026", news) + year;
        let home = page(&ada, shop, "Home", json!({}));
        let item = page(&ada, shop, "Opening", json!({"FOLDER_ID": year}));
        let index = page(&ada, shop, "All", json!({"FOLDER_ID": year}));
        let fields = json!({"PARENT_ID": news, "INDEX_ID": index});
        ada.get("landing.site.updateFolder", json!({"siteId": shop, "folderId": year, "fields": fields}));
        for (lid, path) in [(home, "/"), (item, "/news/2026/opening/"), (index, "/news/2026/")] {
            let url = ada.get("landing.landing.getpublicurl", json!({"lid": lid}));
            assert_eq!(url, json!(format!("https://s.example.com{path}")));
            let asked = json!({"siteId": shop, "landingUrl": path});
            assert_eq!(ada.get("landing.landing.resolveIdByPublicUrl", asked), json!(lid));
        }
        let asked = json!({"siteId": shop, "landingUrl": "/news/2025/"});
        assert_eq!(ada.get("landing.landing.resolveIdByPublicUrl", asked), json!(null));
        let circle = json!({"siteId": shop, "folderId": news, "fields": {"PARENT_ID": year}});
        assert_eq!(ada.refused("landing.site.updateFolder", circle).1, "ACCESS_DENIED");
        let folders = ada.get("landing.site.getFolders", json!({"siteId": shop, "filter": {"PARENT_ID": 0}}));
        assert_eq!(folders.as_array().unwrap().len(), 1);
        assert_eq!(folders[0]["DATE_CREATE"], "06/01/2026 12:00:00 pm");
        assert_eq!(folders[0]["PARENT_ID"], json!(null));
    }
}

#[test]
fn the_trash_takes_pages_along_and_protects_the_main_one() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let folder = ada.get("landing.site.addFolder", json!({"siteId": shop, "fields": {"TITLE": "News"}}));
        let (home, item) =
            (page(&ada, shop, "Home", json!({})), page(&ada, shop, "Item", json!({"FOLDER_ID": folder})));
        let listed = |filter: Json| {
            ada.get("landing.landing.getList", json!({"params": {"filter": filter, "select": ["ID"]}}))
        };
        let ids = |list: Json| -> Vec<String> {
            list.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ada.refused("landing.landing.markDelete", json!({"lid": home})).1, "CANT_DELETE_MAIN");
        assert_eq!(ada.get("landing.site.markFolderDelete", json!({"id": folder})), json!(true));
        assert_eq!(ids(listed(json!({"SITE_ID": shop}))), [home.to_string()]);
        assert_eq!(ada.refused("landing.landing.getpublicurl", json!({"lid": item})).1, "LANDING_NOT_EXIST");
        assert_eq!(ids(listed(json!({"DELETED": "Y"}))), [item.to_string()]);
        assert_eq!(ada.get("landing.site.markFolderUnDelete", json!({"id": folder})), json!(true));
        assert_eq!(ids(listed(json!({"SITE_ID": shop}))).len(), 2);

        assert_eq!(ada.get("landing.landing.markDelete", json!({"lid": item})), json!(item));
        assert_eq!(ada.get("landing.landing.markUnDelete", json!({"lid": item})), json!(item));
        ada.get("landing.template.setSiteRef", json!({"id": shop, "data": {"1": item}}));
        assert_eq!(
            ada.refused("landing.landing.markDelete", json!({"lid": item})).1,
            "UNABLE_DELETE_INCLUDE"
        );
        assert_eq!(
            ada.refused("landing.site.markFolderDelete", json!({"id": folder})).1,
            "FOLDER_CONTAINS_AREAS"
        );

        assert_eq!(ada.refused("landing.site.delete", json!({"id": shop})).1, "SITE_IS_NOT_EMPTY");
        assert_eq!(ada.get("landing.site.markDelete", json!({"id": shop})), json!(shop));
        assert_eq!(ids(listed(json!({}))), Vec::<String>::new());
        assert_eq!(sites(&ada, json!({})), json!([]));
        assert_eq!(sites(&ada, json!({"filter": {"DELETED": "Y"}, "select": ["ACTIVE"]}))[0]["ACTIVE"], "N");
        for lid in [home, item] {
            assert_eq!(ada.get("landing.landing.delete", json!({"lid": lid})), json!(true));
        }
        assert_eq!(ada.get("landing.site.delete", json!({"id": shop})), json!(true));
        for table in ["landing_site", "landing_folder", "landing_page", "landing_area", "landing_block"] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(ada.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?)), Some(0), "{table}");
        }
    }
}

#[test]
fn what_is_published_is_a_copy_of_the_draft() {
    for ada in portals("landing") {
        let shop = site(&ada, "shop");
        let folder = ada.get("landing.site.addFolder", json!({"siteId": shop, "fields": {"TITLE": "News"}}));
        let lid = page(&ada, shop, "Item", json!({"FOLDER_ID": folder}));
        let (one, two) =
            (block(&ada, lid, "15.social", json!(null)), block(&ada, lid, "59.1.search", json!(null)));
        assert_eq!(ids(&ada, lid, false), Vec::<i64>::new());
        assert_eq!(ada.get("landing.landing.publication", json!({"lid": lid})), json!(true));
        let published = ids(&ada, lid, false);
        assert_eq!(published.len(), 2);
        assert!(!published.contains(&one));
        let shown = |id: i64| {
            ada.get("landing.block.getcontent", json!({"lid": lid, "block": id}))["content"].clone()
        };
        let before = shown(published[0]);

        ada.get("landing.block.updatecontent", json!({"lid": lid, "block": one, "content": "<p>New</p>"}));
        ada.get("landing.landing.markdeletedblock", json!({"lid": lid, "block": two}));
        assert_eq!(
            (shown(published[0]), ids(&ada, lid, false).len()),
            (before, 2),
            "nothing changes by itself"
        );
        ada.get("landing.landing.publication", json!({"lid": lid}));
        assert_eq!(ids(&ada, lid, false), [published[0]], "a block keeps its number");
        assert_eq!(
            shown(published[0]),
            json!(format!("<div id=\"b{one}\" class=\"block-wrapper block-15-social\"><p>New</p></div>"))
        );
        let of_published = json!({"lid": lid, "block": published[0], "content": "x"});
        assert_eq!(ada.refused("landing.block.updatecontent", of_published).1, "BLOCK_NOT_FOUND");

        let row = |fields: [&str; 3]| {
            let asked = json!({"params": {"select": fields, "filter": {"ID": lid}}});
            fields.map(|field| ada.get("landing.landing.getList", asked.clone())[0][field].clone())
        };
        let state = ["ACTIVE", "PUBLIC", "DATE_PUBLIC"];
        assert_eq!(row(state), [json!("Y"), json!("Y"), json!("06/01/2026 12:00:00 pm")]);
        assert_eq!(sites(&ada, json!({"select": ["ACTIVE"]}))[0]["ACTIVE"], "Y");
        assert_eq!(ada.get("landing.site.getFolders", json!({"siteId": shop}))[0]["ACTIVE"], "Y");
        assert_eq!(ada.get("landing.site.unpublic", json!({"id": shop})), json!(shop));
        assert_eq!(row(state)[..2], [json!("Y"), json!("N")]);
        assert_eq!(ada.get("landing.site.publication", json!({"id": shop})), json!(shop));
        assert_eq!(row(state)[..2], [json!("Y"), json!("Y")]);
        assert_eq!(ada.get("landing.landing.unpublic", json!({"lid": lid})), json!(true));
        assert_eq!(row(state)[..2], [json!("N"), json!("N")]);
    }
}

#[test]
fn lists_select_sort_and_page_as_asked() {
    for ada in portals("landing") {
        for code in ["c", "a", "b"] {
            site(&ada, code);
        }
        let asked = json!({"select": ["TITLE"], "order": {"TITLE": "DESC"}, "limit": 2, "offset": 1, "filter": {"!TITLE": "x"}});
        let rows = sites(&ada, asked);
        assert_eq!(
            rows,
            json!([{"ID": "3", "TITLE": "b", "TYPE": "PAGE"}, {"ID": "2", "TITLE": "a", "TYPE": "PAGE"}])
        );
        assert_eq!(
            sites(&ada, json!({"filter": {"%TITLE": "c"}, "select": ["ID"]})),
            json!([{"ID": "1", "TYPE": "PAGE"}])
        );
        let page = ada.page("landing.site.getList", json!({})).unwrap();
        assert_eq!((page.total, page.next), (None, None));
        assert_eq!(ada.refused("landing.site.getList", json!({"params": "x"})).1, "TYPE_ERROR");
        let base = json!({"scope": "knowledge", "fields": {"TITLE": "KB", "CODE": "kb"}});
        let base = ada.get("landing.site.add", base).as_i64().unwrap();
        assert_eq!(sites(&ada, json!({})).as_array().unwrap().len(), 3, "other sections are not seen");
        let seen =
            ada.get("landing.site.getList", json!({"scope": "KNOWLEDGE", "params": {"select": ["ID"]}}));
        assert_eq!(seen, json!([{"ID": base.to_string(), "TYPE": "KNOWLEDGE"}]));
        assert_eq!(ada.refused("landing.site.markDelete", json!({"id": base})).1, "ACCESS_DENIED");
        let wrong = json!({"fields": {"TITLE": "KB", "CODE": "kb", "TYPE": "KNOWLEDGE"}});
        assert_eq!(ada.refused("landing.site.add", wrong).1, "ACCESS_DENIED");
    }
}

#[test]
fn copies_have_the_blocks_and_a_code_of_their_own() {
    for ada in portals("landing") {
        let (shop, other) = (site(&ada, "shop"), site(&ada, "other"));
        let lid = page(&ada, shop, "Item", json!({"ADDITIONAL_FIELDS": {"METAOG_TITLE": "x", "EMPTY": ""}}));
        let one = block(&ada, lid, "15.social", json!("<p>Own</p>"));
        let copy = ada.get("landing.landing.copy", json!({"lid": lid, "toSiteId": other})).as_i64().unwrap();
        let blocks = ids(&ada, copy, true);
        assert_eq!((blocks.len(), crate::html(&ada, copy, blocks[0])), (1, "<p>Own</p>".to_owned()));
        assert_ne!(blocks[0], one);
        let fields = ada.get("landing.landing.getadditionalfields", json!({"lid": copy}));
        assert_eq!(fields, json!({"METAOG_TITLE": "x"}));
        ada.get(
            "landing.landing.update",
            json!({"lid": copy, "fields": {"ADDITIONAL_FIELDS": {"METAOG_TITLE": ""}}}),
        );
        assert_eq!(ada.get("landing.landing.getadditionalfields", json!({"lid": copy})), json!([]));
        assert_eq!(
            ada.refused("landing.landing.copy", json!({"lid": lid, "toSiteId": 999})).1,
            "SITE_NOT_FOUND"
        );
    }
}
