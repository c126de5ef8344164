//! Messages in the console: two people at once, live, and nobody else.

use it::{Browser, Events, Portal};
use serde_json::{Value, json};

fn call(browser: &mut Browser, method: &str, params: &Value) -> Value {
    browser.done("POST", &format!("/api/call/{method}"), params)["result"].take()
}

/// The texts of the messages that a page shows.
fn texts(page: &Value) -> Vec<&str> {
    let messages = page["messages"]["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().map(|one| one["text"].as_str().unwrap()).collect()
}

#[test]
fn what_one_writes_the_other_sees_at_once_and_read_marks_come_back() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("{engine}");
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        let mut ada = Browser::of_a_colleague(&server);
        let (first, second) =
            (boss.read("/api/session")["user"]["id"].clone(), ada.read("/api/session")["user"]["id"].clone());
        let open = |browser: &Browser, with: &str| {
            Events::open(&server, browser, &format!("/api/messages/stream?dialog={with}")).unwrap()
        };
        let (to_him, to_her) = (first.to_string(), second.to_string());
        let (mut hers, mut his) = (open(&ada, &to_him), open(&boss, &to_her));
        assert_eq!(hers.page(|_| true)["dialog"], Value::Null, "nothing was written yet");
        let id =
            call(&mut boss, "im.message.add", &json!({"DIALOG_ID": second, "MESSAGE": "Are you there?"}));
        let page = hers.page(|page| !texts(page).is_empty());
        assert_eq!((texts(&page), &page["counters"]["TYPE"]["ALL"]), (vec!["Are you there?"], &json!(1)));
        assert_eq!(page["recent"]["items"][0]["counter"], 1);
        call(&mut ada, "im.dialog.read", &json!({"DIALOG_ID": first, "MESSAGE_ID": id}));
        his.page(|page| page["dialog"]["readed_list"][0]["message_id"] == id);
        hers.page(|page| page["counters"]["TYPE"]["ALL"] == 0);
        call(&mut boss, "im.message.update", &json!({"MESSAGE_ID": id, "MESSAGE": "Hello?"}));
        hers.page(|page| texts(page) == ["Hello?"]);
        // From a webhook, too, and with a connection that was made anew.
        let hook = server.hook("im");
        hook.result("im.message.add", json!({"DIALOG_ID": second, "MESSAGE": "From a program"}));
        hers.page(|page| texts(page) == ["From a program", "Hello?"]);
        assert_eq!(texts(&open(&ada, &to_him).page(|_| true)), ["From a program", "Hello?"]);
        // Somebody else's dialog is nothing, also for an administrator.
        let chat = page["messages"]["chat_id"].clone();
        let notes = call(&mut ada, "im.message.add", &json!({"DIALOG_ID": second, "MESSAGE": "Mine"}));
        assert!(notes.is_i64());
        let own = call(&mut ada, "im.dialog.get", &json!({"DIALOG_ID": second}))["id"].clone();
        assert_ne!(own, chat);
        let foreign = open(&boss, &format!("chat{own}")).page(|_| true);
        assert_eq!((&foreign["dialog"], &foreign["messages"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn two_browsers_and_a_webhook_agree_about_a_chat() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("{engine}");
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        let mut ada = Browser::of_a_colleague(&server);
        let hook = server.hook("im");
        let hers = ada.read("/api/session")["user"]["id"].clone();
        let chat = call(&mut boss, "im.chat.add", &json!({"TITLE": "Harbour", "USERS": [hers]}));
        let dialog = format!("chat{chat}");
        let open = |browser: &Browser| {
            Events::open(&server, browser, &format!("/api/messages/stream?dialog={dialog}")).unwrap()
        };
        let said = |text: String| json!({"DIALOG_ID": dialog, "MESSAGE": text});
        // What there is to see, by one who asks.
        let whole = |browser: &mut Browser| {
            let answer = call(browser, "im.dialog.messages.get", &json!({"DIALOG_ID": dialog, "LIMIT": 50}));
            let texts = answer["messages"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["text"].as_str().unwrap().to_owned());
            texts.collect::<Vec<String>>()
        };
        let unread = |page: &Value, count: i64| page["counters"]["TYPE"]["ALL"] == count;
        let (mut to_her, mut to_him) = (open(&ada), open(&boss));
        for round in 0..4 {
            call(&mut boss, "im.message.add", &said(format!("boss {round}")));
            call(&mut ada, "im.message.add", &said(format!("ada {round}")));
            hook.result("im.message.add", said(format!("hook {round}")));
        }
        let all = whole(&mut boss);
        assert_eq!(all[..4], ["hook 3", "ada 3", "boss 3", "hook 2"]);
        assert_eq!(whole(&mut ada), all);
        to_her.page(|page| texts(page) == all && unread(page, 1));
        to_him.page(|page| texts(page) == all && unread(page, 0));
        // She reads, and he sees that.
        call(&mut ada, "im.dialog.read", &json!({"DIALOG_ID": dialog}));
        to_her.page(|page| unread(page, 0));
        to_him.page(|page| {
            let mut read = page["dialog"]["readed_list"].as_array().into_iter().flatten();
            read.any(|one| one["user_id"] == hers && one["message_id"] == page["dialog"]["last_message_id"])
        });
        // Her connection is lost; what comes meanwhile is there with the next.
        drop(to_her);
        hook.result("im.message.add", said("hook 4".to_owned()));
        call(&mut boss, "im.message.add", &said("boss 4".to_owned()));
        let all = whole(&mut boss);
        let mut to_her = open(&ada);
        let page = to_her.page(|_| true);
        assert_eq!((texts(&page), unread(&page, 2)), (all.iter().map(String::as_str).collect(), true));
        to_him.page(|page| texts(page) == all && unread(page, 0));
        // Whoever writes has read everything above.
        call(&mut ada, "im.message.add", &said("ada 4".to_owned()));
        let all = whole(&mut ada);
        to_her.page(|page| texts(page) == all && unread(page, 0));
        to_him.page(|page| texts(page) == all && unread(page, 1));
        assert_eq!(call(&mut boss, "im.counters.get", &json!({}))["TYPE"]["ALL"], 1);
        assert_eq!(call(&mut ada, "im.counters.get", &json!({}))["TYPE"]["ALL"], 0);
    }
}

#[test]
fn notifications_come_by_themselves() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    let user = boss.read("/api/session")["user"]["id"].clone();
    let mut events = Events::open(&server, &boss, "/api/messages/stream?dialog=notifications").unwrap();
    assert_eq!(events.page(|_| true)["notifications"]["notifications"], json!([]));
    server.hook("im").result("im.notify.system.add", json!({"USER_ID": user, "MESSAGE": "Stock is low"}));
    let page = events.page(|page| page["counters"]["TYPE"]["NOTIFY"] == 1);
    assert_eq!(page["notifications"]["notifications"][0]["text"], "Stock is low");
    call(&mut boss, "im.notify.read.all", &json!({}));
    events.page(|page| page["notifications"]["notifications"][0]["notify_read"] == "Y");
}

#[test]
fn nobody_is_shown_the_dialogs_of_others() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    let mut ada = Browser::of_a_colleague(&server);
    let chat = call(&mut ada, "im.chat.add", &json!({"TITLE": "Harbour"}));
    call(
        &mut ada,
        "im.message.add",
        &json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": "at the third quay"}),
    );
    let path = format!("/api/messages/stream?dialog=chat{chat}");
    let shown = |browser: &Browser| Events::open(&server, browser, &path).unwrap().chunk().unwrap();
    assert!(shown(&ada).contains("third quay"));
    // Not even to the administrator.
    let foreign = shown(&boss);
    assert!(!foreign.contains("third quay") && !foreign.contains("Harbour"), "{foreign}");
    assert_eq!(call(&mut boss, "im.counters.get", &json!({}))["TYPE"]["ALL"], 0);
    let visitor = Browser::visiting(&server);
    assert_eq!(Events::open(&server, &visitor, &path).err().map(|(status, _)| status), Some(401));
}
