//! What is remembered of everything that touches secrets, users and settings: who did what to what, when and
//! from where. An entry is written in the transaction of the change, and never holds a secret.

use std::net::IpAddr;

use store::{Param, Tx};

use crate::directory::whole_name;
use crate::error::Result;
use crate::moment::Moment;

/// The author of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The signed-in user; `None` is the command line, or the server itself.
    pub user_id: Option<i64>,
    /// From where; `None` where there is no address.
    pub address: Option<IpAddr>,
}

impl By {
    /// The person who has the program and its data in hands.
    pub const OPERATOR: By = By { user_id: None, address: None };
}

/// An action in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A user was added
    UserAdded,
    /// A user's name, address, position or departments were changed
    UserChanged,
    /// A user was dismissed
    UserDismissed,
    /// A dismissed user was taken back
    UserRestored,
    /// A user became an administrator
    UserPromoted,
    /// A user is no administrator any more
    UserDemoted,
    /// A one-time link was made, which lets its holder choose the user's password
    UserLinked,
    /// A password was set
    PasswordSet,
    /// A person turned two-factor sign-in on
    FactorOn,
    /// A person turned it off
    FactorOff,
    /// An administrator or the operator took a person's second factor away
    FactorReset,
    /// Recovery codes were made, which replace those of before
    FactorRenewed,
    /// A recovery code was used up
    FactorRecovered,
    /// The password was right and the code was not
    FactorRefused,
    /// Sign-ins were ended by hand
    SignedOut,
    /// A CRM role was made
    RoleAdded,
    /// A CRM role was changed
    RoleChanged,
    /// A CRM role was deleted
    RoleDeleted,
    /// A setting of the portal was changed
    SettingChanged,
    /// The database was downloaded
    BackupMade,
    /// An integration was made
    IntegrationMade,
    /// An integration was changed
    IntegrationChanged,
    /// An integration was deleted
    IntegrationDeleted,
    /// An integration was taken over from its owner
    IntegrationTakenOver,
    /// An integration was paused
    IntegrationPaused,
    /// A paused integration works again
    IntegrationResumed,
    /// Secrets of an integration were shown
    SecretShown,
    /// A secret of an integration was replaced
    SecretRenewed,
    /// The time ended in which a secret of before holds beside a new one
    OverlapEnded,
    /// An example that holds a secret was downloaded
    SecretDownloaded,
    /// A delivery was sent once to another address
    DeliveryForwarded,
}

impl Action {
    /// Every action, in the order in which a person may look for them.
    pub const ALL: [Action; 31] = [
        Action::UserAdded,
        Action::UserChanged,
        Action::UserDismissed,
        Action::UserRestored,
        Action::UserPromoted,
        Action::UserDemoted,
        Action::UserLinked,
        Action::PasswordSet,
        Action::FactorOn,
        Action::FactorOff,
        Action::FactorReset,
        Action::FactorRenewed,
        Action::FactorRecovered,
        Action::FactorRefused,
        Action::SignedOut,
        Action::RoleAdded,
        Action::RoleChanged,
        Action::RoleDeleted,
        Action::SettingChanged,
        Action::BackupMade,
        Action::IntegrationMade,
        Action::IntegrationChanged,
        Action::IntegrationDeleted,
        Action::IntegrationTakenOver,
        Action::IntegrationPaused,
        Action::IntegrationResumed,
        Action::SecretShown,
        Action::SecretRenewed,
        Action::OverlapEnded,
        Action::SecretDownloaded,
        Action::DeliveryForwarded,
    ];

    /// The name under which it is stored and looked for.
    pub fn code(self) -> &'static str {
        match self {
            Action::UserAdded => "user.added",
            Action::UserChanged => "user.changed",
            Action::UserDismissed => "user.dismissed",
            Action::UserRestored => "user.restored",
            Action::UserPromoted => "user.promoted",
            Action::UserDemoted => "user.demoted",
            Action::UserLinked => "user.linked",
            Action::PasswordSet => "password.set",
            Action::FactorOn => "factor.on",
            Action::FactorOff => "factor.off",
            Action::FactorReset => "factor.reset",
            Action::FactorRenewed => "factor.renewed",
            Action::FactorRecovered => "factor.recovered",
            Action::FactorRefused => "factor.refused",
            Action::SignedOut => "session.ended",
            Action::RoleAdded => "role.added",
            Action::RoleChanged => "role.changed",
            Action::RoleDeleted => "role.deleted",
            Action::SettingChanged => "setting.changed",
            Action::BackupMade => "backup.made",
            Action::IntegrationMade => "integration.made",
            Action::IntegrationChanged => "integration.changed",
            Action::IntegrationDeleted => "integration.deleted",
            Action::IntegrationTakenOver => "integration.taken_over",
            Action::IntegrationPaused => "integration.paused",
            Action::IntegrationResumed => "integration.resumed",
            Action::SecretShown => "secret.shown",
            Action::SecretRenewed => "secret.renewed",
            Action::OverlapEnded => "secret.overlap_ended",
            Action::SecretDownloaded => "secret.downloaded",
            Action::DeliveryForwarded => "delivery.forwarded",
        }
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number; later entries have greater ones.
    pub id: i64,
    /// When, Unix seconds.
    pub at: i64,
    /// Who: number and whole name (or address, of who has no name); `None` for the command line.
    pub user: Option<(i64, String)>,
    /// From where; empty for the command line.
    pub address: String,
    /// The code of an [`Action`].
    pub action: String,
    /// To what: `user:7`, `integration:12`, `setting:edition`.
    pub object: String,
    /// Details: a name, or a value before and after.
    pub detail: String,
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those of this user.
    pub user_id: Option<i64>,
    /// Only this action.
    pub action: Option<String>,
    /// Only those before this entry.
    pub before: Option<i64>,
}

/// Remembers something, in the transaction in which it happens.
pub fn note(
    tx: &mut Tx<'_>,
    by: &By,
    action: Action,
    object: impl Into<String>,
    detail: impl Into<String>,
    now: Moment,
) -> Result<()> {
    let sql = "INSERT INTO audit (at, user_id, address, action, object, detail) VALUES (?, ?, ?, ?, ?, ?)";
    let address = by.address.map(|address| address.to_string()).unwrap_or_default();
    let params = [
        now.seconds().into(),
        by.user_id.map_or(Param::Null, Param::from),
        address.into(),
        action.code().into(),
        object.into().into(),
        detail.into().into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// Up to `limit` entries, the latest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, limit: usize) -> Result<Vec<Entry>> {
    let mut params = vec![Param::from(filter.before.unwrap_or(i64::MAX))];
    let mut conditions = String::new();
    if let Some(user) = filter.user_id {
        conditions.push_str(" AND a.user_id = ?");
        params.push(user.into());
    }
    if let Some(action) = &filter.action {
        conditions.push_str(" AND a.action = ?");
        params.push(action.clone().into());
    }
    let sql = format!(
        "SELECT a.id, a.at, a.user_id, a.address, a.action, a.object, a.detail, u.name, u.last_name, u.email \
         FROM audit a LEFT JOIN portal_user u ON u.id = a.user_id WHERE a.id < ?{conditions} \
         ORDER BY a.id DESC LIMIT {limit}"
    );
    let mut entries = Vec::new();
    tx.query(&sql, &params, |row| {
        let cell = |column: usize| Ok::<_, store::Error>(row.opt_text(column)?.unwrap_or_default());
        let name = whole_name(cell(7)?, cell(8)?, cell(9)?);
        entries.push(Entry {
            id: row.int(0)?,
            at: row.int(1)?,
            user: row.opt_int(2)?.map(|id| (id, name)),
            address: row.text(3)?.to_owned(),
            action: row.text(4)?.to_owned(),
            object: row.text(5)?.to_owned(),
            detail: row.text(6)?.to_owned(),
        });
        Ok(())
    })?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn every_action_has_a_name_of_its_own() {
        let mut codes = Action::ALL.map(Action::code).to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Action::ALL.len());
    }
}
