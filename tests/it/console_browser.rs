//! The console in Debian's Chromium without its windows, as people use it. What they do is in `tests/clients/console`.

use it::{Mailbox, Portal, Script, Server, clients};
use std::path::{Path, PathBuf};

/// A new portal, and what walks through its console with a browser.
struct Walk {
    clients: PathBuf,
    server: Server,
    welcome: String,
}

impl Walk {
    /// Starts the portal; `None`, said aloud, where the browser or the front end is missing.
    fn new(portal: Portal) -> Option<Walk> {
        let clients = clients()?;
        let needed =
            [dist().join("index.html"), clients.join("console"), "/usr/bin/chromium-headless-shell".into()];
        if let Some(missing) = needed.iter().find(|path| !path.exists()) {
            println!("skipped: there is no {}; `cargo xtask test` sees to it", missing.display());
            return None;
        }
        let mut server = portal.without_password().with("--allow-handlers", "127.0.0.1").start();
        let welcome = server.welcome();
        Some(Walk { clients: clients.canonicalize().expect("it is there"), server, welcome })
    }

    fn script(&self, name: &str) -> Script {
        Script::new("node", &format!("console/{name}"))
            .env("CLIENTS", self.clients.join("console"))
            .env("BASE", self.server.base())
            .env("WELCOME", &self.welcome)
    }
}

/// The front end as it was built.
fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist")
}

#[test]
fn from_the_first_start_to_an_event_that_arrived() {
    let Some(walk) = Walk::new(Portal::new().with_tls("dev")) else { return };
    let authority = walk.server.portal().authority();
    walk.script("first_run.mjs")
        .env("CREST", Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/crest/facade.php"))
        .env("JS", walk.clients.join("js"))
        .env("PYTHON", walk.clients.join("py/bin/python"))
        .env("CA", &authority)
        .env("NODE_EXTRA_CA_CERTS", &authority)
        .says(&[
            "OK first run",
            "OK an inbound webhook from a scenario",
            "OK a request built and executed",
            "OK the example in PHP ran",
            "OK the example in JavaScript ran",
            "OK the example in Python ran",
            "OK an outbound webhook",
            "OK a delivery appeared by itself",
            "OK a delivery sent again",
        ]);
}

#[test]
fn every_page_is_accessible_and_fits_a_phone() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("every_page.mjs").says(&["OK light", "OK dark", "OK phone"]);
}

#[test]
fn a_newcomer_takes_the_first_steps() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("first_steps.mjs").says(&[
        "OK made a webhook",
        "OK the call arrived",
        "OK made a handler",
        "OK the event arrived",
        "OK put away and brought back",
        "OK it is said why there can be no handler",
    ]);
}

#[test]
fn one_can_do_without_a_mouse() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("keyboard.mjs").says(&[
        "OK signed in",
        "OK skipped to the content",
        "OK made a webhook",
        "OK executed a request",
        "OK closed it",
        "OK imported a file",
    ]);
}

#[test]
fn nothing_happens_by_mistake() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("mishaps.mjs").says(&[
        "OK what was opened is closed",
        "OK a link opens the builder filled",
        "OK no link takes unsaved work away",
        "OK nothing is sent or deleted by mistake",
    ]);
}

#[test]
fn nothing_is_lost_without_a_word() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("together.mjs").says(&[
        "OK two tabs do not overwrite each other",
        "OK two tabs ask at every form",
        "OK a file holds every page",
    ]);
}

#[test]
fn deliveries_are_found_cancelled_and_sent_elsewhere() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("deliveries.mjs").says(&[
        "OK words are found, and headers shown",
        "OK the strip and the list agree",
        "OK what waits is cancelled",
        "OK an event is sent once to another address",
    ]);
}

#[test]
fn calls_are_watched_explained_and_repeated() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("calls.mjs").says(&[
        "OK calls appear as they come",
        "OK a refusal says what to do",
        "OK a call opens in the request builder",
    ]);
}

#[test]
fn faults_and_the_clock_are_shown_and_ended() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("faults.mjs").says(&[
        "OK a rule is added and hits",
        "OK one click ends it",
        "OK the clock is shown and let go on",
        "OK on a phone, in the dark, in Russian",
    ]);
}

#[test]
fn an_outbound_webhook_is_looked_after() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("outbound.mjs").says(&[
        "OK held events are sent, sent since a moment, or dropped",
        "OK old and new secrets overlap",
        "OK events are kept for pick-up",
        "OK somebody is told",
        "OK the settings are short",
    ]);
}

#[test]
fn a_handler_gets_only_so_much() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("limits.mjs").says(&[
        "OK limits are set with the keyboard, and refused with a reason",
        "OK a phone shows and empties them",
    ]);
}

#[test]
fn a_test_alert_is_sent_at_the_press_of_a_button() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("test_alert.mjs").says(&[
        "OK nobody is told, and it says so",
        "OK a test alert arrives, signed",
        "OK a handler that refuses is named",
    ]);
}

#[test]
fn a_forgotten_password_is_replaced_by_an_e_mail() {
    let mailbox = Mailbox::start();
    let portal = Portal::new()
        .with("--smtp-host", "127.0.0.1")
        .with("--smtp-port", &mailbox.port().to_string())
        .with("--smtp-tls", "off")
        .with("--smtp-from", "crm@example.com");
    let Some(walk) = Walk::new(portal) else { return };
    walk.script("forgot.mjs").says(&["OK asked for a link"]);
    let letter = &mailbox.wait_for(1)[0];
    assert_eq!(letter.to, "berit@example.com");
    let link = format!("{}/sign-in#welcome={}", walk.server.base(), letter.behind("/sign-in#welcome="));
    walk.script("forgot.mjs").env("LINK", link).says(&["OK signed in with the new password"]);
}

#[test]
fn a_second_factor_is_set_up_used_and_turned_off() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("factor.mjs").says(&[
        "OK set up before anything else",
        "OK signed in with a recovery code",
        "OK turned off, and asked for anew",
    ]);
}

#[test]
fn the_console_tells_what_happens() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("telling.mjs").says(&[
        "OK a refusal leads to the settings",
        "OK what an editor says of use is true",
        "OK the list tells what fails",
        "OK what is there can be seen",
    ]);
}

#[test]
fn the_console_is_comfortable() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("comfort.mjs").says(&[
        "OK the first page leads to a first call",
        "OK long names keep their place",
        "OK people are found by their names",
        "OK fields and layers can be told apart",
    ]);
}

#[test]
fn methods_and_permissions_are_found() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("finding.mjs").says(&["OK every method is found", "OK permissions are in a useful order"]);
}

#[test]
fn the_crm_has_pages_for_every_kind_of_records() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("crm.mjs").says(&[
        "OK every kind of records has its pages",
        "OK a file becomes records, and what is refused is told",
        "OK what was exported is imported again",
        "OK nothing is sent twice without a question",
        "OK product rows are changed together",
        "OK a phone shows the kinds as a choice",
    ]);
}

#[test]
fn requisites_and_products_are_chosen() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("requisites.mjs").says(&[
        "OK requisites are kept with their addresses and bank details",
        "OK a deal uses requisites of its company",
        "OK what is deleted is used no more",
        "OK products are taken from the catalog",
        "OK smart processes are called by their titles",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn people_write_to_each_other() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("messages.mjs").says(&[
        "OK two people talk, and see what is read",
        "OK what a webhook writes is there at once",
        "OK nothing is missed while the connection is lost",
        "OK two browsers and a webhook agree about a chat",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn tasks_are_worked_on() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("tasks.mjs").says(&[
        "OK a task is written and changed",
        "OK a task moves as far as one may",
        "OK a task has checklists, comments and times",
        "OK a task has files",
        "OK tasks move on boards",
        "OK a workgroup is made, changed and deleted",
        "OK tasks are found by part, state and words",
        "OK a task is deleted",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn files_are_kept_in_drives() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("files.mjs").says(&[
        "OK files are uploaded by button and by drop",
        "OK files are looked at, and their versions come back",
        "OK files are named, moved and found",
        "OK the trash gives back and forgets",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn lists_are_filled_by_their_forms() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("lists.mjs").says(&[
        "OK a list is made with fields and a section",
        "OK elements are written by the form of the list",
        "OK elements are sorted, found and deleted",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn events_are_made_moved_and_answered() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("calendar.mjs").says(&[
        "OK an event that comes again is made",
        "OK one of a series is changed, and the series deleted",
        "OK a week stands by its hours",
        "OK an invitation is answered",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn the_structure_is_built_and_seen() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("structure.mjs").says(&[
        "OK a department is made below another one",
        "OK a department is renamed, moved and found",
        "OK people are taken in and out, and one is the head",
        "OK an employee looks and changes nothing",
        "OK a department is deleted",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn times_are_booked() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("booking.mjs").says(&[
        "OK a resource is made with its slots",
        "OK a free time is booked for a client",
        "OK a booking is moved, and no time is given twice",
        "OK somebody waits, is booked, and the booking is cancelled",
        "OK a phone shows them in the dark and in Russian",
        "OK whoever may not use the CRM sees nothing of it",
    ]);
}

#[test]
fn open_channels_are_set_up_and_answered() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("openlines.mjs").says(&[
        "OK a line is made with its queue",
        "OK settings are changed by the declared form",
        "OK a dialog is kept, and transferred",
        "OK a dialog is taken up, ended, and read in its chat",
        "OK an employee looks and changes nothing",
        "OK a line is deleted",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn polls_in_the_feed_are_answered() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("polls.mjs").says(&[
        "OK a vote is seen, changed and taken back",
        "OK several questions are answered by an employee",
        "OK a poll is closed and opened by its author",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn products_and_stock_are_kept() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("catalog.mjs").says(&[
        "OK a product is written with its price, and found",
        "OK a document moves stock and is taken back",
        "OK a phone shows them in the dark and in Russian",
    ]);
}

#[test]
fn secrets_of_others_are_theirs() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("take_over.mjs").says(&["OK taken over", "OK an employee sees nothing"]);
}

#[test]
fn pages_are_light() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    let said = walk.script("budget.mjs").env("DIST", dist()).says(&["OK the whole", "OK the first page"]);
    println!("{said}");
}

#[test]
fn changed_fields_are_chosen_in_the_editor() {
    let Some(walk) = Walk::new(Portal::new()) else { return };
    walk.script("changed_fields.mjs").says(&[
        "OK fields are chosen with the keyboard",
        "OK only a change of a chosen field is told",
        "OK a phone shows the choice",
    ]);
}
