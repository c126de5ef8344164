//! What people send. There is no other way to a form's fields than through the check of its token.

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use wire::{Limits, Map, Value, form};

use super::visit::Visit;
use super::{Console, page};

/// Name of the field that carries the token.
pub const TOKEN: &str = "token";

/// The fields of a form that was shown to this browser.
pub struct Form(Map);

impl Form {
    /// A field's text, without blanks around it; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::text).map(|text| text.trim().to_owned()).unwrap_or_default()
    }

    /// A field's text as it is: for passwords.
    pub fn raw(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::text).map(std::borrow::Cow::into_owned).unwrap_or_default()
    }

    /// The values of a field that may be ticked several times.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.get(name).into_iter().flat_map(Value::items);
        values.filter_map(|value| value.text().map(std::borrow::Cow::into_owned)).collect()
    }
}

impl<S> FromRequest<S> for Form
where
    S: Send + Sync,
    Console: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let console = Console::from_ref(state);
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, state).await;
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        let form = Form(form::decode(&body.map_err(IntoResponse::into_response)?, &Limits::default()));
        let expected = visit.form_token(&console.portal.core().keys);
        if expected.is_some_and(|expected| expected.as_bytes().ct_eq(form.text(TOKEN).as_bytes()).into()) {
            return Ok(form);
        }
        Err(page::message(
            StatusCode::FORBIDDEN,
            "This form is out of date. Go back, load the page again, and retry.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_meant() {
        let form = Form(form::decode(b"name=+CI+&scopes[]=crm&scopes[]=user&p=+x+", &Limits::default()));
        assert_eq!((form.text("name").as_str(), form.raw("p").as_str()), ("CI", " x "));
        assert_eq!(form.list("scopes"), ["crm", "user"]);
        assert_eq!((form.text("scopes").as_str(), form.list("none").len()), ("", 0));
    }
}
