//! Settings of the whole portal, given at the start or in the console.

mod alerts;
pub mod chosen;
mod hidden;
mod mail;
mod value;

use std::sync::Arc;

use jiff::tz::TimeZone;
use url::Url;

use crate::guard::Guard;
use crate::limits::Limits;
use crate::moment::DateFormat;
use crate::texts::Language;

pub use alerts::{Alerts, Format};
pub use chosen::{Chosen, Name};
pub use hidden::Hidden;
pub use mail::{Mail, MailTls};
pub use value::base_url;

/// How long the log of deliveries is kept, unless something else is said.
const RETENTION_DAYS: i64 = 30;
const MAX_HELD: i64 = 100_000;
/// Three days.
const DISABLE_AFTER: i64 = 3 * 24 * 3600;
/// Outbound webhooks of an employee, unless something else is said.
const OUTBOUND_PER_EMPLOYEE: i64 = 50;
/// Hours for which old secrets of outbound webhooks hold beside new ones, unless something else is said.
const SECRET_OVERLAP: i64 = 24;

/// Settings that methods and the admission of calls read.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which product this portal plays.
    pub edition: Edition,
    /// The state of its licence.
    pub licence: Licence,
    /// Refuse calls over plain http (`INVALID_REQUEST`, protocol 3.3).
    pub require_https: bool,
    /// Answer an unknown field in a legacy list's filter with an error instead of ignoring it as Bitrix24 does.
    pub strict_filters: bool,
    /// Refuse whatever the real system does not take, beyond filters.
    pub strict: bool,
    /// Where people see the portal: scheme, host and port without a slash at the end.
    pub base_url: String,
    /// The zone in which the server prints times, and users without one of their own see theirs.
    pub zone: TimeZone,
    /// The language of first contents and of what REST answers in words.
    pub language: Language,
    /// How dates are written that are no part of the CRM, unless as the language has it.
    pub date_format: Option<DateFormat>,
    /// Rate limits.
    pub limits: Limits,
    /// Which addresses handlers of outbound webhooks may have.
    pub guard: Arc<Guard>,
    /// Certificates in PEM that handlers' certificates are checked against beside those of the system.
    pub handler_ca: Arc<str>,
    /// Days for which deliveries that ended stay in the log.
    pub retention_days: i64,
    /// How much of the log of calls is kept.
    pub call_log: CallLog,
    /// A handler that does nothing but fail for so many seconds is disabled.
    pub disable_after: i64,
    /// Events that are held of each outbound webhook that is off, about; beyond that the oldest are dropped.
    pub max_held: i64,
    /// How much a handler gets at most.
    pub handler_limits: HandlerLimits,
    /// Outbound webhooks that an employee may have; administrators may have any number.
    pub outbound_per_employee: i64,
    /// Hours for which an outbound webhook's old secrets hold beside new ones, unless whoever replaces them says otherwise.
    pub secret_overlap_hours: i64,
    /// Who must sign in to the console with a second factor.
    pub require_totp: RequireTotp,
    /// Who is told when handlers fail.
    pub alerts: Alerts,
    /// How e-mail is sent.
    pub mail: Mail,
    /// Settings given by flag, environment or file, which the console cannot change.
    pub given: Vec<Name>,
}

/// How much of the log of calls is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallLog {
    /// Calls at most; 0 for no log.
    pub calls: i64,
    /// Days.
    pub days: i64,
}

impl Default for CallLog {
    fn default() -> Self {
        CallLog { calls: 100_000, days: 7 }
    }
}

/// How much the handler of an outbound webhook gets at most; the owner of a webhook may choose less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandlerLimits {
    /// Requests a second; 0 for any number.
    pub rate: u32,
    /// Requests at once, and as many retries.
    pub concurrency: u32,
}

/// Which product the portal plays (protocol 9.1 and 10: rules differ).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Bitrix24 in the cloud: REST itself needs a plan.
    Cloud,
    /// Bitrix24 on one's own server: REST always works, outbound webhooks need a licence.
    SelfHosted,
}

impl Edition {
    /// Every edition.
    pub const ALL: [Edition; 2] = [Edition::Cloud, Edition::SelfHosted];

    /// Its code in settings: `cloud`, `self-hosted`.
    pub fn code(self) -> &'static str {
        match self {
            Edition::Cloud => "cloud",
            Edition::SelfHosted => "self-hosted",
        }
    }
}

/// The state of the licence, to be set so that integrations can be tested in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Paid and valid.
    Active,
    /// Was valid once.
    Expired,
    /// A trial.
    Demo,
}

impl Licence {
    /// Every state.
    pub const ALL: [Licence; 3] = [Licence::Active, Licence::Expired, Licence::Demo];

    /// Its code in settings: `active`, `expired`, `demo`.
    pub fn code(self) -> &'static str {
        match self {
            Licence::Active => "active",
            Licence::Expired => "expired",
            Licence::Demo => "demo",
        }
    }
}

/// Who must sign in to the console with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequireTotp {
    /// Everybody decides for themselves.
    Nobody,
    /// Administrators.
    Admins,
    /// Everybody.
    All,
}

impl RequireTotp {
    /// Every choice.
    pub const ALL: [RequireTotp; 3] = [RequireTotp::Nobody, RequireTotp::Admins, RequireTotp::All];

    /// Its code in settings: `nobody`, `admins`, `all`.
    pub fn code(self) -> &'static str {
        match self {
            RequireTotp::Nobody => "nobody",
            RequireTotp::Admins => "admins",
            RequireTotp::All => "all",
        }
    }

    /// Whether it is asked of an administrator, or of somebody who is none.
    pub fn asks(self, is_admin: bool) -> bool {
        match self {
            RequireTotp::Nobody => false,
            RequireTotp::Admins => is_admin,
            RequireTotp::All => true,
        }
    }
}

impl Settings {
    /// Settings of a self-hosted portal with an active licence and no limits, at `base_url`.
    pub fn new(base_url: impl Into<String>) -> Self {
        Settings {
            edition: Edition::SelfHosted,
            licence: Licence::Active,
            require_https: false,
            strict_filters: false,
            strict: false,
            base_url: base_url.into(),
            zone: TimeZone::UTC,
            language: Language::default(),
            date_format: None,
            limits: Limits::off(),
            guard: Arc::default(),
            handler_ca: Arc::from(""),
            retention_days: RETENTION_DAYS,
            call_log: CallLog::default(),
            disable_after: DISABLE_AFTER,
            max_held: MAX_HELD,
            handler_limits: HandlerLimits { rate: 500, concurrency: 64 },
            outbound_per_employee: OUTBOUND_PER_EMPLOYEE,
            secret_overlap_hours: SECRET_OVERLAP,
            require_totp: RequireTotp::Nobody,
            alerts: Alerts::default(),
            mail: Mail::default(),
            given: Vec::new(),
        }
    }

    /// Whether REST may be called at all: in the cloud it ends with the plan, `ACCESS_DENIED` then.
    pub fn rest_available(&self) -> bool {
        self.edition == Edition::SelfHosted || self.licence != Licence::Expired
    }

    /// Whether outbound webhooks can be made and fire: only with an active licence.
    pub fn outbound_available(&self) -> bool {
        self.licence == Licence::Active
    }

    /// Who sends e-mails: what the settings say, or `portreeve@` and the portal's host.
    pub fn sender(&self) -> String {
        let host = Url::parse(&self.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        match self.mail.from.as_str() {
            "" => format!("Portreeve <portreeve@{}>", host.as_deref().unwrap_or("localhost")),
            from => from.to_owned(),
        }
    }

    /// How the portal writes dates that are no part of the CRM.
    pub fn dates(&self) -> DateFormat {
        self.date_format.unwrap_or(match self.language {
            Language::English => DateFormat::MonthFirst,
            Language::Russian => DateFormat::DayFirst,
        })
    }

    /// The licence code in `app.info` and `feature.get`: `en_selfhosted`, `ru_demo`, ..
    pub fn licence_code(&self) -> String {
        let plan = match (self.edition, self.licence) {
            (_, Licence::Demo) => "demo",
            (Edition::SelfHosted, _) => "selfhosted",
            (Edition::Cloud, Licence::Active) => "company",
            (Edition::Cloud, Licence::Expired) => "project",
        };
        format!("{}_{plan}", self.language.code())
    }
}
