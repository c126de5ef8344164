//! Polls are as what they are attached to.

use serde_json::json;
use testportal::portals;

use crate::polls::{SCOPES, chat, numbers, plan, send};

#[test]
fn polls_of_a_chat_are_for_its_members() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let room = chat(&ada, &ines);
        let given = json!({"chatId": room, "IM_MESSAGE_VOTE_DATA": plan(&["a", "b"], 0, 0, 1)});
        assert_eq!(otto.refused("vote.Integration.Im.send", given).1, "403");
        let poll = send(&ines, &room, plan(&["a", "b"], 0, 0, 1));
        let named = json!({"attachId": poll});
        let attach = ada.get("vote.AttachedVote.get", named.clone())["attach"].clone();
        let (question, answers) = numbers(&attach);
        let mut ballot = named.clone();
        ballot["ballot"] = json!({question.as_str(): [answers[0]]});
        for (method, params) in [
            ("get", named.clone()),
            ("getWithVoted", named.clone()),
            ("getAnswerVoted", named.clone()),
            ("download", named.clone()),
            ("vote", ballot.clone()),
            ("recall", named.clone()),
            ("stop", named.clone()),
            ("resume", named.clone()),
        ] {
            let (_, code, _) = otto.refused(&format!("vote.AttachedVote.{method}"), params);
            assert_eq!(code, "ATTACH_READ_ACCESS_DENIED", "{method}");
        }
        let many = json!({"moduleId": "im", "entityType": "x", "entityId": [attach["entityId"]]});
        assert!(otto.refused("vote.AttachedVote.getMany", many).2.ends_with("read access denied"));
        // Others vote, and the author and administrators among them close it.
        let lena = ada.employee("lena@x.de", SCOPES);
        ada.get("im.chat.user.add", json!({"CHAT_ID": room, "USERS": [lena.user]}));
        let sent = send(&ines, &room, plan(&["a", "b"], 0, 0, 1));
        let attach = lena.get("vote.AttachedVote.get", json!({"attachId": sent}))["attach"].clone();
        assert_eq!((&attach["canEdit"], &attach["canVote"]), (&json!(false), &json!(true)));
        assert_eq!(lena.refused("vote.AttachedVote.stop", json!({"attachId": sent})).0, 403);
        ada.get("vote.AttachedVote.stop", json!({"attachId": sent}));
        ines.get("vote.AttachedVote.resume", json!({"attachId": sent}));
        ada.get("vote.AttachedVote.vote", ballot);
    }
}

#[test]
fn polls_of_a_post_are_for_those_who_see_it() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let given = json!({
            "POST_MESSAGE": "Choose", "DEST": [format!("U{}", otto.user)], "UF_BLOG_POST_VOTE": "n1",
            "UF_BLOG_POST_VOTE_n1_DATA": plan(&["a", "b"], 0, 0, 0),
        });
        let post = ines.get("log.blogpost.add", given);
        let named = json!({"moduleId": "blog", "entityType": "Bitrix\\Vote\\Attachment\\BlogPostConnector", "entityId": post});
        assert_eq!(otto.get("vote.AttachedVote.get", named.clone())["attach"]["canEdit"], false);
        assert_eq!(ada.refused("vote.AttachedVote.get", named).1, "ATTACH_READ_ACCESS_DENIED");
    }
}
