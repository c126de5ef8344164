//! The people of a workgroup: `sonet_group.user.*`.

use serde_json::json;
use wire::{Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};

use crate::group::{GROUP, has_role};
use crate::member::{self, BELONG, FACE, MEMBER};
use crate::{SCOPE, refusal};

const UPDATING: &str = "No permissions to update users role";

/// The methods.
pub fn methods() -> Vec<Method> {
    let group = || required("GROUP_ID", Kind::Id, "Workgroup").or_complain("Wrong group ID");
    let users = || required("USER_ID", Kind::Any, "User, or a list of them").or_complain("Wrong user IDs");
    let methods = [
        read("sonet_group.user.get", SCOPE, get)
            .about("Lists the members of a workgroup with their roles.")
            .param(required("ID", Kind::Id, "Workgroup").or_complain("Wrong socialnetwork group ID"))
            .example(json!({"ID": 1}), json!([{"USER_ID": "1", "ROLE": "A"}, {"USER_ID": "2", "ROLE": "E"}, {"USER_ID": "3", "ROLE": "K"}])),
        read("sonet_group.user.groups", SCOPE, groups)
            .about("Lists the workgroups of the caller with the caller's role in each.")
            .example(json!({}), json!("*")),
        write("sonet_group.user.add", SCOPE, add)
            .about("Adds users to a workgroup without asking them; for administrators.")
            .param(group())
            .param(users())
            .example(json!({"GROUP_ID": 2, "USER_ID": [2, 3]}), json!(["2", "3"])),
        write("sonet_group.user.invite", SCOPE, invite)
            .about("Invites users to a workgroup.")
            .param(group())
            .param(users())
            .param(optional("MESSAGE", Kind::Text, "Message to those who are invited"))
            .example(json!({"GROUP_ID": 2, "USER_ID": 3, "MESSAGE": "Join the project"}), json!(["3"])),
        write("sonet_group.user.request", SCOPE, request)
            .about("Asks to join a workgroup; who joins an open one is a member at once.")
            .param(group())
            .param(optional("MESSAGE", Kind::Text, "Message to the owner"))
            .example(json!({"GROUP_ID": 1}), json!("*")),
        write("sonet_group.user.update", SCOPE, update)
            .about("Changes the role of members of a workgroup.")
            .param(group())
            .param(users())
            .param(required("ROLE", Kind::Text, "E moderator, K member").or_complain("Incorrect role code"))
            .example(json!({"GROUP_ID": 1, "USER_ID": [2, 3], "ROLE": "E"}), json!(["2", "3"])),
        write("sonet_group.user.delete", SCOPE, delete)
            .about("Removes members from a workgroup.")
            .param(group())
            .param(users())
            .example(json!({"GROUP_ID": 1, "USER_ID": [2, 3]}), json!(["2", "3"])),
    ];
    methods.map(Method::own_words).into()
}

/// The workgroup that a call names, when the caller sees it.
fn seen(call: &mut Call<'_, '_>, parameter: &str) -> Result<Row> {
    if call.id(parameter) <= 0 {
        let text = if parameter == "ID" { "Wrong socialnetwork group ID" } else { "Wrong group ID" };
        return Err(refusal(text).into());
    }
    let scope = GROUP.grant(call, if call.caller.is_admin { Act::Update } else { Act::Read })?;
    let found = noun::one(call, &GROUP, &scope, call.id(parameter))?;
    found.ok_or_else(|| refusal("Socialnetwork group not found").into())
}

/// The users that a call names, one or several.
fn named(call: &mut Call<'_, '_>) -> Result<Vec<i64>> {
    let given = call.param("USER_ID").cloned().unwrap_or_default();
    let mut users = Vec::new();
    for id in given.each().filter_map(Value::as_int) {
        if !users.contains(&id) && directory::is_active(call.tx, id)? {
            users.push(id);
        }
    }
    if users.is_empty() { Err(refusal("Wrong user IDs").into()) } else { Ok(users) }
}

fn ids(users: Vec<i64>) -> Value {
    users.into_iter().map(|id| Value::from(id.to_string())).collect::<Vec<_>>().into()
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = seen(call, "ID")?.number;
    let scope = MEMBER.grant(call, Act::Read)?;
    let rows = noun::rows(call, &MEMBER, &scope, &[("groupId", group.into())])?;
    let belong = rows.iter().filter(|row| matches!(row.text("role"), "A" | "E" | "K"));
    let shown = belong.map(|row| {
        let mut map = Map::new();
        map.push("USER_ID", row.int("userId").unwrap_or(0).to_string());
        map.push("ROLE", row.text("role"));
        map.into_value()
    });
    Ok(shown.collect::<Vec<_>>().into())
}

fn groups(call: &mut Call<'_, '_>) -> Result<Value> {
    let roles = member::own(call)?;
    let scope = GROUP.grant(call, Act::Read)?;
    let belongs = has_role("t.id", BELONG);
    let rows =
        noun::select(call, &GROUP, &scope, &belongs, vec![call.caller.user_id.into()], " ORDER BY t.id")?;
    let maps = noun::show_all(call, &GROUP, &GROUP.faces[0], &rows, false)?;
    let shown = rows.iter().zip(maps).map(|(group, whole)| {
        let image = whole.get("IMAGE").filter(|image| !image.is_empty());
        let mut map = Map::new();
        map.push("GROUP_ID", group.number.to_string());
        map.push("GROUP_NAME", group.text("name"));
        map.push("ROLE", roles.get(&group.number).map_or("", String::as_str));
        map.push(
            "GROUP_IMAGE_ID",
            group.int("image").map(|id| Value::from(id.to_string())).unwrap_or_default(),
        );
        map.push("GROUP_IMAGE", image.cloned().unwrap_or_else(|| "".into()));
        map.into_value()
    });
    Ok(shown.collect::<Vec<_>>().into())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    if !call.caller.is_admin {
        return Err(refusal("No permissions to add users").into());
    }
    let group = seen(call, "GROUP_ID")?.number;
    let mut added = Vec::new();
    for user in named(call)? {
        let role = member::role(call, group, user)?.map(|(_, role)| role);
        if !matches!(role.as_deref(), Some("A" | "E" | "K")) {
            member::set_role(call, group, user, "K")?;
            added.push(user);
        }
    }
    Ok(ids(added))
}

fn invite(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = seen(call, "GROUP_ID")?;
    let users = named(call)?;
    let own =
        member::role(call, group.number, call.caller.user_id)?.map(|(_, role)| role).unwrap_or_default();
    let may = match group.text("initiatePerms") {
        "A" => own == "A",
        "E" => matches!(own.as_str(), "A" | "E"),
        _ => matches!(own.as_str(), "A" | "E" | "K"),
    };
    if !may && !call.caller.is_admin {
        return Err(refusal("No permissions to add users").into());
    }
    let message = call.text("MESSAGE").unwrap_or_default();
    let mut invited = Vec::new();
    for user in users {
        if member::role(call, group.number, user)?.is_none() {
            member::add(call, group.number, user, "Z", "G", &message)?;
            notify(call, user, &group, &message)?;
            invited.push(user);
        }
    }
    Ok(ids(invited))
}

/// Tells somebody of an invitation, where there are notifications.
fn notify(call: &mut Call<'_, '_>, user: i64, group: &Row, message: &str) -> Result<()> {
    let text = call.portal_name(INVITED).replace("{name}", group.text("name"));
    let mut row = Map::new();
    row.push("USER_ID", user);
    row.push("AUTHOR_ID", call.caller.user_id);
    row.push("TYPE", 2);
    row.push("MODULE", "socialnetwork");
    row.push("EVENT", "invite_group");
    row.push("TAG", format!("SOCNET|INVITE_GROUP|{user}|{}", group.number));
    row.push("MESSAGE", format!("{text} {message}").trim());
    noun::put_there(call, "im.notification", &row)
}

/// What somebody who is invited reads.
pub const INVITED: &str = "You are invited to the workgroup \"{name}\".";

fn request(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = seen(call, "GROUP_ID")?;
    let me = call.caller.user_id;
    let message = call.text("MESSAGE").unwrap_or_default();
    let is_open = group.text("opened") == "Y";
    match member::role(call, group.number, me)?.map(|(_, role)| role).as_deref() {
        None if is_open => member::add(call, group.number, me, "K", "U", &message).map(drop)?,
        None => member::add(call, group.number, me, "Z", "U", &message).map(drop)?,
        // Who was invited accepts it this way; who asked goes on waiting, unless the group has been opened since.
        Some("Z") => {
            let is_invited = member::waiting(call, group.number, me)?.is_some_and(|by| by == "G");
            if is_invited || is_open {
                member::set_role(call, group.number, me, "K")?;
            }
        }
        Some("T") => return Err(refusal("Cannot request to join group").into()),
        Some(_) => {}
    }
    Ok(true.into())
}

/// Whether the caller says who belongs to a group.
fn require_moderator(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    let role = member::role(call, group, call.caller.user_id)?.map(|(_, role)| role);
    match role.as_deref() {
        _ if call.caller.is_admin => Ok(()),
        Some("A" | "E") => Ok(()),
        _ => Err(refusal(UPDATING).into()),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = seen(call, "GROUP_ID")?;
    require_moderator(call, group.number)?;
    let role = call.text("ROLE").unwrap_or_default();
    if !matches!(role.as_str(), "E" | "K") {
        return Err(refusal("Incorrect role code").into());
    }
    let mut changed = Vec::new();
    for user in named(call)? {
        // Only they themselves accept an invitation.
        let is_invited = member::waiting(call, group.number, user)?.is_some_and(|by| by == "G");
        if let Some(id) = fixed(call, &group, user)?.filter(|_| !is_invited) {
            let given: Map = [("ROLE".into(), Value::from(role.as_str()))].into_iter().collect();
            noun::update(call, &MEMBER, &FACE, &[id.into()], &given)?;
            changed.push(user);
        }
    }
    Ok(ids(changed))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = seen(call, "GROUP_ID")?;
    let own = call.param("USER_ID").and_then(Value::as_int) == Some(call.caller.user_id);
    if !own {
        require_moderator(call, group.number)?;
    }
    let mut gone = Vec::new();
    for user in named(call)? {
        if let Some(id) = fixed(call, &group, user)? {
            noun::delete(call, &MEMBER, &FACE, &[id.into()])?;
            gone.push(user);
        }
    }
    Ok(ids(gone))
}

/// The membership of somebody whose role may change: not the owner's and not the scrum master's.
fn fixed(call: &mut Call<'_, '_>, group: &Row, user: i64) -> Result<Option<i64>> {
    let is_bound = group.int("ownerId") == Some(user) || group.int("scrumMasterId") == Some(user);
    let found = member::role(call, group.number, user)?;
    Ok(found.filter(|_| !is_bound).map(|(id, _)| id))
}
