//! Working days in REST 3.0.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW, portals};

use crate::SCOPES;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn list(hook: &Hook, params: Json) -> Json {
    hook.v3().get("timeman.record.list", params)["items"].clone()
}

fn ids(rows: &Json) -> Vec<i64> {
    rows.as_array().unwrap().iter().filter_map(|row| row["id"].as_i64()).collect()
}

/// Two whole days of a user, the first with a break and longer, and a third that goes on.
fn three_days(hook: &Hook) {
    hook.get("timeman.open", json!({}));
    hook.at(NOW + HOUR).get("timeman.pause", json!({}));
    hook.at(NOW + 2 * HOUR).get("timeman.open", json!({}));
    hook.at(NOW + 6 * HOUR).get("timeman.close", json!({}));
    hook.at(NOW + DAY).get("timeman.open", json!({}));
    hook.at(NOW + DAY + 2 * HOUR).get("timeman.close", json!({}));
    hook.at(NOW + 2 * DAY).get("timeman.open", json!({}));
}

#[test]
fn days_are_listed_with_what_was_worked() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", SCOPES);
        three_days(&ines);
        portal.get("timeman.open", json!({}));
        let of_ines = json!([["userId", ines.user]]);
        let at_last = ines.at(NOW + 2 * DAY);
        let rows = list(&at_last, json!({"filter": of_ines}));
        assert_eq!(
            rows[0],
            json!({
                "id": rows[0]["id"], "userId": ines.user, "startTime": "2026-06-01T12:00:00+00:00",
                "endTime": "2026-06-01T18:00:00+00:00", "duration": 5 * HOUR, "breakLength": HOUR,
                "state": "CLOSED", "isApproved": true,
            })
        );
        assert_eq!(
            (&rows[2]["state"], &rows[2]["endTime"], &rows[2]["duration"]),
            (&json!("OPENED"), &json!(null), &json!(0))
        );
        let expired = list(&ines.at(NOW + 3 * DAY), json!({"filter": of_ines, "select": ["state"]}));
        assert_eq!(expired[2], json!({"state": "EXPIRED"}));
        let [first, second, third] = ids(&rows)[..] else { panic!("{rows}") };
        let by = |order: Json| ids(&list(&at_last, json!({"filter": of_ines, "order": order})));
        assert_eq!(by(json!({"duration": "DESC"})), [first, second, third]);
        assert_eq!(by(json!({"duration": "ASC"})), [third, second, first]);
        assert_eq!(by(json!({"endTime": "DESC"})), [second, first, third]);
        let span = json!([
            ["userId", ines.user],
            ["startTime", "between", ["2026-06-02T00:00:00+00:00", "2026-06-02T23:59:59+00:00"]]
        ]);
        assert_eq!(ids(&list(&at_last, json!({"filter": span}))), [second]);
        let page = json!({"filter": of_ines, "pagination": {"page": 2, "limit": 2}});
        assert_eq!(ids(&list(&at_last, page)), [third]);
        // Beside the days of the user, an alternative lists nobody else's.
        let or = json!([{"logic": "or", "conditions":
            [["userId", ines.user], ["startTime", ">", "2020-01-01T00:00:00+00:00"]]}]);
        assert_eq!(ids(&list(&portal, json!({"filter": or}))), [first, second, third]);
    }
}

#[test]
fn only_one_employee_at_a_time_whose_days_the_caller_manages() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", SCOPES);
        let refused = |hook: &Hook, filter: Json| {
            let (status, code, _) = hook.v3().refused("timeman.record.list", json!({"filter": filter}));
            (status, code.rsplit('_').next().unwrap().to_owned())
        };
        let invalid = (400, "INVALIDFILTEREXCEPTION".to_owned());
        let incomplete = (400, "REQUESTVALIDATIONEXCEPTION".to_owned());
        assert_eq!(refused(&ines, json!([["userId", 1]])), (403, "ACCESSDENIEDEXCEPTION".to_owned()));
        assert_eq!(refused(&portal, json!([])), incomplete);
        assert_eq!(refused(&portal, json!([["startTime", ">", "2020-01-01T00:00:00+00:00"]])), incomplete);
        assert_eq!(refused(&portal, json!([["userId", "1"]])), incomplete);
        assert_eq!(refused(&portal, json!([["id", 1]])), incomplete, "no field to filter by");
        assert_eq!(refused(&portal, json!([["userId", [1, ines.user]]])), invalid);
        assert_eq!(refused(&portal, json!([["userId", 1], ["userId", ines.user]])), invalid);
        assert_eq!(refused(&portal, json!([["userId", ">", 0]])), invalid);
        let order = json!({"filter": [["userId", 1]], "order": {"state": "ASC"}});
        assert_eq!(portal.v3().refused("timeman.record.list", order).0, 400);
        assert_eq!(list(&portal, json!({"filter": [["userId", 9_999]]})), json!([]));
        // A head sees those of the people below.
        portal.get("user.update", json!({"ID": ines.user, "UF_DEPARTMENT": [1]}));
        let otto = portal.employee("otto@example.com", SCOPES);
        portal.get("department.update", json!({"ID": 1, "UF_HEAD": otto.user}));
        ines.get("timeman.open", json!({}));
        assert_eq!(ids(&list(&otto, json!({"filter": [["userId", ines.user]]}))).len(), 1);
    }
}
