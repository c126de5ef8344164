//! Commands of bots: `/weather Berlin`.

use serde_json::Value as Json;
use store::{Row, Tx};

use engine::call::Call;
use engine::error::Result;

/// A command.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Its number.
    pub id: i64,
    /// The bot.
    pub bot: i64,
    /// Its name, without the slash.
    pub name: String,
    /// Whether it works in chats that the bot is not in.
    pub common: bool,
    /// Whether lists leave it out.
    pub hidden: bool,
    /// Whether people from outside may use it.
    pub extranet: bool,
    /// What it does.
    pub title: String,
    /// What may follow it.
    pub params: String,
    /// Both by language: `[{"LANGUAGE_ID": "en", "TITLE": .., "PARAMS": ..}]`.
    pub lang: Json,
    /// Where it is posted to, if it has an address of its own.
    pub url: String,
}

const COLUMNS: &str = "id, bot_id, command, common, hidden, extranet, title, params, lang, url";

/// All of them.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Command>> {
    Ok(tx.all(&format!("SELECT {COLUMNS} FROM im_bot_command ORDER BY id"), &[], read)?)
}

fn read(row: &Row<'_>) -> std::result::Result<Command, store::Error> {
    Ok(Command {
        id: row.int(0)?,
        bot: row.int(1)?,
        name: row.text(2)?.to_owned(),
        common: row.text(3)? == "Y",
        hidden: row.text(4)? == "Y",
        extranet: row.text(5)? == "Y",
        title: row.text(6)?.to_owned(),
        params: row.text(7)?.to_owned(),
        lang: serde_json::from_str(row.text(8)?).unwrap_or_default(),
        url: row.text(9)?.to_owned(),
    })
}

/// Stores one, a new one where it has no number yet, and gives its number.
///
/// # Errors
/// Those of the store.
pub fn save(call: &mut Call<'_, '_>, command: &Command) -> Result<i64> {
    let flag = |on: bool| if on { "Y" } else { "N" };
    let lang = command.lang.to_string();
    let mut params = vec![
        command.bot.into(),
        command.name.as_str().into(),
        flag(command.common).into(),
        flag(command.hidden).into(),
        flag(command.extranet).into(),
        command.title.as_str().into(),
        command.params.as_str().into(),
        lang.as_str().into(),
        command.url.as_str().into(),
    ];
    let id = if command.id > 0 {
        let sql = "UPDATE im_bot_command SET bot_id = ?, command = ?, common = ?, hidden = ?, extranet = ?, title = ?, \
                   params = ?, lang = ?, url = ? WHERE id = ?";
        params.push(command.id.into());
        call.tx.execute(sql, &params)?;
        command.id
    } else {
        let sql = "INSERT INTO im_bot_command (bot_id, command, common, hidden, extranet, title, params, lang, url) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        call.tx.insert(sql, &params)?
    };
    call.meta_changed()?;
    Ok(id)
}

/// Removes one.
///
/// # Errors
/// Those of the store.
pub fn remove(call: &mut Call<'_, '_>, id: i64) -> Result<()> {
    call.tx.execute("DELETE FROM im_bot_command WHERE id = ?", &[id.into()])?;
    call.meta_changed()
}

/// A name without its slash, as it is stored; `None` for what is none.
pub fn name(given: &str) -> Option<String> {
    let name = given.trim().trim_start_matches('/').to_lowercase();
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    (!name.is_empty() && name.chars().count() <= 50 && name.chars().all(fits)).then_some(name)
}

/// The commands that a text gives, one a line, with what follows each.
pub fn given(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.lines().filter_map(|line| {
        let words = line.trim().strip_prefix('/')?;
        let (name, params) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        Some((self::name(name)?, params.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::{given, name};

    #[test]
    fn commands_stand_at_the_beginning_of_lines() {
        let read = |text| given(text).collect::<Vec<_>>();
        assert_eq!(read("/Echo  one two "), [("echo".to_owned(), "one two")]);
        assert_eq!(read("/a\n/b c"), [("a".to_owned(), ""), ("b".to_owned(), "c")]);
        assert!(read("see /echo or 1/2").is_empty() && read("/ echo").is_empty() && read("//").is_empty());
        assert_eq!([name("/help"), name("a b"), name("")], [Some("help".to_owned()), None, None]);
    }
}
