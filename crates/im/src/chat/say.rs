//! What a chat itself says of what its members do.

use engine::call::Call;
use engine::directory::name_of;
use engine::error::Result;
use engine::noun;
use engine::texts::Topic;
use wire::Map;

use crate::message::MESSAGE;

/// Sentences with `{who}` and `{whom}`, or `{title}`.
pub const MADE: &str = "{who} created the chat.";
/// With others from the start
pub const MADE_WITH: &str = "{who} created the chat and invited {whom}.";
/// Somebody was added
pub const INVITED: &str = "{who} invited {whom} to the chat.";
/// Somebody came
pub const JOINED: &str = "{who} joined the chat.";
/// Somebody went
pub const LEFT: &str = "{who} left the chat.";
/// Somebody was removed
pub const REMOVED: &str = "{who} removed {whom} from the chat.";
/// Another title
pub const TITLED: &str = "{who} changed the title of the chat to \"{title}\".";
/// Another colour
pub const COLORED: &str = "{who} changed the color of the chat.";
/// Another avatar
pub const PICTURED: &str = "{who} changed the avatar of the chat.";
/// Another owner
pub const OWNED: &str = "{who} made {whom} the owner of the chat.";

/// All of them.
pub const SENTENCES: [&str; 10] =
    [MADE, MADE_WITH, INVITED, JOINED, LEFT, REMOVED, TITLED, COLORED, PICTURED, OWNED];

/// Adds a message of the chat itself, in the language of the portal.
pub fn say(call: &mut Call<'_, '_>, chat: i64, sentence: &str, whom: &[i64], title: &str) -> Result<()> {
    let who = mention(call, &[call.caller.user_id])?;
    let whom = mention(call, whom)?;
    let text = call.language.text(Topic::Names, sentence);
    let text = text.replace("{who}", &who).replace("{whom}", &whom).replace("{title}", title);
    let mut row = Map::new();
    row.push("CHAT_ID", chat);
    row.push("AUTHOR_ID", 0);
    row.push("TEXT", text);
    noun::put(call, &MESSAGE, &row)?;
    Ok(())
}

/// People that one sentence names.
const NAMED: usize = 20;

/// People as messages mention them.
fn mention(call: &mut Call<'_, '_>, users: &[i64]) -> Result<String> {
    let mut names = Vec::new();
    for user in users.iter().take(NAMED) {
        let name = name_of(call.tx, *user)?.unwrap_or_default();
        names.push(format!("[USER={user}]{name}[/USER]"));
    }
    if users.len() > NAMED {
        names.push(format!("+{}", users.len() - NAMED));
    }
    Ok(names.join(", "))
}
