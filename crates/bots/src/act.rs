//! What a bot does in chats: the methods of chats by their names, called as the user that the bot is.

use engine::call::Call;
use engine::error::Result;
use wire::{Fault, Map, Value};

/// Calls a method of chats as this bot.
///
/// # Errors
/// Those of the method.
pub fn act(call: &mut Call<'_, '_>, bot: i64, method: &str, params: Map) -> Result<Value> {
    let caller = call.caller.as_user(bot, false);
    Ok(call.ask_as(&caller, method, params)?.ok_or_else(absent)?)
}

/// Calls one as the caller.
///
/// # Errors
/// Those of the method.
pub fn ask(call: &mut Call<'_, '_>, method: &str, params: Map) -> Result<Value> {
    Ok(call.ask(method, params)?.ok_or_else(absent)?)
}

fn absent() -> Fault {
    Fault::new(403, "ACCESS_DENIED", "This portal has no chats")
}

/// Parameters of these names and values.
pub fn params<const N: usize>(given: [(&str, Value); N]) -> Map {
    given.into_iter().map(|(name, value)| (name.into(), value)).collect()
}
