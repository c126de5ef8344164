//! How webhooks look.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use portal::hooks::{Hook, Secret};
use portal::system::scopes::SCOPES;

use super::draft::Draft;
use super::{LIST, path};
use crate::console::page::{time, token};
use crate::hook::url;
use crate::logs::MASK;

/// A table of them, and the way to a new one.
pub fn list(hooks: &[Hook], zone: &TimeZone) -> Markup {
    html! {
        section .card {
            div .bar {
                h1 { "Inbound webhooks" }
                a .button.main href=(path(0)) { "New webhook" }
            }
            @if hooks.is_empty() {
                p { "You have no webhook yet. A webhook is a secret URL with which a program acts in your name." }
            } @else {
                table {
                    thead { tr { th { "Name" } th { "Permissions" } th { "Created" } th { "Last used" } th { "Expires" } } }
                    tbody { @for hook in hooks { (row(hook, zone)) } }
                }
            }
        }
    }
}

fn row(hook: &Hook, zone: &TimeZone) -> Markup {
    html! {
        tr {
            td { a href=(path(hook.id)) { (hook.title) } @if !hook.active { " (off)" } }
            td data-label="Permissions" { (scopes(hook)) }
            td data-label="Created" { (time(zone, hook.created)) }
            td data-label="Last used" { (last_used(hook, zone)) }
            td data-label="Expires" { (expires(hook, zone)) }
        }
    }
}

/// One webhook; with its secret when the owner asked for it.
pub fn one(
    hook: &Hook,
    base_url: &str,
    secret: Option<&Secret>,
    zone: &TimeZone,
    form_token: &str,
) -> Markup {
    let masked = Secret::from(MASK);
    html! {
        section .card {
            h1 { (hook.title) }
            @if !hook.comment.is_empty() { p { (hook.comment) } }
            label for="url" { "Webhook to call REST API" }
            input #url readonly value=(url(base_url, hook.user_id, secret.unwrap_or(&masked)));
            p .quiet { "Whoever has this URL acts in your name. Never share it." }
            @if secret.is_none() {
                form method="post" action=(format!("{}show", path(hook.id))) {
                    (token(form_token))
                    button .main { "Show the secret" }
                }
            }
            dl {
                dt { "Permissions" } dd { (scopes(hook)) }
                dt { "Created" } dd { (time(zone, hook.created)) }
                dt { "Last used" } dd { (last_used(hook, zone)) }
                dt { "Expires" } dd { (expires(hook, zone)) }
            }
            details {
                summary .alarm { "Delete" }
                p { "Programs that use this webhook are refused from then on. This cannot be undone." }
                form method="post" action=(format!("{}delete", path(hook.id))) {
                    (token(form_token))
                    button .alarm { "Delete “" (hook.title) "”" }
                }
            }
            p { a href=(LIST) { "All webhooks" } }
        }
    }
}

/// The form of a new webhook.
pub fn form(draft: &Draft, form_token: &str, complaint: Option<&str>) -> Markup {
    let offered = SCOPES.iter().filter(|scope| scope.offered);
    html! {
        form .card method="post" action=(path(0)) {
            h1 { "New inbound webhook" }
            @if let Some(complaint) = complaint { p .complaint role="alert" { (complaint) } }
            (token(form_token))
            label for="name" { "Name" }
            input #name name="name" value=(draft.name) required maxlength="256" autofocus;
            label for="comment" { "Description" }
            textarea #comment name="comment" rows="2" maxlength="2000" { (draft.comment) }
            label for="expires" { "Expires on (never, if left empty)" }
            input #expires name="expires" type="date" value=(draft.expires);
            fieldset {
                legend { "Permissions" }
                div .scopes {
                    @for scope in offered {
                        label title=(scope.about) {
                            input type="checkbox" name="scopes[]" value=(scope.code)
                                checked[draft.scopes.iter().any(|code| code == scope.code)];
                            span { (scope.title) " " span .quiet { "(" (scope.code) ")" } }
                        }
                    }
                }
            }
            button .main { "Create" }
            " " a .button href=(LIST) { "Cancel" }
        }
    }
}

fn scopes(hook: &Hook) -> Markup {
    html! { @if hook.scopes.is_empty() { "none" } @else { (hook.scopes.join(", ")) } }
}

fn last_used(hook: &Hook, zone: &TimeZone) -> Markup {
    html! {
        @match hook.last_used {
            None => "never",
            Some(at) => { (time(zone, at)) @if let Some(address) = &hook.last_address { " from " (address) } }
        }
    }
}

fn expires(hook: &Hook, zone: &TimeZone) -> Markup {
    html! { @match hook.expires { None => "never", Some(at) => (time(zone, at)) } }
}
