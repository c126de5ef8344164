//! Images of blocks: `landing.block.uploadfile`. They are kept with the block, and an answer has a link to each.

use engine::call::Call;
use engine::entity::Kind;
use engine::entity::Row;
use engine::error::Result;
use engine::files;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, Hooks, ID, Noun, field, noun};
use serde_json::json;
use wire::{Map, Value};

use super::BLOCK;
use crate::access::{Op, may};
use crate::refusal::{FAULTS, coded, no_block, number, require};
use crate::{SCOPE, page, scoped};

/// Images.
pub static IMAGE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("blockId", Kind::Integer, "Block").required().indexed(),
        field("fileId", Kind::Integer, "File").required().indexed(),
    ],
    faces: &[Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.image", "id") }],
    hooks: &Hook,
    ..noun("landing.image", "landing_image", SCOPE, ["image of a block", "images of blocks"])
};

struct Hook;

impl Hooks for Hook {
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::delete(call.tx, &[row.int("fileId").unwrap_or(0)])
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    // A transparent image of one pixel.
    let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let params = vec![
        optional("width", method::Kind::Int, "Width; images keep their size"),
        optional("height", method::Kind::Int, "Height; images keep their size"),
        optional("resize_type", method::Kind::Int, "How to resize; images keep their size"),
    ];
    vec![
        scoped(write("landing.block.uploadfile", SCOPE, upload))
            .about("Keeps an image for a block and returns its ID with a link to it.")
            .param(required("block", method::Kind::Id, "Block"))
            .param(required("picture", method::Kind::Any, "Name and content in Base64"))
            .param(optional(
                "ext",
                method::Kind::Text,
                "Extension of an image at an address; none is fetched",
            ))
            .param(optional("params", method::Kind::Fields, "Size").with_members(params))
            .param(optional("temp", method::Kind::Flag, "Temporary; images are kept as long as their block"))
            .example(json!({"block": 1, "picture": ["pixel.png", pixel]}), json!({"id": "*", "src": "*"})),
    ]
}

fn no_image() -> wire::Fault {
    coded("FILE_ERROR", "The file could not be uploaded. It may be no image.")
}

fn upload(call: &mut Call<'_, '_>) -> Result<Value> {
    /// Images of a block, at most.
    const MOST: i64 = 200;
    /// Bytes of an image, at most.
    const BYTES: usize = 20 << 20;
    require(call, &["block", "picture"])?;
    let id = number(call, "block")?;
    let block = noun::again(call, &BLOCK, id)?.ok_or_else(no_block)?;
    let page = page::seen(call, block.int("landingId").unwrap_or(0), false)?.ok_or_else(no_block)?;
    if !may(call, page.int("siteId").unwrap_or(0), Op::Edit)? {
        return Err(no_block().into());
    }
    let picture = call.param("picture").cloned().unwrap_or_default();
    let parts: Vec<String> =
        picture.items().take(2).filter_map(Value::text).map(|part| part.into_owned()).collect();
    let [name, content] = parts.as_slice() else { return Err(no_image().into()) };
    if content.len() / 4 * 3 > BYTES {
        return Err(no_image().into());
    }
    let content_type = kind_of(&files::decoded(content)).ok_or_else(no_image)?;
    let sql = "SELECT COUNT(*) FROM landing_image WHERE block_id = ?";
    if call.tx.one(sql, &[id.into()], |row| row.int(0))?.unwrap_or(0) >= MOST {
        return Err(no_image().into());
    }
    let name = clean(name);
    let new = files::NewFile {
        name: &name,
        content_type: Some(content_type),
        content: files::Content::Base64(content),
    };
    let file = files::put(call, &new)?;
    keep(call, id, file)?;
    let mut answer = Map::new();
    answer.push("id", file);
    answer.push("src", files::publish(call, file)?);
    Ok(answer.into_value())
}

fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = |letter: char| if letter.is_whitespace() || "()".contains(letter) { '_' } else { letter };
    name.chars().filter(|letter| !letter.is_control()).take(200).map(clean).collect()
}

/// The type of an image, by how it begins. Drawings may have scripts in them and are none.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    match () {
        () if begins(b"\x89PNG\r\n\x1a\n") => Some("image/png"),
        () if begins(b"\xff\xd8\xff") => Some("image/jpeg"),
        () if begins(b"GIF87a") || begins(b"GIF89a") => Some("image/gif"),
        () if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        () if begins(b"BM") => Some("image/bmp"),
        () => None,
    }
}

fn keep(call: &mut Call<'_, '_>, block: i64, file: i64) -> Result<()> {
    noun::put(call, &IMAGE, &Map::from([("BLOCK_ID", block.into()), ("FILE_ID", file.into())]))?;
    Ok(())
}

/// Keeps the images of a block for its copy as well.
///
/// # Errors
/// Those of the store.
pub fn copy_all(call: &mut Call<'_, '_>, from: i64, to: i64) -> Result<()> {
    let sql = "SELECT file_id FROM landing_image WHERE block_id = ? ORDER BY id";
    for file in call.tx.all(sql, &[from.into()], |row| row.int(0))? {
        if let Some(copy) = files::copy(call, file)? {
            keep(call, to, copy)?;
        }
    }
    Ok(())
}

/// Forgets an image of a block.
///
/// # Errors
/// Those of the store.
pub fn forget(call: &mut Call<'_, '_>, block: i64, file: i64) -> Result<()> {
    noun::clear(call, &IMAGE, &[("blockId", block.into()), ("fileId", file.into())])
}
