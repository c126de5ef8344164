//! A shell script with curl.

use super::literal::shell;
use super::{Ask, File, Handler, KEEP_TOKEN, KEEP_URL, escaped, readme};
use crate::modules;
use webhooks::outbound::payload;

pub fn call(ask: &Ask) -> Vec<File> {
    // curl encodes values by itself, and takes names as they are.
    let pair = |(name, value): &(String, String)| {
        format!("  --data-urlencode {} \\\n", shell(&format!("{}={value}", escaped(name))))
    };
    let data: String = ask.rows.iter().map(pair).collect();
    let (webhook, method) = (shell(&ask.webhook), &ask.method);
    let text = format!(
        "#!/bin/sh\n\
         # Calls {method} and prints what the portal answers.\n\
         set -eu\n\n\
         # Whoever has this URL acts in its owner's name: keep it secret.\n\
         WEBHOOK={webhook}\n\n\
         curl --silent --show-error --fail-with-body \\\n\
         {data}  \"${{WEBHOOK}}{method}.json\"\n\
         echo\n"
    );
    let about =
        readme(&format!("{method} with curl"), KEEP_URL, "sh call.sh", &["curl 7.76 or newer is needed."]);
    vec![File { name: "call.sh", text }, about]
}

pub fn handler(handler: &Handler) -> Vec<File> {
    let event = handler.events.first().map_or("ONCRMLEADADD", String::as_str);
    let data =
        modules().event(event).map(|event| payload::data(event.data.clone().into())).unwrap_or_default();
    let token = shell(&format!("auth[application_token]={}", handler.token));
    let (said, data) = (shell(&format!("event={event}")), shell(&data));
    let text = format!(
        "#!/bin/sh\n\
         # Sends an event to a handler as the portal would, to try it: sh send.sh https://example.com/in\n\
         set -eu\n\n\
         # Whoever has this token can send you events: keep it secret.\n\
         curl --silent --show-error --include \\\n\
         \x20 --data-urlencode {said} \\\n\
         \x20 --data-raw {data} \\\n\
         \x20 --data-urlencode {token} \\\n\
         \x20 \"$1\"\n\
         echo\n"
    );
    let notes = [
        "It sends the token, so send it to your own handler only. A handler that is right answers with a status of 200.",
    ];
    let about = readme(
        "An event for your handler, with curl",
        KEEP_TOKEN,
        "sh send.sh https://example.com/in",
        &notes,
    );
    vec![File { name: "send.sh", text }, about]
}
