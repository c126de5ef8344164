//! How a user's outbound webhooks look. They are only shown here; the console's interface and the command line
//! change them.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use portal::outbound::manage::Outbound;

use super::page::time;

/// A table of them; nothing where there are none.
pub fn list(outbound: &[Outbound], zone: &TimeZone) -> Markup {
    html! {
        @if !outbound.is_empty() {
            section .card {
                h2 { "Outbound webhooks" }
                table {
                    thead { tr { th { "Name" } th { "Handler" } th { "Events" } th { "State" } th { "Created" } } }
                    tbody { @for one in outbound { (row(one, zone)) } }
                }
            }
        }
    }
}

fn row(outbound: &Outbound, zone: &TimeZone) -> Markup {
    let events: Vec<&str> = outbound.events.iter().map(|(name, _)| name.as_str()).collect();
    html! {
        tr {
            td { (outbound.title) }
            td data-label="Handler" { @if outbound.listens { "portreeve listen" } @else { (outbound.handler_url) } }
            td data-label="Events" { (events.join(", ")) }
            td data-label="State" { (state(outbound, zone)) }
            td data-label="Created" { (time(zone, outbound.created)) }
        }
    }
}

/// Where it stands, and why.
fn state(outbound: &Outbound, zone: &TimeZone) -> Markup {
    html! {
        @match (&outbound.disabled_because, outbound.failing_since) {
            (Some(reason), _) => span .complaint { "Disabled. " (reason) },
            (None, _) if !outbound.active => "Paused",
            (None, Some(since)) => { "Failing since " (time(zone, since)) },
            (None, None) => "Active",
        }
    }
}
