//! Bots, their commands and handlers, as the shared metadata holds them: messages ask who is to be told without a look at tables.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use store::Tx;

use engine::call::Call;
use engine::error::Result;
use engine::meta::{Kept, Meta};
use wire::Fault;

use crate::command::{self, Command};
use crate::key::Key;

/// A bot.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its number, which is that of its user.
    pub id: i64,
    /// The user whose webhook registered it.
    pub owner: i64,
    /// Whether it was registered by the newer methods.
    pub is_new: bool,
    /// Its code.
    pub code: String,
    /// The hash of its owner's [`Key`].
    pub lookup: String,
    /// What it is: `B`, `O`, `S` or `H`, or in the newer methods `bot`, `openline`, `supervisor`, `personal`, `human`.
    pub kind: String,
    /// Whether it may take part in open channels.
    pub openline: bool,
    /// Whether searches leave it out.
    pub hidden: bool,
    /// Whether it supports open channels.
    pub support: bool,
    /// Whether its messages can be reacted to.
    pub reactions: bool,
    /// The background of its chats.
    pub background: Option<String>,
    /// The address of each kind of event; none when the bot fetches its events.
    pub addresses: BTreeMap<String, String>,
    /// The handler of each address.
    pub handlers: BTreeMap<String, i64>,
}

impl Bot {
    /// Whether it is told of every message of its chats, not only of those that are meant for it.
    pub fn hears_everything(&self) -> bool {
        matches!(self.kind.as_str(), "S" | "supervisor" | "personal")
    }

    /// Whether it fetches its events.
    pub fn fetches(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The handler of a kind of event.
    pub fn handler(&self, kind: &str) -> Option<i64> {
        self.handlers.get(self.addresses.get(kind)?).copied()
    }

    /// Its type in the words of the newer methods.
    pub fn word(&self) -> &str {
        match self.kind.as_str() {
            "B" => "bot",
            "O" => "openline",
            "S" => "supervisor",
            "H" => "human",
            other => other,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Bots {
    /// By their numbers.
    pub by_id: BTreeMap<i64, Bot>,
    /// Their commands.
    pub commands: Vec<Command>,
    /// The users for whom what happens in their chats is kept.
    pub readers: Vec<i64>,
}

impl Kept for Bots {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let mut bots = Bots { commands: command::all(tx)?, ..Bots::default() };
        let sql = "SELECT id, owner_id, api, code, lookup, kind, openline, hidden, support, reactions, background, \
                   handlers FROM im_bot ORDER BY id";
        tx.query(sql, &[], |row| {
            let addresses: BTreeMap<String, String> = serde_json::from_str(row.text(11)?).unwrap_or_default();
            let bot = Bot {
                id: row.int(0)?,
                owner: row.int(1)?,
                is_new: row.int(2)? == 2,
                code: row.text(3)?.to_owned(),
                lookup: row.text(4)?.to_owned(),
                kind: row.text(5)?.to_owned(),
                openline: row.text(6)? == "Y",
                hidden: row.text(7)? == "Y",
                support: row.text(8)? == "Y",
                reactions: row.text(9)? == "Y",
                background: row.opt_text(10)?.map(str::to_owned),
                addresses,
                handlers: BTreeMap::new(),
            };
            bots.by_id.insert(bot.id, bot);
            Ok(())
        })?;
        tx.query("SELECT bot_id, url, handler_id FROM im_bot_handler", &[], |row| {
            if let Some(bot) = bots.by_id.get_mut(&row.int(0)?) {
                bot.handlers.insert(row.text(1)?.to_owned(), row.int(2)?);
            }
            Ok(())
        })?;
        tx.query("SELECT user_id FROM im_event_reader ORDER BY user_id", &[], |row| {
            bots.readers.push(row.int(0)?);
            Ok(())
        })?;
        Ok(bots)
    }
}

impl Bots {
    /// Those of the shared copy.
    pub fn of(meta: &Meta) -> &Self {
        meta.section()
    }
}

/// The bots that belong to a key, as far as the caller may use them: who registered them, and administrators.
pub fn owned(call: &Call<'_, '_>, key: &Key) -> Vec<Bot> {
    let bots = Bots::of(&call.meta).by_id.values();
    bots.filter(|bot| is_owned(call, bot, key)).cloned().collect()
}

fn is_owned(call: &Call<'_, '_>, bot: &Bot, key: &Key) -> bool {
    bot.lookup == key.lookup && (call.caller.is_admin || call.caller.user_id == bot.owner)
}

/// The refusals of a bot that is not there, and of another's.
pub type Refusals = [fn() -> Fault; 2];

/// The bot with this number, if it belongs to the key.
///
/// # Errors
/// The refusals.
pub fn find(call: &Call<'_, '_>, key: &Key, id: i64, [missing, foreign]: Refusals) -> Result<Bot> {
    let bot = Bots::of(&call.meta).by_id.get(&id).cloned().ok_or_else(missing)?;
    if is_owned(call, &bot, key) { Ok(bot) } else { Err(foreign().into()) }
}

/// The most that one key has.
const MOST: usize = 100;

/// The most that one person has registered, under whatever keys.
const MOST_OF_ONE: usize = 300;

/// Whether the key, or the caller, has as many as it may.
pub fn is_full(call: &Call<'_, '_>, key: &Key) -> bool {
    let count =
        |counts: &dyn Fn(&Bot) -> bool| Bots::of(&call.meta).by_id.values().filter(|bot| counts(bot)).count();
    count(&|bot| bot.lookup == key.lookup) >= MOST
        || count(&|bot| bot.owner == call.caller.user_id) >= MOST_OF_ONE
}

/// Stores a bot whose user there is. What it is told by is opened by [`crate::event::connect`].
///
/// # Errors
/// Those of the store.
pub fn insert(call: &mut Call<'_, '_>, bot: &Bot) -> Result<()> {
    let sql = "INSERT INTO im_bot (id, owner_id, api, code, lookup, kind, openline, hidden, support, reactions, \
               background, handlers, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let params = [
        bot.id.into(),
        bot.owner.into(),
        if bot.is_new { 2 } else { 1 }.into(),
        bot.code.as_str().into(),
        bot.lookup.as_str().into(),
        bot.kind.as_str().into(),
        flag(bot.openline).into(),
        flag(bot.hidden).into(),
        flag(bot.support).into(),
        flag(bot.reactions).into(),
        bot.background.as_deref().into(),
        encoded(bot).into(),
        call.now.seconds().into(),
    ];
    call.tx.execute(sql, &params)?;
    call.meta_changed()
}

/// Stores what was changed of it.
///
/// # Errors
/// Those of the store.
pub fn update(call: &mut Call<'_, '_>, bot: &Bot) -> Result<()> {
    let sql = "UPDATE im_bot SET code = ?, lookup = ?, openline = ?, hidden = ?, support = ?, reactions = ?, \
               background = ?, handlers = ? WHERE id = ?";
    let params = [
        bot.code.as_str().into(),
        bot.lookup.as_str().into(),
        flag(bot.openline).into(),
        flag(bot.hidden).into(),
        flag(bot.support).into(),
        flag(bot.reactions).into(),
        bot.background.as_deref().into(),
        encoded(bot).into(),
        bot.id.into(),
    ];
    call.tx.execute(sql, &params)?;
    call.meta_changed()
}

fn encoded(bot: &Bot) -> String {
    Json::from_iter(bot.addresses.iter().map(|(kind, url)| (kind.clone(), Json::from(url.as_str()))))
        .to_string()
}

fn flag(on: bool) -> &'static str {
    if on { "Y" } else { "N" }
}

/// Removes a bot with all that belongs to it, and takes it out of its chats. What it wrote stays.
///
/// # Errors
/// Those of the store.
pub fn remove(call: &mut Call<'_, '_>, bot: &Bot) -> Result<()> {
    let member = call.core.modules.noun("im.member").map(|shape| shape.noun);
    if let Some(member) = member {
        engine::noun::clear(call, member, &[("userId", bot.id.into())])?;
    }
    engine::bot::dismiss(call.tx, bot.id)?;
    crate::event::disconnect(call, bot)?;
    crate::queue::clear(call, &crate::queue::of_bot(bot.id))?;
    engine::noun::clear(call, &crate::v1::APP, &[("botId", bot.id.into())])?;
    for sql in ["DELETE FROM im_bot_command WHERE bot_id = ?", "DELETE FROM im_bot WHERE id = ?"] {
        call.tx.execute(sql, &[bot.id.into()])?;
    }
    call.meta_changed()
}
