//! Roles: `documentgenerator.role.*`. They say who may change settings, templates and documents.

use serde_json::{Value as Json, json};
use store::{Param, Tx};
use wire::{Fault, Map, Value};

use super::{SCOPE, empty_required, faults};
use crate::rights::{self, Having};
use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::moment::Moment;
use engine::noun::{
    Access, Answer, CRUD, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Seed, Verb, field, noun,
};
use engine::texts::{Locale, Topic};

const FAULTS: Faults = Faults {
    required: empty_required,
    ..faults(
        Refusal::Coded("100", "Could not construct parameter {role}"),
        "You do not have permissions to modify settings",
    )
};

/// Roles.
pub static ROLE: Noun = Noun {
    access: Access::Rule(&Having(|rights| rights.settings)),
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Template editors"),
        field("code", Kind::String, "Code").sample("EDITORS"),
        field("permissions", Kind::Json, "Permissions").default("{}"),
        // In no face: fillaccesses gives them.
        field("accessCodes", Kind::String, "Access codes").multiple().read_only().upper_only(),
    ],
    faces: &[Face {
        deleted: Answer::Null,
        asks: &[],
        about: &[(Verb::List, "Lists roles of documents, 50 per page.")],
        verbs: CRUD,
        ..Face::controller("documentgenerator.role", "role", "roles").faults(FAULTS)
    }],
    shared: true,
    hooks: &Role,
    ..noun("documents.role", "documents_role", SCOPE, ["role of documents", "roles of documents"])
};

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    let members = vec![
        required("roleId", method::Kind::Id, "The ID of the role"),
        required("accessCode", method::Kind::Text, "Access code"),
    ];
    let about = "Access codes with their roles; what is not among them has no role";
    vec![
        write("documentgenerator.role.fillaccesses", SCOPE, fill)
            .controller()
            .about("Gives roles to access codes anew, and takes them from all others.")
            .param(optional("accesses", method::Kind::List, about).with_members(members))
            .destroys()
            .example(json!({"accesses": [{"roleId": 1, "accessCode": "U1"}]}), json!(null)),
    ]
}

struct Role;

impl Hooks for Role {
    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        if let Some(Param::Text(given)) = draft.get("permissions") {
            let given: Json = serde_json::from_str(given).unwrap_or_default();
            draft.set("permissions", rights::normal(&given).to_string());
        }
        Ok(())
    }

    /// A list has no permissions.
    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], whole: bool) -> Result<()> {
        if !whole {
            shown.iter_mut().for_each(|map| _ = map.remove("permissions"));
        }
        Ok(())
    }
}

/// The most access codes that all roles have together.
const MAX_ACCESSES: usize = 1000;

fn fill(call: &mut Call<'_, '_>) -> Result<Value> {
    if ROLE.grant(call, Act::Update)?.is_nothing() {
        return Err(FAULTS.unwritable.fault().into());
    }
    let given = call.param("accesses").cloned().unwrap_or_default();
    let mut accesses: Vec<(i64, String)> = Vec::new();
    for one in given.items() {
        let role = one.get("roleId").and_then(Value::as_int);
        let role = role.ok_or_else(|| empty_required(&["roleId".to_owned()]))?;
        let code = one.get("accessCode").and_then(Value::text).filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| empty_required(&["accessCode".to_owned()]))?;
        if accesses.len() == MAX_ACCESSES {
            return Err(Fault::numbered(400, 0, "Too many accesses").into());
        }
        accesses.push((role, code.chars().take(50).collect()));
    }
    call.tx.execute("UPDATE documents_role SET access_codes = NULL", &[])?;
    let mut roles: Vec<i64> = accesses.iter().map(|(role, _)| *role).collect();
    roles.sort_unstable();
    roles.dedup();
    for role in roles {
        let codes: Json =
            accesses.iter().filter(|(of, _)| *of == role).map(|(_, code)| code.as_str()).collect();
        let sql = "UPDATE documents_role SET access_codes = ? WHERE id = ?";
        call.tx.execute(sql, &[codes.to_string().into(), role.into()])?;
    }
    call.meta_changed()?;
    Ok(Value::Null)
}

/// The roles of a new portal.
pub const SEED: Seed = Seed { name: "documents.role", names: || FIRST.map(|first| first.0).into(), seed };

/// Name, code, whether it is for administrators, who has it.
const FIRST: [(&str, &str, bool, &str); 2] =
    [("Administrator", "ADMIN", true, r#"["G1"]"#), ("Manager", "MANAGER", false, r#"["UA"]"#)];

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO documents_role (name, code, permissions, access_codes) VALUES (?, ?, ?, ?)";
    FIRST.iter().try_for_each(|(name, code, is_admin, who)| {
        let own = if *is_admin { "X" } else { "" };
        let given = json!({
            "settings": {"modify": own}, "templates": {"modify": own}, "documents": {"modify": "X", "view": "X"},
        });
        let permissions = rights::normal(&given).to_string();
        let name = language.text(Topic::Names, name);
        tx.execute(sql, &[name.into(), (*code).into(), permissions.into(), (*who).into()])?;
        Ok(())
    })
}
