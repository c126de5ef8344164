//! The scopes that a webhook may be granted (protocol appendix C).
//!
//! What the reduced `user_basic` and `user_brief` show is written with the user's fields.

/// A scope: the methods it opens are those that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its code on the wire.
    pub code: &'static str,
    /// Its display name.
    pub title: &'static str,
    /// A one-line description of what it allows.
    pub about: &'static str,
    /// Whether the console lets people grant it to a webhook (protocol 7.3).
    pub offered: bool,
}

/// Every known scope by its code; `scope` with `FULL` lists them.
pub const SCOPES: &[Scope] = &[
    offered("ai_admin", "AI services", "Registers custom AI services."),
    offered("appform", "Application forms", "Forms that an application opens in the portal."),
    offered("baas", "Metered services", "Services billed by use."),
    offered("biconnector", "BI analytics", "Sources and datasets for business intelligence."),
    offered("bizproc", "Workflows", "Workflows, their tasks, automation rules and actions."),
    offered("booking", "Online booking", "Bookings, resources and the waiting list."),
    offered("calendar", "Calendar", "Calendars, events and invitations."),
    offered("calendarmobile", "Calendar on mobile", "The calendar of the mobile app."),
    offered("call", "Outgoing calls", "Calls that read out a text or play a recording."),
    offered("cashbox", "Cash registers", "Cash registers and receipts."),
    offered("catalog", "Product catalog", "Products, prices, warehouses and inventory documents."),
    offered("catalogmobile", "Product catalog on mobile", "The product catalog of the mobile app."),
    offered("configuration.import", "Configuration import", "Import of another portal's configuration."),
    offered("contact_center", "Contact center", "Contact center tiles."),
    offered("crm", "CRM", "Leads, deals, contacts, companies and related data."),
    offered("delivery", "Delivery services", "Delivery services and delivery requests."),
    offered("department", "Departments", "Departments and their heads."),
    offered("disk", "Drive", "Storages, folders and files."),
    offered("documentgenerator", "Document generator", "Document templates and generated documents."),
    withheld("entity", "Data storage", "Storage for application data."),
    offered("forum", "Forums", "Forums, topics and messages."),
    offered("humanresources", "Company structure", "Departments, teams and employees in REST 3.0."),
    offered(
        "humanresources.hcmlink",
        "HR system link",
        "Data exchange with an HR system for signing documents.",
    ),
    offered("iblock", "Information blocks", "Information blocks, their sections and elements."),
    offered("im", "Chats", "Chats, messages and notifications."),
    offered("im.import", "Chat import", "Import of chats from other messengers."),
    offered("imbot", "Chat bots", "Chat bots, their messages and commands."),
    offered("imconnector", "Messenger connectors", "Connects external messengers to open channels."),
    offered("imopenlines", "Open channels", "Open channels, their dialogs and settings."),
    offered("intranet", "Intranet", "Placements in the intranet for application pages."),
    offered("landing", "Sites", "Sites, pages and blocks."),
    withheld("landing_cloud", "Sites in the cloud", "Internal exchange between sites and the cloud."),
    offered("lists", "Lists", "Universal lists, their fields and elements."),
    offered("log", "Feed", "Feed posts and comments."),
    offered("mail", "Mail", "Mailboxes and their messages in REST 3.0."),
    offered("mailservice", "Mail services", "Mail services that users can connect."),
    offered("main", "Event log", "The portal's event log."),
    offered("messageservice", "Message providers", "Text message providers."),
    offered("mobile", "Mobile application", "Placements in the mobile application."),
    offered(
        "notifications",
        "Customer notifications",
        "Messages sent to customers through the notification service.",
    ),
    offered("note", "Knowledge base", "Collections, documents and their files in REST 3.0."),
    offered("pay_system", "Payment systems", "Payment systems and their handlers."),
    withheld("placement", "Widgets", "Placements for application pages."),
    offered("pull", "Push and pull", "Live events and push notifications."),
    offered("pull_channel", "Live channels", "Channels of live events."),
    withheld("rating", "Ratings", "Likes and votes."),
    offered("rest", "REST", "Applications and webhooks of the portal."),
    offered("rpa", "Robotic automation", "Business process automation (RPA)."),
    offered("sale", "Online store", "Orders, payments, shipments and carts."),
    offered("salescenter", "CRM payments", "Payments and deliveries in CRM items."),
    offered("sign.b2e", "Signing for HR", "Electronic signing of HR documents."),
    offered("smile", "Smileys", "Smileys and their sets."),
    offered("socialnetwork", "Workgroups, second name", "Same as sonet_group."),
    offered("sonet_group", "Workgroups", "Workgroups, projects and their members."),
    offered("task", "Tasks", "Tasks, checklists, comments and time tracking."),
    offered("tasks", "Tasks, old name", "For old integrations. Use task instead."),
    offered("tasks_extended", "Tasks, old extension", "For old integrations. Use task instead."),
    offered("tasksmobile", "Tasks on phones, old name", "For old integrations. Use task instead."),
    offered("telephony", "Telephony", "Lines, calls and call statistics."),
    offered("timeman", "Working time", "Workdays, schedules and absences."),
    offered("user", "Users", "All user fields; inviting and updating users."),
    offered("user_basic", "Users, basic", "Names, positions and contact details of users."),
    offered("user_brief", "Users, brief", "Names and positions of users, without contact details."),
    offered("user.userfield", "Custom fields of users", "Manages the custom fields of users."),
    offered("userconsent", "Consents", "Agreements and given consents."),
    offered("userfieldconfig", "Custom field settings", "Settings of custom fields of all objects."),
    offered("vote", "Polls", "Polls and answers."),
];

/// Whether a scope is one that no webhook can be given.
pub fn is_withheld(code: &str) -> bool {
    SCOPES.iter().any(|scope| scope.code == code && !scope.offered)
}

/// Scopes as a webhook stores them, separated by commas, one by one.
pub fn split(scopes: &str) -> impl Iterator<Item = &str> {
    scopes.split(',').filter(|scope| !scope.is_empty())
}

const fn offered(code: &'static str, title: &'static str, about: &'static str) -> Scope {
    Scope { code, title, about, offered: true }
}

/// Made for applications; no webhook can be given it.
const fn withheld(code: &'static str, title: &'static str, about: &'static str) -> Scope {
    Scope { code, title, about, offered: false }
}

#[cfg(test)]
mod tests {
    use super::SCOPES;

    #[test]
    fn codes_are_told_apart() {
        let mut codes: Vec<&str> = SCOPES.iter().map(|scope| scope.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SCOPES.len());
    }

    #[test]
    fn scopes_of_applications_are_withheld() {
        let withheld: Vec<&str> =
            SCOPES.iter().filter(|scope| !scope.offered).map(|scope| scope.code).collect();
        assert_eq!(withheld, ["entity", "landing_cloud", "placement", "rating"]);
    }
}
