//! Comments on posts.

use serde_json::json;
use testportal::portals;

const SCOPES: &str = "log,disk,user";

#[test]
fn comments_are_counted_and_listed() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let post = ada.get("log.blogpost.add", json!({"POST_MESSAGE": "Hello"}));
        let add = |text: &str| ines.get("log.blogcomment.add", json!({"POST_ID": post, "TEXT": text}));
        let (first, second) = (add("One"), add("Two"));
        let count = || ada.get("log.blogpost.get", json!({"POST_ID": post}))[0]["NUM_COMMENTS"].clone();
        assert_eq!(count(), "2");
        let same = ines.refused("log.blogcomment.add", json!({"POST_ID": post, "TEXT": "One"}));
        assert_eq!(same, (400, String::new(), "Duplicate comment".into()));
        let found = ada.get("log.blogcomment.user.get", json!({"USER_ID": ines.user}));
        let ids: Vec<_> = found["comments"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids, [second.clone(), first.clone()], "{found}");
        let behind = json!({"USER_ID": ines.user, "FIRST_ID": first});
        let found = ada.get("log.blogcomment.user.get", behind);
        assert_eq!((&found["comments"][0]["id"], &found["comments"][0]["log_id"]), (&second, &post));
        assert_eq!(ada.get("log.blogcomment.user.get", json!({}))["comments"], json!([]));
        ines.get("log.blogcomment.delete", json!({"COMMENT_ID": first}));
        assert_eq!(count(), "1");
        ada.get("log.blogpost.delete", json!({"POST_ID": post}));
        assert_eq!(ada.get("log.blogcomment.user.get", json!({"USER_ID": ines.user}))["comments"], json!([]));
    }
}

#[test]
fn comments_have_files() {
    for ada in portals(SCOPES) {
        let post = ada.get("log.blogpost.add", json!({"POST_MESSAGE": "Hello"}));
        let files = json!([["a.png", "UGxhbg=="]]);
        let comment = ada.get("log.blogcomment.add", json!({"POST_ID": post, "TEXT": "See", "FILES": files}));
        let found = ada.get("log.blogcomment.user.get", json!({}));
        let file = found["comments"][0]["attach"][0].clone();
        let described = found["files"][file.to_string()].clone();
        assert_eq!((&described["name"], &described["type"]), (&json!("a.png"), &json!("image")), "{found}");
        assert_eq!((&described["size"], &described["authorName"]), (&json!(4), &json!("Ada Berg")));
        assert_eq!(ada.get("log.blogpost.get", json!({"POST_ID": post}))[0]["HAS_COMMENT_IMAGES"], "Y");
        let listed = ada.get("log.blogcomment.list", json!({"POST_ID": post}));
        assert_eq!((&listed[0]["id"], &listed[0]["files"][0]["name"]), (&comment, &json!("a.png")));
    }
}
