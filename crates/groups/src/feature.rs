//! What members of a workgroup may do with its parts: `sonet_group.feature.access`.

use serde_json::json;
use wire::Value;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun;

use crate::group::GROUP;
use crate::{SCOPE, member, refusal};

/// The parts of a workgroup, and the operations on each with the lowest role that has it.
const FEATURES: &[(&str, &[(&str, &str)])] = &[
    (
        "tasks",
        &[
            ("view", "K"),
            ("view_all", "K"),
            ("sort", "K"),
            ("create_tasks", "K"),
            ("edit_tasks", "E"),
            ("delete_tasks", "E"),
        ],
    ),
    ("calendar", &[("view", "K"), ("write", "K")]),
    ("files", &[("view", "K"), ("write_limited", "K"), ("write", "E")]),
    ("photo", &[("view", "K"), ("write", "K")]),
    (
        "blog",
        &[
            ("view_post", "K"),
            ("premoderate_post", "K"),
            ("write_post", "K"),
            ("moderate_post", "E"),
            ("full_post", "E"),
            ("view_comment", "K"),
            ("premoderate_comment", "K"),
            ("write_comment", "K"),
            ("moderate_comment", "E"),
            ("full_comment", "E"),
        ],
    ),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("sonet_group.feature.access", SCOPE, access)
            .own_words()
            .about("Returns whether the caller may do something in a part of a workgroup.")
            .param(required("GROUP_ID", Kind::Id, "Workgroup").or_complain("Wrong socialnetwork group ID"))
            .param(
                required("FEATURE", Kind::Text, "Part: tasks, calendar, files, photo or blog")
                    .or_complain("Wrong feature"),
            )
            .param(
                required("OPERATION", Kind::Text, "Operation, for example view or create_tasks")
                    .or_complain("Wrong operation"),
            )
            .example(json!({"GROUP_ID": 1, "FEATURE": "tasks", "OPERATION": "create_tasks"}), json!(true)),
    ]
}

fn access(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.id("GROUP_ID") <= 0 {
        return Err(refusal("Wrong socialnetwork group ID").into());
    }
    let (feature, operation) =
        (call.text("FEATURE").unwrap_or_default(), call.text("OPERATION").unwrap_or_default());
    let operations = FEATURES.iter().find(|(name, _)| *name == feature).map(|(_, operations)| *operations);
    let operations = operations.ok_or_else(|| refusal("Wrong feature"))?;
    let lowest = operations.iter().find(|(name, _)| *name == operation).map(|(_, role)| *role);
    let lowest = lowest.ok_or_else(|| refusal("Wrong operation"))?;
    let scope = GROUP.grant(call, Act::Read)?;
    let Some(group) = noun::one(call, &GROUP, &scope, call.id("GROUP_ID"))? else { return Ok(false.into()) };
    let role = member::role(call, group.number, call.caller.user_id)?.map(|(_, role)| role);
    // Letters of roles stand in the order of their rights.
    let has = role.is_some_and(|role| role.as_str() <= lowest);
    Ok((has || call.caller.is_admin).into())
}
