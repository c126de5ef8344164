//! Where knowledge bases are shown: at groups and in menus.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun;
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::{address, reach};
use crate::SCOPE;
use crate::access::{Op, may};
use crate::refusal::{number, require, wrong_type};

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", method::Kind::Id, "Knowledge base");
    let group = || required("groupId", method::Kind::Id, "Group");
    let menu = || required("menuCode", method::Kind::Text, "Code of the menu");
    let at_group = json!({"id": 2, "groupId": 1});
    let in_menu = json!({"id": 2, "menuCode": "crm_switcher:deal"});
    vec![
        write("landing.site.bindingToGroup", SCOPE, |call| bind(call, Place::Group))
            .own_words()
            .about("Shows a knowledge base at a group.")
            .param(id())
            .param(group())
            .example(at_group.clone(), json!("*")),
        write("landing.site.unbindingFromGroup", SCOPE, |call| unbind(call, Place::Group))
            .own_words()
            .about("Shows a knowledge base at a group no longer.")
            .param(id())
            .param(group())
            .destroys()
            .example(at_group, json!("*")),
        read("landing.site.getGroupBindings", SCOPE, |call| list(call, Place::Group))
            .own_words()
            .about("Returns the knowledge bases at groups, or at one of them.")
            .param(optional("groupId", method::Kind::Id, "Group"))
            .example(json!({}), json!("*")),
        write("landing.site.bindingToMenu", SCOPE, |call| bind(call, Place::Menu))
            .own_words()
            .about("Shows a knowledge base in a menu.")
            .param(id())
            .param(menu())
            .example(in_menu.clone(), json!("*")),
        write("landing.site.unbindingFromMenu", SCOPE, |call| unbind(call, Place::Menu))
            .own_words()
            .about("Shows a knowledge base in a menu no longer.")
            .param(id())
            .param(menu())
            .destroys()
            .example(in_menu, json!(true)),
        read("landing.site.getMenuBindings", SCOPE, |call| list(call, Place::Menu))
            .own_words()
            .about("Returns the knowledge bases in menus, or in one of them.")
            .param(optional("menuCode", method::Kind::Text, "Code of the menu"))
            .example(
                json!({}),
                json!([{"ENTITY_ID": "2", "ENTITY_TYPE": "S", "BINDING_ID": "crm_switcher:deal"}]),
            ),
    ]
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Group,
    Menu,
}

impl Place {
    fn letter(self) -> &'static str {
        if self == Place::Group { "G" } else { "M" }
    }

    fn param(self) -> &'static str {
        if self == Place::Group { "groupId" } else { "menuCode" }
    }

    /// What a call names there.
    fn named(self, call: &Call<'_, '_>) -> Result<String> {
        if self == Place::Group {
            return Ok(number(call, self.param())?.to_string());
        }
        let code = call.text(self.param()).unwrap_or_default();
        if code.is_empty() || code.len() > 200 { Err(wrong_type().into()) } else { Ok(code) }
    }
}

/// Knowledge bases are what these methods are about, whatever the call says.
fn within(call: &mut Call<'_, '_>, id: i64, op: Op) -> Result<bool> {
    for section in ["KNOWLEDGE", "GROUP"] {
        call.params.insert("scope", section);
        if may(call, id, op)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn bind(call: &mut Call<'_, '_>, place: Place) -> Result<Value> {
    require(call, &["id", place.param()])?;
    let (id, named) = (number(call, "id")?, place.named(call)?);
    if !within(call, id, Op::Edit)? || !exists(call, place, &named)? {
        return Ok(false.into());
    }
    let sql = match place {
        // A group has one knowledge base.
        Place::Group => "SELECT 1 FROM landing_binding WHERE binding_type = ? AND binding_id = ?",
        Place::Menu => {
            "SELECT 1 FROM landing_binding WHERE binding_type = ? AND binding_id = ? AND site_id = ?"
        }
    };
    let mut params = vec![place.letter().into(), named.as_str().into()];
    params.extend((place == Place::Menu).then(|| Param::from(id)));
    if call.tx.one(sql, &params, |row| row.int(0))?.is_some() {
        return Ok(false.into());
    }
    let sql = "INSERT INTO landing_binding (binding_type, binding_id, site_id) VALUES (?, ?, ?)";
    call.tx.execute(sql, &[place.letter().into(), named.into(), id.into()])?;
    Ok(true.into())
}

/// Whether there is such a group, and the caller may see it; menus are those of an interface that is elsewhere.
fn exists(call: &mut Call<'_, '_>, place: Place, named: &str) -> Result<bool> {
    if place == Place::Menu {
        return Ok(true);
    }
    let Some(group) = call.core.modules.noun("groups.group").map(|shape| shape.noun) else {
        return Ok(false);
    };
    let scope = group.grant(call, Act::Read)?;
    Ok(noun::one(call, group, &scope, named.parse().unwrap_or(0))?.is_some())
}

fn unbind(call: &mut Call<'_, '_>, place: Place) -> Result<Value> {
    require(call, &["id", place.param()])?;
    let (id, named) = (number(call, "id")?, place.named(call)?);
    if !within(call, id, Op::Edit)? {
        return Ok(false.into());
    }
    let sql = "DELETE FROM landing_binding WHERE binding_type = ? AND binding_id = ? AND site_id = ?";
    Ok((call.tx.execute(sql, &[place.letter().into(), named.into(), id.into()])? > 0).into())
}

fn list(call: &mut Call<'_, '_>, place: Place) -> Result<Value> {
    let named = match call.param(place.param()).filter(|value| !value.is_empty()) {
        Some(_) => Some(place.named(call)?),
        None => None,
    };
    let at = if named.is_some() { " AND binding_id = ?" } else { "" };
    let sql =
        format!("SELECT site_id, binding_id FROM landing_binding WHERE binding_type = ?{at} ORDER BY id");
    let params: Vec<Param<'_>> = [place.letter().into()].into_iter().chain(named.map(Param::from)).collect();
    let mut shown = Vec::new();
    for (id, binding) in call.tx.all(&sql, &params, |row| Ok((row.int(0)?, row.text(1)?.to_owned())))? {
        if !within(call, id, Op::Read)? || !exists(call, place, &binding)? {
            continue;
        }
        let Some(site) = reach(call, id, Op::Read)? else { continue };
        let mut map = Map::with_capacity(5);
        map.push("ENTITY_ID", id.to_string());
        map.push("ENTITY_TYPE", "S");
        map.push("BINDING_ID", binding);
        map.push("TITLE", site.text("title"));
        map.push("PUBLIC_URL", address(call, &site)?);
        shown.push(map.into_value());
    }
    Ok(shown.into())
}
