//! Filling a new portal: dictionaries, the default pipeline and roles.

use std::borrow::Cow;

use store::Tx;
use wire::Text;

use super::seed::{DICTIONARIES, INVOICE_STAGES, ITEM_STAGES, SEEDS, Seed};
use super::{activity, invoice, smart_invoice};
use engine::access::{Act, Level, roles};
use engine::call::Call;
use engine::entity::Stage;
use engine::entity::stage::{self, Codes};
use engine::error::Result;
use engine::moment::Moment;
use engine::texts::{Language, Locale, Topic};

/// Writes what every portal starts with, in its language.
pub fn seed(tx: &mut Tx<'_>, language: Locale, now: Moment) -> Result<()> {
    seeds(language).try_for_each(|seed| seed_entry(tx, seed, &Place::of(seed), language))?;
    // The default pipeline of deals has the number 0 (protocol 6.4).
    let sql = "INSERT INTO crm_category (id, entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
               VALUES (0, 2, ?, 300, 'Y', ?, '', '')";
    tx.execute(sql, &[language.text(Topic::Names, PIPELINE).into(), now.seconds().into()])?;
    seed_invoices(tx, language, now)?;
    ROLES.iter().try_for_each(|role| seed_role(tx, role, language))
}

/// What quotes need in a portal of before; a new one is filled with it.
pub(super) const QUOTES: engine::noun::Seed = engine::noun::Seed {
    name: "crm.quote",
    names: Vec::new,
    seed: |tx, language, _| {
        add_dictionary(tx, "QUOTE_STATUS", language)?;
        allow_as_deals(tx, "QUOTE")
    },
};

/// What invoices need, likewise.
pub(super) const INVOICES: engine::noun::Seed = engine::noun::Seed {
    name: "crm.smartInvoice",
    names: Vec::new,
    seed: |tx, language, now| {
        if is_filled(tx)? {
            seed_invoices(tx, language, now)?;
        }
        allow_as_deals(tx, "SMART_INVOICE")
    },
};

/// What invoices of the older kind need, likewise.
pub(super) const OLDER_INVOICES: engine::noun::Seed = engine::noun::Seed {
    name: "crm.invoice",
    names: Vec::new,
    seed: |tx, language, _| {
        add_dictionary(tx, invoice::STATUSES, language)?;
        allow_as_deals(tx, "INVOICE")
    },
};

/// The pipeline of invoices, with its stages.
fn seed_invoices(tx: &mut Tx<'_>, language: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO crm_category (entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
               VALUES (?, ?, 100, 'Y', ?, '', '')";
    let name = language.text(Topic::Names, PIPELINE);
    let pipeline = tx.insert(sql, &[smart_invoice::TYPE_ID.into(), name.into(), now.seconds().into()])?;
    let stage = smart_invoice::entity().stage;
    stage.map_or(Ok(()), |stage| seed_stages(tx, &stage, pipeline, language))
}

/// Whether this is a portal of before, and none that is about to be filled.
fn is_filled(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.one("SELECT id FROM crm_status LIMIT 1", &[], |row| row.int(0))?.is_some())
}

/// Writes the entries of a dictionary that came later, unless the portal is about to be filled with all of them.
fn add_dictionary(tx: &mut Tx<'_>, id: &str, language: Locale) -> Result<()> {
    if !is_filled(tx)? {
        return Ok(());
    }
    let entries = seeds(language).filter(|seed| seed.entity_id == id);
    entries.into_iter().try_for_each(|seed| seed_entry(tx, seed, &Place::of(seed), language))
}

/// Lets roles of before do with items of a new kind what they may do with deals.
fn allow_as_deals(tx: &mut Tx<'_>, entity: &str) -> Result<()> {
    let sql = "INSERT INTO crm_role_permission (role_id, entity, act, level) \
               SELECT role_id, ?, act, level FROM crm_role_permission WHERE entity = 'DEAL' \
               ON CONFLICT (role_id, entity, act) DO NOTHING";
    tx.execute(sql, &[entity.into()])?;
    Ok(())
}

/// The initial name of the default pipeline.
pub(super) const PIPELINE: &str = "General";
/// The name of the dictionary of a further pipeline's stages.
pub(super) const STAGES_OF: &str = "{name} deal stages";

/// The entries of a portal in this language.
fn seeds(language: Locale) -> impl Iterator<Item = &'static Seed> {
    SEEDS.iter().filter(move |seed| seed.language.is_none_or(|only| only == language.language))
}

/// Every name that the CRM itself gives: to what a new portal has, to items without a title, and to kinds of items.
pub fn names() -> impl Iterator<Item = Cow<'static, str>> {
    let dictionaries = DICTIONARIES.iter().map(|dictionary| dictionary.name);
    let roles = ROLES.iter().map(|role| role.name);
    let entities = super::entities().into_iter().flat_map(|entity| [entity.title, entity.plural]);
    let own = [PIPELINE, STAGES_OF, activity::UNTITLED, activity::CALL_LIST];
    let entries = SEEDS.iter().chain(INVOICE_STAGES).chain(ITEM_STAGES).map(|seed| seed.name);
    entries
        .chain(dictionaries)
        .chain(roles)
        .chain(own)
        .chain(crate::invoice::page::TEXTS)
        .map(Cow::Borrowed)
        .chain(entities)
}

/// What an entry or a pipeline is called for the caller. A webhook gets the name as it is stored; a person reads one
/// that nobody has changed in the language of the console.
pub(super) fn shown_name(call: &Call<'_, '_>, stored: &Text) -> Text {
    let first = call.caller.is_hookless().then(|| first_name(call.language, stored)).flatten();
    first.map_or_else(|| stored.clone(), |name| Text::new(call.language.text(Topic::Names, &name)))
}

/// The English name that a new portal gives in some language as this one.
fn first_name(language: Locale, stored: &str) -> Option<Cow<'static, str>> {
    let as_given = |name: &Cow<'_, str>| {
        Language::ALL.iter().any(|one| language.with(*one).text(Topic::Names, name) == stored)
    };
    names().find(as_given)
}

/// Gives a pipeline beyond the default one of deals the stages that every pipeline of an entity starts with.
pub(super) fn seed_stages(tx: &mut Tx<'_>, stage: &Stage, pipeline: i64, language: Locale) -> Result<()> {
    let place = Place {
        dictionary: stage::dictionary(stage, pipeline),
        prefix: stage.codes.prefix(pipeline),
        pipeline: Some(pipeline),
    };
    let own = |seed: &&Seed| seed.entity_id == stage.dictionary;
    match stage.codes {
        Codes::Plain => SEEDS.iter().filter(own).try_for_each(|seed| seed_entry(tx, seed, &place, language)),
        Codes::Numbered(smart_invoice::TYPE_ID) => {
            INVOICE_STAGES.iter().try_for_each(|seed| seed_entry(tx, seed, &place, language))
        }
        Codes::Numbered(_) => ITEM_STAGES.iter().try_for_each(|seed| seed_entry(tx, seed, &place, language)),
    }
}

/// Where an entry of a dictionary goes.
struct Place {
    dictionary: String,
    /// Stands before its code.
    prefix: String,
    /// The pipeline that it belongs to, unless that is the default one of deals.
    pipeline: Option<i64>,
}

impl Place {
    /// Its own dictionary.
    fn of(seed: &Seed) -> Self {
        Place { dictionary: seed.entity_id.to_owned(), prefix: String::new(), pipeline: None }
    }
}

/// Writes an entry of a dictionary.
fn seed_entry(tx: &mut Tx<'_>, seed: &Seed, place: &Place, language: Locale) -> Result<()> {
    let name = language.text(Topic::Names, seed.name);
    let first_name = if seed.system { name } else { "" };
    let sql = "INSERT INTO crm_status (entity_id, status_id, name, name_init, sort, system, category_id, color, semantics) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let params = [
        place.dictionary.as_str().into(),
        format!("{}{}", place.prefix, seed.status_id).into(),
        name.into(),
        first_name.into(),
        seed.sort.into(),
        (if seed.system { "Y" } else { "N" }).into(),
        place.pipeline.into(),
        seed.color.into(),
        seed.semantics.into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// A role that a new portal has.
struct Starter {
    name: &'static str,
    level: Level,
    members: &'static [&'static str],
}

/// The roles of a new Bitrix24: everybody is a manager of what is one's own.
const ROLES: [Starter; 4] = [
    Starter { name: "Director", level: Level::All, members: &[] },
    Starter { name: "Head of department", level: Level::SubDepartments, members: &[] },
    Starter { name: "Deputy", level: Level::Department, members: &[] },
    Starter { name: "Manager", level: Level::Own, members: &["AU"] },
];

fn seed_role(tx: &mut Tx<'_>, role: &Starter, language: Locale) -> Result<()> {
    let id = roles::create(tx, language.text(Topic::Names, role.name))?;
    for entity in super::entities() {
        for act in Act::ALL {
            roles::allow(tx, id, &entity.code, act, role.level)?;
        }
    }
    role.members.iter().try_for_each(|member| roles::give(tx, id, member))
}
