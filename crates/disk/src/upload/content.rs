//! The content that a call brings: a name and a text in Base64, or the text alone; or by itself, see [`engine::files::ticket`].

use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Blob, Content, NewFile};
use engine::method::{Kind, Param, optional};
use wire::Fault;

/// The parameter.
pub fn param() -> Param {
    optional("fileContent", Kind::List, "Name and content in Base64")
}

/// A file that a call brings.
pub struct Brought {
    /// Its name, as far as the call says it.
    pub name: Option<String>,
    content: Given,
}

enum Given {
    /// In the request
    Base64(String),
    /// By itself, to the link that the request was answered with
    Stored(Blob),
}

impl Brought {
    /// Reads it; `None` when the request brings none.
    ///
    /// # Errors
    /// When it is no file.
    pub fn read(call: &Call<'_, '_>) -> Result<Option<Brought>> {
        let named = |name: String| Some(name).filter(|name| !name.is_empty());
        if let Some((name, blob)) = call.uploads.brought() {
            return Ok(Some(Brought { name: named(name.clone()), content: Given::Stored(blob.clone()) }));
        }
        let Some(given) = call.param("fileContent").filter(|given| !given.is_empty()) else {
            return Ok(None);
        };
        let base64 = |name, content| Ok(Some(Brought { name, content: Given::Base64(content) }));
        if !given.is_array() {
            return given.text().map_or(Ok(None), |content| base64(None, content.into_owned()));
        }
        let parts: Vec<String> =
            given.items().take(2).filter_map(|part| Some(part.text()?.into_owned())).collect();
        match <[String; 2]>::try_from(parts) {
            Ok([name, content]) => base64(named(name), content),
            Err(_) => Err(Fault::new(400, "ERROR_COULD_NOT_SAVE_FILE", "Could not save file").into()),
        }
    }

    /// Keeps it, and gives its number and size.
    ///
    /// # Errors
    /// The end of the first run of a call that brings a file.
    pub fn keep(&self, call: &mut Call<'_, '_>, name: &str) -> Result<(i64, i64)> {
        let content = match &self.content {
            Given::Base64(text) => Content::Base64(text),
            Given::Stored(blob) => Content::Stored(blob),
        };
        let id = files::put(call, &NewFile { name, content_type: None, content })?;
        let size = files::find(call.tx, id)?.map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
        Ok((id, size))
    }
}
