//! The frame around every page, and its style.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, html};
use portal::moment;

use super::visit::SignedIn;
use super::{asset, form, hooks};

/// Nothing is loaded but our own style, and forms go nowhere else.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Where the style is; nothing under `/rest/` can meet it.
pub const STYLE_PATH: &str = "/_portreeve/style.css";

/// The style of all pages.
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("style.css"))
}

/// A whole page. With a user, its head has the way around and the way out.
pub fn whole(title: &str, user: Option<&SignedIn>, body: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · Portreeve" }
                link rel="stylesheet" href=(STYLE_PATH);
                link rel="icon" href="data:,";
            }
            body {
                a .skip href="#main" { "Skip to the content" }
                header {
                    a .mark href="/" { "Portreeve" }
                    @if let Some(user) = user { (around(user)) }
                }
                main #main { (body) }
            }
        }
    };
    Html(page.into_string())
}

fn around(signed_in: &SignedIn) -> Markup {
    let user = &signed_in.user;
    let name = format!("{} {}", user.name, user.last_name);
    html! {
        nav { a href=(hooks::LIST) { "Webhooks" } }
        form .out method="post" action="/sign-out" {
            (token(&signed_in.form_token))
            span .quiet title=(user.email) { @if name.trim().is_empty() { (user.email) } @else { (name.trim()) } }
            button { "Sign out" }
        }
    }
}

/// The hidden field that every form needs.
pub fn token(form_token: &str) -> Markup {
    html! { input type="hidden" name=(form::TOKEN) value=(form_token); }
}

/// Day and minute on the portal's clocks, and the exact moment for those who point at it.
pub fn time(zone: &TimeZone, seconds: i64) -> Markup {
    let iso = moment::print(zone, seconds);
    html! { time datetime=(iso) title=(iso) { (iso[..10]) " " (iso[11..16]) } }
}

/// A page that says one thing.
pub fn message(status: StatusCode, text: &str) -> Response {
    let body = html! {
        section .card.narrow {
            h1 { (status.canonical_reason().unwrap_or("Sorry")) }
            p { (text) }
            p { a href="/" { "To the start" } }
        }
    };
    (status, whole(text, None, &body)).into_response()
}
