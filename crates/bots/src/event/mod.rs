//! Events of bots: how they are called, and how each comes to its bot, by a handler or by its queue.

pub mod v1;
pub mod v2;

use std::collections::BTreeSet;

use serde_json::Value as Json;

use engine::call::Call;
use engine::error::Result;
use engine::event::{Event, Happening, event};
use engine::modules::NewHandler;
use wire::{Fault, Value};

use crate::bot::{Bot, Bots};
use crate::{SCOPE, queue};

/// What a bot is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody wrote
    MessageAdd,
    /// A message was changed
    MessageUpdate,
    /// A message was deleted
    MessageDelete,
    /// The bot came into a chat
    Join,
    /// The bot is removed
    Delete,
    /// Somebody used a command
    CommandAdd,
    /// Somebody likes a message, or does so no more
    Reaction,
    /// Somebody opened its chat from somewhere
    Context,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::MessageAdd,
        Kind::MessageUpdate,
        Kind::MessageDelete,
        Kind::Join,
        Kind::Delete,
        Kind::CommandAdd,
        Kind::Reaction,
        Kind::Context,
    ];

    /// Its name, under which a bot has the address for it: that of the parameter in the older methods.
    pub fn code(self) -> &'static str {
        match self {
            Kind::MessageAdd => "MESSAGE_ADD",
            Kind::MessageUpdate => "MESSAGE_UPDATE",
            Kind::MessageDelete => "MESSAGE_DELETE",
            Kind::Join => "WELCOME_MESSAGE",
            Kind::Delete => "BOT_DELETE",
            Kind::CommandAdd => "COMMAND_ADD",
            Kind::Reaction => "REACTION_CHANGE",
            Kind::Context => "CONTEXT_GET",
        }
    }

    /// The event for bots that the older methods registered; there are none of the latest kinds.
    pub fn old_event(self) -> Option<&'static str> {
        Some(match self {
            Kind::MessageAdd => "ONIMBOTMESSAGEADD",
            Kind::MessageUpdate => "ONIMBOTMESSAGEUPDATE",
            Kind::MessageDelete => "ONIMBOTMESSAGEDELETE",
            Kind::Join => "ONIMBOTJOINCHAT",
            Kind::Delete => "ONIMBOTDELETE",
            Kind::CommandAdd => "ONIMCOMMANDADD",
            Kind::Reaction | Kind::Context => return None,
        })
    }

    /// The event for those of the newer ones.
    pub fn new_event(self) -> &'static str {
        match self {
            Kind::MessageAdd => "ONIMBOTV2MESSAGEADD",
            Kind::MessageUpdate => "ONIMBOTV2MESSAGEUPDATE",
            Kind::MessageDelete => "ONIMBOTV2MESSAGEDELETE",
            Kind::Join => "ONIMBOTV2JOINCHAT",
            Kind::Delete => "ONIMBOTV2DELETE",
            Kind::CommandAdd => "ONIMBOTV2COMMANDADD",
            Kind::Reaction => "ONIMBOTV2REACTIONCHANGE",
            Kind::Context => "ONIMBOTV2CONTEXTGET",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Kind::MessageAdd => "A message was sent to the bot.",
            Kind::MessageUpdate => "A message to the bot was changed.",
            Kind::MessageDelete => "A message to the bot was deleted.",
            Kind::Join => "The bot was added to a chat.",
            Kind::Delete => "The bot was deleted.",
            Kind::CommandAdd => "A command of the bot was used.",
            Kind::Reaction => "A reaction in a chat of the bot was changed.",
            Kind::Context => "A chat with the bot was opened from somewhere.",
        }
    }
}

/// All events, as the portal declares them.
pub fn declared() -> Vec<Event> {
    let old = Kind::ALL.into_iter().filter_map(|kind| {
        Some(event(kind.old_event()?, SCOPE, kind.about(), v1::example(kind)).addressed())
    });
    let new = Kind::ALL
        .into_iter()
        .map(|kind| event(kind.new_event(), SCOPE, kind.about(), v2::example(kind)).addressed());
    old.chain(new).collect()
}

/// The names of the events that a bot's handlers may be told.
fn names(bot: &Bot) -> Vec<&'static str> {
    let name = |kind: Kind| if bot.is_new { Some(kind.new_event()) } else { kind.old_event() };
    Kind::ALL.into_iter().filter_map(name).collect()
}

/// Opens a handler for each address of a bot and of its commands, and closes those of others. `token` is the secret by which
/// the handlers know the portal: that of the bot's owner.
///
/// # Errors
/// The refusals of an address, for the caller to read.
pub fn connect(call: &mut Call<'_, '_>, bot: &Bot, token: &str) -> Result<()> {
    let of_commands = Bots::of(&call.meta).commands.iter().filter(|command| command.bot == bot.id);
    let of_commands = of_commands.map(|command| command.url.clone()).filter(|url| !url.is_empty());
    let wanted: BTreeSet<String> = of_commands.chain(bot.addresses.values().cloned()).collect();
    let known = Bots::of(&call.meta).by_id.get(&bot.id).map(|bot| bot.handlers.clone()).unwrap_or_default();
    for (_, handler) in known.iter().filter(|(url, _)| !wanted.contains(*url)) {
        close(call, *handler)?;
    }
    let name = engine::directory::name_of(call.tx, bot.id)?.unwrap_or_default();
    let events = names(bot);
    for url in wanted.iter().filter(|url| !known.contains_key(*url)) {
        let handlers = call.core.modules.handlers().ok_or_else(|| Fault::core("Nothing delivers events."))?;
        let new = NewHandler { owner: bot.owner, title: &name, url, token, events: &events };
        let handler = handlers.open(call, &new)?;
        let sql = "INSERT INTO im_bot_handler (bot_id, url, handler_id) VALUES (?, ?, ?)";
        call.tx.execute(sql, &[bot.id.into(), url.as_str().into(), handler.into()])?;
    }
    call.meta_changed()
}

/// Gives the handlers of a bot another token.
///
/// # Errors
/// Those of the store.
pub fn renew(call: &mut Call<'_, '_>, bot: &Bot, token: &str) -> Result<()> {
    let Some(handlers) = call.core.modules.handlers() else { return Ok(()) };
    bot.handlers.values().try_for_each(|handler| handlers.renew(call, *handler, token))
}

/// Closes all handlers of a bot, as soon as they were told everything.
///
/// # Errors
/// Those of the store.
pub fn disconnect(call: &mut Call<'_, '_>, bot: &Bot) -> Result<()> {
    bot.handlers.values().try_for_each(|handler| close(call, *handler))
}

fn close(call: &mut Call<'_, '_>, handler: i64) -> Result<()> {
    call.tx.execute("DELETE FROM im_bot_handler WHERE handler_id = ?", &[handler.into()])?;
    match call.core.modules.handlers() {
        Some(handlers) => handlers.close(call, handler),
        None => Ok(()),
    }
}

/// Tells a bot of something: puts it into its queue, or raises it at its handler. `address` is where, if it is not the one of
/// this kind; `about` is the object within which events keep their order.
///
/// # Errors
/// Those of the store.
pub fn tell(
    call: &mut Call<'_, '_>,
    bot: &Bot,
    kind: Kind,
    address: Option<&str>,
    about: &str,
    data: Json,
) -> Result<()> {
    if bot.is_new && bot.fetches() {
        return queue::put(call, &queue::of_bot(bot.id), kind.new_event(), &data);
    }
    let own = address.filter(|address| !address.is_empty());
    let handler = match own {
        Some(address) => bot.handlers.get(address).copied(),
        None => bot.handler(kind.code()),
    };
    let name = if bot.is_new { Some(kind.new_event()) } else { kind.old_event() };
    if let Some((handler, name)) = handler.zip(name) {
        let object = format!("bot:{}:{about}", bot.id);
        call.raise_at(handler, name, || Happening { object, data: Value::from(data), changed: None });
    }
    Ok(())
}
