//! Who may do what.

use serde_json::{Value, json};
use testportal::portals;

use crate::{SCOPES, field, item, numbers, process, stage};

#[test]
fn rights_of_a_process_decide() {
    for ada in portals(SCOPES) {
        let [boss, clerk, guest, otto] =
            ["boss", "clerk", "guest", "otto"].map(|who| ada.employee(&format!("{who}@x.de"), SCOPES));
        let code = |hook: &testportal::Hook| format!("U{}", hook.user);
        let (a, b, c) = (code(&boss), code(&clerk), code(&guest));
        let of = process(&ada, &[(&a, "MODIFY"), (&b, "ITEMS_CREATE"), (&c, "VIEW")]);
        let first = stage(&boss, of, "Begun", "");
        field(&ada, of, "NAME", "string");
        let id = item(&clerk, of, json!({}));
        let named = json!({"typeId": of, "id": id});
        for (hook, sees) in [(&boss, true), (&clerk, true), (&guest, true), (&otto, false)] {
            let types = numbers(&hook.get("rpa.type.list", json!({}))["types"]);
            assert_eq!(types, if sees { vec![of] } else { vec![] });
            for (method, params) in [
                ("rpa.type.get", json!({"id": of})),
                ("rpa.stage.get", json!({"id": first})),
                ("rpa.stage.listForType", json!({"typeId": of})),
                ("rpa.item.get", named.clone()),
                ("rpa.item.list", named.clone()),
                ("rpa.item.getTasks", named.clone()),
                ("rpa.timeline.listForItem", json!({"typeId": of, "itemId": id})),
                ("rpa.fields.getSettings", json!({"typeId": of})),
            ] {
                match hook.ask(method, params) {
                    Ok(_) => assert!(sees, "{method}"),
                    Err(fault) => assert_eq!((sees, &*fault.code), (false, "ACCESS_DENIED"), "{method}"),
                }
            }
        }
        let refused = |hook: &testportal::Hook, method: &str, params: Value| {
            assert_eq!(hook.refused(method, params).1, "ACCESS_DENIED", "{method}");
        };
        for hook in [&clerk, &guest, &otto] {
            refused(hook, "rpa.type.update", json!({"id": of, "fields": {"title": "x"}}));
            refused(hook, "rpa.type.delete", json!({"id": of}));
            refused(hook, "rpa.stage.update", json!({"id": first, "fields": {"name": "x"}}));
            refused(hook, "rpa.stage.delete", json!({"id": first}));
            refused(hook, "rpa.fields.setSettings", json!({"typeId": of, "fields": {}}));
        }
        for hook in [&clerk, &guest] {
            refused(hook, "rpa.stage.add", json!({"fields": {"name": "x", "typeId": of}}));
        }
        // Who does not see a process is not told that it is there.
        let unseen = json!({"fields": {"name": "x", "typeId": of}});
        assert_eq!(otto.refused("rpa.stage.add", unseen).1, "INVALID_ARG_VALUE");
        for hook in [&boss, &guest, &otto] {
            refused(hook, "rpa.item.add", json!({"typeId": of, "fields": {}}));
            refused(hook, "rpa.item.update", json!({"typeId": of, "id": id, "fields": {"stageId": first}}));
            refused(hook, "rpa.item.delete", named.clone());
        }
        refused(
            &otto,
            "rpa.comment.add",
            json!({"typeId": of, "itemId": id, "fields": {"description": "x"}}),
        );
        let record =
            guest.get("rpa.timeline.add", json!({"typeId": of, "itemId": id, "fields": {"title": "x"}}));
        refused(
            &guest,
            "rpa.timeline.updateIsFixed",
            json!({"id": record["timeline"]["id"], "isFixed": "Y"}),
        );
        refused(&boss, "rpa.type.add", json!({"fields": {"title": "x"}}));
        assert_eq!(
            clerk.get("userfieldconfig.list", json!({"moduleId": "rpa"}))["fields"].as_array().unwrap().len(),
            1
        );
        assert_eq!(otto.refused("userfieldconfig.list", json!({"moduleId": "rpa"})).0, 400);

        let given = json!([{"accessCode": "UA", "permission": "X", "action": "VIEW"}]);
        let changed = boss.get("rpa.type.update", json!({"id": of, "fields": {"permissions": given}}));
        let rights = &changed["type"]["permissions"];
        assert_eq!(rights.as_array().unwrap().len(), 1, "{rights}");
        assert_eq!(
            json!([rights[0]["entity"], rights[0]["entityId"], rights[0]["accessCode"]]),
            json!(["TYPE", of.to_string(), "UA"])
        );
        refused(&boss, "rpa.type.update", json!({"id": of, "fields": {"title": "x"}}));
        otto.get("rpa.item.get", named);
        for unfit in [json!({"action": "FLY"}), json!({"permission": "Y"}), json!({"accessCode": "'"})] {
            let mut one = given[0].clone();
            one.as_object_mut().unwrap().extend(unfit.as_object().unwrap().clone());
            let params = json!({"fields": {"title": "x", "permissions": [one]}});
            assert_eq!(ada.refused("rpa.type.add", params).1, "INVALID_ARG_VALUE", "{unfit}");
        }
    }
}
