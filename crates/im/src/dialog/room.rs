//! A chat from inside: what the caller may see of it. Whatever reads messages by hand asks for a [`Room`], and only access
//! makes one.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};

use crate::chat::{CHAT, NOTIFY, PRIVATE, is_group};
use crate::member::MEMBER;

/// A chat that the caller may read.
#[derive(Debug)]
pub struct Room {
    /// The chat.
    pub chat: Row,
    /// The caller's membership; none in an open chat that the caller has not joined.
    pub me: Option<Row>,
}

/// What somebody is in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Not in it
    Guest,
    /// In it
    Member,
    /// Manages it
    Manager,
    /// Owns it
    Owner,
}

impl Role {
    /// Its name on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Role::Guest => "guest",
            Role::Member => "member",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }
}

impl Room {
    /// The chat with this number, if the caller may read it.
    pub fn find(call: &mut Call<'_, '_>, chat: i64) -> Result<Option<Self>> {
        let scope = CHAT.grant(call, Act::Read)?;
        let Some(chat) = noun::one(call, &CHAT, &scope, chat)? else { return Ok(None) };
        let scope = MEMBER.grant(call, Act::Read)?;
        let mine = [("chatId", chat.number.into()), ("userId", call.caller.user_id.into())];
        let me = noun::rows(call, &MEMBER, &scope, &mine)?.pop();
        Ok(Some(Room { chat, me }))
    }

    /// The number of the chat.
    pub fn id(&self) -> i64 {
        self.chat.number
    }

    /// The first message that the caller sees.
    pub fn start(&self) -> i64 {
        self.my("startId")
    }

    /// A number of the caller's membership.
    pub fn my(&self, field: &str) -> i64 {
        self.me.as_ref().and_then(|me| me.int(field)).unwrap_or(0)
    }

    /// Whether a flag of the caller's membership is set.
    pub fn is(&self, field: &str) -> bool {
        self.me.as_ref().is_some_and(|me| me.text(field) == "Y")
    }

    /// Whether it is the chat of two people.
    pub fn is_private(&self) -> bool {
        self.chat.text("type") == PRIVATE
    }

    /// Whether it holds a person's notifications.
    pub fn is_notifications(&self) -> bool {
        self.chat.text("type") == NOTIFY
    }

    /// Whether it has the rules of a group.
    pub fn is_group(&self) -> bool {
        is_group(&self.chat)
    }

    /// What the caller is in it.
    pub fn role(&self, call: &Call<'_, '_>) -> Role {
        match &self.me {
            None => Role::Guest,
            Some(_) if self.is_group() && self.chat.int("ownerId") == Some(call.caller.user_id) => {
                Role::Owner
            }
            Some(_) if self.is("manager") => Role::Manager,
            Some(_) => Role::Member,
        }
    }
}
