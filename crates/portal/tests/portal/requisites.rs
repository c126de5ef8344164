//! Requisites with what hangs on them: templates, bank details, addresses and links.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::user::{self, NewUser};
use serde_json::{Value as Json, json};

use testportal::{Bench, Hook};

fn id(answer: &Json) -> i64 {
    answer.as_i64().unwrap_or_else(|| panic!("{answer} is no id"))
}

fn company(hook: &Hook, fields: &Json) -> i64 {
    id(&hook.get("crm.company.add", json!({"fields": fields})))
}

fn requisite(hook: &Hook, company: i64, name: &str) -> i64 {
    let fields =
        json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": name, "RQ_INN": name});
    id(&hook.get("crm.requisite.add", json!({"fields": fields})))
}

fn bank(hook: &Hook, requisite: i64) -> i64 {
    let fields = json!({"ENTITY_ID": requisite, "NAME": "Hafenbank", "RQ_IBAN": "DE02"});
    id(&hook.get("crm.requisite.bankdetail.add", json!({"fields": fields})))
}

fn address(kind: i64, owner_type: i64, owner: i64, city: &str) -> Json {
    json!({"fields": {"TYPE_ID": kind, "ENTITY_TYPE_ID": owner_type, "ENTITY_ID": owner, "CITY": city}})
}

/// Somebody's company with all that may hang on it.
struct Firm {
    company: i64,
    requisite: i64,
    bank: i64,
}

fn firm(bench: &Bench, name: &str, responsible: i64, opened: bool) -> Firm {
    let opened = if opened { "Y" } else { "N" };
    let company = company(bench, &json!({"TITLE": name, "ASSIGNED_BY_ID": responsible, "OPENED": opened}));
    let requisite = requisite(bench, company, name);
    bench.get("crm.address.add", address(1, 8, requisite, name));
    Firm { company, requisite, bank: bank(bench, requisite) }
}

fn everybody_may(bench: &Bench, acts: &'static [Act], level: Level) {
    bench.write(move |tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        acts.iter().try_for_each(|act| roles::allow(tx, role, "COMPANY", *act, level))?;
        Meta::outdate(tx)
    });
}

/// What a list shows in one field, and that the total counts no more.
fn listed(hook: &Hook, method: &str, field: &str, filter: &Json) -> Vec<String> {
    let page = hook.page(method, json!({"filter": filter, "order": {"ENTITY_ID": "ASC"}})).expect("a list");
    let rows = page.result.as_array().expect("a list").clone();
    assert_eq!(page.total, Some(rows.len() as i64), "{method} counts what it shows");
    rows.iter().map(|row| row[field].as_str().expect("a text").to_owned()).collect()
}

/// Ines in Sales, Otto below her and Mira elsewhere, each responsible for a firm; Mira's is open to everybody.
fn staff(bench: &Bench) -> (Hook, Vec<(&'static str, Firm)>) {
    for (name, parent) in [("Sales", 1), ("Field sales", 2), ("Support", 1)] {
        bench.get("department.add", json!({"NAME": name, "PARENT": parent}));
    }
    let join = |name: &'static str, department: i64| {
        let email = format!("{name}@example.com");
        let new = NewUser { email, departments: vec![department], ..NewUser::default() };
        bench.write(move |tx| user::create(tx, &new, portal::Moment(testportal::NOW * 1_000_000)))
    };
    let people =
        [("ines", 2), ("otto", 3), ("mira", 4)].map(|(name, department)| (name, join(name, department)));
    let firms = people.map(|(name, user)| (name, firm(bench, name, user, name == "mira")));
    (bench.hook_of(people[0].1, "crm"), firms.into_iter().collect())
}

const LEVELS: [(Level, &[&str]); 6] = [
    (Level::None, &[]),
    (Level::Own, &["ines"]),
    (Level::Department, &["ines"]),
    (Level::SubDepartments, &["ines", "otto"]),
    (Level::Open, &["ines", "mira"]),
    (Level::All, &["ines", "otto", "mira"]),
];

#[test]
fn each_level_of_a_role_reads_the_requisites_of_exactly_its_companies() {
    for bench in testportal::portals("crm,department") {
        let (ines, firms) = staff(&bench);
        // Of contacts nobody may read anything, so that those do not blur the picture.
        for (level, expected) in LEVELS {
            everybody_may(&bench, &[Act::Read], level);
            for (method, field) in [("crm.requisite.list", "NAME"), ("crm.address.list", "CITY")] {
                assert_eq!(listed(&ines, method, field, &json!({})), expected, "{method} {level:?}");
            }
            assert_eq!(
                listed(&ines, "crm.requisite.bankdetail.list", "NAME", &json!({})).len(),
                expected.len()
            );
            for (name, firm) in &firms {
                let may = expected.contains(name);
                let said =
                    |answer: Result<Json, wire::Fault>| answer.map_err(|fault| fault.message.into_owned());
                let reads =
                    [("crm.requisite.get", firm.requisite), ("crm.requisite.bankdetail.get", firm.bank)];
                for (method, id) in reads {
                    let answer = said(ines.ask(method, json!({"id": id})));
                    let refused = answer.as_ref().err().map(String::as_str);
                    assert_eq!(refused, (!may).then_some("Access denied."), "{method} of {name} {level:?}");
                }
                // A filter finds no more than a list shows, and a batch no more than its commands.
                assert_eq!(
                    listed(&ines, "crm.requisite.list", "NAME", &json!({"RQ_INN": name})).len(),
                    usize::from(may)
                );
                let anchor = json!({"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": firm.company});
                assert_eq!(listed(&ines, "crm.address.list", "CITY", &anchor).len(), usize::from(may));
                let batch = ines.get(
                    "batch",
                    json!({"cmd": {
                        "r": format!("crm.requisite.get?id={}", firm.requisite),
                        "b": format!("crm.requisite.bankdetail.list?filter[ENTITY_ID]={}", firm.requisite),
                    }}),
                );
                assert_eq!(batch["result"]["r"].is_object(), may, "{batch}");
                assert_eq!(
                    batch["result"]["b"].as_array().expect("a list").len(),
                    usize::from(may),
                    "{batch}"
                );
            }
        }
    }
}

#[test]
fn each_level_of_a_role_changes_the_requisites_of_exactly_its_companies() {
    for bench in testportal::portals("crm,department") {
        let (ines, firms) = staff(&bench);
        everybody_may(&bench, &[Act::Read], Level::All);
        for (level, expected) in LEVELS {
            everybody_may(&bench, &[Act::Update], level);
            for (name, firm) in &firms {
                let may = expected.contains(name);
                let owner =
                    json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": firm.company, "PRESET_ID": 1, "NAME": "x"});
                let writes = [
                    ("crm.requisite.add", json!({"fields": owner})),
                    ("crm.requisite.update", json!({"id": firm.requisite, "fields": {"SORT": 7}})),
                    (
                        "crm.requisite.bankdetail.add",
                        json!({"fields": {"ENTITY_ID": firm.requisite, "NAME": "x"}}),
                    ),
                    ("crm.requisite.bankdetail.update", json!({"id": firm.bank, "fields": {"SORT": 7}})),
                    ("crm.address.add", address(11, 8, firm.requisite, "x")),
                    ("crm.address.update", address(1, 8, firm.requisite, name)),
                    ("crm.address.delete", address(11, 8, firm.requisite, "x")),
                ];
                for (method, params) in writes {
                    let refused = ines.ask(method, params).err().map(|fault| fault.message.into_owned());
                    let missing = method == "crm.address.delete";
                    let expected = match (may, missing) {
                        (true, _) => None,
                        // Nobody could add it.
                        (false, true) => Some("TypeAddress not found."),
                        (false, false) => Some("Access denied."),
                    };
                    let denied = level == Level::None && !may;
                    assert!(
                        refused.as_deref() == expected
                            || (denied && refused.as_deref() == Some("Access denied.")),
                        "{method} of {name} {level:?}: {refused:?}"
                    );
                }
            }
        }
        everybody_may(&bench, &[Act::Update], Level::Own);
        let (mine, others) = (&firms[0].1, &firms[1].1);
        assert_eq!(ines.refused("crm.requisite.delete", json!({"id": others.requisite})).2, "Access denied.");
        assert_eq!(
            ines.refused("crm.requisite.bankdetail.delete", json!({"id": others.bank})).2,
            "Access denied."
        );
        assert_eq!(ines.get("crm.requisite.bankdetail.delete", json!({"id": mine.bank})), true);
        assert_eq!(ines.get("crm.requisite.delete", json!({"id": mine.requisite})), true);
    }
}

#[test]
fn a_requisite_is_refused_in_the_words_of_the_real_system() {
    for portal in testportal::portals("crm") {
        let company = company(&portal, &json!({"TITLE": "Nordlicht"}));
        let whole = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "x"});
        let refused = |changes: Json| {
            let mut fields = whole.clone();
            fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            portal.refused("crm.requisite.add", json!({"fields": fields})).2
        };
        assert_eq!(refused(json!({"ENTITY_TYPE_ID": 2})), "ENTITY_TYPE_ID is not defined or invalid.");
        assert_eq!(refused(json!({"ENTITY_ID": ""})), "ENTITY_ID is not defined or invalid.");
        assert_eq!(refused(json!({"ENTITY_ID": 999})), "Entity not found.");
        assert_eq!(refused(json!({"PRESET_ID": 999})), "PRESET_ID is not defined or invalid.");
        assert_eq!(refused(json!({"NAME": " "})), "NAME is not defined or invalid.");
        let missing = portal.refused("crm.requisite.get", json!({"id": 27}));
        assert_eq!((missing.1.as_str(), missing.2.as_str()), ("", "The Requisite with ID '27' is not found"));
        assert_eq!(portal.refused("crm.requisite.get", json!({})).2, "ID is not defined or invalid.");
        let missing =
            portal.refused("crm.requisite.bankdetail.update", json!({"id": 357, "fields": {"NAME": "x"}}));
        assert_eq!(missing.2, "The RequisiteBankDetail with ID '357' is not found");
        let orphan = json!({"fields": {"ENTITY_ID": 999, "NAME": "x"}});
        assert_eq!(
            portal.refused("crm.requisite.bankdetail.add", orphan).2,
            "ENTITY_ID is not defined or invalid."
        );
    }
}

#[test]
fn a_requisite_says_who_changed_it_and_never_whom_it_belongs_to_anew() {
    for portal in testportal::portals("crm") {
        let (first, second) =
            (company(&portal, &json!({"TITLE": "1"})), company(&portal, &json!({"TITLE": "2"})));
        let made = requisite(&portal, first, "Main");
        let shown = portal.get("crm.requisite.get", json!({"id": made}));
        assert_eq!((&shown["DATE_MODIFY"], &shown["MODIFY_BY_ID"]), (&json!(""), &Json::Null));
        assert_eq!(
            (&shown["ACTIVE"], &shown["SORT"], &shown["ADDRESS_ONLY"]),
            (&json!("Y"), &json!("500"), &json!("N"))
        );
        let changes =
            json!({"id": made, "fields": {"ENTITY_ID": second, "RQ_KPP": 770_501_001, "RQ_VAT_PAYER": "Y"}});
        assert_eq!(portal.get("crm.requisite.update", changes), true);
        let shown = portal.get("crm.requisite.get", json!({"id": made}));
        assert_eq!((&shown["ENTITY_ID"], &shown["RQ_KPP"]), (&json!(first.to_string()), &json!("770501001")));
        assert_eq!((&shown["RQ_VAT_PAYER"], &shown["MODIFY_BY_ID"]), (&json!("Y"), &json!("1")));
        assert_ne!(shown["DATE_MODIFY"], "");
    }
}

#[test]
fn what_hangs_on_a_requisite_goes_with_it_and_all_of_it_with_its_company() {
    for portal in testportal::portals("crm") {
        let firm = firm(&portal, "Nordlicht", 1, false);
        let second = requisite(&portal, firm.company, "Branch");
        let deal =
            id(&portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "COMPANY_ID": firm.company}})));
        let link = json!({"fields": {
            "ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": firm.requisite, "BANK_DETAIL_ID": firm.bank,
            "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0,
        }});
        assert_eq!(portal.get("crm.requisite.link.register", link), true);
        let of_deal = json!({"entityTypeId": 2, "entityId": deal});
        let linked = |portal: &Hook| portal.get("crm.requisite.link.get", of_deal.clone());
        assert_eq!(linked(&portal)["BANK_DETAIL_ID"], firm.bank.to_string());
        let events = ["ONCRMREQUISITEDELETE", "ONCRMBANKDETAILDELETE", "ONCRMADDRESSUNREGISTER"];
        let told = portal.told(testportal::input(&events));
        assert_eq!(portal.get("crm.requisite.delete", json!({"id": firm.requisite})), true);
        let raised: Vec<String> = portal.raised(told).into_iter().map(|(name, _)| name).collect();
        assert_eq!(raised, ["ONCRMBANKDETAILDELETE", "ONCRMADDRESSUNREGISTER", "ONCRMREQUISITEDELETE"]);
        let link = linked(&portal);
        assert_eq!((&link["REQUISITE_ID"], &link["BANK_DETAIL_ID"]), (&json!("0"), &json!("0")));
        assert_eq!(link["ENTITY_ID"], deal, "alone, the item's number is a number");
        for method in ["crm.requisite.bankdetail.list", "crm.address.list"] {
            assert_eq!(portal.get(method, json!({})), json!([]), "{method}");
        }
        portal.get("crm.company.delete", json!({"id": firm.company}));
        let missing = portal.refused("crm.requisite.get", json!({"id": second}));
        assert_eq!(missing.2, format!("The Requisite with ID '{second}' is not found"));
        portal.get("crm.deal.delete", json!({"id": deal}));
        assert_eq!(portal.get("crm.requisite.link.list", json!({})), json!([]));
    }
}

#[test]
fn an_employee_hears_that_the_requisites_of_a_deleted_company_are_gone() {
    for portal in testportal::portals("crm") {
        let otto = portal.employee("otto@example.com", "crm");
        let (his, hers) = (firm(&portal, "his", otto.user, false), firm(&portal, "hers", 1, false));
        let told = portal.both(otto.user, "crm", &["ONCRMREQUISITEDELETE"]);
        portal.get("crm.company.delete", json!({"id": hers.company}));
        portal.get("crm.company.delete", json!({"id": his.company}));
        let expected = json!({"FIELDS": {"ID": his.requisite.to_string()}});
        assert_eq!(portal.raised(told), [("ONCRMREQUISITEDELETE".to_owned(), expected)]);
    }
}

#[test]
fn a_template_numbers_its_fields_and_takes_each_once() {
    for portal in testportal::portals("crm") {
        let new = json!({"ENTITY_TYPE_ID": 8, "COUNTRY_ID": 46, "NAME": "Partnership"});
        let preset = id(&portal.get("crm.requisite.preset.add", json!({"fields": new})));
        let of = |more: Json| {
            let mut params = json!({"preset": {"ID": preset}});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        let add = |name: &str| of(json!({"fields": {"FIELD_NAME": name}}));
        assert_eq!(portal.get("crm.requisite.preset.field.add", add("RQ_VAT_ID")), 1);
        assert_eq!(portal.get("crm.requisite.preset.field.add", add("RQ_USRLE")), 2);
        let again = portal.refused("crm.requisite.preset.field.add", add("RQ_USRLE")).2;
        assert_eq!(again, "The field 'RQ_USRLE' can not be added.");
        let elsewhere = portal.refused("crm.requisite.preset.field.add", add("RQ_KPP")).2;
        assert_eq!(elsewhere, "The field 'RQ_KPP' can not be added.", "Germany knows no KPP");
        let listed = portal.get("crm.requisite.preset.field.list", of(json!({})));
        let expected =
            json!({"ID": 1, "FIELD_NAME": "RQ_VAT_ID", "FIELD_TITLE": "", "SORT": 500, "IN_SHORT_LIST": "N"});
        assert_eq!((&listed[0], listed.as_array().unwrap().len()), (&expected, 2));
        let left = portal.get("crm.requisite.preset.field.availabletoadd", of(json!({})));
        let left: Vec<&str> = left.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert!(
            left.contains(&"RQ_INN") && !left.contains(&"RQ_VAT_ID") && !left.contains(&"RQ_KPP"),
            "{left:?}"
        );
        portal.get(
            "crm.requisite.preset.field.update",
            of(json!({"ID": 2, "fields": {"SORT": 7, "FIELD_NAME": "RQ_USRLE"}})),
        );
        assert_eq!(portal.get("crm.requisite.preset.field.get", of(json!({"id": 2})))["SORT"], 7);
        // The numbers are those of one template: the first one has others under them.
        let first = portal.get("crm.requisite.preset.field.get", json!({"preset": {"ID": 1}, "ID": 1}));
        assert_eq!(first["FIELD_NAME"], "RQ_COMPANY_NAME");
        assert_eq!(portal.get("crm.requisite.preset.field.delete", of(json!({"ID": 1}))), true);
        let gone = portal.refused("crm.requisite.preset.field.get", of(json!({"ID": 1}))).2;
        assert_eq!(gone, "The PresetField with ID '1' is not found");
        let nowhere = portal.refused("crm.requisite.preset.field.list", json!({"preset": {"ID": 77}})).2;
        assert_eq!(nowhere, "The Preset with ID '77' is not found");
        let nowhere =
            portal.refused("crm.requisite.preset.field.availabletoadd", json!({"preset": {"ID": 77}})).2;
        assert_eq!(nowhere, "Template not found.");

        assert_eq!(portal.get("crm.requisite.preset.delete", json!({"id": preset})), true);
        requisite(&portal, company(&portal, &json!({"TITLE": "x"})), "x");
        let used = portal.refused("crm.requisite.preset.delete", json!({"id": 1})).2;
        assert!(used.starts_with("You cannot delete the template"), "{used}");
        let wrong = json!({"fields": {"ENTITY_TYPE_ID": 4, "COUNTRY_ID": 46, "NAME": "x"}});
        assert_eq!(
            portal.refused("crm.requisite.preset.add", wrong).2,
            "ENTITY_TYPE_ID is not defined or invalid"
        );
    }
}

#[test]
fn templates_are_for_those_who_may_have_contacts_and_companies() {
    for bench in testportal::portals("crm") {
        let otto = bench.employee("otto@example.com", "crm");
        let first = otto.get("crm.requisite.preset.list", json!({"select": ["ID", "XML_ID"]}));
        assert_eq!(first[0], json!({"ID": "1", "XML_ID": "#CRM_REQUISITE_PRESET_DEF_US_COMPANY#"}));
        everybody_may(&bench, &[Act::Read, Act::Update], Level::None);
        assert_eq!(otto.refused("crm.requisite.preset.list", json!({})).2, "Access denied.");
        assert_eq!(otto.refused("crm.requisite.preset.get", json!({"id": 1})).2, "Access denied.");
        let field = json!({"preset": {"ID": 1}});
        assert_eq!(otto.refused("crm.requisite.preset.field.list", field).2, "Access denied.");
    }
}

#[test]
fn a_link_names_requisites_of_those_who_take_part() {
    for portal in testportal::portals("crm") {
        let (client, stranger) = (firm(&portal, "client", 1, false), firm(&portal, "stranger", 1, false));
        let own = company(&portal, &json!({"TITLE": "We", "IS_MY_COMPANY": "Y"}));
        let ours = requisite(&portal, own, "We");
        let deal =
            id(&portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "COMPANY_ID": client.company}})));
        let link = |ids: [i64; 4]| {
            json!({"fields": {
                "ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": ids[0], "BANK_DETAIL_ID": ids[1],
                "MC_REQUISITE_ID": ids[2], "MC_BANK_DETAIL_ID": ids[3],
            }})
        };
        let refused = |ids: [i64; 4]| portal.refused("crm.requisite.link.register", link(ids)).2;
        let of = |id: i64| {
            format!(
                "The Requisite with ID '{}' is not assigned to Company with ID '{id}'",
                stranger.requisite
            )
        };
        assert_eq!(refused([stranger.requisite, 0, 0, 0]), of(client.company));
        assert_eq!(refused([999, 0, 0, 0]), "The Requisite with ID '999' is not found");
        let (bank, requisite) = (stranger.bank, client.requisite);
        let of =
            format!("The BankDetail with ID '{bank}' is not assigned to Requisite with ID '{requisite}'");
        assert_eq!(refused([requisite, bank, 0, 0]), of);
        assert_eq!(refused([0, 0, 999, 0]), "The Requisite of your company with ID '999' is not found");
        let whole = link([client.requisite, client.bank, ours, 0]);
        for _ in 0..2 {
            assert_eq!(
                portal.get("crm.requisite.link.register", whole.clone()),
                true,
                "again, it takes the place"
            );
        }
        let listed =
            portal.get("crm.requisite.link.list", json!({"filter": {"@ENTITY_TYPE_ID": [1, 2, 7, 31]}}));
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            (&listed[0]["ENTITY_ID"], &listed[0]["MC_REQUISITE_ID"]),
            (&json!(deal.to_string()), &json!(ours.to_string()))
        );
        let item = json!({"entityTypeId": 2, "entityId": deal});
        assert_eq!(portal.get("crm.requisite.link.unregister", item.clone()), true);
        assert_eq!(portal.refused("crm.requisite.link.get", item.clone()).2, "Not found");
        let nothing = json!({"fields": {"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": 0}});
        let undefined = portal.refused("crm.requisite.link.register", nothing).2;
        assert_eq!(undefined, "BANK_DETAIL_ID is not defined or invalid.");

        let otto = portal.employee("otto@example.com", "crm");
        assert_eq!(otto.refused("crm.requisite.link.register", whole).2, "Access denied.");
        assert_eq!(otto.refused("crm.requisite.link.unregister", item).2, "Access denied.");
    }
}

#[test]
fn an_address_has_a_type_and_an_owner_once() {
    for portal in testportal::portals("crm") {
        let firm = firm(&portal, "Nordlicht", 1, false);
        let told = portal.told(testportal::input(&["ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER"]));
        let of = |city: &str| address(6, 8, firm.requisite, city);
        assert_eq!(portal.get("crm.address.add", of("Hamburg")), true);
        assert_eq!(portal.refused("crm.address.add", of("Bremen")).2, "TypeAddress exists.");
        assert_eq!(portal.get("crm.address.update", of("Bremen")), true);
        let listed = portal.get(
            "crm.address.list",
            json!({"filter": {"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": firm.company, "TYPE_ID": 6}}),
        );
        assert_eq!((&listed[0]["CITY"], &listed[0]["COUNTRY_CODE"]), (&json!("Bremen"), &Json::Null));
        // Another address that names its location says the same.
        let mut copy = address(11, 8, firm.requisite, "");
        copy["fields"]["LOC_ADDR_ID"] = listed[0]["LOC_ADDR_ID"].clone();
        portal.get("crm.address.add", copy);
        let copied = portal.get("crm.address.list", json!({"filter": {"TYPE_ID": 11}}));
        assert_eq!(copied[0]["CITY"], "Bremen");
        assert_ne!(copied[0]["LOC_ADDR_ID"], listed[0]["LOC_ADDR_ID"]);
        assert_eq!(portal.get("crm.address.delete", of("")), true);
        for method in ["crm.address.update", "crm.address.delete"] {
            assert_eq!(portal.refused(method, of("")).2, "TypeAddress not found.", "{method}");
        }
        let raised = portal.raised(told);
        let names: Vec<&str> = raised.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..3], ["ONCRMADDRESSREGISTER"; 3]);
        let (kind, owner) = ("8".to_owned(), firm.requisite.to_string());
        let expected = json!({"FIELDS": {
            "TYPE_ID": "6", "ENTITY_TYPE_ID": kind, "ENTITY_ID": owner, "ANCHOR_ID": firm.company.to_string(), "ANCHOR_TYPE_ID": "4",
        }});
        assert_eq!(raised[3], ("ONCRMADDRESSUNREGISTER".to_owned(), expected));
        for (wrong, name) in [
            (address(0, 8, 1, "x"), "TYPE_ID"),
            (address(1, 2, 1, "x"), "ENTITY_TYPE_ID"),
            (address(1, 8, 0, "x"), "ENTITY_ID"),
            (address(1, 8, 999, "x"), "ENTITY_ID"),
        ] {
            let refused = portal.refused("crm.address.add", wrong).2;
            assert_eq!(refused, format!("{name} is not defined or invalid."));
        }
    }
}

#[test]
fn address_fields_of_items_are_addresses() {
    for portal in testportal::portals("crm") {
        for (kind, number) in [("lead", 1), ("contact", 3), ("company", 4)] {
            let add = json!({"fields": {
                "TITLE": "x", "NAME": "x", "ADDRESS": "Am Kai 1", "ADDRESS_CITY": "Hamburg", "ADDRESS_POSTAL_CODE": "20457",
            }});
            let item = id(&portal.get(&format!("crm.{kind}.add"), add));
            let addresses = || {
                let filter = json!({"ANCHOR_TYPE_ID": number, "ANCHOR_ID": item});
                portal.get("crm.address.list", json!({"filter": filter}))
            };
            let shown = || portal.get(&format!("crm.{kind}.get"), json!({"id": item}));
            let list = addresses();
            assert_eq!(list.as_array().unwrap().len(), 1, "{kind}: {list}");
            assert_eq!((&list[0]["TYPE_ID"], &list[0]["ADDRESS_1"]), (&json!("1"), &json!("Am Kai 1")));
            assert_eq!((&list[0]["CITY"], &list[0]["POSTAL_CODE"]), (&json!("Hamburg"), &json!("20457")));
            assert_eq!(shown()["ADDRESS_LOC_ADDR_ID"], list[0]["LOC_ADDR_ID"]);
            // What changes the address changes the fields, and the other way round.
            assert_eq!(portal.get("crm.address.update", address(1, number, item, "Bremen")), true);
            assert_eq!(
                (&shown()["ADDRESS_CITY"], &shown()["ADDRESS"]),
                (&json!("Bremen"), &json!("Am Kai 1"))
            );
            let told = portal.told(testportal::input(&["ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER"]));
            let update = |fields: Json| {
                portal.get(&format!("crm.{kind}.update"), json!({"id": item, "fields": fields}));
            };
            update(json!({"ADDRESS_CITY": "Kiel"}));
            assert_eq!(addresses()[0]["CITY"], "Kiel");
            update(json!({"COMMENTS": "no address"}));
            let empty =
                ["ADDRESS", "ADDRESS_CITY", "ADDRESS_POSTAL_CODE"].map(|name| (name.to_owned(), json!("")));
            update(Json::Object(empty.into_iter().collect()));
            assert_eq!(addresses(), json!([]));
            let names: Vec<String> = portal.raised(told).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER"], "{kind}");
            assert!(matches!(&shown()["ADDRESS_LOC_ADDR_ID"], Json::Null | Json::String(_)));
            assert_eq!(portal.get("crm.address.add", address(1, number, item, "Lyon")), true);
            assert_eq!(shown()["ADDRESS_CITY"], "Lyon");
            assert_eq!(portal.get("crm.address.delete", address(1, number, item, "")), true);
            assert!(shown()["ADDRESS_CITY"].as_str().is_none_or(str::is_empty), "{}", shown());
        }
        // A company shows its legal address as well, and that of its requisite.
        let firm = firm(&portal, "Nordlicht", 1, false);
        portal.get("crm.address.add", address(6, 8, firm.requisite, "Essen"));
        let company = || portal.get("crm.company.get", json!({"id": firm.company}));
        assert_eq!(company()["REG_ADDRESS_CITY"], "Essen");
        let moved = json!({"id": firm.company, "fields": {"REG_ADDRESS_CITY": "Ulm"}});
        portal.get("crm.company.update", moved);
        let of_requisite =
            json!({"filter": {"ENTITY_TYPE_ID": 8, "ENTITY_ID": firm.requisite, "TYPE_ID": 6}});
        assert_eq!(portal.get("crm.address.list", of_requisite)[0]["CITY"], "Ulm");
        portal.get("crm.company.delete", json!({"id": firm.company}));
        assert_eq!(portal.get("crm.address.list", json!({"filter": {"TYPE_ID": 6}})), json!([]));
        // Whoever may add a company may give it an address, even if he may not change it later.
        let otto = portal.employee("otto@example.com", "crm");
        crate::roles::everybody_may(
            &portal,
            "COMPANY",
            &[portal::access::Act::Update],
            portal::access::Level::None,
        );
        let own = id(&otto.get("crm.company.add", json!({"fields": {"TITLE": "x", "ADDRESS_CITY": "Bonn"}})));
        let of_own = json!({"filter": {"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": own}});
        assert_eq!(otto.get("crm.address.list", of_own)[0]["CITY"], "Bonn");
    }
}

#[test]
fn an_address_of_a_contact_is_one_of_its_first_requisite() {
    for portal in testportal::portals("crm") {
        let contact = id(&portal.get("crm.contact.add", json!({"fields": {"NAME": "Clara"}})));
        assert_eq!(portal.get("crm.address.add", address(1, 3, contact, "Hamburg")), true);
        let made =
            portal.get("crm.requisite.list", json!({"filter": {"ENTITY_TYPE_ID": 3, "ENTITY_ID": contact}}));
        assert_eq!((&made[0]["ADDRESS_ONLY"], made.as_array().unwrap().len()), (&json!("Y"), 1));
        let listed =
            portal.get("crm.address.list", json!({"filter": {"ANCHOR_TYPE_ID": 3, "ANCHOR_ID": contact}}));
        assert_eq!((&listed[0]["ENTITY_TYPE_ID"], &listed[0]["ENTITY_ID"]), (&json!("8"), &made[0]["ID"]));
        assert_eq!(portal.get("crm.address.delete", address(1, 3, contact, "")), true);
        assert_eq!(portal.get("crm.address.list", json!({})), json!([]));
    }
}
