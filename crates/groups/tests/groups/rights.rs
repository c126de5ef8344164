//! What the drive and the lists of a workgroup let whom do, in groups of every kind.

use serde_json::{Value as Json, json};

use testportal::{Bench, Hook, portals};

const SCOPES: &str = "sonet_group,disk,lists";

/// Groups that are seen by everybody or not, and that everybody may join or not.
const KINDS: [(&str, &str); 3] = [("Y", "N"), ("Y", "Y"), ("N", "N")];

/// Somebody, with what they may do: see what is there, add to it, and manage it.
struct Person {
    name: &'static str,
    hook: Hook,
    may: [bool; 3],
}

/// A group with people in every role, whose owner is nobody else.
fn group(ada: &Bench, (visible, opened): (&str, &str)) -> (i64, Vec<Person>) {
    let mark = format!("{visible}{opened}").to_lowercase();
    let hook = |name: &str| ada.employee(&format!("{name}.{mark}@x.de"), SCOPES);
    let owner = hook("owner");
    let fields = json!({"NAME": format!("Group {mark}"), "VISIBLE": visible, "OPENED": opened});
    let group = owner.get("sonet_group.create", fields).as_i64().unwrap();
    let [moderator, member, invited, banned, outsider] =
        ["moderator", "member", "invited", "left", "outsider"].map(hook);
    let of = |who: &[&Hook]| {
        let users: Vec<i64> = who.iter().map(|who| who.user).collect();
        json!({"GROUP_ID": group, "USER_ID": users})
    };
    ada.get("sonet_group.user.add", of(&[&moderator, &member, &banned]));
    let mut raised = of(&[&moderator]);
    raised["ROLE"] = json!("E");
    owner.get("sonet_group.user.update", raised);
    owner.get("sonet_group.user.invite", of(&[&invited]));
    owner.get("sonet_group.user.delete", of(&[&banned]));
    let person = |name, hook, may| Person { name, hook, may };
    let people = vec![
        person("owner", owner, [true, true, true]),
        person("moderator", moderator, [true, true, true]),
        person("member", member, [true, true, false]),
        person("invited", invited, [false, false, false]),
        person("somebody who left", banned, [false, false, false]),
        person("outsider", outsider, [false, false, false]),
        person("administrator", (**ada).clone(), [true, true, true]),
    ];
    (group, people)
}

/// Whether a call is allowed; what is refused is refused as such.
fn may(hook: &Hook, method: &str, params: Json) -> bool {
    match hook.ask(method, params) {
        Ok(_) => true,
        Err(fault) => {
            assert!(["ACCESS_DENIED", "ERROR_ARGUMENT", ""].contains(&&*fault.code), "{method}: {fault:?}");
            false
        }
    }
}

#[test]
fn the_drive_of_a_group_is_for_its_members() {
    for ada in portals(SCOPES) {
        for kind in KINDS {
            let (group, people) = group(&ada, kind);
            let drives = json!({"filter": {"ENTITY_TYPE": "group", "ENTITY_ID": group.to_string()}});
            let found = people[0].hook.get("disk.storage.getlist", drives.clone());
            let drive = found[0].clone();
            assert_eq!(drive["ENTITY_ID"], group.to_string(), "{found}");
            for Person { name, hook, may: [sees, adds, manages] } in &people {
                let what = format!("{name} in {kind:?}");
                let listed = hook.get("disk.storage.getlist", drives.clone());
                assert_eq!(listed.as_array().map(Vec::len), Some(usize::from(*sees)), "{what}");
                assert_eq!(may(hook, "disk.storage.get", json!({"id": drive["ID"]})), *sees, "{what}");
                let children = json!({"id": drive["ROOT_OBJECT_ID"]});
                let seen = hook.ask("disk.folder.getchildren", children);
                if !sees {
                    assert!(seen.map_or(true, |rows| rows == json!([])), "{what}");
                }
                let folder = json!({"id": drive["ID"], "data": {"NAME": format!("Folder of {name}")}});
                let made = people[0].hook.get("disk.storage.addfolder", folder.clone());
                let mut own = folder.clone();
                own["data"]["NAME"] = json!(format!("By {name}"));
                assert_eq!(may(hook, "disk.storage.addfolder", own), *adds, "{what}");
                let deleted = may(hook, "disk.folder.deletetree", json!({"id": made["ID"]}));
                assert_eq!(deleted, *manages, "{what}");
            }
        }
    }
}

#[test]
fn lists_of_a_group_are_for_its_members() {
    for ada in portals(SCOPES) {
        for kind in KINDS {
            let (group, people) = group(&ada, kind);
            let given = |code: &str| {
                json!({
                    "IBLOCK_TYPE_ID": "lists_socnet", "SOCNET_GROUP_ID": group, "IBLOCK_CODE": code,
                    "FIELDS": {"NAME": code},
                })
            };
            let code = |name: &str| format!("{name}{group}").replace(' ', "");
            people[0].hook.get("lists.add", given(&code("first")));
            for Person { name, hook, may: [sees, adds, manages] } in &people {
                let what = format!("{name} in {kind:?}");
                let named = json!({"IBLOCK_TYPE_ID": "lists_socnet", "SOCNET_GROUP_ID": group});
                let listed = hook.ask("lists.get", named).unwrap_or_default();
                let listed = listed.as_array().map_or(0, Vec::len);
                assert_eq!(listed > 0, *sees, "{what}");
                let mut element = given(&code("first"));
                element["ELEMENT_CODE"] = json!(code(name));
                assert_eq!(may(hook, "lists.element.add", element), *adds, "{what}");
                assert_eq!(may(hook, "lists.add", given(&code(name))), *manages, "{what}");
                assert_eq!(may(hook, "lists.update", given(&code("first"))), *manages, "{what}");
            }
        }
    }
}
