//! Who sees a workgroup, who belongs to it, and who says so.

use serde_json::{Value as Json, json};

use testportal::{Hook, portals};

const SCOPES: &str = "sonet_group,socialnetwork,im";

fn create(hook: &Hook, more: &Json) -> i64 {
    let mut fields = json!({"NAME": "Stand"});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    hook.get("sonet_group.create", fields).as_i64().unwrap()
}

fn roles(hook: &Hook, group: i64) -> Json {
    hook.get("sonet_group.user.get", json!({"ID": group}))
}

fn shown(hook: &Hook, params: Json) -> Vec<String> {
    let rows = hook.get("sonet_group.get", params);
    rows.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_group_has_its_owner_and_the_usual_values() {
    for portal in portals(SCOPES) {
        let id = create(&portal, &json!({"DESCRIPTION": "In spring", "IMAGE": ["a.png", "aGVsbG8="]}));
        let row = portal.get("sonet_group.get", json!({"FILTER": {"ID": id}}))[0].clone();
        for (field, value) in [
            ("ID", json!(id.to_string())),
            ("NAME", json!("Stand")),
            ("DESCRIPTION", json!("In spring")),
            ("SITE_ID", json!("s1")),
            ("VISIBLE", json!("Y")),
            ("OPENED", json!("N")),
            ("CLOSED", json!("N")),
            ("ACTIVE", json!("Y")),
            ("PROJECT", json!("N")),
            ("OWNER_ID", json!("1")),
            ("NUMBER_OF_MEMBERS", json!("1")),
            ("IS_EXTRANET", json!("N")),
        ] {
            assert_eq!(row[field], value, "{field}");
        }
        assert!(row["IMAGE"].as_str().unwrap().contains("token="), "{row}");
        assert_eq!(roles(&portal, id), json!([{"USER_ID": "1", "ROLE": "A"}]));
        assert_eq!(
            portal.refused("sonet_group.create", json!({"DESCRIPTION": "x"})),
            (400, String::new(), "Incorrect input data".into())
        );
        let dates =
            json!({"NAME": "x", "PROJECT_DATE_START": "2026-06-02", "PROJECT_DATE_FINISH": "2026-06-01"});
        assert_eq!(portal.refused("sonet_group.create", dates).2, "Incorrect input data");
    }
}

#[test]
fn a_secret_group_is_seen_by_its_members_alone() {
    for portal in portals(SCOPES) {
        let [member, other] = ["m@x.de", "o@x.de"].map(|email| portal.employee(email, SCOPES));
        let open = create(&portal, &json!({}));
        let secret = create(&portal, &json!({"VISIBLE": "N"}));
        portal.get("sonet_group.user.add", json!({"GROUP_ID": secret, "USER_ID": member.user}));
        let both = vec![secret.to_string(), open.to_string()];
        assert_eq!(shown(&member, json!({})), both);
        assert_eq!(shown(&other, json!({})), both[1..]);
        assert_eq!(shown(&other, json!({"GROUP_ID": secret})), Vec::<String>::new());
        assert_eq!(shown(&other, json!({"FILTER": {"ID": secret}, "IS_ADMIN": "Y"})), Vec::<String>::new());
        let missing = (400, String::new(), "Socialnetwork group not found".to_owned());
        assert_eq!(other.refused("sonet_group.user.get", json!({})).2, "Wrong socialnetwork group ID");
        for method in ["sonet_group.user.request", "sonet_group.update", "sonet_group.delete"] {
            assert_eq!(other.refused(method, json!({})).2, "Wrong group ID", "{method}");
            assert_eq!(other.refused(method, json!({"GROUP_ID": 999})).2, missing.2, "{method}");
        }
        assert_eq!(other.refused("sonet_group.user.get", json!({"ID": secret})), missing);
        assert_eq!(other.refused("sonet_group.user.request", json!({"GROUP_ID": secret})), missing);
        let listed = other.get("socialnetwork.api.workgroup.list", json!({"select": ["ID", "NAME", "TYPE"]}));
        assert_eq!(listed["workgroups"].as_array().map(Vec::len), Some(1));
        let first = &listed["workgroups"][0];
        assert_eq!((&first["name"], &first["type"]), (&json!("Stand"), &json!("group")));
        assert!(first["id"].is_string() && first["additionalData"].is_object(), "{first}");
        assert_eq!(
            other.refused("socialnetwork.api.workgroup.get", json!({"params": {"groupId": secret}})).1,
            "SONET_CONTROLLER_WORKGROUP_NOT_FOUND"
        );
        // An administrator who does not belong to one sees it when asking for all of them.
        let own = member.get("sonet_group.create", json!({"NAME": "Own", "VISIBLE": "N"}));
        assert_eq!(shown(&portal, json!({"GROUP_ID": own})), Vec::<String>::new());
        assert_eq!(shown(&portal, json!({"GROUP_ID": own, "IS_ADMIN": "Y"})), [own.to_string()]);
    }
}

#[test]
fn the_owner_and_moderators_say_who_belongs_to_a_group() {
    for portal in portals(SCOPES) {
        let [owner, one, two] = ["a@x.de", "b@x.de", "c@x.de"].map(|email| portal.employee(email, SCOPES));
        let group = create(&owner, &json!({}));
        let of = |users: Json| json!({"GROUP_ID": group, "USER_ID": users});
        let denied = |hook: &Hook, method: &str, params: Json| hook.refused(method, params).2;
        assert_eq!(
            denied(&owner, "sonet_group.user.add", of(json!(one.user))),
            "No permissions to add users"
        );
        let added = portal.get("sonet_group.user.add", of(json!([one.user, two.user, one.user, 999])));
        assert_eq!(added, json!([one.user.to_string(), two.user.to_string()]));
        assert_eq!(portal.get("sonet_group.user.add", of(json!(one.user))), json!([]));
        assert_eq!(portal.refused("sonet_group.user.add", of(json!([999]))).2, "Wrong user IDs");

        let role = |users: Json, role: &str| json!({"GROUP_ID": group, "USER_ID": users, "ROLE": role});
        assert_eq!(
            denied(&one, "sonet_group.user.update", role(json!(two.user), "E")),
            "No permissions to update users role"
        );
        assert_eq!(
            denied(&owner, "sonet_group.user.update", role(json!(two.user), "A")),
            "Incorrect role code"
        );
        // The owner keeps the role.
        let changed = owner.get("sonet_group.user.update", role(json!([one.user, owner.user]), "E"));
        assert_eq!(changed, json!([one.user.to_string()]));
        assert_eq!(
            roles(&two, group),
            json!([
                {"USER_ID": owner.user.to_string(), "ROLE": "A"},
                {"USER_ID": one.user.to_string(), "ROLE": "E"},
                {"USER_ID": two.user.to_string(), "ROLE": "K"},
            ])
        );
        assert_eq!(
            denied(&two, "sonet_group.update", json!({"GROUP_ID": group, "NAME": "x"})),
            "User has no permissions to update group"
        );
        assert_eq!(
            one.get("sonet_group.update", json!({"GROUP_ID": group, "NAME": "Renamed"})),
            json!(group)
        );
        assert_eq!(
            denied(&one, "sonet_group.delete", json!({"GROUP_ID": group})),
            "User has no permissions to delete group"
        );

        let setowner = json!({"GROUP_ID": group, "USER_ID": two.user});
        assert_eq!(
            denied(&one, "sonet_group.setowner", setowner.clone()),
            "Insufficient permissions to complete the operation."
        );
        assert_eq!(owner.get("sonet_group.setowner", setowner), json!(true));
        let own = two.get("sonet_group.user.groups", json!({}));
        assert_eq!((&own[0]["GROUP_NAME"], &own[0]["ROLE"]), (&json!("Renamed"), &json!("A")));
        assert_eq!(owner.get("sonet_group.user.groups", json!({}))[0]["ROLE"], "E");
        // Everybody but the owner may leave.
        assert_eq!(one.get("sonet_group.user.delete", of(json!(one.user))), json!([one.user.to_string()]));
        assert_eq!(two.get("sonet_group.user.delete", of(json!(two.user))), json!([]));
        let row = portal.get("sonet_group.get", json!({"GROUP_ID": group}))[0].clone();
        assert_eq!(
            (&row["NUMBER_OF_MEMBERS"], &row["OWNER_ID"]),
            (&json!("2"), &json!(two.user.to_string()))
        );
        assert_eq!(two.get("sonet_group.delete", json!({"GROUP_ID": group})), json!(true));
        assert_eq!(shown(&two, json!({})), Vec::<String>::new());
        assert_eq!(one.get("sonet_group.user.groups", json!({})), json!([]));
    }
}

#[test]
fn invitations_and_requests_wait_until_they_are_answered() {
    for portal in portals(SCOPES) {
        let [member, guest] = ["m@x.de", "g@x.de"].map(|email| portal.employee(email, SCOPES));
        let group = create(&portal, &json!({"VISIBLE": "N"}));
        portal.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": member.user}));
        let invite = json!({"GROUP_ID": group, "USER_ID": guest.user, "MESSAGE": "Please"});
        // Those who may invite are the owner and moderators, unless the group says otherwise.
        assert_eq!(
            member.refused("sonet_group.user.invite", invite.clone()).2,
            "No permissions to add users"
        );
        portal.get("sonet_group.update", json!({"GROUP_ID": group, "INITIATE_PERMS": "K"}));
        assert_eq!(member.get("sonet_group.user.invite", invite.clone()), json!([guest.user.to_string()]));
        assert_eq!(member.get("sonet_group.user.invite", invite), json!([]));
        let told = guest.get("im.notify.get", json!({}));
        assert!(told["notifications"][0]["text"].as_str().unwrap().contains("Stand"), "{told}");
        // Who is invited sees the group, and belongs to it only once it is accepted.
        assert_eq!(shown(&guest, json!({})), [group.to_string()]);
        let access = json!({"GROUP_ID": group, "FEATURE": "tasks", "OPERATION": "create_tasks"});
        assert_eq!(guest.get("sonet_group.feature.access", access.clone()), json!(false));
        // Nobody accepts it for them.
        let force = json!({"GROUP_ID": group, "USER_ID": guest.user, "ROLE": "K"});
        assert_eq!(portal.get("sonet_group.user.update", force), json!([]));
        assert_eq!(guest.get("sonet_group.feature.access", access.clone()), json!(false));
        assert_eq!(guest.get("sonet_group.user.request", json!({"GROUP_ID": group})), json!(true));
        assert_eq!(guest.get("sonet_group.feature.access", access), json!(true));
        let deletes = json!({"GROUP_ID": group, "FEATURE": "tasks", "OPERATION": "delete_tasks"});
        assert_eq!(guest.get("sonet_group.feature.access", deletes), json!(false));
        for (params, text) in [
            (json!({"GROUP_ID": group, "FEATURE": "x", "OPERATION": "view"}), "Wrong feature"),
            (json!({"GROUP_ID": group, "FEATURE": "tasks", "OPERATION": "x"}), "Wrong operation"),
            (json!({"FEATURE": "tasks", "OPERATION": "view"}), "Wrong socialnetwork group ID"),
        ] {
            assert_eq!(guest.refused("sonet_group.feature.access", params).2, text);
        }
        // An open group takes everybody at once, a closed one lets ask.
        let [open, closed] = ["Y", "N"].map(|opened| create(&portal, &json!({"OPENED": opened})));
        for (group, members) in [(open, 2), (closed, 1)] {
            guest.get("sonet_group.user.request", json!({"GROUP_ID": group}));
            assert_eq!(roles(&portal, group).as_array().map(Vec::len), Some(members));
        }
        // Who asked goes on waiting, however often they ask, until a moderator lets them in.
        guest.get("sonet_group.user.request", json!({"GROUP_ID": closed}));
        assert_eq!(roles(&portal, closed).as_array().map(Vec::len), Some(1));
        let admitted = json!({"GROUP_ID": closed, "USER_ID": guest.user, "ROLE": "K"});
        assert_eq!(portal.get("sonet_group.user.update", admitted), json!([guest.user.to_string()]));
        assert_eq!(roles(&portal, closed).as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn events_tell_those_who_see_the_group() {
    for portal in portals(SCOPES) {
        let employee = portal.employee("e@x.de", SCOPES);
        let events = ["ONSONETGROUPADD", "ONSONETGROUPUPDATE", "ONSONETGROUPDELETE"];
        let (own, others) = (portal.both(1, SCOPES, &events), portal.both(employee.user, SCOPES, &events));
        let open = create(&portal, &json!({}));
        portal.get("sonet_group.update", json!({"GROUP_ID": open, "NAME": "x"}));
        let secret = create(&portal, &json!({"VISIBLE": "N"}));
        portal.get("sonet_group.delete", json!({"GROUP_ID": secret}));
        let about = |id: i64| json!({"FIELDS": {"ID": id.to_string()}});
        let all = [(0, open), (1, open), (0, secret), (2, secret)];
        let all = all.map(|(event, id)| (events[event].to_owned(), about(id)));
        assert_eq!(portal.raised(own), all);
        assert_eq!(portal.raised(others), all[..2]);
    }
}
