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

/// A reason, and the methods that make what is there for it.
pub type Reason = (&'static str, &'static [&'static str]);

/// What no `get` shows and others do.
pub const OPEN: &[Reason] = &[];

/// What the `get` shows.
pub const SEEN: &[Reason] = &[];

/// Whether what a method makes is listed.
pub fn is_listed(list: &[Reason], method: &str) -> bool {
    list.iter().any(|(_, methods)| methods.contains(&method))
}

/// All methods that are listed.
pub fn listed() -> impl Iterator<Item = &'static str> {
    OPEN.iter().chain(SEEN).flat_map(|(_, methods)| methods.iter().copied())
}

/// What is not made, and why.
pub const NOT_MADE: &[(&str, &str)] = &[];
