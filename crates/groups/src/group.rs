//! Workgroups: `sonet_group.create`, `get`, `update`, `delete` and `setowner`.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::event::MayKnow;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{
    self, Access, Draft, Events, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule,
    Saved, Stamp, Verb, field, noun,
};

use crate::chat;
use crate::member::{self, MEMBER};
use crate::{SCOPE, refusal, workgroup};

const MISSING: &str = "Socialnetwork group not found";

/// The refusals of a method that may not do this.
const fn faults(unwritable: &'static str) -> Faults {
    Faults {
        missing: Refusal::Coded("", MISSING),
        unreadable: Refusal::Coded("", MISSING),
        unwritable: Refusal::Coded("", unwritable),
        required: |_| Fault::crm("Incorrect input data"),
        ..LEGACY_FAULTS
    }
}

const FACE: Face = Face::flat("sonet_group", "GROUP_ID");
const CREATE: Face = Face {
    verbs: &[(Verb::Add, "create"), (Verb::List, "get")],
    asks: &["filter", "order"],
    params: &[
        (&[Verb::List], optional("GROUP_ID", method::Kind::Id, "Workgroup, in place of a filter")),
        (
            &[Verb::List],
            optional("IS_ADMIN", method::Kind::Flag, "Whether an administrator sees all workgroups"),
        ),
    ],
    order: &[("id", wire::order::Direction::Desc)],
    faults: faults("You have no permissions to create a group"),
    ..FACE
};
const UPDATE: Face = Face {
    verbs: &[(Verb::Update, "update")],
    changed: noun::Answer::Key,
    faults: faults("User has no permissions to update group"),
    ..FACE
};
const DELETE: Face = Face {
    verbs: &[(Verb::Delete, "delete")],
    faults: faults("User has no permissions to delete group"),
    example: Some("2"),
    ..FACE
};

/// Workgroups and projects.
pub static GROUP: Noun = Noun {
    access: Access::Rule(&Visible),
    fields: &[
        ID,
        field("siteId", Kind::String, "Site").default("s1"),
        field("name", Kind::String, "Name").short().required().sample("New project"),
        field("description", Kind::Text, "Description"),
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("dateUpdate", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("active", Kind::Char, "Active").default("Y").read_only(),
        field("visible", Kind::Char, "Seen by everybody").default("Y").sample("Y"),
        field("opened", Kind::Char, "Everybody may join").default("N").sample("N"),
        field("closed", Kind::Char, "Archived").default("N"),
        field("subjectId", Kind::Integer, "Subject").default("1"),
        field("ownerId", Kind::User, "Owner").indexed(),
        field("keywords", Kind::String, "Keywords"),
        field("numberOfMembers", Kind::Integer, "Members").default("0").read_only(),
        field("dateActivity", Kind::DateTime, "Last activity").stamped(Stamp::Created),
        field("subjectName", Kind::String, "Name of the subject").computed(),
        field("isExtranet", Kind::Char, "Open to external users").default("N").read_only(),
        field(
            "initiatePerms",
            Kind::Choice(&["A", "E", "K"]),
            "Who may invite: A the owner, E moderators, too, K all members",
        )
        .sample("K"),
        field("project", Kind::Char, "Project").default("N").immutable().sample("Y"),
        field("projectDateStart", Kind::Date, "Start of the project"),
        field("projectDateFinish", Kind::Date, "End of the project"),
        field("scrumMasterId", Kind::User, "Scrum master").immutable(),
        field("image", Kind::File, "Picture"),
        // Kept by its members.
        field("numberOfModerators", Kind::Integer, "Moderators").default("0").read_only(),
    ],
    faces: &[CREATE, UPDATE, DELETE, workgroup::LIST],
    events: Some(Events::new("ONSONETGROUP")),
    hooks: &Hook,
    ..noun("groups.group", "sonet_group", SCOPE, ["workgroup", "workgroups"])
};

/// The methods beyond those of the faces.
pub fn methods() -> Vec<Method> {
    vec![
        write("sonet_group.setowner", SCOPE, set_owner)
            .own_words()
            .about("Makes a user the owner of a workgroup; the owner until now becomes a moderator.")
            .param(
                required("GROUP_ID", method::Kind::Id, "Workgroup")
                    .or_complain("Invalid workgroup/project ID"),
            )
            .param(required("USER_ID", method::Kind::Id, "User").or_complain("Invalid user ID"))
            .example(json!({"GROUP_ID": 1, "USER_ID": 2}), json!(true)),
    ]
}

/// Everybody sees a workgroup unless it is visible to its members only; administrators see all of them when they ask for that. The
/// owner, moderators and administrators change it, the owner and administrators delete it.
#[derive(Debug)]
struct Visible;

/// The condition on groups, called by that name, that somebody has one of these roles there; the number comes once.
pub fn has_role(group: &str, roles: &str) -> String {
    format!(
        "{group} IN (SELECT m.group_id FROM sonet_group_member m WHERE m.user_id = ? AND m.role IN ({roles}))"
    )
}

impl Rule for Visible {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        let is_admin = call.caller.is_admin;
        Ok(match act {
            Act::Add | Act::Import => Grant::All,
            Act::Read | Act::Export if is_admin && asks_as_admin(call) => Grant::All,
            Act::Read | Act::Export => Grant::Where(
                format!("(t.visible = 'Y' OR {})", has_role("t.id", "'A', 'E', 'K', 'Z'")),
                vec![me],
            ),
            Act::Update | Act::Delete if is_admin => Grant::All,
            Act::Update => Grant::Where(has_role("t.id", "'A', 'E'"), vec![me]),
            Act::Delete => Grant::Where("t.owner_id = ?".to_owned(), vec![me]),
        })
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let is_visible = row.text("visible") == "Y";
        let members = if is_visible { Vec::new() } else { member::of(call, row.number)? };
        Ok(std::sync::Arc::new(move |who| who.is_admin || is_visible || members.contains(&who.user_id)))
    }
}

fn asks_as_admin(call: &Call<'_, '_>) -> bool {
    let inner = call.fields("params");
    call.flag("IS_ADMIN") || inner.get("IS_ADMIN").and_then(Value::as_flag).unwrap_or(false)
}

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        let named = call.id("GROUP_ID");
        match verb {
            Verb::Update | Verb::Delete if named <= 0 => Err(refusal("Wrong group ID").into()),
            // It stands beside the filter, and says the same.
            Verb::List if named > 0 => {
                let mut filter = call.fields("FILTER");
                filter.insert("ID", named);
                call.params.insert("FILTER", filter);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        // Only an administrator makes somebody else the owner this way.
        if !call.caller.is_admin {
            draft.leave("ownerId");
        }
        if let Some(owner) = draft.int("ownerId").filter(|owner| *owner > 0) {
            if !directory::is_active(call.tx, owner)? {
                return Err(refusal("Incorrect input data").into());
            }
        } else if old.is_none() {
            draft.set("ownerId", call.caller.user_id);
        }
        if let Some(master) = draft.int("scrumMasterId").filter(|master| *master != 0)
            && !directory::is_active(call.tx, master)?
        {
            return Err(refusal("Incorrect input data").into());
        }
        if old.is_none() {
            let usual = if draft.text("project") == Some("Y") { "K" } else { "E" };
            draft.set_if_empty("initiatePerms", usual);
        }
        let day = |name: &str| match draft.after(old, name) {
            Param::Text(day) => Some(day.to_string()),
            _ => None,
        };
        match (day("projectDateStart"), day("projectDateFinish")) {
            (Some(start), Some(finish)) if finish < start => Err(refusal("Incorrect input data").into()),
            _ => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let (group, owner) = (saved.row.number, saved.row.int("ownerId").unwrap_or(0));
        let before = saved.old.and_then(|old| old.int("ownerId"));
        if saved.old.is_some() {
            chat::rename(call, group)?;
        }
        if before == Some(owner) {
            return Ok(());
        }
        if let Some(before) = before {
            member::set_role(call, group, before, "E")?;
        }
        member::set_role(call, group, owner, "A")?;
        match saved
            .row
            .int("scrumMasterId")
            .filter(|master| saved.old.is_none() && *master > 0 && *master != owner)
        {
            Some(master) => member::set_role(call, group, master, "E"),
            None => Ok(()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        chat::part(call, row.number)?;
        noun::clear(call, &MEMBER, &[("groupId", row.number.into())])
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for map in &mut *shown {
            if map.get("SUBJECT_NAME").is_some() {
                map.insert("SUBJECT_NAME", "Workgroups");
            }
            let link = map.get("IMAGE").and_then(|image| image.get("downloadUrl").cloned());
            if map.get("IMAGE").is_some() {
                map.insert("IMAGE", link.unwrap_or_default());
            }
        }
        if face.path == workgroup::PATH { workgroup::show(call, rows, shown) } else { Ok(()) }
    }
}

fn set_owner(call: &mut Call<'_, '_>) -> Result<Value> {
    let (group, user) = (call.id("GROUP_ID"), call.id("USER_ID"));
    let scope = GROUP.grant(call, Act::Read)?;
    let Some(row) = noun::one(call, &GROUP, &scope, group)? else {
        return Err(refusal("Invalid workgroup/project ID").into());
    };
    if !directory::is_active(call.tx, user)? {
        return Err(refusal("Invalid user ID").into());
    }
    if !call.caller.is_admin && row.int("ownerId") != Some(call.caller.user_id) {
        return Err(refusal("Insufficient permissions to complete the operation.").into());
    }
    // The right was looked at here: the face leaves the owner to administrators.
    let sql = "UPDATE sonet_group SET owner_id = ? WHERE id = ?";
    call.tx.execute(sql, &[user.into(), group.into()])?;
    member::set_role(call, group, row.int("ownerId").unwrap_or(0), "E")?;
    member::set_role(call, group, user, "A")?;
    noun::update(call, &GROUP, &UPDATE, &[group.into()], &Map::new())?;
    Ok(true.into())
}
