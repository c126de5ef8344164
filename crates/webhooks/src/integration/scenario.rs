//! The ready-made scenarios (protocol 11.3): with what an editor opens. What people read about them is the
//! console's own; here are the facts.

use engine::modules::Modules;

/// Scenarios that belong together.
#[derive(Debug)]
pub struct Section {
    /// Its code, as in `/devops/section/<code>/`.
    pub code: &'static str,
    /// Whether only administrators may use what is in it (protocol 11.2).
    pub admin_only: bool,
    /// In the order in which they are shown.
    pub scenarios: &'static [Scenario],
}

/// A preset.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its code, kept with every integration that was made from it.
    pub code: &'static str,
    /// The method that the request builder begins with; empty where there is no request builder.
    pub method: &'static str,
    /// Its parameters, in the spelling of a form: `FIELDS[NAME]` and `John`.
    pub params: &'static [(&'static str, &'static str)],
    /// Scopes that are granted at first.
    pub scopes: &'static [&'static str],
    /// Events that are chosen at first.
    pub events: &'static [&'static str],
    /// Whether only administrators may use it.
    pub admin_only: bool,
    /// Whether the outbound part is switched on at first.
    pub outbound: bool,
    extra: Extra,
}

/// What a scenario has besides webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extra {
    Nothing,
    Application,
    Bot,
}

/// What a scenario waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Widgets and pages of an application
    Application,
    /// A chat bot
    Bot,
    /// A method that is not served yet
    Method,
}

impl Need {
    /// `application`, `bot` or `method`.
    pub fn name(self) -> &'static str {
        match self {
            Need::Application => "application",
            Need::Bot => "bot",
            Need::Method => "method",
        }
    }
}

impl Scenario {
    /// What is missing here for it to be used; nothing when it can be.
    pub fn needs(&self, modules: &Modules) -> Option<Need> {
        match self.extra {
            Extra::Application => Some(Need::Application),
            Extra::Bot => Some(Need::Bot),
            Extra::Nothing if self.method.is_empty() => None,
            Extra::Nothing => match modules.find(self.method) {
                None => Some(Need::Method),
                Some(method) => method.refused.then_some(Need::Application),
            },
        }
    }

    /// Whether it has an inbound part.
    pub fn inbound(&self) -> bool {
        !self.method.is_empty()
    }
}

/// The scenario of that code, with whether only administrators may use it, by itself or by its section.
pub fn find(code: &str) -> Option<(&'static Scenario, bool)> {
    SECTIONS.iter().find_map(|section| {
        let found = section.scenarios.iter().find(|scenario| scenario.code == code)?;
        Some((found, found.admin_only || section.admin_only))
    })
}

/// A scenario with an inbound part and nothing else; others are made from it.
const fn call(
    code: &'static str,
    method: &'static str,
    params: &'static [(&'static str, &'static str)],
    scopes: &'static [&'static str],
) -> Scenario {
    Scenario {
        code,
        method,
        params,
        scopes,
        events: &[],
        admin_only: false,
        outbound: false,
        extra: Extra::Nothing,
    }
}

impl Scenario {
    /// Listens, too.
    const fn with_events(self, events: &'static [&'static str]) -> Self {
        Scenario { events, outbound: true, ..self }
    }

    /// Could listen, too, but does not at first.
    const fn with_events_off(self, events: &'static [&'static str]) -> Self {
        Scenario { events, ..self }
    }

    const fn with_application(self) -> Self {
        Scenario { extra: Extra::Application, ..self }
    }

    const fn with_bot(self) -> Self {
        Scenario { extra: Extra::Bot, ..self }
    }

    const fn for_administrators(self) -> Self {
        Scenario { admin_only: true, ..self }
    }
}

const PERSON: &[(&str, &str)] = &[
    ("FIELDS[NAME]", "John"),
    ("FIELDS[LAST_NAME]", "Smith"),
    ("FIELDS[EMAIL][0][VALUE]", "mail@example.com"),
    ("FIELDS[EMAIL][0][VALUE_TYPE]", "WORK"),
    ("FIELDS[PHONE][0][VALUE]", "555888"),
    ("FIELDS[PHONE][0][VALUE_TYPE]", "WORK"),
];

const LEAD: &[(&str, &str)] = &[
    ("FIELDS[TITLE]", "From the website"),
    ("FIELDS[NAME]", "John"),
    ("FIELDS[LAST_NAME]", "Smith"),
    ("FIELDS[EMAIL][0][VALUE]", "mail@example.com"),
    ("FIELDS[EMAIL][0][VALUE_TYPE]", "WORK"),
    ("FIELDS[PHONE][0][VALUE]", "555888"),
    ("FIELDS[PHONE][0][VALUE_TYPE]", "WORK"),
];

const NEW_CONTACTS: &[(&str, &str)] = &[
    ("FILTER[>DATE_CREATE]", "2019-01-01"),
    ("SELECT[0]", "NAME"),
    ("SELECT[1]", "LAST_NAME"),
    ("SELECT[2]", "EMAIL"),
];

/// All sections in their order.
pub const SECTIONS: &[Section] = &[
    Section {
        code: "migration",
        admin_only: false,
        scenarios: &[
            call("contact-add", "crm.contact.add", PERSON, &["crm"]).with_events_off(&[
                "ONCRMCONTACTADD",
                "ONCRMCONTACTUPDATE",
                "ONCRMCONTACTDELETE",
            ]),
            call("export-email-new-contact", "crm.contact.list", NEW_CONTACTS, &["crm"]),
            call(
                "user-add",
                "user.add",
                &[("EMAIL", "new@example.com"), ("MESSAGE_TEXT", "Welcome!"), ("UF_DEPARTMENT[0]", "1")],
                &["user"],
            ),
            call("custom-widget", "crm.lead.get", &[("ID", "42")], &["crm", "task"])
                .with_events(&["ONCRMLEADADD"])
                .with_application(),
        ],
    },
    Section {
        code: "external",
        admin_only: true,
        scenarios: &[
            call("contact-sync", "crm.contact.get", &[("ID", "42")], &["crm"])
                .with_events(&["ONCRMCONTACTUPDATE"]),
            call("lead-add", "crm.lead.add", LEAD, &["crm"]).for_administrators(),
        ],
    },
    Section {
        code: "auto-sales",
        admin_only: false,
        scenarios: &[
            call(
                "lead-change-status",
                "crm.lead.update",
                &[("ID", "42"), ("FIELDS[STATUS_ID]", "CONVERTED")],
                &["crm"],
            ),
            call(
                "deal-change-status",
                "crm.deal.update",
                &[("ID", "42"), ("FIELDS[STAGE_ID]", "WON"), ("FIELDS[CLOSED]", "1")],
                &["crm"],
            ),
        ],
    },
    Section {
        code: "auto-control",
        admin_only: false,
        scenarios: &[
            call(
                "tasks-task-add",
                "tasks.task.add",
                &[
                    ("fields[TITLE]", "Call the customer"),
                    ("fields[DESCRIPTION]", "Ask whether everything arrived."),
                    ("fields[RESPONSIBLE_ID]", "1"),
                ],
                &["task"],
            ),
            call(
                "send-notify",
                "im.notify",
                &[("TO", "1"), ("MESSAGE", "The goods are here."), ("TYPE", "SYSTEM")],
                &["im"],
            ),
            call(
                "blogpost-add",
                "log.blogpost.add",
                &[("POST_TITLE", "Report"), ("POST_MESSAGE", "Figures of the week"), ("DEST", "UA")],
                &["log"],
            ),
            call("tasks-task-get", "tasks.task.get", &[("taskId", "42")], &["task"])
                .with_events(&["ONTASKUPDATE"]),
        ],
    },
    Section {
        code: "widget",
        admin_only: false,
        scenarios: &[
            call("widget-contact-detail-tab", "crm.contact.get", &[("ID", "42")], &["crm", "placement"])
                .with_application(),
            call(
                "widget-contact-detail-activity",
                "crm.contact.update",
                &[("ID", "42")],
                &["crm", "placement"],
            )
            .with_application(),
            call("widget-call-cart", "crm.lead.get", &[("ID", "42")], &["crm", "telephony", "placement"])
                .with_application(),
            call(
                "creat-invoice-by-tasks-time",
                "task.elapseditem.getlist",
                &[("FIELDS[TITLE]", "Hours worked")],
                &["crm", "task"],
            )
            .with_events(&[]),
        ],
    },
    Section {
        code: "chat-bot",
        admin_only: false,
        scenarios: &[
            call(
                "bot-notify-staff",
                "imbot.message.add",
                &[("BOT_ID", ""), ("CLIENT_ID", ""), ("DIALOG_ID", "1"), ("MESSAGE", "The goods are here.")],
                &["imbot"],
            )
            .with_bot(),
            call(
                "bot-action-chat",
                "crm.lead.add",
                &[
                    ("BOT_ID", ""),
                    ("CLIENT_ID", ""),
                    ("DIALOG_ID", "chat1"),
                    ("FIELDS[TITLE]", "From the chat"),
                ],
                &["crm", "task"],
            )
            .with_events(&["ONCRMLEADADD", "ONCRMINVOICEDELETE"])
            .with_bot(),
        ],
    },
    Section {
        code: "standard",
        admin_only: false,
        scenarios: &[
            call(IN_HOOK, "profile", &[], &[]),
            call(OUT_HOOK, "", &[], &[]).with_events(&[]),
            call("application", "", &[], &["crm"]).with_application(),
        ],
    },
];

/// The scenario without a preset that has an inbound part.
pub const IN_HOOK: &str = "in-hook";
/// The scenario without a preset that has an outbound part only.
pub const OUT_HOOK: &str = "out-hook";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn all() -> impl Iterator<Item = &'static Scenario> {
        SECTIONS.iter().flat_map(|section| section.scenarios)
    }

    #[test]
    fn what_the_protocol_lists_is_there_once() {
        let codes: HashSet<&str> = all().map(|scenario| scenario.code).collect();
        assert_eq!((codes.len(), all().count()), (21, 21));
        for scenario in all() {
            assert!(find(scenario.code).is_some());
        }
        assert!(find("nonsense").is_none());
    }

    #[test]
    fn a_scenario_needs_its_method() {
        let needs = |code: &str| find(code).and_then(|(scenario, _)| scenario.needs(&Modules::new(&[])));
        assert_eq!((needs(OUT_HOOK), needs("contact-sync")), (None, Some(Need::Method)));
    }

    #[test]
    fn a_section_for_administrators_is_for_them_as_a_whole() {
        assert_eq!(find("contact-sync").map(|(_, admin_only)| admin_only), Some(true));
        assert_eq!(find(IN_HOOK).map(|(_, admin_only)| admin_only), Some(false));
    }
}
