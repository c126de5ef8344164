//! Follow-ups of calls in chats, of which there are none.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

fn code(hook: &Hook, method: &str, params: Json) -> (u16, String) {
    let (status, code, _) = hook.v3().refused(method, params);
    (status, code.rsplit('_').next().unwrap().to_owned())
}

#[test]
fn there_is_nothing_to_list_and_requests_are_checked() {
    for portal in portals("call") {
        let whole = json!({"from": "2026-06-01T00:00:00Z", "to": "2026-06-30T23:59:59Z"});
        let list = |more: Json| {
            let mut params = json!({"filter": {"startDate": whole}});
            more.as_object().unwrap().iter().for_each(|(name, value)| params[name] = value.clone());
            params
        };
        let nothing = json!({"items": [], "hasMore": false, "afterCursor": null});
        for fits in [
            json!({}),
            json!({"select": [], "order": {"startDate": "ASC"}, "mentionFormat": "html"}),
            json!({"select": ["callId", "overview.actionItems"], "pagination": {"limit": 500}}),
            json!({"pagination": {"afterCursor": {"startDate": "2026-01-12T14:30:00.000000+00:00", "id": 7}}}),
            json!({"filter": {"startDate": whole, "participantId": 1}}),
        ] {
            assert_eq!(portal.v3().get("call.followup.list", list(fits.clone())), nothing, "{fits}");
        }
        let backwards = json!({"from": "2026-06-02T00:00:00Z", "to": "2026-06-01T00:00:00Z"});
        for (wrong, name) in [
            (json!({"filter": {}}), "range"),
            (json!({"filter": {"startDate": {"from": "2026-06-01"}}}), "range"),
            (json!({"filter": {"startDate": backwards}}), "range"),
            (json!({"filter": {"startDate": whole, "participantId": "x"}}), "REQUESTVALIDATIONEXCEPTION"),
            (json!({"select": ["participants.name"]}), "field"),
            (json!({"select": "callId"}), "field"),
            (json!({"order": {"callId": "asc"}}), "order"),
            (json!({"order": ["startDate"]}), "order"),
            (json!({"pagination": {"limit": 0}}), "pagination"),
            (json!({"pagination": {"afterCursor": {"id": 7}}}), "pagination"),
            (json!({"mentionFormat": "xml"}), "REQUESTVALIDATIONEXCEPTION"),
        ] {
            assert_eq!(
                code(&portal, "call.followup.list", list(wrong.clone())),
                (400, name.into()),
                "{wrong}"
            );
        }
    }
}

#[test]
fn no_call_has_one_of_which_only_administrators_are_told() {
    for portal in portals("call,user") {
        let get = json!({"callId": 1});
        assert_eq!(code(&portal, "call.followup.get", get.clone()), (400, "ENTITYNOTFOUNDEXCEPTION".into()));
        let ines = portal.employee("ines@example.com", "call");
        assert_eq!(code(&ines, "call.followup.get", get), (403, "denied".into()));
        let untyped = json!({"callId": "1"});
        assert_eq!(code(&ines, "call.followup.get", untyped), (400, "REQUESTVALIDATIONEXCEPTION".into()));
        let fields = portal.v3().get("call.followup.field.list", json!({"select": ["name", "type"]}));
        assert_eq!(fields["items"][0], json!({"name": "callId", "type": "int"}));
        let other = portal.hook_of(1, "user");
        assert_eq!(code(&other, "call.followup.list", json!({})), (403, "INSUFFICIENTSCOPEEXCEPTION".into()));
    }
}
