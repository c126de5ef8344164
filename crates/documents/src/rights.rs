//! What people may do with documents: what any of their roles gives. Administrators may do everything.

use std::sync::Arc;

use engine::access::{Act, Level};
use engine::call::Call;
use engine::error::Result;
use engine::event::{MayKnow, Recipient};
use engine::meta::{Kept, Meta};
use engine::noun::{Grant, Row, Rule};
use serde_json::{Value as Json, json};
use store::{Param, Tx};

/// What somebody may do.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// Change roles.
    pub settings: bool,
    /// Whose templates may be changed: nobody's, own ones, the department's or all.
    pub templates: Level,
    /// Make and change documents.
    pub modify: bool,
    /// See documents.
    pub view: bool,
}

impl Rights {
    const NONE: Rights = Rights { settings: false, templates: Level::None, modify: false, view: false };
    const ALL: Rights = Rights { settings: true, templates: Level::All, modify: true, view: true };

    /// Those that a role gives.
    fn read(permissions: &Json) -> Self {
        let level = |section: &str, act: &str| {
            let code = permissions.get(section).and_then(|section| section.get(act)).and_then(Json::as_str);
            Level::parse(code.unwrap_or_default())
        };
        Rights {
            settings: level("settings", "modify") == Level::All,
            templates: level("templates", "modify"),
            modify: level("documents", "modify") == Level::All,
            view: level("documents", "view") == Level::All,
        }
    }

    fn and(self, other: Rights) -> Self {
        Rights {
            settings: self.settings || other.settings,
            templates: self.templates.max(other.templates),
            modify: self.modify || other.modify,
            view: self.view || other.view,
        }
    }
}

/// The permissions of a role as they are kept and shown: every one of them, whatever a request brought and in which case.
pub fn normal(given: &Json) -> Json {
    let member = |map: &Json, name: &str| {
        let found =
            map.as_object().and_then(|map| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        found.map_or(Json::Null, |(_, value)| value.clone())
    };
    let level = |section: &str, act: &str, levels: &[&str]| {
        let given = member(&member(given, section), act);
        let given = given.as_str().unwrap_or_default().to_ascii_uppercase();
        if levels.contains(&given.as_str()) { given } else { String::new() }
    };
    json!({
        "settings": {"modify": level("settings", "modify", &["X"])},
        "templates": {"modify": level("templates", "modify", &["A", "D", "X"])},
        "documents": {"modify": level("documents", "modify", &["X"]), "view": level("documents", "view", &["X"])},
    })
}

/// All roles, as the shared copy keeps them.
#[derive(Debug)]
pub struct Roles(Vec<(Vec<String>, Rights)>);

impl Kept for Roles {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let mut roles = Vec::new();
        tx.query("SELECT access_codes, permissions FROM documents_role ORDER BY id", &[], |row| {
            let json = |text: Option<&str>| text.and_then(|text| serde_json::from_str::<Json>(text).ok());
            let codes = json(row.opt_text(0)?).and_then(|codes| serde_json::from_value(codes).ok());
            let rights =
                json(row.opt_text(1)?).map_or(Rights::NONE, |permissions| Rights::read(&permissions));
            roles.push((codes.unwrap_or_default(), rights));
            Ok(())
        })?;
        Ok(Roles(roles))
    }
}

/// The access codes of a user, that of all users among them.
pub fn codes(meta: &Meta, user: i64) -> Vec<String> {
    let mut codes = meta.directory.access_codes(user);
    codes.push("UA".to_owned());
    codes
}

/// What a user may do.
fn of(meta: &Meta, user: i64, is_admin: bool) -> Rights {
    if is_admin {
        return Rights::ALL;
    }
    let codes = codes(meta, user);
    let Roles(roles) = meta.section::<Roles>();
    let own = roles.iter().filter(|(members, _)| members.iter().any(|member| codes.contains(member)));
    own.fold(Rights::NONE, |all, (_, rights)| all.and(*rights))
}

/// What the caller may do.
pub fn rights(call: &Call<'_, '_>) -> Rights {
    of(&call.meta, call.caller.user_id, call.caller.is_admin)
}

/// Those of whom this is true.
pub fn whoever(call: &Call<'_, '_>, may: impl Fn(Rights) -> bool + Send + Sync + 'static) -> MayKnow {
    let meta = Arc::clone(&call.meta);
    Arc::new(move |who: Recipient<'_>| may(of(&meta, who.user_id, who.is_admin)))
}

/// Rows for those who have a right, all of them or none.
#[derive(Debug)]
pub struct Having(pub fn(Rights) -> bool);

impl Rule for Having {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        Ok(if self.0(rights(call)) { Grant::All } else { Grant::Nothing })
    }

    fn audience(&self, call: &mut Call<'_, '_>, _: &Row) -> Result<MayKnow> {
        Ok(whoever(call, self.0))
    }
}

/// The condition on `t.created_by` for what somebody may change at that level; `None` for everything.
pub fn created_by(call: &Call<'_, '_>, level: Level) -> Grant {
    let own = call.caller.user_id;
    let users = match level {
        Level::All => return Grant::All,
        Level::Own => vec![own],
        Level::Department => call.meta.directory.colleagues(own, false),
        Level::None | Level::SubDepartments | Level::Open => return Grant::Nothing,
    };
    let condition = format!("t.created_by IN ({})", store::placeholders(users.len()));
    Grant::Where(condition, users.into_iter().map(Param::from).collect())
}
