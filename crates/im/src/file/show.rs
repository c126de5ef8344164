//! Files as messages show them.

use engine::call::Call;
use engine::directory::name_of;
use engine::error::Result;
use engine::files::Pixels;
use engine::noun::Row;
use engine::{files, keys, moment};
use wire::{Map, Value};

use crate::message::change::params_of;

/// The files that messages of a chat name, as far as they are still there.
pub fn of_messages(call: &mut Call<'_, '_>, chat: i64, messages: &[Row]) -> Result<Vec<Value>> {
    let mut ids: Vec<i64> = Vec::new();
    for message in messages {
        let params = params_of(message);
        let named = params.get("FILE_ID").and_then(|named| named.as_array()).into_iter().flatten();
        ids.extend(named.filter_map(serde_json::Value::as_i64));
    }
    ids.sort_unstable();
    ids.dedup();
    let rows = super::files(call, &ids)?;
    Ok(shown(call, chat, &rows)?.into_iter().map(Value::from).collect())
}

/// Files of a chat.
pub fn shown(call: &mut Call<'_, '_>, chat: i64, rows: &[Row]) -> Result<Vec<Map>> {
    let contents: Vec<i64> = rows.iter().filter_map(|row| row.int("fileId")).collect();
    let pixels = files::pixels(call.tx, &contents)?;
    let of = |row: &Row| row.int("fileId").and_then(|id| pixels.get(&id).copied());
    rows.iter().map(|row| file(call, chat, row, of(row))).collect()
}

/// The ending of a name, in small letters.
fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// The kind of a file, by the ending of its name.
fn kind(extension: &str) -> &'static str {
    match extension {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "heic" => "image",
        "mp4" | "mov" | "webm" | "avi" | "mkv" => "video",
        "mp3" | "ogg" | "wav" | "m4a" | "flac" => "audio",
        _ => "file",
    }
}

/// The number of the kind that the drive tells apart.
fn number_of_kind(extension: &str) -> i64 {
    match (kind(extension), extension) {
        ("image", _) => 2,
        ("video", _) => 3,
        ("audio", _) => 9,
        (_, "doc" | "docx" | "ppt" | "pptx" | "xls" | "xlsx" | "txt" | "odt" | "ods" | "rtf") => 4,
        (_, "zip" | "rar" | "tar" | "gz" | "bz2" | "tgz" | "7z") => 5,
        (_, "php" | "js" | "css" | "sql" | "pl" | "sh") => 6,
        (_, "pdf") => 8,
        _ => 7,
    }
}

/// What the page that shows a file is told.
fn viewer(chat: i64, row: &Row, kind: &str, url: &str) -> Map {
    let mut attrs = Map::with_capacity(9);
    attrs.push("viewer", "");
    attrs.push("viewerType", if kind == "image" { "image" } else { "unknown" });
    attrs.push("src", url);
    if kind == "image" {
        attrs.push("viewerResized", "");
    }
    attrs.push("objectId", row.number.to_string());
    attrs.push("viewerGroupBy", chat.to_string());
    attrs.push("imChatId", chat);
    attrs.push("title", row.text("name"));
    attrs.push("actions", r#"[{"type":"download"}]"#);
    attrs
}

/// A file of a chat.
fn file(call: &mut Call<'_, '_>, chat: i64, row: &Row, pixels: Option<Pixels>) -> Result<Map> {
    let author = row.int("createdBy").unwrap_or(0);
    let author_name = name_of(call.tx, author)?.unwrap_or_default();
    let name = row.text("name");
    let extension = extension(name);
    let kind = kind(&extension);
    let url = row.int("fileId").map_or_else(String::new, |id| files::link(call.core, id, call.now));
    let seen = if kind == "image" { url.as_str() } else { "" };
    let mut image = Map::new();
    if let Some(Pixels { width, height }) = pixels.filter(|_| kind == "image") {
        image.push("height", i64::from(height));
        image.push("width", i64::from(width));
    }
    let mut preview = Map::new();
    preview.push("250", seen);
    let mut map = Map::with_capacity(20);
    map.push("id", row.number);
    map.push("chatId", chat);
    map.push("date", moment::print(&call.caller.zone, row.int("createTime").unwrap_or(0)).as_str());
    map.push("type", kind);
    map.push("name", name);
    map.push("extension", extension);
    map.push("size", row.int("size").unwrap_or(0));
    map.push("image", if image.is_empty() { Value::from(false) } else { image.into() });
    map.push("status", "done");
    map.push("progress", 100);
    map.push("authorId", author);
    map.push("authorName", author_name);
    map.push("urlPreview", seen);
    map.push("urlShow", seen);
    map.push("urlDownload", url.as_str());
    map.push("viewerAttrs", viewer(chat, row, kind, &url));
    map.push("mediaUrl", Value::under("preview", preview));
    map.push("isTranscribable", false);
    map.push("isVideoNote", false);
    map.push("isVoiceNote", false);
    Ok(map)
}

/// A file as the drive knows it.
pub fn model(call: &Call<'_, '_>, row: &Row) -> Map {
    let number = |name: &str| row.int(name).unwrap_or(0);
    // Moments are objects of a class of its own there, which PHP encodes as nothing.
    let moment = || Value::Opaque;
    let mut map = Map::with_capacity(20);
    map.push("id", row.number);
    map.push("name", row.text("name"));
    map.push("createTime", moment());
    map.push("updateTime", moment());
    map.push("deleteTime", Value::Null);
    map.push("code", row.text("code"));
    map.push("xmlId", Value::Null);
    map.push("storageId", number("storageId"));
    map.push("realObjectId", row.number);
    map.push("parentId", number("parentId"));
    map.push("deletedType", number("deletedType"));
    for (name, field) in [("createdBy", "createdBy"), ("updatedBy", "updatedBy"), ("deletedBy", "deletedBy")]
    {
        map.push(name, number(field).to_string());
    }
    let code = call.core.keys.sign(format!("file|{}", row.number).as_bytes());
    map.push("uniqueCode", keys::hex(&code[..10]));
    map.push("type", 3);
    map.push("typeFile", number_of_kind(&extension(row.text("name"))));
    map.push("globalContentVersion", number("globalContentVersion"));
    map.push("fileId", number("fileId"));
    map.push("size", number("size"));
    map.push("etag", format!("{}-{}", row.number, number("globalContentVersion")));
    map.push("links", Value::Map(Map::new()));
    map
}
