//! `telephony.externalCall.attachRecord`: the recording of a finished call. It lies on the drive of the employee, in a folder
//! of its own; who keeps activities copies it there by watching finished calls.

use engine::access::Act;
use engine::call::{Call, Caller};
use engine::error::{Result, refusal};
use engine::files::{self, ticket};
use engine::method::{self, Method, optional, required, write};
use engine::noun::Row;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::saying::{self, said};
use crate::{SCOPE, live, person, statistic};

/// Bytes of an address.
const LONGEST: usize = 2_000;

/// The method.
pub fn method() -> Method {
    use method::Kind::Text;
    write("telephony.externalCall.attachRecord", SCOPE, attach)
        .own_words()
        .about("Attaches a recording to a finished call. Without the content, the answer says where to send it.")
        .param(required("CALL_ID", Text, "Call"))
        .param(optional("RECORD_URL", Text, "Address of the recording, which is kept; the content is not fetched"))
        .param(optional("FILENAME", Text, "Name of the file, which ends in .mp3 or .wav"))
        .param(optional("FILE_CONTENT", Text, "Content in Base64"))
        .example(
            json!({"CALL_ID": crate::DEMO_FINISHED, "FILENAME": "call.mp3", "FILE_CONTENT": "SUQzAwAAAAAAAA=="}),
            json!({"FILE_ID": "*"}),
        )
}

/// An address that a recording may have.
pub struct Address(String);

impl Address {
    /// Reads it.
    ///
    /// # Errors
    /// The refusal of what is none, or leads into the portal's own network.
    pub fn read(call: &Call<'_, '_>, url: &str) -> Result<Self> {
        let url = url.trim();
        if url.len() > LONGEST || !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(Fault::core("RECORD_URL is not a valid address").into());
        }
        let blocked = "Record URL resolves to a non-public address and was blocked.";
        call.settings.guard.check(url).map_err(|_| Fault::crm(blocked))?;
        Ok(Address(url.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a recording is that an exchange keeps.
pub fn address_of(row: &Row) -> Option<&str> {
    Some(row.text("callRecordUrl")).filter(|url| !url.is_empty())
}

fn attach(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = live::id_of(call)?;
    let (url, name) = (call.text("RECORD_URL"), call.param("FILENAME").cloned());
    if url.is_none() && name.is_none() {
        let text = "Required parameters are not set. Request should contain either URL or FILENAME parameter";
        return Err(Fault::crm(text).into());
    }
    let missing = "Call is not found in the statistic table. It looks like it is not finished yet.";
    let row = statistic::find(call, &id, Act::Update)?.ok_or_else(|| Fault::crm(missing))?;
    if let Some(url) = url.filter(|_| call.param("FILE_CONTENT").is_none()) {
        let address = Address::read(call, &url)?;
        statistic::amend(call, &row, [("callRecordUrl", address.as_str().into())])?;
        return Ok(Value::under("FILE_ID", Value::Null));
    }
    let name = file_name(&name.unwrap_or_default())?;
    if call.uploads.brought().is_none() && call.param("FILE_CONTENT").is_none() {
        return awaited(call);
    }
    let content = content(call)?;
    let (object, file) = keep(call, &row, &name, content)?;
    let old = row.int("recordFileId");
    statistic::amend(call, &row, [("recordFileId", object.into()), ("recordFile", file.into())])?;
    if let Some(old) = old {
        let owner = owner(call, &row)?;
        let gone = call.ask_as(&owner, "disk.file.delete", json!({"id": old}));
        // Somebody may have deleted it.
        refusal(gone)?.ok();
    }
    Ok(Value::under("FILE_ID", object))
}

/// Keeps the call until the content comes by itself.
fn awaited(call: &mut Call<'_, '_>) -> Result<Value> {
    let issued = ticket::issue(call)?;
    let mut map = Map::with_capacity(2);
    map.push("uploadUrl", issued.get("uploadUrl").cloned());
    map.push("fieldName", ticket::FIELD);
    Ok(map.into_value())
}

fn file_name(given: &Value) -> Result<String> {
    let name = given.text().unwrap_or_default();
    let name: String = name.trim().rsplit(['/', '\\']).next().unwrap_or_default().chars().take(200).collect();
    if name.is_empty() {
        return Err(Fault::core("File name is empty").into());
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "mp3" | "wav" => Ok(name),
        _ => Err(Fault::core("Wrong file extension. Only wav and mp3 are allowed").into()),
    }
}

/// The content within the request; nothing when it came by itself.
fn content(call: &Call<'_, '_>) -> Result<Option<String>> {
    if call.uploads.brought().is_some() {
        return Ok(None);
    }
    let text = call.text("FILE_CONTENT").ok_or_else(|| Fault::core("File content is empty."))?;
    let is_base64 = |sign: u8| sign.is_ascii_alphanumeric() || b"+/=-_\r\n ".contains(&sign);
    if !text.bytes().all(is_base64) || files::decoded(&text).is_empty() {
        let text = "File content is not properly encoded. Base64 encoding is expected.";
        return Err(Fault::core(text).into());
    }
    Ok(Some(text))
}

/// The employee, as whom a recording is kept.
fn owner(call: &mut Call<'_, '_>, row: &Row) -> Result<Caller> {
    person::as_caller(call, row.int("portalUserId").unwrap_or(0))
}

/// Puts a recording on the employee's drive; gives its number there, and that of its content.
fn keep(call: &mut Call<'_, '_>, row: &Row, name: &str, content: Option<String>) -> Result<(i64, i64)> {
    let owner = owner(call, row)?;
    let storages = json!({"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": owner.user_id.to_string()}});
    let storage = id_of(&demand(call, &owner, "disk.storage.getlist", storages)?);
    let title = said(call, saying::RECORDINGS, "");
    let named = json!({"id": storage, "filter": {"NAME": title, "TYPE": "folder"}});
    let folder = match id_of(&demand(call, &owner, "disk.storage.getchildren", named)?) {
        Some(folder) => Some(folder),
        None => {
            let new = json!({"id": storage, "data": {"NAME": title}});
            number(&demand(call, &owner, "disk.storage.addfolder", new)?, "ID")
        }
    };
    let mut new = json!({"id": folder, "data": {"NAME": name}, "generateUniqueName": true});
    if let Some(content) = content {
        new["fileContent"] = json!([name, content]);
    }
    let file = demand(call, &owner, "disk.folder.uploadfile", new)?;
    match (number(&file, "ID"), number(&file, "FILE_ID")) {
        (Some(object), Some(content)) => Ok((object, content)),
        _ => Err(unkept().into()),
    }
}

fn demand(call: &mut Call<'_, '_>, caller: &Caller, method: &str, params: Json) -> Result<Value> {
    Ok(call.ask_as(caller, method, params)?.ok_or_else(unkept)?)
}

fn unkept() -> Fault {
    Fault::core("The recording could not be kept")
}

/// The number of the first row of a list.
fn id_of(rows: &Value) -> Option<i64> {
    number(rows.items().next()?, "ID")
}

fn number(row: &Value, name: &str) -> Option<i64> {
    row.get(name).and_then(Value::as_int)
}
