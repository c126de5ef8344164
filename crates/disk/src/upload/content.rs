//! The content that a request brings: a name and a text in Base64, or the text alone.

use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::method::{Kind, Param, optional};
use wire::Fault;

/// The parameter.
pub fn param() -> Param {
    optional("fileContent", Kind::List, "Name and content in Base64")
}

/// A file that a request brings.
pub struct Brought {
    /// Its name, as far as the request says it.
    pub name: Option<String>,
    content: String,
}

impl Brought {
    /// Reads it; `None` when the request brings none.
    ///
    /// # Errors
    /// When it is no file.
    pub fn read(call: &Call<'_, '_>) -> Result<Option<Brought>> {
        let Some(given) = call.param("fileContent").filter(|given| !given.is_empty()) else {
            return Ok(None);
        };
        if !given.is_array() {
            return Ok(given.text().map(|content| Brought { name: None, content: content.into_owned() }));
        }
        let parts: Vec<String> =
            given.items().take(2).filter_map(|part| Some(part.text()?.into_owned())).collect();
        match <[String; 2]>::try_from(parts) {
            Ok([name, content]) => {
                Ok(Some(Brought { name: Some(name).filter(|name| !name.is_empty()), content }))
            }
            Err(_) => Err(Fault::new(400, "ERROR_COULD_NOT_SAVE_FILE", "Could not save file").into()),
        }
    }

    /// Keeps it, and gives its number and size.
    ///
    /// # Errors
    /// The end of the first run of a call that brings a file.
    pub fn keep(&self, call: &mut Call<'_, '_>, name: &str) -> Result<(i64, i64)> {
        let new = NewFile { name, content_type: None, content: Content::Base64(&self.content) };
        let id = files::put(call, &new)?;
        let size = files::find(call.tx, id)?.map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
        Ok((id, size))
    }
}
