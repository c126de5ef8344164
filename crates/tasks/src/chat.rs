//! The chat of a task, in which its comments are messages. It is made with the first of them, or when somebody asks for its number, and its members are those who
//! have a part in the task.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use store::Param;
use wire::{Map, Value};

use crate::task::rights::ids;

/// The nouns of chats; `None` where there are none.
#[derive(Clone, Copy)]
pub struct Chats {
    chat: &'static Noun,
    member: &'static Noun,
    /// Messages.
    pub message: &'static Noun,
}

impl Chats {
    /// Those of the portal.
    pub fn of(call: &Call<'_, '_>) -> Option<Self> {
        let noun = |name| call.core.modules.noun(name).map(|shape| shape.noun);
        Some(Chats { chat: noun("im.chat")?, member: noun("im.member")?, message: noun("im.message")? })
    }

    /// The chat of a task, which is made if need be, with the author among its members.
    pub fn open(self, call: &mut Call<'_, '_>, task: &Row, author: i64) -> Result<i64> {
        let chat = self.made(call, task)?;
        self.join(call, chat, &[author])?;
        Ok(chat)
    }

    /// The chat of a task, which is made if need be, of those who have a part in the task.
    pub fn made(self, call: &mut Call<'_, '_>, task: &Row) -> Result<i64> {
        if let Some(chat) = task.int("chatId").filter(|chat| *chat > 0) {
            return Ok(chat);
        }
        call.write_from_here()?;
        let owner = task.int("createdBy").unwrap_or(0);
        let fields = [
            ("TYPE", Value::from("CHAT")),
            ("TITLE", task.text("title").into()),
            ("ENTITY_TYPE", "TASKS".into()),
            ("ENTITY_ID", task.number.to_string().into()),
            ("OWNER_ID", owner.into()),
        ];
        let chat = noun::put(call, self.chat, &Map::from(fields))?.number;
        let sql = "UPDATE tasks_task SET chat_id = ? WHERE id = ?";
        call.tx.execute(sql, &[chat.into(), task.number.into()])?;
        self.join(call, chat, &participants(task))?;
        Ok(chat)
    }

    /// Makes these people members, as far as they are none.
    fn join(self, call: &mut Call<'_, '_>, chat: i64, people: &[i64]) -> Result<()> {
        let members = self.members(call, chat)?;
        for user in people.iter().filter(|user| !members.contains(user)) {
            noun::put(
                call,
                self.member,
                &Map::from([("CHAT_ID", chat.into()), ("USER_ID", (*user).into())]),
            )?;
        }
        Ok(())
    }

    fn members(self, call: &mut Call<'_, '_>, chat: i64) -> Result<Vec<i64>> {
        let sql = format!("SELECT user_id FROM {} WHERE chat_id = ?", self.member.table);
        Ok(call.tx.all(&sql, &[chat.into()], |row| row.int(0))?)
    }

    /// Follows a change of who has a part in a task: new ones join its chat, those who left leave it.
    pub fn follow(self, call: &mut Call<'_, '_>, row: &Row, old: &Row) -> Result<()> {
        let Some(chat) = row.int("chatId").filter(|chat| *chat > 0) else { return Ok(()) };
        let (before, now) = (participants(old), participants(row));
        self.join(
            call,
            chat,
            &now.iter().copied().filter(|user| !before.contains(user)).collect::<Vec<_>>(),
        )?;
        for gone in before.into_iter().filter(|user| !now.contains(user)) {
            let values = [("chatId", Param::from(chat)), ("userId", Param::from(gone))];
            noun::clear(call, self.member, &values)?;
        }
        Ok(())
    }
}

/// Those who have a part in a task, each once.
pub fn participants(task: &Row) -> Vec<i64> {
    let mut people = Vec::new();
    let one = |name: &str| task.int(name).into_iter();
    let named = one("createdBy").chain(one("responsibleId"));
    for user in named.chain(ids(task, "accomplices")).chain(ids(task, "auditors")) {
        if user > 0 && !people.contains(&user) {
            people.push(user);
        }
    }
    people
}
