//! What is open to everybody, by reason: a new reader goes through it by the rule in the code and the documentation's "who can execute".
//! A test holds that each row is needed, so what is mended goes.

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

/// A reason, and the methods that make what is there for it.
pub type Reason = (&'static str, &'static [&'static str]);

/// What everybody is shown although no `get` of a row shows it. It is not for everybody to change.
pub const OPEN: &[Reason] = &[
    (
        "Fields that people add are part of every description of fields (`*.fields`, `*.getFields`), which is documented for any \
         user. They are names, never values. Their own methods are for those who may read a row (`readers`, `may_read`).",
        &[
            "crm.company.userfield.add",
            "crm.company.userfield.update",
            "crm.contact.userfield.add",
            "crm.contact.userfield.update",
            "crm.deal.userfield.add",
            "crm.deal.userfield.update",
            "crm.invoice.userfield.add",
            "crm.invoice.userfield.update",
            "crm.lead.userfield.add",
            "crm.quote.userfield.add",
            "crm.quote.userfield.update",
            "crm.requisite.userfield.add",
            "crm.requisite.userfield.update",
            "task.item.userfield.add",
            "user.userfield.update",
            "userfieldconfig.add",
            "userfieldconfig.update",
        ],
    ),
    (
        "What kinds of items and pipelines there are stands in dictionaries that are documented for any user: `crm.enum.ownertype`, \
         `crm.status.entity.types`, `crm.category.list`, `crm.dealcategory.default.get`. `crm.type.get` and `crm.category.get` ask \
         for the right to read items.",
        &["crm.dealcategory.default.set", "crm.type.add", "crm.type.update"],
    ),
    (
        "Bots are people in chats: whoever may write to them finds them (`im.user.get`, `access.name` and `imbot.v2.Bot.get` are \
         documented for any employee). The key of a bot and where its events go are shown to nobody else.",
        &["imbot.register", "imbot.v2.Bot.register", "imbot.v2.Bot.update"],
    ),
    (
        "The structure of the company is for everybody who works there (`Access::Shared` of departments; `humanresources.node.*` \
         shows the same as `department.get`).",
        &["humanresources.node.edit"],
    ),
    (
        "The catalog is read by everybody and written by administrators (`Access::Shared`): the brief's \"view the catalogue\". Stock \
         documents and pictures have no `get` of a face.",
        &["catalog.document.add", "catalog.document.update", "catalog.productImage.add"],
    ),
    (
        "Everybody books resources: `calendar.resource.list` is documented for any user, and the rule of calendars (`of_sections`) is asked.",
        &["calendar.resource.add", "calendar.resource.update"],
    ),
    (
        "Own blocks and templates are what pages are built with, for everybody who makes some (`Access::Everybody`); who made one and \
         administrators change it (`require_maker`).",
        &["landing.demos.register", "landing.landing.favoriteBlock", "landing.repo.register"],
    ),
    (
        "`landing.site.getMenuBindings` shows the menus of sites that the caller may read (`within`, `Op::Read`), which roles give \
         to everybody in the example.",
        &["landing.site.bindingToMenu"],
    ),
    (
        "Names of payment methods are documented for any user (`crm.paysystem.list`); their settings, with keys in them, are for \
         administrators (`sale/src/paysystem/settings.rs`).",
        &["sale.paysystem.add"],
    ),
    (
        "Everybody sees which external lines there are (`OfWhoAdded`; `telephony.externalLine.get` is documented for any user); who added \
         one and administrators change it.",
        &["telephony.externalLine.add", "telephony.externalLine.update"],
    ),
];

/// What a `get` shows to everybody: a rule that is opened by mistake shows what is not here.
pub const SEEN: &[Reason] = &[
    (
        "Calendars show everybody times and titles unless their rights say otherwise (`rights::of_sections`; the brief's default), \
         and the events and calendars of the examples say nothing else.",
        &["calendar.event.add", "calendar.event.update", "calendar.section.add", "calendar.section.update"],
    ),
    (
        "The catalog is read by everybody and written by administrators (`Access::Shared`), in both of its spellings.",
        &[
            "catalog.measure.add",
            "catalog.priceType.add",
            "catalog.priceType.update",
            "catalog.priceTypeLang.add",
            "catalog.product.add",
            "catalog.product.offer.add",
            "catalog.product.offer.update",
            "catalog.product.service.add",
            "catalog.product.service.update",
            "catalog.product.sku.add",
            "catalog.product.sku.update",
            "catalog.productProperty.add",
            "catalog.productPropertyEnum.add",
            "catalog.productPropertyEnum.update",
            "catalog.section.add",
            "catalog.store.add",
            "catalog.store.update",
            "catalog.vat.add",
            "crm.measure.update",
            "crm.product.add",
            "crm.product.property.add",
            "crm.product.property.update",
            "crm.product.update",
            "crm.productsection.add",
            "crm.productsection.update",
            "crm.vat.add",
            "crm.vat.update",
        ],
    ),
    (
        "Dictionaries of the CRM are shared (`Access::Shared`): pipelines of deals (`crm.dealcategory.get` is documented for any user) and currencies.",
        &[
            "crm.category.add",
            "crm.currency.localizations.set",
            "crm.dealcategory.add",
            "crm.dealcategory.update",
        ],
    ),
    (
        "Who works where is for everybody who works there.",
        &["department.add", "department.update", "humanresources.node.add", "user.add", "user.update"],
    ),
    (
        "Documents and templates that belong to no item of the CRM are for whom a role of documents lets view them (`Having`, `ByItem`, \
         `ByAuthor`), which is everybody in a new portal.",
        &[
            "documentgenerator.document.add",
            "documentgenerator.document.update",
            "documentgenerator.template.update",
        ],
    ),
    (
        "Everybody may be an operator: `imopenlines.config.get` is documented for any user (`Access::Shared`).",
        &["imopenlines.config.add"],
    ),
    (
        "The rights of the lists of the examples let everybody read them (`lists/src/rights.rs`).",
        &[
            "lists.element.add",
            "lists.element.update",
            "lists.field.add",
            "lists.field.update",
            "lists.section.add",
            "lists.section.update",
            "lists.update",
        ],
    ),
    (
        "The posts of the examples are for everybody (`UA`), and so are their comments.",
        &["log.blogcomment.add", "log.blogpost.add", "log.blogpost.update", "mail.message.createfeedpost"],
    ),
    (
        "Mail services are names of servers without anybody's password; `mailservice.get` is documented for any user (`Access::Shared`).",
        &["mailservice.add", "mailservice.update"],
    ),
    (
        "The collections of the examples are open to everybody by their own policy (`notes/src/collection.rs`), and what is in them goes by them.",
        &[
            "note.collection.add",
            "note.collection.update",
            "note.document.add",
            "note.document.update",
            "note.file.add",
        ],
    ),
    (
        "The rights of the process of the examples let everybody see it (`rpa/src/rights.rs`).",
        &[
            "rpa.comment.add",
            "rpa.comment.update",
            "rpa.item.add",
            "rpa.item.update",
            "rpa.stage.add",
            "rpa.stage.update",
            "rpa.timeline.add",
            "rpa.timeline.update",
            "rpa.type.update",
        ],
    ),
    (
        "The groups of the examples are visible, which shows their names and descriptions to everybody.",
        &["sonet_group.create"],
    ),
    (
        "The flows of the examples take tasks from everybody, and who gives a flow tasks sees it (`OfTeam`).",
        &["tasks.flow.Flow.create", "tasks.flow.Flow.update"],
    ),
];

/// Whether what a method makes is listed.
pub fn is_listed(list: &[Reason], method: &str) -> bool {
    list.iter().any(|(_, methods)| methods.contains(&method))
}

/// All methods of a list.
pub fn listed(list: &'static [Reason]) -> impl Iterator<Item = &'static str> {
    list.iter().flat_map(|(_, methods)| methods.iter().copied())
}

/// What is not made, and why.
pub const NOT_MADE: &[(&str, &str)] = &[];

/// Nouns whose rows in the demo data are marked, in this field: what is made is without a text, or becomes something else.
pub const OF_DEMO: &[(&str, &str)] = &[
    ("landing.role", "title"),
    ("openlines.session", "commentHead"),
    ("sale.basketItem", "name"),
    ("sale.check", "fiscalDocNumber"),
    ("sale.payment", "comments"),
    ("sale.paymentItemBasket", "xmlId"),
    ("sale.propertyValue", "name"),
    ("sale.shipmentItem", "xmlId"),
    ("sale.shipmentPropertyValue", "name"),
    ("tasks.scrumitem", "storyPoints"),
    ("telephony.call", "lineNumber"),
    ("telephony.statistic", "comment"),
    ("timeman.day", "report"),
];

/// Nouns of which nothing is marked: their texts are codes and names of ours, or there is no row of them.
pub const UNMARKED: &[&str] = &[
    "crm.deal.recurring",
    "crm.duplicate.volatileType",
    "crm.invoice.recurring",
    "disk.attached",
    "im.notification",
    "tasks.flowcode",
    "feed.recipient",
    "vote.attach",
    "workflows.log",
    "rpa.permission",
    "sale.deliveryConfig",
    "booking.slot",
    "landing.domain",
    "mail.binding",
];
