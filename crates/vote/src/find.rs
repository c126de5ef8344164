//! The poll that a call names: by its number, by what it is attached to, or by its signed number.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::keys;
use engine::method::{Kind, Method, required};
use engine::noun::{self, Row};
use wire::{Fault, Value};

use crate::attach::{ATTACH, HOSTS};

/// The parameters that name a poll.
pub fn named(method: Method) -> Method {
    method
        .own_words()
        .param(required("attachId", Kind::Id, "Poll"))
        .param(required(
            "moduleId",
            Kind::Text,
            "im or blog, with entityType and entityId in place of attachId",
        ))
        .param(required("entityType", Kind::Text, "Type of what it is attached to"))
        .param(required("entityId", Kind::Id, "Message or post"))
        .param(required("signedAttachId", Kind::Text, "Signed ID of the poll, in place of attachId"))
}

/// The poll, when the caller may do this to it. Refusals of those who may not have that status.
///
/// # Errors
/// `ATTACH_NOT_FOUND` and `ATTACH_READ_ACCESS_DENIED`.
pub fn find(call: &mut Call<'_, '_>, act: Act, status: u16) -> Result<Row> {
    let missing = || Fault::new(400, "ATTACH_NOT_FOUND", "Attach not found");
    let number = match number(call) {
        Some(number) => number,
        None => {
            let host = call.text("moduleId").and_then(|module| host(&module)).ok_or_else(missing)?;
            let entity = call.id("entityId");
            of(call, host, entity)?.ok_or_else(missing)?
        }
    };
    noun::again(call, &ATTACH, number)?.ok_or_else(missing)?;
    let scope = ATTACH.grant(call, act)?;
    let found = noun::one(call, &ATTACH, &scope, number)?;
    Ok(found.ok_or_else(|| Fault::new(status, "ATTACH_READ_ACCESS_DENIED", "Access denied"))?)
}

/// The number that a call gives, as such or signed.
fn number(call: &Call<'_, '_>) -> Option<i64> {
    let plain = call.param("attachId").and_then(Value::as_int).filter(|id| *id > 0);
    plain.or_else(|| {
        let signed = call.text("signedAttachId")?;
        let number = signed.split_once('.')?.0.parse::<i64>().ok()?;
        // It opens nothing that the number does not open, so that comparing needs no care.
        (self::signed(call, number) == signed).then_some(number)
    })
}

/// The number of a poll with a signature.
pub fn signed(call: &Call<'_, '_>, number: i64) -> String {
    let signature = call.core.keys.sign(format!("vote|{number}").as_bytes());
    format!("{number}.{}", keys::hex(&signature))
}

/// The noun of what a module's polls are attached to.
pub fn host(module: &str) -> Option<&'static str> {
    HOSTS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(module)).map(|(_, host)| host)
}

/// The poll that is attached to something.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, host: &'static str, entity: i64) -> Result<Option<i64>> {
    let sql = "SELECT id FROM vote_attach WHERE host = ? AND entity_id = ?";
    Ok(call.tx.one(sql, &[host.into(), entity.into()], |row| row.int(0))?)
}
