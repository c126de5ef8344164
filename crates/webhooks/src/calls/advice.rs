//! What to do about a refusal, in words for the person whose program was refused.

use engine::method::Method;
use wire::exception::PREFIX;

use super::Entry;

/// What to do about the refusal of a call of this method, in English; `None` where its own words say it, and for success.
pub fn advice(entry: &Entry, method: Option<&Method>) -> Option<String> {
    let (code, message) = entry.refusal.as_ref()?;
    if let Some(rule) = entry.rule.filter(|_| entry.failed.is_empty()) {
        return Some(format!(
            "Fault rule {rule} made this. It ends on the page Faults, or with: portreeve fault clear {rule}"
        ));
    }
    let (called, address) = (&entry.method, entry.address);
    let text = match (code.strip_prefix(PREFIX).unwrap_or(code), entry.status) {
        ("INVALID_CREDENTIALS", _) => format!(
            "No webhook of this user that is on and has not expired has this secret, or it may not be used from {address}. Compare the URL with the one that its owner sees."
        ),
        ("NO_AUTH_FOUND", _) => {
            "The URL has no user id and secret before the method. It looks like /rest/1/secret/crm.lead.list.".into()
        }
        ("insufficient_scope" | "INSUFFICIENTSCOPEEXCEPTION", _) => {
            let scope = method.map_or("", |method| method.scope);
            format!(
                "The webhook does not have the permission {scope}, or it may only read and {called} writes. Its owner can change both in the webhook's editor."
            )
        }
        ("ERROR_METHOD_NOT_FOUND" | "METHODNOTFOUNDEXCEPTION", _) => {
            "There is no method of this name. Compare its spelling with the list of methods in the request builder.".into()
        }
        ("authorization_error", _) => {
            "The owner of the webhook is dismissed. Take over the webhook, or reinstate the owner.".into()
        }
        ("INVALID_REQUEST", 401) => "Call the portal by https, or serve it with --require-https false.".into(),
        ("QUERY_LIMIT_EXCEEDED", _) => {
            "Too many calls came from this address, or the portal is busy. Wait a second and call again.".into()
        }
        ("OPERATION_TIME_LIMIT", _) => {
            "The method has used up its time. Wait until operating_reset_at of an answer, and ask for less at once.".into()
        }
        ("WRONG_AUTH_TYPE", _) => "The method needs an application. A webhook cannot call it.".into(),
        ("ACCESS_DENIED", 401) => {
            "REST is not available with this licence. The licence is set in the portal's settings or with --licence.".into()
        }
        // A file that came by itself.
        ("ACCESS_DENIED", 403) if method.is_none() => {
            "The link was used before, has expired, or was changed. Call the method again for a new uploadUrl.".into()
        }
        ("ACCESS_DENIED" | "ACCESSDENIEDEXCEPTION", _) => {
            "The user that the webhook acts as may not do this. Give that user the right, or call with the webhook of a user who has it.".into()
        }
        ("INTERNAL_SERVER_ERROR", _) => "This is a bug of Portreeve. The log on standard error says more.".into(),
        _ if message.is_empty() => format!("{called} was refused without a reason."),
        _ => return None,
    };
    Some(text)
}
