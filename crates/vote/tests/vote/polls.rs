//! Polls in chats and posts: votes, counts and the report.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, content, portals};

pub const SCOPES: &str = "vote,im,log,user";

/// A poll with one question, and the answers to choose from.
pub fn plan(answers: &[&str], several: i64, anonymous: i64, again: i64) -> Json {
    let answers: Vec<Json> = answers.iter().map(|text| json!({"MESSAGE": text})).collect();
    json!({
        "QUESTIONS": [{"QUESTION": "When?", "FIELD_TYPE": several, "ANSWERS": answers}],
        "ANONYMITY": anonymous, "OPTIONS": again,
    })
}

/// A chat of Ada and somebody else.
pub fn chat(ada: &Bench, with: &Hook) -> Json {
    ada.get("im.chat.add", json!({"USERS": [with.user], "TITLE": "Showroom"}))
}

pub fn send(by: &Hook, chat: &Json, plan: Json) -> Json {
    by.get("vote.Integration.Im.send", json!({"chatId": chat, "IM_MESSAGE_VOTE_DATA": plan}))["voteId"]
        .clone()
}

/// The number of the question of a poll, and those of its answers.
pub fn numbers(attach: &Json) -> (String, Vec<i64>) {
    let (question, about) = attach["QUESTIONS"].as_object().unwrap().iter().next().unwrap();
    let answers = about["ANSWERS"].as_object().unwrap().keys();
    (question.clone(), answers.map(|id| id.parse().unwrap()).collect())
}

#[test]
fn votes_are_counted_and_taken_back() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let poll = send(&ada, &chat(&ada, &ines), plan(&["At nine", "At ten"], 0, 0, 1));
        let get = |who: &Hook| who.get("vote.AttachedVote.get", json!({"attachId": poll}))["attach"].clone();
        let (question, answers) = numbers(&get(&ada));
        assert_eq!(
            (get(&ines)["canVote"].clone(), get(&ines)["userAnswerMap"].clone()),
            (json!(true), json!([]))
        );
        let vote = |who: &Hook, answer: i64| {
            let ballot = json!({"attachId": poll, "ballot": {question.as_str(): [answer.to_string()]}});
            who.get("vote.AttachedVote.vote", ballot)["attach"].clone()
        };
        let voted = vote(&ada, answers[0]);
        let first = &voted["QUESTIONS"][&question]["ANSWERS"][answers[0].to_string()];
        assert_eq!(
            (&voted["COUNTER"], &first["COUNTER"], &first["PERCENT"]),
            (&json!(1), &json!(1), &json!(100))
        );
        assert_eq!(
            (&voted["canVote"], &voted["canRevote"], &voted["isVoted"]),
            (&json!(false), &json!(true), &json!(true))
        );
        vote(&ines, answers[1]);
        let voted = vote(&ada, answers[1]);
        let of = |attach: &Json, at: usize| {
            attach["QUESTIONS"][&question]["ANSWERS"][answers[at].to_string()]["COUNTER"].clone()
        };
        assert_eq!((voted["COUNTER"].clone(), of(&voted, 0), of(&voted, 1)), (json!(2), json!(0), json!(2)));
        let chosen = &get(&ada)["userAnswerMap"][&question];
        assert_eq!(chosen.as_object().map(|one| one.len()), Some(1), "{chosen}");
        assert_eq!(chosen[answers[1].to_string()]["ANSWER_ID"], answers[1].to_string());
        let recalled = ada.get("vote.AttachedVote.recall", json!({"attachId": poll}))["attach"].clone();
        assert_eq!(
            (&recalled["COUNTER"], &recalled["isVoted"], &recalled["userAnswerMap"]),
            (&json!(1), &json!(false), &json!([]))
        );
        let page = ada
            .page("vote.AttachedVote.getAnswerVoted", json!({"attachId": poll, "answerId": answers[1]}))
            .unwrap();
        assert_eq!((page.result["items"][0]["ID"].clone(), page.total), (json!(ines.user), Some(1)));
        let with = ada.get("vote.AttachedVote.getWithVoted", json!({"attachId": poll}));
        assert_eq!(with["voted"][answers[1].to_string()][0]["ID"], ines.user, "{with}");
    }
}

#[test]
fn who_may_vote_once_votes_once() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let poll = send(&ada, &chat(&ada, &ines), plan(&["At nine", "At ten"], 0, 0, 0));
        let attach = ada.get("vote.AttachedVote.get", json!({"attachId": poll}))["attach"].clone();
        let (question, answers) = numbers(&attach);
        let ballot = |chosen: Json| json!({"attachId": poll, "ballot": {question.as_str(): chosen}});
        for unfit in [json!([]), json!([answers[0], answers[1]]), json!([99_999]), json!("x")] {
            assert_eq!(ada.refused("vote.AttachedVote.vote", ballot(unfit)).1, "400");
        }
        ada.refused("vote.AttachedVote.vote", json!({"attachId": poll, "ballot": {"99999": [answers[0]]}}));
        ada.get("vote.AttachedVote.vote", ballot(json!([answers[0]])));
        assert_eq!(ada.refused("vote.AttachedVote.vote", ballot(json!([answers[1]]))).0, 403);
        ada.refused("vote.AttachedVote.recall", json!({"attachId": poll}));
        assert_eq!(ada.get("vote.AttachedVote.stop", json!({"attachId": poll})), json!([]));
        let refused = ines.refused("vote.AttachedVote.vote", ballot(json!([answers[0]])));
        assert_eq!(refused, (403, "403".into(), "The poll is inactive.".into()));
        let attach = ines.get("vote.AttachedVote.get", json!({"attachId": poll}))["attach"].clone();
        assert_eq!((&attach["isFinished"], &attach["canVote"]), (&json!(true), &json!(false)));
        ada.get("vote.AttachedVote.resume", json!({"attachId": poll}));
        ines.get("vote.AttachedVote.vote", ballot(json!(answers[0])));
    }
}

#[test]
fn polls_are_found_by_what_they_are_attached_to() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let chat = chat(&ada, &ines);
        let given =
            json!({"chatId": chat, "IM_MESSAGE_VOTE_DATA": plan(&["a", "b"], 0, 0, 0), "templateId": "once"});
        let sent = ada.get("vote.Integration.Im.send", given.clone());
        assert_eq!(ada.get("vote.Integration.Im.send", given), sent, "the same request sends no second poll");
        let kind = "Bitrix\\Vote\\Attachment\\ImMessageConnector";
        let named = json!({"moduleId": "im", "entityType": kind, "entityId": sent["messageId"]});
        let attach = ines.get("vote.AttachedVote.get", named)["attach"].clone();
        assert_eq!((&attach["ID"], &attach["entityId"]), (&sent["voteId"], &sent["messageId"]));
        let signed = json!({"signedAttachId": attach["signedAttachId"]});
        assert_eq!(ines.get("vote.AttachedVote.get", signed)["attach"]["ID"], sent["voteId"]);
        let forged = attach["signedAttachId"].as_str().unwrap().replacen('.', ".0", 1);
        let (status, code, _) = ines.refused("vote.AttachedVote.get", json!({"signedAttachId": forged}));
        assert_eq!((status, &*code), (400, "ATTACH_NOT_FOUND"));
        let many = json!({"moduleId": "im", "entityType": kind, "entityIds": [sent["messageId"]]});
        assert_eq!(ines.get("vote.AttachedVote.getMany", many)["items"][0]["ID"], sent["voteId"]);
        let many = |ids: Vec<i64>| json!({"moduleId": "im", "entityType": kind, "entityId": ids});
        assert_eq!(
            ines.refused("vote.AttachedVote.getMany", many((1..60).collect())).2,
            "Too many entity ids"
        );
        assert_eq!(
            ines.refused("vote.AttachedVote.getMany", many(vec![777])).2,
            "Attach with entityId 777 not found"
        );
        // The poll goes with its message.
        ada.get("im.message.delete", json!({"MESSAGE_ID": sent["messageId"]}));
        assert_eq!(
            ada.refused("vote.AttachedVote.get", json!({"attachId": sent["voteId"]})).1,
            "ATTACH_NOT_FOUND"
        );
    }
}

#[test]
fn posts_have_polls_with_several_questions() {
    for ada in portals(SCOPES) {
        let question = |text: &str| json!({"QUESTION": text, "FIELD_TYPE": 1, "ANSWERS": [{"MESSAGE": "a"}, {"MESSAGE": "b"}]});
        let given = json!({
            "POST_MESSAGE": "Choose", "UF_BLOG_POST_VOTE": "nX",
            "UF_BLOG_POST_VOTE_nX_DATA": {"QUESTIONS": [question("One?"), question("Two?")], "OPTIONS": 1},
        });
        let post = ada.get("log.blogpost.add", given.clone());
        let found = ada.get("log.blogpost.get", json!({"POST_ID": post}))[0].clone();
        let poll: i64 = found["UF_BLOG_POST_VOTE"]["VALUE"].as_str().unwrap().parse().unwrap();
        let attach = ada.get("vote.AttachedVote.get", json!({"attachId": poll}))["attach"].clone();
        assert_eq!(
            (&attach["entityId"], attach["QUESTIONS"].as_object().map(|all| all.len())),
            (&post, Some(2))
        );
        let mut ballot = serde_json::Map::new();
        for (id, question) in attach["QUESTIONS"].as_object().unwrap() {
            let all: Vec<&String> = question["ANSWERS"].as_object().unwrap().keys().collect();
            ballot.insert(id.clone(), json!(all));
        }
        let voted =
            ada.get("vote.AttachedVote.vote", json!({"attachId": poll, "ballot": ballot}))["attach"].clone();
        let counts: Vec<&Json> =
            voted["QUESTIONS"].as_object().unwrap().values().map(|one| &one["COUNTER"]).collect();
        assert_eq!(
            counts,
            [&json!(1), &json!(1)],
            "a question is answered once, however many answers it gets"
        );
        let mut unfit = given;
        unfit["UF_BLOG_POST_VOTE_nX_DATA"]["QUESTIONS"] =
            json!([{"QUESTION": "x", "ANSWERS": [{"MESSAGE": "a"}]}]);
        assert_eq!(ada.refused("log.blogpost.add", unfit).2, "Minimum number of answers: 2");
        ada.get("log.blogpost.delete", json!({"POST_ID": post}));
        assert_eq!(ada.refused("vote.AttachedVote.get", json!({"attachId": poll})).1, "ATTACH_NOT_FOUND");
    }
}

#[test]
fn unfit_polls_are_refused_in_words() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let chat = chat(&ada, &ines);
        let many: Vec<String> = (0..11).map(|at| at.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut two = plan(&["a", "b"], 0, 0, 0);
        two["QUESTIONS"].as_array_mut().unwrap().push(json!({"QUESTION": "x", "ANSWERS": []}));
        let cases = [
            (json!({}), "Please enter a question and answer options"),
            (plan(&["a"], 0, 0, 0), "Minimum number of answers: 2"),
            (plan(&many, 0, 0, 0), "Maximum number of answers: 10"),
            (two, "Maximum number of questions: 1"),
        ];
        for (plan, text) in cases {
            let given = json!({"chatId": chat, "IM_MESSAGE_VOTE_DATA": plan});
            assert_eq!(ada.refused("vote.Integration.Im.send", given), (400, "400".into(), text.into()));
        }
    }
}

#[test]
fn the_report_is_a_table() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let room = chat(&ada, &ines);
        for (anonymous, named) in [(0, true), (1, false)] {
            let poll = send(&ada, &room, plan(&["<b>", "=1+1"], 0, anonymous, 0));
            let attach = ada.get("vote.AttachedVote.get", json!({"attachId": poll}))["attach"].clone();
            let (question, answers) = numbers(&attach);
            ada.get(
                "vote.AttachedVote.vote",
                json!({"attachId": poll, "ballot": {question.as_str(): [answers[0]]}}),
            );
            let with = ada.get("vote.AttachedVote.getWithVoted", json!({"attachId": poll}));
            assert_eq!(with["voted"].is_object(), named, "{with}");
            let voted = json!({"attachId": poll, "answerId": answers[0]});
            let voted = ada.page("vote.AttachedVote.getAnswerVoted", voted).unwrap();
            assert_eq!(voted.total, Some(i64::from(named)));
            for _ in 0..2 {
                let done = ada.call("vote.AttachedVote.download", json!({"attachId": poll})).unwrap();
                assert!(done.reply.sends.is_some());
            }
            let number = poll.as_i64().unwrap();
            let key = ada.read(move |tx| {
                let sql = "SELECT c.key FROM vote_attach v JOIN portal_file f ON f.id = v.report \
                           JOIN portal_content c ON c.hash = f.hash WHERE v.id = ?";
                Ok(tx.one(sql, &[number.into()], |row| Ok(row.text(0)?.to_owned()))?.unwrap())
            });
            let table = String::from_utf8(content(&ada.portal, &key)).unwrap();
            assert!(table.contains("<td>&lt;b&gt;</td><td>1</td><td>100</td>"), "{table}");
            assert_eq!(table.contains("Ada Berg"), named, "{table}");
            let batch = json!({"cmd": {"a": format!("vote.AttachedVote.download?attachId={poll}")}});
            let answer = ada.get("batch", batch);
            assert_eq!(answer["result_error"]["a"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED", "{answer}");
        }
    }
}
