//! Mail services through the front door, on every engine.

use serde_json::{Value as Json, json};
use testportal::portals;

#[test]
fn administrators_keep_mail_services() {
    for portal in portals("mailservice") {
        let known = portal.get("mailservice.list", json!({}));
        assert_eq!((&known[0]["NAME"], &known[0]["PORT"]), (&json!("gmail"), &json!("993")));
        let new =
            json!({"NAME": "Ours", "SERVER": "imap.example.com", "PORT": 993, "ENCRYPTION": "Y", "SORT": 50});
        let id = portal.get("mailservice.add", new.clone());
        assert!(id.is_i64());
        let kept = portal.get("mailservice.get", json!({"ID": id}));
        let expected = json!({
            "ID": id.to_string(), "SITE_ID": "s1", "ACTIVE": "Y", "SORT": "50", "NAME": "Ours",
            "SERVER": "imap.example.com", "PORT": "993", "ENCRYPTION": "Y", "LINK": null, "ICON": null,
            "SMTP_SERVER": null, "SMTP_PORT": null, "SMTP_LOGIN_AS_IMAP": "N", "SMTP_PASSWORD_AS_IMAP": "N",
            "SMTP_ENCRYPTION": null, "UPLOAD_OUTGOING": null,
        });
        assert_eq!(kept, expected);
        assert_eq!(portal.get("mailservice.list", json!({}))[0]["NAME"], json!("Ours"), "they are sorted");
        assert_eq!(portal.get("mailservice.update", json!({"ID": id, "ACTIVE": "N"})), json!(true));
        let refused = |method: &str, params: Json| {
            let refused = portal.refused(&format!("mailservice.{method}"), params);
            assert_eq!(refused.1, "ERROR_CORE");
            refused.2
        };
        assert_eq!(refused("add", json!({"SERVER": "x"})), "Required field \"Name\" not filled");
        assert_eq!(refused("add", json!({"NAME": "x", "PORT": "home"})), "Invalid value for \"PORT\"");
        assert_eq!(
            refused("update", json!({"ID": id, "ENCRYPTION": "maybe"})),
            "Invalid value for \"ENCRYPTION\""
        );
        assert_eq!(refused("get", json!({})), "Mail service ID not specified");
        assert_eq!(refused("delete", json!({"ID": 999})), "Mail service not found");
        let ines = portal.employee("ines@example.com", "mailservice");
        assert_eq!(ines.get("mailservice.get", json!({"ID": id}))["ACTIVE"], json!("N"));
        for (method, params) in [("add", new), ("update", json!({"ID": id})), ("delete", json!({"ID": id}))] {
            assert_eq!(ines.refused(&format!("mailservice.{method}"), params).2, "Access denied", "{method}");
        }
        assert_eq!(portal.get("mailservice.delete", json!({"ID": id})), json!(true));
        let fields = portal.get("mailservice.fields", json!({}));
        assert_eq!(fields["ENCRYPTION"], json!("Secure connection"));
    }
}
