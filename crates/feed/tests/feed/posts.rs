//! Posts: what is written, read, changed and told of.

use serde_json::{Value as Json, json};
use testportal::{input, portals};

const SCOPES: &str = "log,disk,im,user,sonet_group,vote";

fn numbers(posts: &Json) -> Vec<i64> {
    posts.as_array().unwrap().iter().map(|post| post["ID"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn a_post_without_a_title_has_its_first_line() {
    for ada in portals(SCOPES) {
        let text = "[b]New[/b] chairs\nThey are red.";
        let id = ada.get("log.blogpost.add", json!({"POST_MESSAGE": text}));
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!(post["TITLE"], "New chairs", "{post}");
        assert_eq!((&post["MICRO"], &post["DETAIL_TEXT"]), (&json!("Y"), &json!(text)));
        assert_eq!((&post["HAS_SOCNET_ALL"], &post["HAS_TAGS"]), (&json!("Y"), &json!("N")));
        assert_eq!(post["FILES"], json!([]));
        assert_eq!(post["UF_BLOG_POST_IMPRTNT"]["VALUE"], Json::Null);
        let given = json!({"POST_ID": id, "POST_TITLE": "Chairs", "TAGS": "x"});
        assert_eq!(ada.get("log.blogpost.update", given), id);
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!((&post["TITLE"], &post["MICRO"]), (&json!("Chairs"), &json!("N")));
        ada.get("log.blogpost.update", json!({"POST_ID": id, "POST_MESSAGE": "They are blue."}));
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!((&post["TITLE"], &post["MICRO"]), (&json!("They are blue."), &json!("Y")));
        let (_, code, _) = ada.refused("log.blogpost.update", json!({"POST_ID": id, "DEST": ["UA"]}));
        assert_eq!(code, "EMPTY_TITLE");
    }
}

#[test]
fn files_lie_on_the_drive_of_the_author() {
    for ada in portals(SCOPES) {
        let files = json!([["plan.txt", "UGxhbg=="], ["plan.txt", "UGxhbiAy"]]);
        let id = ada.get("log.blogpost.add", json!({"POST_MESSAGE": "See the plan.", "FILES": files}));
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        let own = post["FILES"].as_array().unwrap().clone();
        assert_eq!((own.len(), &post["HAS_PROPS"]), (2, &json!("Y")), "{post}");
        let shown = ada.get("log.blogpost.list", json!({"POST_ID": id}))[0]["files"].clone();
        assert_eq!(
            (&shown[0]["name"], &shown[1]["name"]),
            (&json!("plan.txt"), &json!("plan (1).txt")),
            "{shown}"
        );
        let object = ada.get("disk.file.get", json!({"id": shown[0]["objectId"]}));
        assert_eq!(object["SIZE"], "4", "{object}");
        let attached = ada.get("disk.attachedObject.get", json!({"id": own[0]}));
        assert_eq!(attached["NAME"], "plan.txt");
        let gone = json!({"POST_ID": id, "POST_TITLE": "Plan", "FILES": {own[0].to_string(): "del"}});
        ada.get("log.blogpost.update", gone);
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!(post["FILES"], json!([own[1]]));
        // A file of the drive is attached by its number, and all go with `empty`.
        let named = json!({"POST_ID": id, "POST_TITLE": "Plan", "UF_BLOG_POST_FILE": [format!("n{}", shown[0]["objectId"])]});
        ada.get("log.blogpost.update", named);
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!(post["FILES"].as_array().map(Vec::len), Some(1), "{post}");
        ada.get(
            "log.blogpost.update",
            json!({"POST_ID": id, "POST_TITLE": "Plan", "UF_BLOG_POST_FILE": ["empty"]}),
        );
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!(post["FILES"], json!([]));
    }
}

#[test]
fn somebody_elses_file_cannot_be_attached() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let id = ines.get(
            "log.blogpost.add",
            json!({"POST_MESSAGE": "Mine", "DEST": [format!("U{}", ines.user)],
            "FILES": [["secret.txt", "U2VjcmV0"]]}),
        );
        let shown = ines.get("log.blogpost.list", json!({"POST_ID": id}))[0]["files"][0].clone();
        let otto = ada.employee("otto@x.de", SCOPES);
        let named = json!({"POST_MESSAGE": "x", "UF_BLOG_POST_FILE": [format!("n{}", shown["objectId"])]});
        otto.refused("log.blogpost.add", named);
        assert_eq!(otto.get("log.blogpost.get", json!({})), json!([]), "the post is not there, either");
        otto.refused("disk.attachedObject.get", json!({"id": shown["id"]}));
    }
}

#[test]
fn lists_are_newest_first_and_go_on_behind_a_number() {
    for ada in portals(SCOPES) {
        let add = |text: &str, at: i64| {
            let given = json!({"POST_MESSAGE": text, "TAGS": "a, b ,a"});
            ada.at(testportal::NOW + at).get("log.blogpost.add", given).as_i64().unwrap()
        };
        let all: Vec<i64> = (0..3).map(|at| add(&format!("Post {at}"), at * 60)).collect();
        let [first, second, third] = all[..] else { panic!() };
        let list = |given: Json| numbers(&ada.get("log.blogpost.get", given));
        assert_eq!(list(json!({})), [third, second, first]);
        assert_eq!(list(json!({"FIRST_ID": first})), [second, third]);
        assert_eq!(list(json!({"FIRST_ID": first, "LIMIT": 1})), [second]);
        assert_eq!(list(json!({"LAST_ID": third})), [second, first]);
        assert_eq!(
            list(json!({"LOG_DATE_FROM": "2026-06-01T12:01:00Z", "LOG_DATE_TO": "2026-06-01T12:01:00Z"})),
            [second]
        );
        assert_eq!(list(json!({"LOG_RIGHTS": ["UA"]})), [third, second, first]);
        assert_eq!(list(json!({"LOG_RIGHTS": "U1"})), Vec::<i64>::new());
        let page = ada.page("log.blogpost.get", json!({"start": 2})).unwrap();
        assert_eq!((numbers(&page.result), page.total), (vec![first], Some(3)));
        let post = ada.get("log.blogpost.get", json!({"POST_ID": first}))[0].clone();
        assert_eq!(post["CATEGORY_ID"].as_str().unwrap().split(',').count(), 2, "{post}");
        assert_eq!(ada.get("log.blogpost.list", json!({"POST_ID": first}))[0]["tags"], json!(["a", "b"]));
    }
}

#[test]
fn important_posts_are_marked_as_read() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let given = json!({"POST_MESSAGE": "Alarm test", "IMPORTANT": "Y", "IMPORTANT_DATE_END": "2026-06-02T12:00:00Z"});
        let id = ada.get("log.blogpost.add", given);
        let post = ada.get("log.blogpost.get", json!({"POST_ID": id}))[0].clone();
        assert_eq!(post["UF_BLOG_POST_IMPRTNT"]["VALUE"], "1");
        assert_eq!(post["UF_IMPRTANT_DATE_END"]["VALUE"], "2026-06-02T12:00:00+00:00");
        let unread = |of: &testportal::Hook| {
            of.get("log.blogpost.list", json!({"UNREAD": "Y"})).as_array().map(Vec::len)
        };
        assert_eq!((unread(&ines), unread(&ada)), (Some(1), Some(0)), "an author has read it");
        assert_eq!(unread(&ines.at(testportal::NOW + 2 * 86_400)), Some(0), "it is important until a moment");
        for _ in 0..2 {
            ines.get("log.blogpost.read", json!({"POST_ID": id}));
        }
        assert_eq!(unread(&ines), Some(0));
        assert_eq!(
            ada.get("log.blogpost.getusers.important", json!({"POST_ID": id})),
            json!([ines.user.to_string()])
        );
        ada.get("log.blogpost.update", json!({"POST_ID": id, "POST_TITLE": "x", "IMPORTANT": "N"}));
        ines.refused("log.blogpost.read", json!({"POST_ID": id}));
    }
}

#[test]
fn events_are_for_those_who_see_the_post() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let events = ["ONLIVEFEEDPOSTADD", "ONLIVEFEEDPOSTUPDATE", "ONLIVEFEEDPOSTDELETE"];
        let told: Vec<i64> = [1, ines.user, otto.user]
            .iter()
            .map(|user| ada.try_told(*user, input(&events)).unwrap())
            .collect();
        let given = json!({"POST_MESSAGE": "Hello", "DEST": [format!("U{}", ines.user)]});
        let id = ada.get("log.blogpost.add", given);
        ada.get("log.blogpost.update", json!({"POST_ID": id, "POST_MESSAGE": "Hello again"}));
        ada.get("log.blogpost.delete", json!({"POST_ID": id}));
        let expected: Vec<(String, Json)> = events
            .iter()
            .map(|event| ((*event).to_owned(), json!({"FIELDS": {"POST_ID": id.to_string()}})))
            .collect();
        for (hook, of) in told.iter().zip([&expected[..], &expected[..], &[]]) {
            assert_eq!(ada.raised(*hook), of);
        }
    }
}

#[test]
fn recipients_and_mentioned_people_are_notified() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let count = |of: &testportal::Hook| {
            of.get("im.notify.get", json!({}))["notifications"].as_array().map(Vec::len)
        };
        let text = format!("[USER={}]Otto[/USER] should see this", otto.user);
        ada.get("log.blogpost.add", json!({"POST_MESSAGE": text, "DEST": [format!("U{}", ines.user)]}));
        assert_eq!((count(&ines), count(&otto)), (Some(1), Some(0)), "Otto does not see it");
        let id = ada.get("log.blogpost.add", json!({"POST_MESSAGE": text}));
        assert_eq!((count(&ines), count(&otto)), (Some(1), Some(1)));
        otto.get(
            "log.blogcomment.add",
            json!({"POST_ID": id, "TEXT": format!("[USER={}]Ines[/USER]?", ines.user)}),
        );
        assert_eq!((count(&ines), count(&ada)), (Some(2), Some(1)));
    }
}
