//! The data of events in the newer form, for handlers and for queues.

use serde_json::{Value as Json, json};

use engine::call::Call;
use engine::error::{Result, refusal};

use super::Kind;
use crate::act::{ask, params};
use crate::bot::Bot;
use crate::hear::{Scene, Used};
use crate::v2::show;

/// The bot: whole in its queue; a handler gets what it needs to tell bots apart.
fn bot(call: &mut Call<'_, '_>, bot: &Bot) -> Result<Json> {
    if bot.fetches() {
        return Ok(Json::from(&show::bot(call, bot, true)?));
    }
    let base = &call.settings.base_url;
    let auth = json!({"client_endpoint": format!("{base}/rest/"), "member_id": call.meta.member_id.as_str()});
    Ok(json!({"id": bot.id, "code": bot.code, "auth": auth}))
}

/// The data of an event in this scene. `with` is what the kind has beyond the rest.
///
/// # Errors
/// Those of the store.
pub fn data(call: &mut Call<'_, '_>, of: &Bot, scene: &Scene, with: &Json) -> Result<Json> {
    let mut data = json!({"bot": bot(call, of)?});
    let dialog = if scene.is_private() { scene.author.to_string() } else { format!("chat{}", scene.chat) };
    for (name, value) in with.as_object().into_iter().flatten() {
        data[name.as_str()] = value.clone();
    }
    about(call, scene, &dialog, &mut data)?;
    Ok(data)
}

/// The same for a person's queue.
///
/// # Errors
/// Those of the store.
pub fn for_user(call: &mut Call<'_, '_>, scene: &Scene, with: Json) -> Result<Json> {
    let mut data = with;
    about(call, scene, &format!("chat{}", scene.chat), &mut data)?;
    Ok(data)
}

/// The chat, who did it, and the language.
fn about(call: &mut Call<'_, '_>, scene: &Scene, dialog: &str, data: &mut Json) -> Result<()> {
    data["chat"] = chat(call, scene, dialog)?;
    let user = ask(call, "im.user.get", params([("ID", scene.author.into())]))?;
    data["user"] = Json::from(&show::camel(user));
    data["language"] = scene.language.into();
    Ok(())
}

fn chat(call: &mut Call<'_, '_>, scene: &Scene, dialog: &str) -> Result<Json> {
    let named = params([("DIALOG_ID", format!("chat{}", scene.chat).into())]);
    let mut chat = match refusal(ask(call, "im.dialog.get", named))? {
        Ok(chat) => Json::from(&wire::Value::from(show::chat(chat))),
        // A command that works everywhere was used where the caller only looks on.
        Err(_) => json!({
            "id": scene.chat, "name": scene.title, "owner": scene.owner,
            "entityType": scene.entity.0, "entityId": scene.entity.1,
        }),
    };
    chat["dialogId"] = dialog.into();
    Ok(chat)
}

/// A message as events have it.
pub fn message(scene: &Scene) -> Json {
    json!({
        "id": scene.message,
        "chatId": scene.chat,
        "authorId": scene.author,
        "date": scene.date,
        "text": scene.text,
        "isSystem": false,
        "uuid": scene.uuid,
        "forward": null,
        "params": scene.params,
        "viewedByOthers": false,
    })
}

/// A command that was used, as events have it.
pub fn command(used: &Used<'_>) -> Json {
    json!({
        "id": used.command.id,
        "command": format!("/{}", used.command.name),
        "params": used.params,
        "context": used.context.to_ascii_lowercase(),
    })
}

/// An example of the data.
pub fn example(kind: Kind) -> Json {
    let message = json!({"id": 789, "chatId": 5, "authorId": 1, "text": "Hello"});
    let bot = json!({"id": 456, "code": "echo"});
    let mut data =
        json!({"bot": bot, "chat": {"id": 5, "dialogId": "1"}, "user": {"id": 1}, "language": "en"});
    match kind {
        Kind::Delete => return json!({"bot": bot}),
        Kind::MessageDelete => data["messageId"] = 789.into(),
        Kind::CommandAdd => {
            data["command"] = json!({"id": 78, "command": "/help", "params": "topic", "context": "textarea"});
            data["message"] = message;
        }
        Kind::Join | Kind::Context => data["dialogId"] = "1".into(),
        Kind::Reaction => {
            data["reaction"] = "like".into();
            data["action"] = "add".into();
            data["message"] = message;
        }
        Kind::MessageAdd | Kind::MessageUpdate => data["message"] = message,
    }
    data
}
