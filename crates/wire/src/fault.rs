//! Errors of the protocol: the one table of the system's own, and how methods make others (protocol 3).

use std::borrow::Cow;
use std::fmt;

use crate::{Map, Text, Value};

/// An error as the caller sees it, with the status it travels under. Never holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// `error`; may be empty (all of legacy crm) or a number as text.
    pub code: Cow<'static, str>,
    /// `error_description`
    pub message: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// Further members of the error object, such as `argument`.
    pub extra: Map,
    /// Whether the code travels as a number (protocol: `catalog`, `sale`, `booking`).
    pub numbered: bool,
}

impl Fault {
    /// An error of any kind.
    pub fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Fault {
            code: code.into(),
            message: short(message.into()),
            status,
            extra: Map::new(),
            numbered: false,
        }
    }

    /// An error whose code is a number, as those of `catalog` and `sale`.
    pub fn numbered(status: u16, code: i64, message: impl Into<Cow<'static, str>>) -> Self {
        Fault { numbered: true, ..Fault::new(status, code.to_string(), message) }
    }

    /// What tells refusals apart: the code, or the status where there is none.
    pub fn kind(&self) -> Cow<'_, str> {
        match &*self.code {
            "" => Cow::Owned(self.status.to_string()),
            code => Cow::Borrowed(code),
        }
    }

    /// Adds a member to the error object.
    #[must_use]
    pub fn with(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        let value = match value.into() {
            Value::Str(text) => Value::from(&*short(text.as_str().into())),
            other => other,
        };
        self.extra.insert(key, value);
        self
    }

    /// `ERROR_ARGUMENT`, naming the argument (protocol 3.5).
    pub fn argument(message: impl Into<Cow<'static, str>>, name: &str) -> Self {
        Fault::new(400, "ERROR_ARGUMENT", message).with("argument", name)
    }

    /// A required argument was not given, or given empty (protocol 3.5).
    pub fn empty_argument(name: &str) -> Self {
        Fault::argument(format!("Argument '{name}' is null or empty"), name)
    }

    /// An error of legacy crm: its code is empty (protocol 3.6).
    pub fn crm(message: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(400, "", message)
    }

    /// `CRM_FIELD_ERROR_VALUE_NOT_VALID`: `crm.item.*` cannot put that into the field with this title (protocol 3.7).
    pub fn invalid_field(title: &str) -> Self {
        Self::new(400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", format!("Invalid value for field \"{title}\""))
    }

    /// `ERROR_CORE`, the failure without a code of its own.
    pub fn core(message: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(400, "ERROR_CORE", message)
    }

    /// `ERROR_NOT_FOUND`
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(400, "ERROR_NOT_FOUND", message)
    }

    /// `INVALID_ARG_VALUE`, as the crm.item family says it (protocol 3.7).
    pub fn invalid_value(message: impl Into<Cow<'static, str>>) -> Self {
        Fault::new(400, "INVALID_ARG_VALUE", message)
    }

    /// [`ACCESS_DENIED`] with a detail behind its message.
    pub fn access_denied(detail: &str) -> Self {
        Fault { message: format!("{} {detail}", ACCESS_DENIED.message).into(), ..ACCESS_DENIED.into() }
    }

    /// A controller's parameter is missing; the braces are on the wire (protocol 3.7).
    pub fn missing_parameter(name: &str) -> Self {
        Fault::new(400, "100", format!("Could not find value for parameter {{{name}}}"))
    }

    /// The error object: `error`, `error_description` and the rest.
    pub fn into_map(self) -> Map {
        let mut object = Map::with_capacity(2 + self.extra.len());
        match self.code.parse::<i64>() {
            Ok(number) if self.numbered => object.push("error", number),
            _ => object.push("error", &*self.code),
        }
        object.push("error_description", &*self.message);
        for (key, value) in self.extra {
            object.push(key, value);
        }
        object
    }
}

/// A text cut to what a person reads: errors repeat what a request said, and a batch may quote errors over and over.
fn short(text: Cow<'_, str>) -> Cow<'_, str> {
    const LONGEST: usize = 400;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => text,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.code, self.message, self.status)
    }
}

impl std::error::Error for Fault {}

/// A row of the table of system errors (protocol 3.3). `Err(fault::NO_AUTH_FOUND.into())` makes a fault of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct System {
    /// `error`
    pub code: &'static str,
    /// `error_description`
    pub message: &'static str,
    /// The HTTP status the real system uses.
    pub status: u16,
}

impl From<System> for Fault {
    fn from(system: System) -> Self {
        Fault::new(system.status, system.code, system.message)
    }
}

/// The error of the table with this code, and this status where several have it; without one the last of them.
pub fn find(code: &str, status: Option<u16>) -> Option<System> {
    let is_it = |one: &&System| one.code == code && status.is_none_or(|status| status == one.status);
    SYSTEM.iter().rfind(is_it).copied()
}

macro_rules! system {
    ($($(#[$about:meta])* $name:ident = $status:literal $code:literal $message:literal;)*) => {
        $($(#[$about])* pub const $name: System = System { code: $code, message: $message, status: $status };)*

        /// The whole table, in the order of protocol 3.3.
        pub const SYSTEM: &[System] = &[$($name),*];
    };
}

system! {
    /// Unknown method, no method, or a path that fits no template
    METHOD_NOT_FOUND = 404 "ERROR_METHOD_NOT_FOUND" "Method not found!";
    /// Wrong secret, wrong user for it, unknown user, or a webhook that is off or expired
    INVALID_CREDENTIALS = 401 "INVALID_CREDENTIALS" "Invalid request credentials";
    /// No credentials at all
    NO_AUTH_FOUND = 401 "NO_AUTH_FOUND" "Wrong authorization data";
    /// The method's scope is not granted
    INSUFFICIENT_SCOPE = 401 "insufficient_scope" "The request requires higher privileges than provided by the webhook token";
    /// The owner is dismissed
    AUTHORIZATION_ERROR = 401 "authorization_error" "Unable to authorize user";
    /// Plain http where https is required
    INVALID_REQUEST = 401 "INVALID_REQUEST" "Https required.";
    /// An administrator holds this webhook
    OVERLOAD_LIMIT = 401 "OVERLOAD_LIMIT" "REST API is blocked due to overload.";
    /// The licence forbids REST
    NO_SUBSCRIPTION = 401 "ACCESS_DENIED" "REST is available only by subscription.";
    /// The method refuses this caller; see [`Fault::access_denied`] for a detail
    ACCESS_DENIED = 403 "ACCESS_DENIED" "Access denied!";
    /// The method is not for webhooks
    WRONG_AUTH_TYPE = 403 "WRONG_AUTH_TYPE" "Current authorization type is denied for this method";
    /// Too many requests a second
    QUERY_LIMIT_EXCEEDED = 503 "QUERY_LIMIT_EXCEEDED" "Too many requests";
    /// The time this webhook may spend in this method is used up
    OPERATION_TIME_LIMIT = 429 "OPERATION_TIME_LIMIT" "Method is blocked due to operation time limit.";
    /// An administrator has yet to confirm the call
    METHOD_CONFIRM_WAITING = 401 "METHOD_CONFIRM_WAITING" "Waiting for confirmation";
    /// An administrator refused the call
    METHOD_CONFIRM_DENIED = 403 "METHOD_CONFIRM_DENIED" "Method call denied";
    /// The portal is closed
    PORTAL_DELETED = 403 "PORTAL_DELETED" "Portal was deleted";
    /// The database failed
    SQL_ERROR = 500 "ERROR_CORE" "SQL query error!";
    /// Something failed that should not
    INTERNAL_SERVER_ERROR = 500 "INTERNAL_SERVER_ERROR" "Internal server error";
    /// A method answered with what cannot be sent
    UNEXPECTED_ANSWER = 500 "ERROR_UNEXPECTED_ANSWER" "Server returned an unexpected response";
    /// The method may not run in a batch
    BATCH_METHOD_NOT_ALLOWED = 405 "ERROR_BATCH_METHOD_NOT_ALLOWED" "Method is not allowed for batch usage";
    /// Command 51 and later
    BATCH_LENGTH_EXCEEDED = 400 "ERROR_BATCH_LENGTH_EXCEEDED" "Max batch length exceeded";
    /// Configuration import and export only
    MANIFEST_IS_NOT_AVAILABLE = 404 "ERROR_MANIFEST_IS_NOT_AVAILABLE" "Manifest is not available";
    /// The answer could not be encoded
    WRONG_ENCODING = 200 "WRONG_ENCODING" "Wrong request encoding";
}
