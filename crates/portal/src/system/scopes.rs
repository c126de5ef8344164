//! The scopes that a webhook may be granted (protocol appendix C).
//!
//! What the reduced `user_basic` and `user_brief` show is written with the user's fields.

/// A scope: the methods it opens are those that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its code on the wire.
    pub code: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// What it opens, in one line.
    pub about: &'static str,
    /// Whether the console lets people grant it to a webhook (protocol 7.3).
    pub offered: bool,
}

/// Every known scope by its code; `scope` with `FULL` lists them.
pub const SCOPES: &[Scope] = &[
    offered("ai_admin", "AI services", "Registering AI services of one's own."),
    offered("biconnector", "BI analytics", "Sources and data sets for business intelligence."),
    offered("bizproc", "Workflows", "Workflows, their tasks, robots and actions."),
    offered("booking", "Online booking", "Bookings, resources and the waiting list."),
    offered("calendar", "Calendar", "Events, sections and invitations."),
    offered("call", "Outgoing calls", "Calls that speak a text or play a sound."),
    offered("cashbox", "Cash registers", "Cash registers and their receipts."),
    offered("catalog", "Product catalog", "Products, prices, stores and stock documents."),
    offered("contact_center", "Contact center", "Tiles of the contact center."),
    offered("crm", "CRM", "Leads, deals, contacts, companies and all that belongs to them."),
    offered("delivery", "Delivery services", "Delivery services and their requests."),
    offered("department", "Departments", "The tree of departments and who heads them."),
    offered("disk", "Drive", "Storages, folders and files."),
    offered("documentgenerator", "Document generator", "Document templates and documents made from them."),
    withheld("entity", "Data storage", "Storage of an application's own data."),
    offered("humanresources", "Company structure", "Departments, teams and employees by REST 3.0."),
    offered("humanresources.hcmlink", "HR system link", "Exchange with a personnel system for signing."),
    offered("im", "Chats", "Chats, messages and notifications."),
    offered("imbot", "Chat bots", "Chat bots, their messages and commands."),
    offered("imconnector", "Messenger connectors", "Bringing other messengers to the open channels."),
    offered("imopenlines", "Open channels", "Open channels, their dialogs and settings."),
    offered("intranet", "Intranet", "Places in the intranet for an application's pages."),
    offered("landing", "Sites", "Sites, their pages and blocks."),
    withheld("landing_cloud", "Sites in the cloud", "Inner exchange between sites and their cloud."),
    offered("lists", "Lists", "Universal lists with their fields and elements."),
    offered("log", "Feed", "Posts and comments of the feed."),
    offered("mailservice", "Mail services", "Mail services that people can connect."),
    offered("main", "Event log", "The log of what happened in the portal."),
    offered("messageservice", "Message providers", "Providers of text messages."),
    offered("mobile", "Mobile application", "Places in the mobile application."),
    offered("pay_system", "Payment systems", "Payment systems and their handlers."),
    withheld("placement", "Widgets", "Places where an application shows its own pages."),
    offered("pull", "Push and pull", "Live events and push notifications."),
    withheld("rating", "Ratings", "Likes and votes for posts."),
    offered("rpa", "Robotic automation", "The older process automation."),
    offered("sale", "Online store", "Orders, payments, shipments and baskets."),
    offered("salescenter", "CRM payments", "Payments and deliveries inside CRM items."),
    offered("sign.b2e", "Signing for HR", "Electronic signing of personnel documents."),
    offered("socialnetwork", "Workgroups, second name", "The same workgroups as sonet_group."),
    offered("sonet_group", "Workgroups", "Workgroups, projects and their members."),
    offered("task", "Tasks", "Tasks, checklists, comments and time spent."),
    offered("tasks", "Tasks, old name", "Kept for old integrations; task is the one to use."),
    offered("tasks_extended", "Tasks, old extension", "Kept for old integrations; task is the one to use."),
    offered("tasksmobile", "Tasks on phones, old name", "Kept for old integrations; task is the one to use."),
    offered("telephony", "Telephony", "Lines, calls and their statistics."),
    offered("timeman", "Working time", "Work days, schedules and absences."),
    offered("user", "Users", "All fields of users; inviting and changing them."),
    offered("user_basic", "Users, basic", "Names and positions of users, with ways to reach them."),
    offered("user_brief", "Users, brief", "Names and positions of users, without ways to reach them."),
    offered("user.userfield", "User fields of users", "The custom fields of users."),
    offered("userconsent", "Consents", "Agreements and who gave consent to them."),
    offered("userfieldconfig", "User field settings", "Settings of custom fields in all places."),
    offered("vote", "Polls", "Polls and their answers."),
];

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
