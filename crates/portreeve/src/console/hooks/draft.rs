//! A webhook as a person is filling it in.

use jiff::tz::TimeZone;
use portal::hooks::NewHook;
use portal::system::scopes::SCOPES;
use portal::{Moment, moment};

use crate::console::form::Form;

/// The longest name and description, in characters (protocol 8).
const NAME: usize = 256;
const COMMENT: usize = 2000;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What to know it by.
    pub name: String,
    /// What it is for.
    pub comment: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// A day, `2027-01-01`, or nothing.
    pub expires: String,
}

impl Draft {
    /// As it was sent.
    pub fn of(form: &Form) -> Self {
        Draft {
            name: form.text("name"),
            comment: form.text("comment"),
            scopes: form.list("scopes"),
            expires: form.text("expires"),
        }
    }

    /// The webhook to be made, or what is wrong.
    pub fn checked(&self, owner: i64, zone: &TimeZone, now: Moment) -> Result<NewHook, &'static str> {
        if self.name.is_empty() || self.name.chars().count() > NAME {
            return Err("A webhook needs a name of up to 256 characters.");
        }
        if self.comment.chars().count() > COMMENT {
            return Err("The description is longer than 2000 characters.");
        }
        let offered = |scope: &String| SCOPES.iter().any(|known| known.offered && known.code == scope);
        if !self.scopes.iter().all(offered) {
            return Err("One of the permissions does not exist.");
        }
        let expires = match self.expires.as_str() {
            "" => None,
            day => {
                let at = moment::parse(zone, day).filter(|at| *at > now.seconds());
                Some(at.ok_or("The day of expiry must be a day that is still to come.")?)
            }
        };
        Ok(NewHook {
            user_id: owner,
            title: self.name.clone(),
            comment: self.comment.clone(),
            scopes: self.scopes.clone(),
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(change: impl FnOnce(&mut Draft)) -> Option<&'static str> {
        let mut draft = Draft { name: "CI".into(), scopes: vec!["crm".into()], ..Draft::default() };
        change(&mut draft);
        draft.checked(1, &TimeZone::UTC, Moment(1_760_954_322_000_000)).err()
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(complaint(|_| {}), None);
        assert_eq!(complaint(|draft| draft.expires = "2030-01-01".into()), None);
        assert!(complaint(|draft| draft.expires = "2020-01-01".into()).unwrap().contains("expiry"));
        assert!(complaint(|draft| draft.expires = "soon".into()).unwrap().contains("expiry"));
        assert!(complaint(|draft| draft.name.clear()).unwrap().contains("name"));
        assert!(complaint(|draft| draft.name = "é".repeat(257)).unwrap().contains("name"));
        assert!(complaint(|draft| draft.comment = "x".repeat(2001)).unwrap().contains("description"));
        for scope in ["nonsense", "placement", ""] {
            assert!(complaint(|draft| draft.scopes = vec![scope.into()]).unwrap().contains("permissions"));
        }
    }
}
