//! The templates that a new portal has.

use engine::error::Result;
use engine::moment::Moment;
use engine::noun::Seed;
use engine::texts::{Language, Locale, Topic};
use store::Tx;

use super::country::{self, RU, US};

/// The templates of a portal.
pub const SEED: Seed = Seed {
    name: "crm.requisite.preset",
    names: || ENGLISH.iter().chain(RUSSIAN).map(|preset| preset.name).chain(country::names()).collect(),
    seed,
};

/// A template, with its fields: an asterisk marks those of the short list.
struct Preset {
    name: &'static str,
    xml_id: &'static str,
    country: i64,
    fields: &'static [&'static str],
}

/// Those of an English portal.
const ENGLISH: &[Preset] = &[
    Preset {
        name: "Company",
        xml_id: "#CRM_REQUISITE_PRESET_DEF_US_COMPANY#",
        country: US,
        fields: &[
            "RQ_COMPANY_NAME*",
            "RQ_VAT_ID*",
            "RQ_ADDR",
            "RQ_CONTACT",
            "RQ_EMAIL",
            "RQ_PHONE",
            "RQ_SIGNATURE",
            "RQ_STAMP",
        ],
    },
    Preset {
        name: "Person",
        xml_id: "#CRM_REQUISITE_PRESET_DEF_US_PERSON#",
        country: US,
        fields: &["RQ_FIRST_NAME*", "RQ_LAST_NAME*", "RQ_ADDR", "RQ_EMAIL", "RQ_PHONE", "RQ_SIGNATURE"],
    },
];

/// Those of a Russian portal.
const RUSSIAN: &[Preset] = &[
    Preset {
        name: "Organisation",
        xml_id: "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#",
        country: RU,
        fields: &[
            "RQ_INN*",
            "RQ_COMPANY_NAME*",
            "RQ_COMPANY_FULL_NAME",
            "RQ_OGRN",
            "RQ_KPP*",
            "RQ_COMPANY_REG_DATE",
            "RQ_OKPO",
            "RQ_OKTMO",
            "RQ_DIRECTOR",
            "RQ_ACCOUNTANT",
            "RQ_ADDR",
            "RQ_SIGNATURE",
            "RQ_STAMP",
        ],
    },
    Preset {
        name: "Sole proprietor",
        xml_id: "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#",
        country: RU,
        fields: &[
            "RQ_INN*",
            "RQ_LAST_NAME*",
            "RQ_FIRST_NAME*",
            "RQ_SECOND_NAME*",
            "RQ_COMPANY_NAME",
            "RQ_OGRNIP",
            "RQ_OKPO",
            "RQ_OKVED",
            "RQ_ST_CERT_SER",
            "RQ_ST_CERT_NUM",
            "RQ_ST_CERT_DATE",
            "RQ_ADDR",
            "RQ_SIGNATURE",
            "RQ_STAMP",
        ],
    },
    Preset {
        name: "Natural person",
        xml_id: "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#",
        country: RU,
        fields: &[
            "RQ_LAST_NAME*",
            "RQ_FIRST_NAME*",
            "RQ_SECOND_NAME*",
            "RQ_IDENT_DOC",
            "RQ_IDENT_DOC_SER",
            "RQ_IDENT_DOC_NUM",
            "RQ_IDENT_DOC_ISSUED_BY",
            "RQ_IDENT_DOC_DATE",
            "RQ_IDENT_DOC_DEP_CODE",
            "RQ_ADDR",
            "RQ_SIGNATURE",
        ],
    },
];

fn seed(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    let presets = match locale.language {
        Language::English => ENGLISH,
        Language::Russian => RUSSIAN,
    };
    let sql = "INSERT INTO crm_requisite_preset (entity_type_id, country_id, name, date_create, created_by_id, active, sort, xml_id) \
               VALUES (8, ?, ?, ?, 1, 'Y', ?, ?)";
    for (place, preset) in (1..).zip(presets) {
        let name = locale.text(Topic::Names, preset.name);
        let params = [
            preset.country.into(),
            name.into(),
            now.seconds().into(),
            (500 + 10 * place).into(),
            preset.xml_id.into(),
        ];
        let id = tx.insert(sql, &params)?;
        for (number, field) in (1..).zip(preset.fields) {
            seed_field(tx, id, number, field)?;
        }
    }
    Ok(())
}

fn seed_field(tx: &mut Tx<'_>, preset: i64, number: i64, field: &str) -> Result<()> {
    let sql = "INSERT INTO crm_requisite_preset_field (number, preset_id, field_name, field_title, sort, in_short_list) \
               VALUES (?, ?, ?, '', ?, ?)";
    let (name, short) = field.strip_suffix('*').map_or((field, "N"), |name| (name, "Y"));
    let params = [number.into(), preset.into(), name.into(), (500 + 10 * number).into(), short.into()];
    tx.execute(sql, &params)?;
    Ok(())
}
