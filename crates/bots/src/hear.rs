//! What happens in chats, watched for those that are to be told: bots, and people whose events are kept.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use engine::call::Call;
use engine::error::Result;
use engine::moment;
use engine::noun::{self, Row, Saved, Watch};

use crate::bot::{Bot, Bots};
use crate::command::{self, Command};
use crate::event::{self, Kind, v1, v2};
use crate::queue;

/// The nouns of chats.
pub const WATCHES: [Watch; 2] = [
    Watch { saved: message, deleted: gone, ..Watch::new("im.message") },
    Watch { saved: member, ..Watch::new("im.member") },
];

/// A chat, and the message in it that something happens to.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The number of the chat.
    pub chat: i64,
    /// Its type in the table: `PRIVATE`, `CHAT`, `OPEN`, ..
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its owner.
    pub owner: i64,
    /// What it is about: the kind and the number of an object.
    pub entity: (String, String),
    /// How many are in it.
    pub members: i64,
    /// Who did it.
    pub author: i64,
    /// Whether that is a bot.
    pub is_by_bot: bool,
    /// The message.
    pub message: i64,
    /// Its text.
    pub text: String,
    /// What it has beside.
    pub params: Json,
    /// Its own random number.
    pub uuid: String,
    /// When it was written.
    pub date: String,
    /// The language of the portal.
    pub language: &'static str,
}

/// A command that was used.
#[derive(Clone, Copy, Debug)]
pub struct Used<'a> {
    /// The command.
    pub command: &'a Command,
    /// What follows it.
    pub params: &'a str,
    /// `TEXTAREA` when it was written, `KEYBOARD` when a button was pressed.
    pub context: &'static str,
}

impl Scene {
    /// The scene in a chat; `None` when that is not there.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of(call: &mut Call<'_, '_>, chat: i64, author: i64) -> Result<Option<Self>> {
        let Some(shape) = call.core.modules.noun("im.chat") else { return Ok(None) };
        let Some(row) = noun::again(call, shape.noun, chat)? else { return Ok(None) };
        let is_by_bot = Bots::of(&call.meta).by_id.contains_key(&author);
        Ok(Some(Scene {
            chat,
            kind: row.text("type").to_owned(),
            title: row.text("title").to_owned(),
            owner: row.int("ownerId").unwrap_or(0),
            entity: (row.text("entityType").to_owned(), row.text("entityId").to_owned()),
            members: row.int("userCount").unwrap_or(0),
            author,
            is_by_bot,
            message: 0,
            text: String::new(),
            params: json!({}),
            uuid: String::new(),
            date: String::new(),
            language: call.language.language.code(),
        }))
    }

    /// The scene of a message that somebody wrote; `None` for one of the chat itself.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of_message(call: &mut Call<'_, '_>, row: &Row, author: i64) -> Result<Option<Self>> {
        let Some(mut scene) = Scene::of(call, row.int("chatId").unwrap_or(0), author)? else {
            return Ok(None);
        };
        scene.message = row.number;
        row.text("text").clone_into(&mut scene.text);
        row.text("uuid").clone_into(&mut scene.uuid);
        scene.params = params(row);
        let date = row.int("dateCreate").unwrap_or(call.now.seconds());
        scene.date = moment::print(&call.caller.zone, date).to_string();
        Ok(Some(scene))
    }

    /// Whether it is the chat of two.
    pub fn is_private(&self) -> bool {
        self.kind == "PRIVATE"
    }

    /// Its kind as one letter.
    pub fn letter(&self) -> &'static str {
        match self.kind.as_str() {
            "PRIVATE" => "P",
            "OPEN" => "O",
            _ => "C",
        }
    }

    /// Where a bot answers.
    pub fn dialog(&self) -> String {
        if self.is_private() { self.author.to_string() } else { format!("chat{}", self.chat) }
    }

    /// Within which events keep their order.
    pub fn object(&self) -> String {
        format!("chat:{}", self.chat)
    }
}

/// What a message has beyond its text.
fn params(row: &Row) -> Json {
    match row.json("params") {
        params @ Json::Object(_) => params,
        _ => json!({}),
    }
}

/// Those of these users who are in a chat.
///
/// # Errors
/// Those of the store.
pub fn among(call: &mut Call<'_, '_>, chat: i64, users: &[i64]) -> Result<Vec<i64>> {
    let Some(shape) = call.core.modules.noun("im.member") else { return Ok(Vec::new()) };
    let sql = format!("SELECT user_id FROM {} WHERE chat_id = ? AND user_id IN (#)", shape.noun.table);
    let mut found = call.tx.all_among(&sql, &[chat.into()], users, |row| row.int(0))?;
    found.sort_unstable();
    Ok(found)
}

/// A message was written or changed.
fn message(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let meta = Arc::clone(&call.meta);
    let bots = Bots::of(&meta);
    if bots.by_id.is_empty() && bots.readers.is_empty() {
        return Ok(());
    }
    let author = saved.row.int("authorId").unwrap_or(0);
    let Some(what) = what_happened(saved) else { return Ok(()) };
    // Whoever likes a message is not its author.
    let who = if matches!(what, What::Liked(_)) { call.caller.user_id } else { author };
    if who <= 0 {
        return Ok(());
    }
    let chat = saved.row.int("chatId").unwrap_or(0);
    let here = among(call, chat, &bots.by_id.keys().copied().collect::<Vec<_>>())?;
    let readers = among(call, chat, &bots.readers)?;
    let has_command = matches!(what, What::Added) && saved.row.text("text").contains('/');
    if here.is_empty() && readers.is_empty() && !has_command {
        return Ok(());
    }
    let Some(scene) = Scene::of_message(call, saved.row, who)? else { return Ok(()) };
    tell_readers(call, &readers, &scene, what)?;
    let mut told: Vec<i64> = vec![who];
    if has_command {
        // A message uses a command once, however many of its lines name it.
        let mut names = HashSet::new();
        for (name, params) in command::given(&scene.text) {
            if !names.insert(name.clone()) {
                continue;
            }
            let fits = |command: &&Command| {
                command.name == name && command.bot != who && (command.common || here.contains(&command.bot))
            };
            for command in bots.commands.iter().filter(fits) {
                let used = Used { command, params, context: "TEXTAREA" };
                tell_command(call, &bots.by_id[&command.bot], &used, &scene)?;
                told.push(command.bot);
            }
        }
    }
    for bot in here.iter().filter(|bot| !told.contains(bot)).map(|bot| &bots.by_id[bot]) {
        if is_meant(bot, &scene) || matches!(what, What::Liked(_)) {
            tell_message(call, bot, &scene, what)?;
        }
    }
    Ok(())
}

/// What happened to a message.
#[derive(Clone, Copy, Debug)]
enum What {
    Added,
    Changed,
    Deleted,
    /// Somebody likes it, or does so no more
    Liked(bool),
}

fn what_happened(saved: &Saved<'_>) -> Option<What> {
    let Some(old) = saved.old else { return Some(What::Added) };
    let row = saved.row;
    if row.text("isDeleted") == "Y" {
        return (old.text("isDeleted") != "Y").then_some(What::Deleted);
    }
    if row.text("text") != old.text("text") {
        return Some(What::Changed);
    }
    let (mut now, mut before) = (params(row), params(old));
    let likes = |params: &mut Json| {
        let liked = params.as_object_mut().and_then(|params| params.remove("LIKE"));
        liked.and_then(|liked| liked.as_array().map(Vec::len)).unwrap_or(0)
    };
    let (likes, liked) = (likes(&mut now), likes(&mut before));
    if now != before {
        return Some(What::Changed);
    }
    (likes != liked).then_some(What::Liked(likes > liked))
}

/// Whether a bot is told of a message: all those to it, and those that mention it.
fn is_meant(bot: &Bot, scene: &Scene) -> bool {
    let mention = format!("[USER={}", bot.id);
    let is_mentioned = scene
        .text
        .match_indices(&mention)
        .any(|(at, _)| scene.text[at + mention.len()..].starts_with([']', ' ']));
    scene.is_private() || bot.hears_everything() || is_mentioned
}

fn tell_message(call: &mut Call<'_, '_>, bot: &Bot, scene: &Scene, what: What) -> Result<()> {
    let kind = match what {
        What::Added => Kind::MessageAdd,
        What::Changed => Kind::MessageUpdate,
        What::Deleted => Kind::MessageDelete,
        What::Liked(_) if !bot.is_new || !bot.reactions => return Ok(()),
        What::Liked(_) => Kind::Reaction,
    };
    let data = if bot.is_new {
        let with = about(scene, what);
        v2::data(call, bot, scene, &with)?
    } else {
        v1::data(call, kind, bot, scene)?
    };
    event::tell(call, bot, kind, None, &scene.object(), data)
}

/// What events of the newer form have of a message.
fn about(scene: &Scene, what: What) -> Json {
    match what {
        What::Added | What::Changed => json!({"message": v2::message(scene)}),
        What::Deleted => json!({"messageId": scene.message}),
        What::Liked(on) => json!({
            "reaction": "like",
            "action": if on { "add" } else { "delete" },
            "message": v2::message(scene),
        }),
    }
}

/// Tells a bot of a command that was used.
///
/// # Errors
/// Those of the store.
pub fn tell_command(call: &mut Call<'_, '_>, bot: &Bot, used: &Used<'_>, scene: &Scene) -> Result<()> {
    let data = if bot.is_new {
        let with = json!({"command": v2::command(used), "message": v2::message(scene)});
        v2::data(call, bot, scene, &with)?
    } else {
        v1::command(call, bot, used, scene)?
    };
    event::tell(call, bot, Kind::CommandAdd, Some(&used.command.url), &scene.object(), data)
}

fn tell_readers(call: &mut Call<'_, '_>, readers: &[i64], scene: &Scene, what: What) -> Result<()> {
    if readers.is_empty() {
        return Ok(());
    }
    let name = match what {
        What::Added => "ONIMV2MESSAGEADD",
        What::Changed => "ONIMV2MESSAGEUPDATE",
        What::Deleted => "ONIMV2MESSAGEDELETE",
        What::Liked(_) => "ONIMV2REACTIONCHANGE",
    };
    let data = v2::for_user(call, scene, about(scene, what))?;
    readers.iter().try_for_each(|user| queue::put(call, &queue::of_user(*user), name, &data))
}

/// A message is gone altogether, which nobody else had read.
fn gone(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let meta = Arc::clone(&call.meta);
    let bots = Bots::of(&meta);
    let (author, chat) = (row.int("authorId").unwrap_or(0), row.int("chatId").unwrap_or(0));
    if author <= 0 || (bots.by_id.is_empty() && bots.readers.is_empty()) || row.text("isDeleted") == "Y" {
        return Ok(());
    }
    let here = among(call, chat, &bots.by_id.keys().copied().collect::<Vec<_>>())?;
    let readers = among(call, chat, &bots.readers)?;
    if here.is_empty() && readers.is_empty() {
        return Ok(());
    }
    let Some(scene) = Scene::of_message(call, row, author)? else { return Ok(()) };
    tell_readers(call, &readers, &scene, What::Deleted)?;
    for bot in here.iter().filter(|bot| **bot != author).map(|bot| &bots.by_id[bot]) {
        if is_meant(bot, &scene) {
            tell_message(call, bot, &scene, What::Deleted)?;
        }
    }
    Ok(())
}

/// Somebody came into a chat.
fn member(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    if saved.old.is_some() {
        return Ok(());
    }
    let meta = Arc::clone(&call.meta);
    let bots = Bots::of(&meta);
    let user = saved.row.int("userId").unwrap_or(0);
    let who = call.caller.user_id;
    let is_reader = bots.readers.contains(&user);
    let bot = bots.by_id.get(&user).filter(|bot| bot.id != who);
    if bot.is_none() && !is_reader {
        return Ok(());
    }
    let Some(scene) = Scene::of(call, saved.row.int("chatId").unwrap_or(0), who)? else { return Ok(()) };
    let dialog = json!({"dialogId": scene.dialog()});
    if is_reader && who > 0 {
        let data = v2::for_user(call, &scene, dialog.clone())?;
        queue::put(call, &queue::of_user(user), "ONIMV2JOINCHAT", &data)?;
    }
    let Some(bot) = bot else { return Ok(()) };
    let data = match bot.is_new {
        true => v2::data(call, bot, &scene, &dialog)?,
        false => v1::join(call, bot, &scene)?,
    };
    event::tell(call, bot, Kind::Join, None, &scene.object(), data)
}
