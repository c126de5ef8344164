//! The file of a template: it is looked through beside the transaction that keeps it.

use engine::call::Call;
use engine::error::Result;
use engine::files::{self, File, Made, Making};
use engine::noun::{self, Draft, Row};
use store::Param;
use wire::{Fault, Value};

use crate::docx::{self, Package};

/// A template in Base64 for examples: a few paragraphs with fields.
pub const SAMPLE: &str = include_str!("sample.b64");

/// The largest file, in letters of Base64.
const MAX_LETTERS: usize = 32 << 20;

/// The largest file of the drive, in bytes: as many as those letters stand for.
const MAX_BYTES: u64 = MAX_LETTERS as u64 / 4 * 3;

/// Takes the file that a request brings, or one that is there already.
///
/// # Errors
/// What is wrong with it; and when a new template has none.
pub fn take(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let given = call.fields("fields").get_any_case("file").cloned().unwrap_or_default();
    let (name, content) = named(&given);
    if content.is_empty() {
        return other(call, draft, old);
    }
    if content.len() > MAX_LETTERS {
        return Err(too_large().into());
    }
    let name = if name.is_empty() { "template.docx".to_owned() } else { name };
    keep(call, draft, &name, &Making { of: Vec::new(), with: content, by: check }, old)
}

fn too_large() -> Fault {
    Fault::numbered(400, 0, "Could not save file")
}

fn keep(
    call: &mut Call<'_, '_>,
    draft: &mut Draft<'_>,
    name: &str,
    making: &Making,
    old: Option<&Row>,
) -> Result<()> {
    let old = old.and_then(|old| old.int("fileId"));
    let (id, placeholders) = files::make(call, (name, docx::MIME), making, old)?;
    draft.set("fileId", id);
    draft.set("placeholders", if placeholders.is_empty() { "[]".to_owned() } else { placeholders });
    Ok(())
}

/// A name and a content in Base64, or the content alone.
fn named(given: &Value) -> (String, String) {
    let given = given.get("fileData").unwrap_or(given);
    let texts: Vec<String> =
        given.items().take(2).filter_map(|part| Some(part.text()?.into_owned())).collect();
    match <[String; 2]>::try_from(texts) {
        Ok([name, content]) => {
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            (name.chars().filter(|letter| !letter.is_control()).take(200).collect(), content)
        }
        Err(_) if given.is_array() => Default::default(),
        Err(_) => (String::new(), given.text().unwrap_or_default().into_owned()),
    }
}

/// A copy of a file of the drive, or of that of another template, which the caller may have.
fn other(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let missing = || Fault::numbered(400, 0, "Missing file content");
    let wanted = draft.int("fileId").filter(|_| old.is_none());
    draft.leave("fileId");
    if old.is_some() {
        return Ok(());
    }
    let wanted = wanted.ok_or_else(missing)?;
    if let Some(file) = on_drive(call, wanted)? {
        if file.size > MAX_BYTES {
            return Err(too_large().into());
        }
        let making = Making { of: vec![file.key], with: String::new(), by: check };
        return keep(call, draft, &file.name, &making, None);
    }
    let scope = super::TEMPLATE.grant(call, engine::access::Act::Read)?;
    let found = noun::rows(call, &super::TEMPLATE, &scope, &[("fileId", wanted.into())])?.pop();
    let found = found.ok_or_else(missing)?;
    let id = files::copy(call, wanted)?.ok_or_else(missing)?;
    draft.set("fileId", id);
    draft.set("placeholders", Param::from(found.text("placeholders").to_owned()));
    Ok(())
}

/// The file of the drive with that number, if the caller sees it.
fn on_drive(call: &mut Call<'_, '_>, id: i64) -> Result<Option<File>> {
    let object = noun::foreign(call, "disk.object", id)?;
    let object =
        object.filter(|object| object.text("type") == "file" && object.int("deletedType") == Some(0));
    object.and_then(|object| object.int("fileId")).map_or(Ok(None), |id| files::find(call.tx, id))
}

/// The content of a template that can be used, and its placeholders: one that is kept, or one in Base64.
fn check(kept: &[files::Bytes], base64: &str) -> std::result::Result<Made, Fault> {
    let content = kept.first().cloned().unwrap_or_else(|| files::decoded(base64));
    let placeholders = docx::placeholders(&Package::open(&content)?)?;
    let note = serde_json::Value::from(placeholders).to_string();
    Ok(Made { content: content.to_vec(), note })
}
