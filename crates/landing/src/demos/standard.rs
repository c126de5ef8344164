//! The templates of sites and pages that a portal has from the start.

use engine::texts::{Locale, Topic};
use serde_json::{Map as Object, Value as Json, json};

/// One of them.
pub struct Standard {
    /// Its code.
    pub code: &'static str,
    /// Its title, in English.
    title: &'static str,
    /// The types of sites that it is for.
    types: &'static [&'static str],
    /// Whether sites are made of it, and not pages alone.
    of_sites: bool,
    /// Whether the wizard offers it.
    active: bool,
    /// Whether pages of it are published at once.
    publication: bool,
    /// The sections of the wizard in which it stands.
    sections: &'static [&'static str],
    /// The blocks of a page, under the names that they have in the real one.
    blocks: &'static [(&'static str, &'static str)],
}

static ALL: [Standard; 2] = [
    Standard {
        code: "empty",
        title: "Empty page",
        types: &["page", "knowledge", "group", "mainpage"],
        of_sites: true,
        active: true,
        publication: false,
        sections: &[],
        blocks: &[],
    },
    Standard {
        code: "search-result",
        title: "Search results",
        types: &["page", "knowledge", "group"],
        of_sites: false,
        active: false,
        publication: true,
        sections: &["dynamic"],
        blocks: &[("#block3430", "59.1.search")],
    },
];

/// The titles, which are translated.
pub fn titles() -> Vec<&'static str> {
    ALL.iter().map(|one| one.title).collect()
}

/// Those for sites of a type: of sites (`S`) or of pages (`P`).
pub fn of_type<'w>(wanted: &'w str, kind: &str) -> impl Iterator<Item = &'static Standard> + use<'w> {
    let is_site = kind == "S";
    ALL.iter().filter(move |one| one.types.contains(&wanted) && (one.of_sites || !is_site))
}

/// What the one with that code says of a page.
pub fn content(code: &str, language: Locale) -> Option<Json> {
    ALL.iter().find(|one| one.code == code).map(|one| one.content(language))
}

impl Standard {
    fn content(&self, language: Locale) -> Json {
        let item = |(name, code): &(&str, &str)| ((*name).to_owned(), json!({"code": code}));
        let items: Object<String, Json> = self.blocks.iter().map(item).collect();
        let items = if items.is_empty() { json!([]) } else { items.into() };
        json!({
            "code": self.code, "name": language.text(Topic::Names, self.title), "active": self.active, "type": self.types,
            "section": self.sections, "publication": self.publication, "layout": [], "items": items, "version": 3,
            "old_id": 0, "encoded": true, "charset": "UTF-8",
        })
    }

    /// As the wizard for new sites and pages has it.
    pub fn shown(&self, language: Locale, kind: &str) -> Json {
        let types: Vec<String> = self.types.iter().map(|one| one.to_ascii_uppercase()).collect();
        let mut data = self.content(language);
        data["tpl_type"] = kind.into();
        json!({
            "ID": self.code, "XML_ID": self.code, "TYPE": types, "TITLE": data["name"], "ACTIVE": self.active,
            "PUBLICATION": self.publication, "LOCK_DELETE": false, "AVAILABLE": true, "SINGLETON": false,
            "SECTION": self.sections, "DESCRIPTION": "", "PREVIEW": "", "PREVIEW2X": "", "PREVIEW3X": "", "APP_CODE": "",
            "REST": 0, "DATA": data,
        })
    }
}
