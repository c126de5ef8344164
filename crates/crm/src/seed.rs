//! First contents of the CRM: dictionaries with their entries, the types of multi-fields, the currency.
//!
//! Codes, order, colours and system flags are those of a new Bitrix24 portal; names are ours. An entry of
//! the system keeps its first name in `NAME_INIT`, the others have that empty. A new pipeline of deals gets
//! the entries of `DEAL_STAGE` with `C{id}:` before their codes.

use engine::texts::Language;

/// A dictionary, as `crm.status.entity.types` lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dictionary {
    /// Its code, `ENTITY_ID` of its entries.
    pub id: &'static str,
    /// Its display name.
    pub name: &'static str,
    /// Its meaning to an entity whose stages its entries are.
    pub stages: Option<Stages>,
}

/// The anchors of a dictionary of stages (`SEMANTIC_INFO`). Other stages with the meaning `F` are further
/// reasons of failure: `EXTRA.SEMANTICS` says `apology` for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stages {
    /// The entity that moves through them.
    pub entity_type_id: i64,
    /// Where items start.
    pub start: &'static str,
    /// Where they end well.
    pub success: &'static str,
    /// Where they end badly.
    pub failure: &'static str,
}

/// One entry of a dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The dictionary.
    pub entity_id: &'static str,
    /// Its code within the dictionary.
    pub status_id: &'static str,
    /// Its display name.
    pub name: &'static str,
    /// Its place in the dictionary.
    pub sort: i64,
    /// Whether it may not be deleted.
    pub system: bool,
    /// `#RRGGBB`, for stages.
    pub color: Option<&'static str>,
    /// `S` success, `F` failure; nothing while in progress.
    pub semantics: Option<&'static str>,
    /// The one language whose portals have it; `None` for an entry of every portal.
    pub language: Option<Language>,
}

/// A read-only shortcut of `crm.item.*` to the first value of a multi-field; `""` when there is none
/// (protocol 6.6). `crm.item.fields` does not describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Its key in an item, `phoneWork`.
    pub name: &'static str,
    /// The multi-field, `PHONE`.
    pub type_id: &'static str,
    /// The wanted value type; `None` takes the first value of any.
    pub value_type: Option<&'static str>,
}

/// The dictionaries in the order in which they are listed; further pipelines come before `DEAL_STAGE`.
pub const DICTIONARIES: &[Dictionary] = &[
    Dictionary { id: "STATUS", name: "Lead stages", stages: Some(LEAD_STAGES) },
    Dictionary { id: "SOURCE", name: "Sources", stages: None },
    Dictionary { id: "CONTACT_TYPE", name: "Contact types", stages: None },
    Dictionary { id: "COMPANY_TYPE", name: "Company types", stages: None },
    Dictionary { id: "EMPLOYEES", name: "Company sizes", stages: None },
    Dictionary { id: "INDUSTRY", name: "Industries", stages: None },
    Dictionary { id: "DEAL_TYPE", name: "Deal types", stages: None },
    Dictionary { id: "INVOICE_STATUS", name: "Invoice statuses", stages: Some(INVOICE_STATUSES) },
    Dictionary { id: "DEAL_STAGE", name: "Deal stages", stages: Some(DEAL_STAGES) },
    Dictionary { id: "QUOTE_STATUS", name: "Quote stages", stages: Some(QUOTE_STAGES) },
    Dictionary { id: "HONORIFIC", name: "Salutations", stages: None },
    Dictionary { id: "CALL_LIST", name: "Call list statuses", stages: None },
];

const LEAD_STAGES: Stages = Stages { entity_type_id: 1, start: "NEW", success: "CONVERTED", failure: "JUNK" };
const INVOICE_STATUSES: Stages = Stages { entity_type_id: 5, start: "N", success: "P", failure: "D" };
const DEAL_STAGES: Stages = Stages { entity_type_id: 2, start: "NEW", success: "WON", failure: "LOSE" };
const QUOTE_STAGES: Stages =
    Stages { entity_type_id: 7, start: "DRAFT", success: "APPROVED", failure: "DECLAINED" };

/// The anchors of the stages of an entity whose stages carry its number, as those of smart processes do.
pub fn numbered_stages(entity_type_id: i64) -> Stages {
    if entity_type_id == super::smart_invoice::TYPE_ID {
        return Stages { entity_type_id, start: "N", success: "P", failure: "D" };
    }
    Stages { entity_type_id, start: "NEW", success: "SUCCESS", failure: "FAIL" }
}

/// The stages that every pipeline of invoices starts with.
pub const INVOICE_STAGES: &[Seed] = &[
    stage("", "N", "New", 10, "#39A8EF").system(),
    stage("", "S", "Sent to the client", 20, "#2FC6F6"),
    stage("", "P", "Paid", 30, "#7BD500").success(),
    stage("", "D", "Not paid", 40, "#FF5752").failure().system(),
];

/// The stages that every pipeline of a smart process starts with.
pub const ITEM_STAGES: &[Seed] = &[
    stage("", "NEW", "Start", 10, "#39A8EF").system(),
    stage("", "PREPARATION", "Preparation", 20, "#2FC6F6"),
    stage("", "CLIENT", "Approval", 30, "#55D0E0"),
    stage("", "SUCCESS", "Success", 40, "#7BD500").success(),
    stage("", "FAIL", "Failure", 50, "#FF5752").failure().system(),
];

/// All entries, each dictionary in its order.
pub const SEEDS: &[Seed] = &[
    stage("STATUS", "NEW", "Unassigned", 10, "#39A8EF").system(),
    stage("STATUS", "IN_PROCESS", "In progress", 20, "#2FC6F6"),
    stage("STATUS", "PROCESSED", "Processed", 30, "#55D0E0"),
    stage("STATUS", "CONVERTED", "Good lead", 40, "#7BD500").success(),
    stage("STATUS", "JUNK", "Junk lead", 50, "#FF5752").failure().system(),
    entry("SOURCE", "CALL", "Call", 10).system(),
    entry("SOURCE", "EMAIL", "E-mail", 20),
    entry("SOURCE", "WEB", "Website", 30),
    entry("SOURCE", "ADVERTISING", "Advertising", 40),
    entry("SOURCE", "PARTNER", "Existing customer", 50),
    entry("SOURCE", "RECOMMENDATION", "Recommendation", 60),
    entry("SOURCE", "TRADE_SHOW", "Trade show", 70),
    entry("SOURCE", "WEBFORM", "CRM form", 80).system(),
    entry("SOURCE", "CALLBACK", "Callback", 90).system(),
    entry("SOURCE", "RC_GENERATOR", "Sales booster", 100).system(),
    entry("SOURCE", "STORE", "Online store", 110).system(),
    entry("SOURCE", "OTHER", "Other", 120),
    entry("CONTACT_TYPE", "CLIENT", "Client", 10),
    entry("CONTACT_TYPE", "SUPPLIER", "Supplier", 20),
    entry("CONTACT_TYPE", "PARTNER", "Partner", 30),
    entry("CONTACT_TYPE", "OTHER", "Other", 40),
    entry("COMPANY_TYPE", "CUSTOMER", "Client", 10),
    entry("COMPANY_TYPE", "SUPPLIER", "Supplier", 20),
    entry("COMPANY_TYPE", "COMPETITOR", "Competitor", 30),
    entry("COMPANY_TYPE", "PARTNER", "Partner", 40),
    entry("COMPANY_TYPE", "OTHER", "Other", 50),
    entry("EMPLOYEES", "EMPLOYEES_1", "Fewer than 50", 10).system(),
    entry("EMPLOYEES", "EMPLOYEES_2", "50 to 250", 20),
    entry("EMPLOYEES", "EMPLOYEES_3", "250 to 500", 30),
    entry("EMPLOYEES", "EMPLOYEES_4", "More than 500", 40),
    entry("INDUSTRY", "IT", "Information technology", 10),
    entry("INDUSTRY", "TELECOM", "Telecommunications", 20),
    entry("INDUSTRY", "MANUFACTURING", "Manufacturing", 30),
    entry("INDUSTRY", "BANKING", "Banking", 40),
    entry("INDUSTRY", "CONSULTING", "Consulting", 50),
    entry("INDUSTRY", "FINANCE", "Finance", 60),
    entry("INDUSTRY", "GOVERNMENT", "Government", 70),
    entry("INDUSTRY", "DELIVERY", "Delivery", 80),
    entry("INDUSTRY", "ENTERTAINMENT", "Entertainment", 90),
    entry("INDUSTRY", "NOTPROFIT", "Non-profit", 100),
    entry("INDUSTRY", "OTHER", "Other", 110).system(),
    entry("DEAL_TYPE", "SALE", "Sale", 10).system(),
    entry("DEAL_TYPE", "COMPLEX", "Complex sale", 20),
    entry("DEAL_TYPE", "GOODS", "Goods", 30),
    entry("DEAL_TYPE", "SERVICES", "Services", 40),
    entry("DEAL_TYPE", "SERVICE", "Maintenance", 50),
    stage("DEAL_STAGE", "NEW", "New", 10, "#39A8EF").system(),
    stage("DEAL_STAGE", "PREPARATION", "Preparing documents", 20, "#2FC6F6"),
    stage("DEAL_STAGE", "PREPAYMENT_INVOICE", "Prepayment invoice", 30, "#55D0E0"),
    stage("DEAL_STAGE", "EXECUTING", "In progress", 40, "#47E4C2"),
    stage("DEAL_STAGE", "FINAL_INVOICE", "Final invoice", 50, "#FFA900"),
    stage("DEAL_STAGE", "WON", "Won", 60, "#7BD500").success(),
    stage("DEAL_STAGE", "LOSE", "Lost", 70, "#FF5752").failure().system(),
    stage("DEAL_STAGE", "APOLOGY", "Lost, analyzing the cause", 80, "#FF5752").failure(),
    stage("QUOTE_STATUS", "DRAFT", "New", 10, "#39A8EF").system(),
    stage("QUOTE_STATUS", "SENT", "Sent to the client", 20, "#2FC6F6"),
    stage("QUOTE_STATUS", "APPROVED", "Accepted", 30, "#7BD500").success(),
    stage("QUOTE_STATUS", "DECLAINED", "Declined", 40, "#FF5752").failure().system(),
    stage("QUOTE_STATUS", "APOLOGY", "Declined, analyzing the cause", 50, "#FF5752").failure(),
    entry("HONORIFIC", "HNR_EN_1", "Mr.", 10).only(Language::English),
    entry("HONORIFIC", "HNR_EN_2", "Mrs.", 20).only(Language::English),
    entry("HONORIFIC", "HNR_EN_3", "Ms.", 30).only(Language::English),
    entry("HONORIFIC", "HNR_EN_4", "Dr.", 40).only(Language::English),
    entry("HONORIFIC", "HNR_RU_1", "Mr.", 10).only(Language::Russian),
    entry("HONORIFIC", "HNR_RU_2", "Mrs.", 20).only(Language::Russian),
    entry("CALL_LIST", "IN_WORK", "In progress", 10).system(),
    entry("CALL_LIST", "SUCCESS", "Successful", 20).system(),
    entry("CALL_LIST", "WRONG_NUMBER", "Wrong number", 30).system(),
    entry("CALL_LIST", "STOP_CALLING", "Do not call again", 40).system(),
    stage("INVOICE_STATUS", "N", "New", 100, "#39A8EF").system(),
    stage("INVOICE_STATUS", "S", "Sent to the client", 110, "#2FC6F6"),
    stage("INVOICE_STATUS", "A", "Approved", 120, "#55D0E0"),
    stage("INVOICE_STATUS", "P", "Paid", 140, "#7BD500").success(),
    stage("INVOICE_STATUS", "D", "Not paid", 150, "#FF5752").failure().system(),
];

/// The shortcuts of every entity with multi-fields, in the order in which an item shows them.
pub const ALIASES: [Alias; 9] = [
    alias("phoneMobile", "PHONE", Some("MOBILE")),
    alias("phoneWork", "PHONE", Some("WORK")),
    alias("phoneMailing", "PHONE", Some("MAILING")),
    alias("emailHome", "EMAIL", Some("HOME")),
    alias("emailWork", "EMAIL", Some("WORK")),
    alias("emailMailing", "EMAIL", Some("MAILING")),
    alias("imol", "IM", Some("OPENLINE")),
    alias("email", "EMAIL", None),
    alias("phone", "PHONE", None),
];

const fn entry(entity_id: &'static str, status_id: &'static str, name: &'static str, sort: i64) -> Seed {
    Seed { entity_id, status_id, name, sort, system: false, color: None, semantics: None, language: None }
}

const fn stage(
    entity_id: &'static str,
    status_id: &'static str,
    name: &'static str,
    sort: i64,
    color: &'static str,
) -> Seed {
    Seed { color: Some(color), ..entry(entity_id, status_id, name, sort) }
}

const fn alias(name: &'static str, type_id: &'static str, value_type: Option<&'static str>) -> Alias {
    Alias { name, type_id, value_type }
}

impl Seed {
    const fn only(self, language: Language) -> Self {
        Seed { language: Some(language), ..self }
    }

    const fn system(self) -> Self {
        Seed { system: true, ..self }
    }

    /// There is one such stage, and it cannot be deleted.
    const fn success(self) -> Self {
        Seed { semantics: Some("S"), ..self }.system()
    }

    const fn failure(self) -> Self {
        Seed { semantics: Some("F"), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_belong_to_a_dictionary_and_stand_in_its_order() {
        for pair in SEEDS.windows(2) {
            let [before, after] = pair else { unreachable!("windows of two") };
            let begins = before.entity_id != after.entity_id || before.language != after.language;
            assert!(begins || before.sort < after.sort, "{after:?}");
        }
        for dictionary in DICTIONARIES {
            let entries: Vec<&Seed> = SEEDS.iter().filter(|seed| seed.entity_id == dictionary.id).collect();
            assert!(!entries.is_empty(), "{} has no entries", dictionary.id);
            assert!(entries.iter().all(|seed| seed.color.is_some() == dictionary.stages.is_some()));
        }
        let known = |seed: &Seed| DICTIONARIES.iter().any(|dictionary| dictionary.id == seed.entity_id);
        assert!(SEEDS.iter().all(known));
    }

    #[test]
    fn anchors_are_system_stages_with_their_meaning() {
        for dictionary in DICTIONARIES {
            let Some(stages) = dictionary.stages else { continue };
            let semantics = |code: &str| {
                let own = |seed: &&Seed| seed.entity_id == dictionary.id && seed.status_id == code;
                SEEDS.iter().find(own).filter(|seed| seed.system).map(|seed| seed.semantics)
            };
            assert_eq!(semantics(stages.start), Some(None));
            assert_eq!(semantics(stages.success), Some(Some("S")));
            assert_eq!(semantics(stages.failure), Some(Some("F")));
        }
    }
}
