//! What is open to everybody although no noun's `get` says so, and what is not made.

/// Methods that are the `get` of what they are about, where that is no face of a noun: whose mark they show, sees it.
pub const GETS: &[&str] = &[
    "calendar.event.getbyid",
    "calendar.section.get",
    "department.get",
    "imopenlines.config.get",
    "lists.element.get",
    "lists.field.get",
    "lists.get",
    "lists.section.get",
    "log.blogcomment.list",
    "log.blogpost.get",
    "note.collection.get",
    "note.document.get",
    "note.file.get",
    "rpa.item.get",
    "rpa.timeline.listForItem",
    "socialnetwork.api.workgroup.get",
    "tasks.flow.Flow.get",
    "user.get",
];

const BOT: &str = "bots are among the people whom everybody finds";
const FIELD: &str = "what fields there are is told with every description of them";
const PERSON: &str = "everybody sees who works here";
const PIPELINE: &str = "names of types and pipelines stand in the shared metadata";
const SITES: &str = "own blocks and templates are offered to all who make pages";

/// What everybody sees of what these make, and why.
pub const OPEN: &[(&str, &str)] = &[
    ("calendar.resource.add", "everybody books resources"),
    ("calendar.resource.update", "everybody books resources"),
    ("catalog.document.add", "the catalog is shared, and documents are only listed"),
    ("catalog.document.update", "the catalog is shared, and documents are only listed"),
    ("catalog.productImage.add", "the catalog is shared"),
    ("crm.company.userfield.add", FIELD),
    ("crm.company.userfield.update", FIELD),
    ("crm.contact.userfield.add", FIELD),
    ("crm.contact.userfield.update", FIELD),
    ("crm.deal.userfield.add", FIELD),
    ("crm.deal.userfield.update", FIELD),
    ("crm.dealcategory.default.set", PIPELINE),
    ("crm.invoice.userfield.add", FIELD),
    ("crm.invoice.userfield.update", FIELD),
    ("crm.lead.userfield.add", FIELD),
    ("crm.quote.userfield.add", FIELD),
    ("crm.quote.userfield.update", FIELD),
    ("crm.requisite.userfield.add", FIELD),
    ("crm.requisite.userfield.update", FIELD),
    ("crm.type.add", PIPELINE),
    ("crm.type.update", PIPELINE),
    ("humanresources.node.edit", PERSON),
    ("imbot.register", BOT),
    ("imbot.v2.Bot.register", BOT),
    ("imbot.v2.Bot.update", BOT),
    ("landing.demos.register", SITES),
    ("landing.landing.favoriteBlock", SITES),
    ("landing.repo.register", SITES),
    ("landing.site.bindingToMenu", "menus lead everybody to the site"),
    ("sale.paysystem.add", "everybody who sells chooses among payment methods"),
    ("task.item.userfield.add", FIELD),
    ("telephony.externalLine.add", "everybody sees which lines there are"),
    ("telephony.externalLine.update", "everybody sees which lines there are"),
    ("user.add", PERSON),
    ("user.update", PERSON),
    ("user.userfield.update", FIELD),
    ("userfieldconfig.add", FIELD),
    ("userfieldconfig.update", FIELD),
];

/// What is not made, and why.
pub const NOT_MADE: &[(&str, &str)] = &[];
