//! Templates as documents use them.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::noun::Row;
use store::Param;
use wire::Fault;

use super::{TEMPLATE, listed};
use crate::data::{STAMPS, camel};
use crate::family::Family;
use crate::region::{self, Writing};
use crate::{denied, rights};

/// A template that documents are made of.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Where its content is.
    pub content: String,
    /// Its placeholders.
    pub placeholders: Vec<String>,
    /// How documents are written.
    pub writing: Writing,
    /// What numbers them.
    pub numerator: i64,
    /// Whether they have stamps.
    pub with_stamps: bool,
    /// Whether it was deleted.
    pub is_deleted: bool,
    created_by: i64,
    users: Vec<String>,
}

impl Template {
    /// A template of a family, whoever asks.
    ///
    /// # Errors
    /// "Template not found".
    pub fn load(call: &mut Call<'_, '_>, family: Family, id: i64) -> Result<Self> {
        let missing = || Fault::numbered(400, 0, "Template not found");
        let sql = "SELECT name, file_id, placeholders, region, numerator_id, with_stamps, is_deleted, created_by, users \
                   FROM documents_template WHERE id = ? AND module_id = ?";
        let params: [Param<'_>; 2] = [id.into(), family.module().into()];
        let found = call.tx.one(sql, &params, |row| {
            let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
            let int = |at: usize| Ok::<_, store::Error>(row.opt_int(at)?.unwrap_or(0));
            Ok((text(0)?, int(1)?, text(2)?, text(3)?, int(4)?, text(5)?, text(6)?, int(7)?, text(8)?))
        })?;
        let (name, file, placeholders, region, numerator, stamps, deleted, created_by, users) =
            found.ok_or_else(missing)?;
        let file = files::find(call.tx, file)?.ok_or_else(missing)?;
        let writing = region::writing(call, &region)?.ok_or_else(missing)?;
        Ok(Template {
            id,
            name,
            content: file.key,
            placeholders: listed(&placeholders),
            writing,
            numerator,
            with_stamps: stamps == "Y",
            is_deleted: deleted == "Y",
            created_by,
            users: listed(&users),
        })
    }

    /// Refuses those who may not make documents of it.
    ///
    /// # Errors
    /// `DOCGEN_ACCESS_ERROR`
    pub fn require(&self, call: &mut Call<'_, '_>) -> Result<()> {
        let user = call.caller.user_id;
        let codes = rights::codes(&call.meta, user);
        let may = call.caller.is_admin
            || self.created_by == user
            || self.users.iter().any(|code| codes.contains(code));
        if may { Ok(()) } else { Err(denied().into()) }
    }
}

/// Whether a template has stamps or signatures of a company.
pub fn has_stamps(call: &mut Call<'_, '_>, id: Option<i64>) -> Result<bool> {
    let sql = "SELECT placeholders FROM documents_template WHERE id = ?";
    let found = call.tx.one(sql, &[id.into()], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))?;
    let codes = listed(&found.unwrap_or_default());
    let is_stamp = |code: &String| STAMPS.iter().any(|stamp| code.ends_with(&camel(stamp)));
    Ok(codes.iter().any(is_stamp))
}

/// Whether documents were made of a template.
pub fn is_used(call: &mut Call<'_, '_>, row: &Row) -> Result<bool> {
    let sql = "SELECT 1 FROM documents_document WHERE template_id = ? LIMIT 1";
    Ok(call.tx.one(sql, &[row.number.into()], |row| row.int(0))?.is_some())
}

/// The row that a request names, when the caller may do this to it.
pub fn named(call: &mut Call<'_, '_>, family: Family, act: Act) -> Result<Row> {
    let face = match family {
        Family::Rest => &super::REST,
        Family::Crm => &super::OF_CRM,
    };
    let id = call.param("id").cloned().unwrap_or_default();
    engine::noun::find(call, &TEMPLATE, face, act, &[id])
}
