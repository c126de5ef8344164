//! Who sees, changes and comments on which post.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

const SCOPES: &str = "log,disk,user,sonet_group,department";

fn add(by: &Hook, dest: Json) -> Json {
    by.get("log.blogpost.add", json!({"POST_MESSAGE": format!("For {dest}"), "DEST": dest}))
}

fn sees(who: &Hook, post: &Json) -> bool {
    let found = who.get("log.blogpost.get", json!({"POST_ID": post}));
    found.as_array().is_some_and(|posts| posts.len() == 1)
}

/// Ines works in Sales, with Lena in a team below it; Otto is elsewhere.
fn people(ada: &Bench) -> ([Hook; 3], Json, Json) {
    let people = ["ines@x.de", "lena@x.de", "otto@x.de"].map(|email| ada.employee(email, SCOPES));
    let sales = ada.get("department.add", json!({"NAME": "Sales", "PARENT": 1}));
    let team = ada.get("department.add", json!({"NAME": "Team", "PARENT": sales}));
    let place = |who: &Hook, department: &Json| {
        ada.get("user.update", json!({"ID": who.user, "UF_DEPARTMENT": [department]}));
    };
    place(&people[0], &sales);
    place(&people[1], &team);
    (people, sales, team)
}

#[test]
fn posts_are_for_their_recipients() {
    for ada in portals(SCOPES) {
        let ([ines, lena, otto], sales, _) = people(&ada);
        let group = ines.get("sonet_group.create", json!({"NAME": "Fair", "VISIBLE": "N"}));
        ada.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": [lena.user]}));
        let code = |kind: &str, id: &Json| json!([format!("{kind}{}", id.to_string().trim_matches('"'))]);
        let expected = [
            (json!(["UA"]), [true, true, true]),
            (json!([]), [true, true, true]),
            (code("U", &json!(lena.user)), [true, true, false]),
            (code("D", &sales), [true, false, false]),
            (code("DR", &sales), [true, true, false]),
            (code("SG", &group), [true, true, false]),
            (json!([format!("U{}", lena.user), format!("U{}", otto.user)]), [true, true, true]),
        ];
        for (dest, [first, second, third]) in expected {
            let post = add(&ines, dest.clone());
            let seen = [&ines, &lena, &otto].map(|who| sees(who, &post));
            assert_eq!(seen, [first, second, third], "{dest}");
            let shown = otto.get("log.blogpost.list", json!({"POST_ID": post}));
            assert_eq!(shown.as_array().map(Vec::len), Some(usize::from(third)), "{dest}");
            let commented = otto.ask("log.blogcomment.add", json!({"POST_ID": post, "TEXT": "I am here"}));
            assert_eq!(commented.is_ok(), third, "{dest}");
            assert_eq!(otto.ask("log.blogcomment.list", json!({"POST_ID": post})).is_ok(), third, "{dest}");
            let read = otto.ask("log.blogpost.getusers.important", json!({"POST_ID": post}));
            assert_eq!(read.is_ok(), third, "{dest}");
        }
        // Who leaves the group sees no more of what was for it.
        let post = add(&ines, code("SG", &group));
        ines.get("sonet_group.user.delete", json!({"GROUP_ID": group, "USER_ID": [lena.user]}));
        assert!(!sees(&lena, &post));
        ines.get("sonet_group.delete", json!({"GROUP_ID": group}));
        assert!(sees(&ines, &post) && !sees(&lena, &post), "the author keeps it");
    }
}

#[test]
fn nobody_writes_to_what_is_none_of_theirs() {
    for ada in portals(SCOPES) {
        let ([ines, lena, otto], ..) = people(&ada);
        let group = ines.get("sonet_group.create", json!({"NAME": "Fair", "VISIBLE": "N"}));
        let fault = (
            "SONET_CONTROLLER_LIVEFEED_BLOGPOST_ADD_ERROR".to_owned(),
            "No destination specified".to_owned(),
        );
        let dismissed = lena.user;
        ada.get("user.update", json!({"ID": dismissed, "ACTIVE": "N"}));
        for code in [
            format!("SG{}", group.to_string().trim_matches('"')),
            format!("U{dismissed}"),
            "U99999".into(),
            "DR777".into(),
            "x".into(),
        ] {
            let (status, code, text) =
                otto.refused("log.blogpost.add", json!({"POST_MESSAGE": "x", "DEST": [code]}));
            assert_eq!((status, (code, text)), (400, fault.clone()));
        }
        let post = add(&otto, json!([format!("U{}", ines.user)]));
        let refused = otto.refused("log.blogpost.share", json!({"POST_ID": post, "DEST": ["U99999"]}));
        assert_eq!(refused.2, "No access to one or more message recipients");
        assert_eq!(
            otto.refused("log.blogpost.share", json!({"POST_ID": post, "DEST": []})).2,
            "Wrong destinations"
        );
    }
}

#[test]
fn authors_and_administrators_change_posts() {
    for ada in portals(SCOPES) {
        let ([ines, lena, otto], ..) = people(&ada);
        let post = add(&ines, json!([format!("U{}", lena.user)]));
        assert!(!sees(&ada, &post), "administrators see no more than others");
        let change = json!({"POST_ID": post, "POST_TITLE": "Changed"});
        let faults = [(&lena, "No write perms"), (&otto, "No post found")];
        for (who, text) in faults {
            assert_eq!(who.refused("log.blogpost.update", change.clone()).2, text);
        }
        let share = json!({"POST_ID": post, "DEST": [format!("U{}", otto.user)]});
        assert_eq!(lena.refused("log.blogpost.share", share.clone()).2, "No read perms");
        let (_, code, _) = lena.refused("log.blogpost.delete", json!({"POST_ID": post}));
        assert_eq!(code, "403");
        assert_eq!(otto.refused("log.blogpost.delete", json!({"POST_ID": post})).1, "100");
        let comment = lena.get("log.blogcomment.add", json!({"POST_ID": post, "TEXT": "Thanks"}));
        assert_eq!(
            ines.refused("log.blogcomment.delete", json!({"COMMENT_ID": comment})).2,
            "No delete perms"
        );
        assert_eq!(
            otto.refused("log.blogcomment.delete", json!({"COMMENT_ID": comment})).2,
            "No comment found"
        );
        lena.get("log.blogcomment.delete", json!({"COMMENT_ID": comment}));
        ines.get("log.blogpost.share", share);
        assert!(sees(&otto, &post));
        ada.get("log.blogpost.update", change);
        assert_eq!(ines.get("log.blogpost.get", json!({"POST_ID": post}))[0]["TITLE"], "Changed");
        ada.get("log.blogpost.delete", json!({"POST_ID": post}));
        assert!(!sees(&ines, &post));
    }
}

#[test]
fn administrators_write_in_the_name_of_others() {
    for ada in portals(SCOPES) {
        let ([ines, _, otto], ..) = people(&ada);
        let given = json!({"POST_MESSAGE": "Hello", "USER_ID": ines.user, "FILES": [["a.txt", "QQ=="]], "DEST": ["U1"]});
        let post = ada.get("log.blogpost.add", given.clone());
        let shown = ines.get("log.blogpost.list", json!({"POST_ID": post}))[0].clone();
        assert_eq!((&shown["authorId"], &shown["mayChange"]), (&json!(ines.user), &json!(true)), "{shown}");
        ines.get("disk.file.get", json!({"id": shown["files"][0]["objectId"]}));
        let own = otto.get("log.blogpost.add", given);
        assert_eq!(otto.get("log.blogpost.list", json!({"POST_ID": own}))[0]["authorId"], otto.user);
        let (_, code, _) = ada.refused("log.blogpost.add", json!({"POST_MESSAGE": "x", "USER_ID": 99_999}));
        assert_eq!(code, "SONET_CONTROLLER_LIVEFEED_BLOG_NOT_FOUND");
    }
}
