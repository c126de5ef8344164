//! Conditions on rows, called `t`, that have a chat. Each is a look at one entry of an index, however many chats somebody has.

/// That the chat in this column is one of somebody's, whose number is the one value of the condition.
pub fn of_member(column: &str) -> String {
    format!("EXISTS (SELECT 1 FROM im_member m WHERE m.chat_id = {column} AND m.user_id = ?)")
}

/// That somebody manages the chat in this column: owns it, or is one of its managers. The number comes twice.
pub fn of_manager(column: &str) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM im_chat c WHERE c.id = {column} AND c.owner_id = ? AND c.type IN ('CHAT', 'OPEN')) \
         OR EXISTS (SELECT 1 FROM im_member m WHERE m.chat_id = {column} AND m.user_id = ? AND m.manager = 'Y'))"
    )
}

/// That the chat in this column is open to everybody.
pub fn of_everybody(column: &str) -> String {
    format!("EXISTS (SELECT 1 FROM im_chat c WHERE c.id = {column} AND c.type = 'OPEN')")
}
