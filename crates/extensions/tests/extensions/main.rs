//! What programs add to the portal, through the front door, on every engine.

use serde_json::{Value as Json, json};
use testportal::portals;

fn service(code: &str) -> Json {
    json!({"name": "Acme", "code": code, "category": "text", "completions_url": "https://api.example.com/c"})
}

#[test]
fn ai_services_belong_to_the_webhook_that_added_them() {
    for portal in portals("ai_admin") {
        let id = portal.get("ai.engine.register", service("acme"));
        assert_eq!(portal.get("ai.engine.register", service("acme")), id, "the same one is changed");
        let other = portal.hook_of(1, "ai_admin");
        assert_eq!(
            other.refused("ai.engine.register", service("acme")).1,
            "ENGINE_REGISTER_ERROR_CODE_UNIQUE"
        );
        portal.get("ai.engine.register", service("second"));
        let found = portal.get("ai.engine.list", json!({"filter": {"=CODE": "acme"}}));
        assert_eq!((found.as_array().map(Vec::len), &found[0]["app_code"]), (Some(1), &json!(null)));
        assert_eq!(found[0]["settings"]["model_context_limit"], json!(15_666));
        assert_eq!(found[0]["date_create"], json!(testportal::NOW));
        let limited = portal.get("ai.engine.list", json!({"limit": 1}));
        assert_eq!(limited.as_array().map(Vec::len), Some(1));
        for (name, value, code) in [
            ("name", json!(""), "NAME"),
            ("code", json!("a b"), "CODE_FORMAT"),
            ("category", json!("smell"), "CATEGORY_FORMAT"),
            ("completions_url", json!(7), "COMPLETIONS_URL"),
            ("completions_url", json!("http://127.0.0.1/"), "COMPLETIONS_URL_FAIL"),
            ("settings", json!("x"), "SETTINGS_FORMAT"),
        ] {
            let mut params = service("third");
            params[name] = value;
            let refused = portal.refused("ai.engine.register", params).1;
            assert_eq!(refused, format!("ENGINE_REGISTER_ERROR_{code}"));
        }
        assert_eq!(portal.get("ai.engine.unregister", json!({"code": "acme"})), json!(true));
        assert_eq!(portal.get("ai.engine.unregister", json!({"code": "acme"})), json!(false));
        let ines = portal.employee("ines@example.com", "ai_admin");
        assert_eq!(ines.refused("ai.engine.list", json!({})).1, "ACCESS_DENIED");
    }
}

#[test]
fn widgets_are_their_users() {
    for portal in portals("landing") {
        let params = json!({"rootNode": ".w", "handler": "https://example.com/w", "demoData": {"count": 1}});
        let fields = json!({
            "NAME": "W", "PREVIEW": "https://example.com/w.jpg", "CONTENT": "<div class=\"w\"></div>",
            "SECTIONS": ["widgets_text", "widgets_hr"], "WIDGET_PARAMS": params,
        });
        let widget = json!({"code": "w", "fields": fields});
        let id = portal.get("landing.repowidget.register", widget.clone());
        assert_eq!(portal.get("landing.repowidget.register", widget.clone()), id);
        let list =
            |filter: Json| portal.get("landing.repowidget.getlist", json!({"params": {"filter": filter}}));
        let found = list(json!({"XML_ID": "w"}));
        assert_eq!(
            (&found[0]["ID"], &found[0]["SECTIONS"]),
            (&json!(id.to_string()), &json!("widgets_text,widgets_hr"))
        );
        assert_eq!(found[0]["MANIFEST"]["block"]["subtype_params"], params);
        assert_eq!(found[0]["DATE_CREATE"], json!("01.06.2026 12:00:00"));
        assert_eq!(list(json!({"ACTIVE": "N"})), json!([]));
        let named = json!({"params": {"select": ["NAME"], "order": {"ID": "DESC"}}});
        assert_eq!(
            portal.get("landing.repowidget.getlist", named),
            json!([{"ID": id.to_string(), "NAME": "W"}])
        );
        let mut bare = widget.clone();
        bare["fields"]["CONTENT"] = json!("");
        let refused = portal.refused("landing.repowidget.register", bare);
        let said = "The required field is missing: CONTENT";
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("REQUIRED_FIELD_NO_EXISTS", said));
        let mut bare = widget.clone();
        bare["fields"]["WIDGET_PARAMS"] = json!({"rootNode": ".w"});
        assert_eq!(portal.refused("landing.repowidget.register", bare).1, "REQUIRED_PARAM_NO_EXISTS");
        let ines = portal.employee("ines@example.com", "landing");
        assert_eq!(ines.get("landing.repowidget.getlist", json!({"params": {}})), json!([]));
        assert_eq!(ines.get("landing.repowidget.unregister", json!({"code": "w"})), json!(false));
        assert_eq!(portal.get("landing.repowidget.unregister", json!({"code": "w"})), json!(true));
    }
}

#[test]
fn types_of_user_fields_are_administrators() {
    for portal in portals("crm") {
        let new = json!({"USER_TYPE_ID": "map", "HANDLER": "https://example.com/map", "TITLE": "Map"});
        assert_eq!(portal.get("userfieldtype.add", new.clone()), json!(true));
        let twice = portal.refused("userfieldtype.add", new.clone());
        assert_eq!(twice.2, "Unable to set placement handler: Handler already binded");
        let page = portal.page("userfieldtype.list", json!({}));
        let page = page.unwrap_or_else(|fault| panic!("{fault:?}"));
        let row = json!({"USER_TYPE_ID": "map", "HANDLER": "https://example.com/map", "TITLE": "Map", "DESCRIPTION": ""});
        assert_eq!((page.total, page.result), (Some(1), json!([row])));
        let missing = portal.refused("userfieldtype.update", json!({"USER_TYPE_ID": "x", "TITLE": "y"}));
        assert_eq!(
            (missing.1.as_str(), missing.2.as_str()),
            ("ERROR_NOT_FOUND", "User Field Type not found")
        );
        let empty = portal.refused("userfieldtype.add", json!({"HANDLER": "https://example.com"}));
        assert_eq!(empty.2, "Argument 'USER_TYPE_ID' is null or empty");
        let ines = portal.employee("ines@example.com", "crm");
        assert_eq!(ines.refused("userfieldtype.add", new).1, "ACCESS_DENIED");
        assert_eq!(portal.get("userfieldtype.delete", json!({"USER_TYPE_ID": "map"})), json!(true));
    }
}

#[test]
fn connectors_are_described() {
    for portal in portals("biconnector") {
        let fields = portal.get("biconnector.connector.fields", json!({}))["fields"].clone();
        assert_eq!(fields[0]["title"], json!("id"));
        assert_eq!(fields.as_array().map(Vec::len), Some(11));
    }
}
