//! Who sees a post: its author, and whoever is among its recipients. `UA` is everybody, `U7` a user, `SG3` the members of a
//! workgroup, `D5` a department and `DR5` that with those below it.

use engine::call::Call;
use engine::noun;
use store::Param;

/// The codes of recipients among which somebody is, workgroups aside.
pub fn codes(call: &Call<'_, '_>, user: i64) -> Vec<String> {
    let known = |code: &String| code.starts_with('U') || code.starts_with('D');
    let mut codes: Vec<String> = call.meta.directory.access_codes(user).into_iter().filter(known).collect();
    codes.push(EVERYBODY.to_owned());
    codes
}

/// The recipient that is everybody.
pub const EVERYBODY: &str = "UA";

/// The condition on members, called `m`, that they belong to a workgroup.
pub const BELONGS: &str = "m.role IN ('A', 'E', 'K')";

/// The condition on posts, called `t`, that somebody sees them, with the values of its placeholders.
pub fn readable(call: &Call<'_, '_>, user: i64) -> (String, Vec<Param<'static>>) {
    let codes = codes(call, user);
    let among = format!("r.code IN ({})", store::placeholders(codes.len()));
    let mut params = vec![Param::from(user)];
    params.extend(codes.into_iter().map(Param::from));
    let members = noun::has_member(call, "groups.member", "groupId", "r.group_id", BELONGS);
    let among = match members {
        Some(members) => {
            params.push(user.into());
            format!("({among} OR {members})")
        }
        None => among,
    };
    let sql = format!(
        "(t.author_id = ? OR EXISTS (SELECT 1 FROM feed_recipient r WHERE r.post_id = t.id AND {among}))"
    );
    (sql, params)
}
