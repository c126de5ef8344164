//! Chat bots as their authors write them: a program behind an address, which answers by its webhook.

use it::sink::{Reply, Sink};
use it::{Browser, Events, Portal};
use serde_json::{Value, json};
use std::sync::Arc;

/// The secret of the program.
const KEY: &str = "echo-bot-of-the-tests";

/// Registers a bot at a handler; its number.
fn register(hook: &it::Hook, handler: &str) -> Value {
    hook.result(
        "imbot.register",
        json!({
            "CODE": "echo", "TYPE": "B", "CLIENT_ID": KEY, "EVENT_HANDLER": handler,
            "PROPERTIES": {"NAME": "Echo", "WORK_POSITION": "Repeats what it is told"},
        }),
    )
}

#[test]
fn an_echo_bot_answers_in_a_chat_and_somebody_sees_it_live() {
    let handler = Sink::start(|_| Reply::status(200));
    let server = Portal::new().with("--allow-handlers", "127.0.0.0/8").start();
    let hook = server.hook("im,imbot");
    let bot = register(&hook, &handler.url());
    let browser = Browser::of_the_administrator(&server);
    let mut events = Events::open(&server, &browser, &format!("/api/messages/stream?dialog={bot}")).unwrap();
    for text in ["Hello", "Hello again"] {
        hook.result("im.message.add", json!({"DIALOG_ID": bot, "MESSAGE": text}));
    }
    // The program: it repeats what it was told, as the example of the documentation does.
    let received = handler.wait_for(3);
    let told: Vec<String> = received.iter().filter_map(|one| one.field("event")).collect();
    assert_eq!(told, ["ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD", "ONIMBOTMESSAGEADD"], "in order");
    for one in &received[1..] {
        assert_eq!(
            one.field("auth[application_token]").as_deref(),
            Some(KEY),
            "by which it knows the portal"
        );
        let (dialog, text) = (one.field("data[PARAMS][DIALOG_ID]"), one.field("data[PARAMS][MESSAGE]"));
        let answer = format!("Echo: {}", text.unwrap());
        hook.result(
            "imbot.message.add",
            json!({"BOT_ID": bot, "CLIENT_ID": KEY, "DIALOG_ID": dialog, "MESSAGE": answer}),
        );
    }
    let page = events.page(|page| page["messages"]["messages"].as_array().is_some_and(|all| all.len() == 4));
    let texts: Vec<&str> = page["messages"]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Echo: Hello again", "Echo: Hello", "Hello again", "Hello"]);
}

#[test]
fn what_a_bot_is_told_waits_while_its_program_is_down() {
    let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let handler = Sink::start(move |_| {
        let first = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Reply::status(if first { 503 } else { 200 })
    });
    let server = Portal::new().with("--allow-handlers", "127.0.0.0/8").start();
    let hook = server.hook("im,imbot");
    let bot = register(&hook, &handler.url());
    hook.result("im.message.add", json!({"DIALOG_ID": bot, "MESSAGE": "Are you there?"}));
    let received = handler.wait_for(3);
    let told: Vec<String> = received.iter().filter_map(|one| one.field("event")).collect();
    assert_eq!(
        told,
        ["ONIMBOTJOINCHAT", "ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD"],
        "nothing is lost, and in order"
    );
    // It is told of its end, too.
    hook.result("imbot.unregister", json!({"BOT_ID": bot, "CLIENT_ID": KEY}));
    let last = handler.wait_for(4).pop().unwrap();
    assert_eq!(last.field("event").as_deref(), Some("ONIMBOTDELETE"));
}
