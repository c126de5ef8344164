//! `/rest/page/?token=…`: pages that whoever has their link may see. They are plain text with links: no scripts, no styles, no
//! pictures.

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Request, Response, StatusCode};
use portal::Portal;
use portal::page::{self, Page};
use wire::{Limits, Value, form};

use super::Answer;
use crate::clock;

/// Nothing is loaded, and nobody shows the page within another.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page, or one that says why there is none.
pub async fn answer(portal: &Portal, request: &Request<Incoming>) -> Answer {
    let query = form::decode(request.uri().query().unwrap_or_default().as_bytes(), &Limits::default());
    let token = query.get("token").and_then(Value::as_str).unwrap_or_default();
    let core = portal.core();
    let (status, page) = match page::open(core, token, clock::now(core)).await {
        Ok(page) => (StatusCode::OK, page),
        Err(error) => {
            let fault = error.into_fault();
            let status = match fault.status {
                400 => StatusCode::NOT_FOUND,
                status => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            };
            let said = core.locale(core.settings().language).error(&fault.message);
            (status, Page { title: said.unwrap_or_else(|| fault.message.into_owned()), ..Page::default() })
        }
    };
    let language = core.settings().language.code();
    let mut response = Response::new(Full::<Bytes>::from(html(&page, language)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "private, no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response.map(Either::Left)
}

fn html(page: &Page, language: &str) -> String {
    let title = escaped(&page.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title></head>\n<body><h1>{title}</h1>\n"
    );
    for line in &page.lines {
        html += &format!("<p>{}</p>\n", escaped(line));
    }
    if !page.links.is_empty() {
        html += "<ul>\n";
        for link in &page.links {
            let (to, text, beside) = (escaped(&link.to), escaped(&link.text), escaped(&link.beside));
            html += &format!("<li><a href=\"{to}\">{text}</a> {beside}</li>\n");
        }
        html += "</ul>\n";
    }
    html + "</body></html>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use portal::page::Link;

    use super::*;

    #[test]
    fn what_people_wrote_is_no_html() {
        let link = Link { to: "https://h/?a=1&b=\"".into(), text: "<b>.txt".into(), beside: "1 KB".into() };
        let page = Page { title: "<script>".into(), lines: vec!["a < b".into()], links: vec![link] };
        let html = html(&page, "en");
        assert!(html.contains("<h1>&lt;script&gt;</h1>") && html.contains("<p>a &lt; b</p>"), "{html}");
        assert!(html.contains("<a href=\"https://h/?a=1&amp;b=&quot;\">&lt;b&gt;.txt</a> 1 KB"), "{html}");
    }
}
