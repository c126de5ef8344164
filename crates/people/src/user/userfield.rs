//! `user.userfield.*`: fields that administrators give all users, like those of CRM entities.

use std::sync::Arc;

use super::fields::USER_FIELDS;
use engine::call::Call;
use engine::method::Method;
use engine::userfield::{self, Managed};

/// The methods. There is no `user.userfield.get`.
pub fn methods() -> Vec<Method> {
    let managed = Managed {
        path: "user.userfield".to_owned(),
        scope: "user.userfield",
        many: "users".to_owned(),
        example: 5,
        may_read: Arc::new(|call: &mut Call<'_, '_>| call.require_admin()),
    };
    let mut methods = userfield::methods(&USER_FIELDS, managed);
    methods.retain(|method| method.name != "user.userfield.get");
    methods
}
