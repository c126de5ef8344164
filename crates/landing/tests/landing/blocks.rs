//! Blocks: where they are, and what is changed in them, compared letter by letter.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{block, html, ids, page, site};

const OWN: &str = "<section  class='landing-block'>\n<h2 class=\"t\" style=\"color:red; top:0\">One</h2><!-- kept -->\n\
<a class=l href='/old?a=1&amp;b=2'>Go</a><img class=\"i\" src=\"x\"><i class=\"ic fa fa-x big\"></i>\n\
<ul><li class=\"c\"><b class=\"ct\">A</b></li>\n<li class=\"c\"><b class=\"ct\">B</b></li></ul></section>";

/// A page with a block of our own on it, whose manifest names everything.
fn own(who: &Hook) -> (i64, i64) {
    let named = |kind: &str| json!({"name": kind, "type": kind});
    let manifest = json!({
        "block": {"name": "Own", "section": ["text"]},
        "nodes": {".t": named("text"), ".l": named("link"), ".i": named("img"), ".ic": named("icon"), ".ct": named("text")},
        "cards": {".c": {"name": "Card", "presets": {"new": {"name": "New", "html": "<li class=\"c\"><b class=\"ct\">P</b></li>"}}}},
        "attrs": {".t": [{"name": "Mark", "attribute": "data-mark", "type": "text"}]},
        "style": {"nodes": {".t": {"type": ["typo"]}, "section": {"type": ["box"]}}},
    });
    let fields =
        json!({"NAME": "Own", "CONTENT": OWN, "SECTIONS": "text", "PREVIEW": "https://x.test/p.png"});
    let repo =
        who.get("landing.repo.register", json!({"code": "own", "fields": fields, "manifest": manifest}));
    let lid = page(who, site(who, "s"), "P", json!({}));
    (lid, block(who, lid, &format!("repo_{repo}"), json!(null)))
}

fn change(who: &Hook, method: &str, (lid, id): (i64, i64), more: Json) -> String {
    let mut params = json!({"lid": lid, "block": id});
    crate::extend(&mut params, more);
    assert_eq!(who.get(method, params), json!(true));
    html(who, lid, id)
}

#[test]
fn nodes_are_changed_and_everything_else_stays_as_given() {
    for ada in portals("landing") {
        let own = own(&ada);
        let nodes = |data: Json| change(&ada, "landing.block.updatenodes", own, json!({"data": data}));
        let mut expected = OWN.replace(">One<", "><em>Two</em> & more<");
        assert_eq!(
            nodes(
                json!({".t": "<em>Two</em> & more", ".unknown": "x", "bitrix:catalog.section": {"attrs": {"A": 1}}})
            ),
            expected
        );
        let link =
            json!({".l": {"text": "Read", "href": "/new?x=1", "query": "utm=\"q\"", "target": "_blank"}});
        expected = expected.replace(
            "href='/old?a=1&amp;b=2'>Go",
            "href=\"/new?x=1&amp;utm=&quot;q&quot;\" target=\"_blank\">Read",
        );
        assert_eq!(nodes(link), expected);
        expected = expected.replace(" target=\"_blank\"", "");
        assert_eq!(nodes(json!({".l": {"href": "/new?x=1", "query": "utm=\"q\""}})), expected);
        expected = expected.replace(
            "src=\"x\"",
            "src=\"https://e.test/a.png\" srcset=\"https://e.test/b.png 2x\" alt=\"A\"",
        );
        let image = json!({".i": {"src": "http://e.test/a.png", "src2x": "http://e.test/b.png", "alt": "A"}});
        assert_eq!(nodes(image), expected);
        expected = expected.replace("class=\"ic fa fa-x big\"", "class=\"ic big fa fa-y\"");
        assert_eq!(nodes(json!({".ic": ["fa", "fa-y"]})), expected);
        expected = expected.replace(">B<", ">C<");
        assert_eq!(nodes(json!({".ct@1": {"text": "C"}, ".ct@7": "nobody"})), expected);
        expected = expected.replace("class=\"ct\"", "class=\"ct\" title=\"t\"");
        assert_eq!(nodes(json!({".ct": {"attrs": {"title": "t"}}})), expected);
        let nothing = json!({"lid": own.0, "block": own.1, "data": {}});
        assert_eq!(ada.refused("landing.block.updatenodes", nothing).1, "NODES_NOT_FOUND");
        let long = json!({"lid": own.0, "block": own.1, "data": {".t": "x".repeat(70_000)}});
        assert_eq!(ada.refused("landing.block.updatenodes", long).1, "BX_INVALID_VALUE");
        assert_eq!(html(&ada, own.0, own.1), expected);
    }
}

#[test]
fn attributes_styles_tags_and_anchors_are_changed() {
    for ada in portals("landing") {
        let own = own(&ada);
        let attrs = json!({"data": {".t": {"data-mark": [1, "a"], "onclick": "x()"}, ".l": {"href": "no"}}});
        let mut expected = OWN.replace("top:0\">", "top:0\" data-mark=\"[1,&quot;a&quot;]\">");
        assert_eq!(change(&ada, "landing.block.updateattrs", own, attrs), expected);
        let style = json!({"data": {".t": {"classList": ["t", "wide"], "style": {"color": "blue", "left": "1px"}}, ".l": ["x"]}});
        expected = expected.replace(
            "class=\"t\" style=\"color:red; top:0\"",
            "class=\"t wide\" style=\"color: blue; top: 0; left: 1px;\"",
        );
        assert_eq!(change(&ada, "landing.block.updateStyles", own, style), expected);
        let affect =
            json!({"data": {"#wrapper": {"affect": ["color"], "classList": ["landing-block", "big"]}}});
        expected = expected
            .replace("class='landing-block'", "class=\"landing-block big\"")
            .replace("color: blue; ", "");
        assert_eq!(change(&ada, "landing.block.updateStyles", own, affect), expected);
        expected = expected
            .replace("<h2", "<h3")
            .replace("</h2>", "</h3>")
            .replace("<b class=\"ct\">B</b>", "<div class=\"ct\">B</div>");
        let tags = json!({"data": {".t": " H3 ", ".ct@1": "marquee"}});
        assert_eq!(change(&ada, "landing.block.changeNodeName", own, tags), expected);

        change(&ada, "landing.block.changeAnchor", own, json!({"data": "faq.v2"}));
        let shown = ada.get("landing.block.getcontent", json!({"lid": own.0, "block": own.1, "editMode": 1}));
        assert_eq!(
            (&shown["anchor"], &shown["sections"], &shown["access"]),
            (&json!("faq.v2"), &json!("text"), &json!("X"))
        );
        assert_eq!(shown["manifest"]["nodes"][".t"]["code"], ".t");
        for anchor in ["a", "1a", "a b", "ä1"] {
            let given = json!({"lid": own.0, "block": own.1, "data": anchor});
            assert_eq!(ada.refused("landing.block.changeAnchor", given).1, "BAD_ANCHOR", "{anchor}");
        }
    }
}

#[test]
fn cards_are_added_copied_removed_and_arranged() {
    for ada in portals("landing") {
        let own = own(&ada);
        let texts = |html: &str| -> String {
            html.split("class=\"ct\">").skip(1).map(|part| part.split('<').next().unwrap()).collect()
        };
        let card = |method: &str, more: Json| texts(&change(&ada, method, own, more));
        assert_eq!(card("landing.block.clonecard", json!({"selector": ".c@1"})), "ABB");
        assert_eq!(card("landing.block.removecard", json!({"selector": ".c@2"})), "AB");
        assert_eq!(html(&ada, own.0, own.1), OWN, "as it was");
        let new = "<li class=\"c\"><b class=\"ct\">N</b></li>";
        assert_eq!(card("landing.block.addcard", json!({"selector": ".c@0", "content": new})), "ANB");
        assert_eq!(card("landing.block.addcard", json!({"selector": ".c", "content": ""})), "AANB");
        for selector in [".c", ".c@9", ".t@0"] {
            let asked = json!({"lid": own.0, "block": own.1, "selector": selector});
            assert_eq!(ada.refused("landing.block.removecard", asked).1, "CARD_NOT_FOUND", "{selector}");
        }
        let source =
            json!([{"type": "card", "value": 3}, {"type": "preset", "value": "new"}, {}, {"value": 99}]);
        let data =
            json!({"data": {".c": {"source": source, "values": [{".ct@0": "X"}, {".ct@2": {"text": "Y"}}]}}});
        assert_eq!(card("landing.block.updateCards", data), "XPY");
    }
}

#[test]
fn blocks_go_where_they_are_put() {
    for ada in portals("landing") {
        let shop = site(&ada, "s");
        let (lid, other) = (page(&ada, shop, "P", json!({})), page(&ada, shop, "Q", json!({})));
        let add = |after: i64| {
            let fields = json!({"CODE": "15.social", "AFTER_ID": after});
            ada.get("landing.landing.addblock", json!({"lid": lid, "fields": fields})).as_i64().unwrap()
        };
        let one = add(0);
        let (two, three) = (add(one), add(999));
        assert_eq!(ids(&ada, lid, true), [three, one, two]);
        let at = |id: i64| json!({"lid": lid, "block": id});
        ada.get("landing.landing.upblock", at(two));
        assert_eq!(ids(&ada, lid, true), [three, two, one]);
        ada.get("landing.landing.downblock", at(three));
        assert_eq!(ids(&ada, lid, true), [two, three, one]);
        assert_eq!(ada.refused("landing.landing.downblock", at(one)).1, "BLOCK_WRONG_SORT");
        assert_eq!(ada.refused("landing.landing.upblock", at(two)).1, "BLOCK_WRONG_SORT");
        let moved = json!({"lid": other, "block": two, "params": {"RETURN_CONTENT": "Y"}});
        assert_eq!(ada.get("landing.landing.moveblock", moved)["content"]["id"], two);
        let copy = ada.get(
            "landing.landing.copyblock",
            json!({"lid": lid, "block": two, "params": {"AFTER_ID": three}}),
        );
        assert_eq!(ids(&ada, lid, true), [three, copy.as_i64().unwrap(), one]);
        assert_eq!(ids(&ada, other, true), [two]);
        ada.get("landing.landing.hideblock", at(one));
        let shown = ada.get("landing.block.getbyid", json!({"block": one, "params": {"edit_mode": true}}));
        assert_eq!((&shown["active"], &shown["name"]), (&json!(false), &json!("Links to social networks")));
        ada.get("landing.landing.markdeletedblock", at(one));
        assert_eq!(ada.refused("landing.landing.showblock", at(one)).1, "BLOCK_NOT_FOUND");
        let deleted =
            ada.get("landing.block.getlist", json!({"lid": lid, "params": {"edit_mode": 1, "deleted": 1}}));
        assert_eq!(deleted[0]["id"], one);
        ada.get("landing.landing.markundeletedblock", at(one));
        let data =
            json!({"lid": lid, "data": {"blocks": [three, two], "images": [{"block": one, "image": 5}]}});
        assert_eq!(ada.get("landing.landing.removeEntities", data), json!(true));
        assert_eq!((ids(&ada, lid, true).len(), ids(&ada, other, true).len()), (2, 1));
        let wrong = json!({"lid": lid, "fields": {"CODE": "no.such"}});
        assert_eq!(ada.refused("landing.landing.addblock", wrong).1, "BLOCK_CANT_BE_ADDED");
    }
}

#[test]
fn saved_and_own_blocks_are_in_the_repository() {
    for ada in portals("landing") {
        let own = own(&ada);
        let code = "15.social";
        let social = block(&ada, own.0, code, json!("<p>Ours</p>"));
        let meta = json!({"lid": own.0, "block": social, "meta": {"name": "Ours", "section": "social"}});
        let saved = ada.get("landing.landing.favoriteBlock", meta).as_i64().unwrap();
        let all = ada.get("landing.block.getrepository", json!({}));
        assert_eq!(all["favourite"]["items"][format!("{code}@{saved}")]["name"], "Ours");
        assert_eq!(all["text"]["items"]["repo_1"]["name"], "Own");
        assert_eq!(ada.get("landing.block.getrepository", json!({"section": "nowhere"})), json!(false));
        let asked = json!({"code": format!("{code}@{saved}")});
        assert_eq!(ada.get("landing.block.getContentFromRepository", asked), "<p>Ours</p>");
        let added = block(&ada, own.0, &format!("{code}@{saved}"), json!(null));
        assert_eq!(html(&ada, own.0, added), "<p>Ours</p>");
        let ines = ada.employee("ines@example.com", "landing");
        assert_eq!(
            ines.refused("landing.landing.unFavoriteBlock", json!({"blockId": saved})).1,
            "ACCESS_DENIED"
        );
        assert_eq!(ada.get("landing.landing.unFavoriteBlock", json!({"blockId": saved})), json!(true));
        assert_eq!(
            ada.refused("landing.landing.unFavoriteBlock", json!({"blockId": social})).1,
            "BLOCK_NOT_FOUND"
        );

        let fields = |content: &str| json!({"NAME": "Own", "CONTENT": content, "SECTIONS": "text", "PREVIEW": "p", "RESET": "Y"});
        let bad = json!({"code": "own", "fields": fields("<p onclick=\"x()\">")});
        assert_eq!(ada.refused("landing.repo.register", bad).1, "CONTENT_IS_BAD");
        let stolen = json!({"code": "own", "fields": fields("<p>Hers</p>")});
        assert_eq!(ines.refused("landing.repo.register", stolen).1, "ACCESS_DENIED");
        ada.get("landing.repo.register", json!({"code": "own", "fields": fields("<p>Reset</p>")}));
        let listed = ada.get("landing.repo.getList", json!({"params": {"select": ["XML_ID"]}}));
        let has = |name: &str| listed[0].get(name).is_some();
        assert!(has("XML_ID") && has("MANIFEST") && !has("NAME"), "in any case with its manifest: {listed}");
        assert_eq!(html(&ada, own.0, own.1), "<p>Reset</p>");
        assert_eq!(ada.get("landing.repo.unregister", json!({"code": "own"})), json!(true));
        assert_eq!(ada.get("landing.repo.unregister", json!({"code": "own"})), json!(false));
    }
}

#[test]
fn images_are_kept_with_their_block() {
    for ada in portals("landing") {
        let own = own(&ada);
        let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let kept =
            ada.get("landing.block.uploadfile", json!({"block": own.1, "picture": ["my pic.png", pixel]}));
        assert!(
            kept["id"].is_i64() && kept["src"].as_str().unwrap().starts_with("https://portal.test/"),
            "{kept}"
        );
        for picture in [json!("https://example.com/a.png"), json!(["a.png", "aGVsbG8="]), json!([])] {
            let asked = json!({"block": own.1, "picture": picture});
            assert_eq!(ada.refused("landing.block.uploadfile", asked).1, "FILE_ERROR");
        }
        let count = || ada.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM portal_file", &[], |row| row.int(0))?));
        assert_eq!(count(), Some(1));
        ada.get("landing.landing.deleteblock", json!({"lid": own.0, "block": own.1}));
        assert_eq!(count(), Some(0));
    }
}
