//! The older methods, `imbot.*`: names in capitals, `CLIENT_ID` with every call.

mod apps;
mod chats;
mod commands;
mod messages;
mod registry;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required};
use wire::{Fault, Map, Value};

pub use apps::APP;
pub use chats::set_manager;
pub use commands::reply;
pub use messages::{owned_keyboard, remove};
pub use registry::profile;

use crate::bot::{self, Bot, Refusals};
use crate::key::Key;

/// The methods.
pub fn methods() -> Vec<Method> {
    let own =
        [registry::methods(), messages::methods(), chats::methods(), commands::methods(), apps::methods()];
    own.into_iter().flatten().collect()
}

/// The secret of the program.
const CLIENT_ID: Param =
    required("CLIENT_ID", Kind::Text, "The program's own secret, the same with every call");

/// The bot, in methods where a program may leave it out.
const BOT_ID: Param = optional("BOT_ID", Kind::Id, "Bot; by default the program's first one");

fn missing() -> Fault {
    Fault::new(400, "BOT_ID_ERROR", "Bot not found")
}

fn foreign() -> Fault {
    Fault::new(400, "APP_ID_ERROR", "Bot was installed by another rest application")
}

/// The refusals of a bot.
const REFUSALS: Refusals = [missing, foreign];

/// The bot that a call names; the first one of the program when it names none, as on the real system.
fn named(call: &Call<'_, '_>) -> Result<(Bot, Key)> {
    let key = Key::of_client(call)?;
    let bot = match call.param("BOT_ID").and_then(Value::as_int) {
        Some(id) => bot::find(call, &key, id, REFUSALS)?,
        None => bot::owned(call, &key).into_iter().next().ok_or_else(missing)?,
    };
    Ok((bot, key))
}

/// The parameters of a call that are meant for a method of chats.
fn passed(call: &Call<'_, '_>) -> Map {
    let own = ["BOT_ID", "CLIENT_ID", "SKIP_CONNECTOR", "COMPLETE", "FROM_USER_ID", "TO_USER_ID"];
    let params = call.params.iter().filter(|(name, _)| !own.iter().any(|own| own.eq_ignore_ascii_case(name)));
    params.map(|(name, value)| (name.into(), value.clone())).collect()
}
