//! Errors of REST 3.0 (protocol 13): an object of a code, a message and, of unfit parameters, what is wrong with each.

use crate::{Fault, Map, Value};

/// What the codes of all exceptions begin with.
pub const PREFIX: &str = "BITRIX_REST_V3_EXCEPTION_";
/// The code of [`access_denied`].
pub const ACCESS_DENIED: &str = "BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION";
/// The code of [`not_found`].
pub const NOT_FOUND: &str = "BITRIX_REST_V3_EXCEPTION_ENTITYNOTFOUNDEXCEPTION";

/// Letters of what a request says that an error repeats.
const REPEATED: usize = 100;

fn exception(status: u16, name: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(status, format!("{PREFIX}{name}EXCEPTION"), message)
}

/// What a request says, cut to what an error repeats.
fn said(text: &str) -> &str {
    text.char_indices().nth(REPEATED).map_or(text, |(end, _)| &text[..end])
}

/// One complaint: a field, and what is wrong with it.
pub type Complaint = (String, String);

fn validation(name: &str, message: &'static str, complaints: Vec<Complaint>) -> Fault {
    let one = |(field, message): Complaint| {
        let mut map = Map::with_capacity(2);
        map.push("message", said(&message));
        map.push("field", said(&field));
        Value::from(map)
    };
    let list: Vec<Value> = complaints.into_iter().map(one).collect();
    exception(400, name, message).with("validation", list)
}

/// Parameters that are missing or of the wrong kind.
pub fn request(complaints: Vec<Complaint>) -> Fault {
    validation("VALIDATION_REQUESTVALIDATION", "Error during request object validation", complaints)
}

/// The same about one.
pub fn of_field(field: &str, message: impl Into<String>) -> Fault {
    request(vec![(field.to_owned(), message.into())])
}

/// Fields of an object that are missing or have values which they cannot have.
pub fn object(complaints: Vec<Complaint>) -> Fault {
    validation("VALIDATION_DTOVALIDATION", "Error during object validation", complaints)
}

/// A list without a condition on a field that it needs one on.
pub fn filter_required(field: &str) -> Fault {
    let message = format!("A filter for the required field `{field}` must be specified");
    let complaints = vec![(format!("filter.{field}"), message)];
    validation("VALIDATION_REQUESTFILTERVALIDATION", "Error during request filter validation", complaints)
}

/// The complaint about a field that is not given.
pub fn missing(field: &str) -> Complaint {
    (field.to_owned(), format!("Required field `{}` is not specified", said(field)))
}

/// The complaint about a value of another type.
pub fn mistyped(field: &str, wanted: &str) -> Complaint {
    (field.to_owned(), format!("Field `{}` requires data type `{wanted}` for this request", said(field)))
}

/// The complaint about a field that cannot be used so: `Filterable`, `Sortable` or `Editable`.
pub fn unfit(dto: &str, field: &str, attribute: &str) -> Complaint {
    let text = format!(
        "In DTO `{dto}`, the `{}` field requires the `{attribute}` attribute for such a request",
        said(field)
    );
    (field.to_owned(), text)
}

/// An object has no field of that name.
pub fn unknown_property(field: &str, dto: &str) -> Fault {
    exception(400, "UNKNOWNDTOPROPERTY", format!("Unknown field `{}` for entity `{dto}`", said(field)))
}

/// Fields are described, but not the one of that name.
pub fn no_such_field(field: &str) -> Fault {
    let code = "BITRIX_REST_V3_REALISATION_EXCEPTION_FIELDNOTFOUNDEXCEPTION";
    Fault::new(400, code, format!("Field `{}` not found", said(field)))
}

/// A filter compares in a way that there is not.
pub fn unknown_operator(operator: &str) -> Fault {
    exception(400, "UNKNOWNFILTEROPERATOR", format!("Unknown filter operator `{}`", said(operator)))
}

/// A filter that cannot be read.
pub fn invalid_filter(part: &Value) -> Fault {
    exception(400, "INVALIDFILTER", format!("Unable to recognize filter expression `{}`", written(part)))
}

/// A `select` that cannot be read, or a reference in a batch that leads nowhere.
pub fn invalid_select(expression: &str) -> Fault {
    exception(400, "INVALIDSELECT", format!("Unable to recognize select expression `{}`", said(expression)))
}

/// An order that cannot be read.
pub fn invalid_order(part: &str) -> Fault {
    exception(400, "INVALIDORDER", format!("Unable to recognize sorting parameter `{}`", said(part)))
}

/// A page that there is not.
pub fn invalid_pagination(part: &str) -> Fault {
    exception(400, "INVALIDPAGINATION", format!("Unable to recognize pagination parameter `{}`", said(part)))
}

/// A body that is no JSON.
pub fn invalid_json() -> Fault {
    exception(400, "INVALIDJSON", "The request body is not valid JSON")
}

/// There is no such row.
pub fn not_found(message: impl Into<String>) -> Fault {
    Fault::new(400, NOT_FOUND, message.into())
}

/// The caller may not do that.
pub fn access_denied() -> Fault {
    Fault::new(403, ACCESS_DENIED, "Access denied")
}

/// There is no such method; in a batch, the request itself is what is wrong.
pub fn method_not_found(method: &str) -> Fault {
    exception(400, "METHODNOTFOUND", format!("Method `{}` not found", said(method)))
}

/// The webhook lacks the scope of a method.
pub fn insufficient_scope() -> Fault {
    exception(
        403,
        "INSUFFICIENTSCOPE",
        "The request requires higher privileges than provided by the webhook token",
    )
}

/// An `Idempotency-Key` that is none.
pub fn invalid_key() -> Fault {
    let text = "The Idempotency-Key must have 1 to 255 printable ASCII characters";
    exception(400, "INVALIDIDEMPOTENCYKEY", text)
}

/// An `Idempotency-Key` under which another request came.
pub fn key_reused() -> Fault {
    exception(422, "IDEMPOTENCYKEYREUSED", "The Idempotency-Key was used with another request body")
}

/// The JSON of a value, cut to what an error repeats.
fn written(value: &Value) -> String {
    said(&String::from_utf8_lossy(&crate::json::encode(value))).to_owned()
}

/// A fault as REST 3.0 has it: those of the system under the names that it gives them, those of methods of before as
/// complaints about the request.
pub fn of(fault: Fault) -> Fault {
    let named = |status: u16, name: &str| exception(status, name, fault.message.clone());
    match &*fault.code {
        "ERROR_METHOD_NOT_FOUND" => named(404, "METHODNOTFOUND"),
        "INVALID_CREDENTIALS" | "NO_AUTH_FOUND" | "authorization_error" => named(401, "ACCESSDENIED"),
        "insufficient_scope" => named(403, "INSUFFICIENTSCOPE"),
        "ACCESS_DENIED" => named(if fault.status == 401 { 401 } else { 403 }, "ACCESSDENIED"),
        "ERROR_NOT_FOUND" => named(400, "ENTITYNOTFOUND"),
        "" | "ERROR_CORE" | "ERROR_ARGUMENT" | "INVALID_ARG_VALUE" if fault.status == 400 => complaint(fault),
        code if fault.status == 400 && code.bytes().all(|byte| byte.is_ascii_digit()) => complaint(fault),
        _ => fault,
    }
}

fn complaint(fault: Fault) -> Fault {
    let field = fault.extra.get("argument").and_then(Value::as_str).unwrap_or_default();
    of_field(field, fault.message.into_owned())
}
