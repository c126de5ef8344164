//! CRM roles: whose items a webhook's owner may see and change.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::user::{self, NewUser};
use serde_json::json;
use testportal::{Bench, Hook};

/// A company with Ines in Sales (2), Otto in Field sales (3) below it, and Mira in Support (4); one lead of each,
/// Mira's open to everybody.
pub struct Staff {
    pub ines: Hook,
    pub otto: Hook,
    pub mira: Hook,
}

pub fn staff(bench: &Bench) -> Staff {
    for (name, parent) in [("Sales", 1), ("Field sales", 2), ("Support", 1)] {
        bench.get("department.add", json!({"NAME": name, "PARENT": parent}));
    }
    let join = |email: &str, department: i64| {
        let new = NewUser { email: email.into(), departments: vec![department], ..NewUser::default() };
        let id = bench.write(move |tx| user::create(tx, &new, portal::Moment(testportal::NOW * 1_000_000)));
        let opened = if department == 4 { "Y" } else { "N" };
        let fields = json!({"TITLE": email, "ASSIGNED_BY_ID": id, "OPENED": opened});
        bench.get("crm.lead.add", json!({"fields": fields}));
        bench.hook_of(id, "crm")
    };
    Staff {
        ines: join("ines@example.com", 2),
        otto: join("otto@example.com", 3),
        mira: join("mira@example.com", 4),
    }
}

/// Sets what the role of everybody allows on items of a kind.
pub fn everybody_may(bench: &Bench, entity: &'static str, acts: &'static [Act], level: Level) {
    bench.write(move |tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        acts.iter().try_for_each(|act| roles::allow(tx, role, entity, *act, level))?;
        Meta::outdate(tx)
    });
}

fn seen(hook: &Hook) -> Vec<String> {
    let page = hook.page("crm.lead.list", json!({"select": ["TITLE"]})).expect("a list");
    let titles: Vec<String> = page
        .result
        .as_array()
        .expect("a list")
        .iter()
        .map(|lead| lead["TITLE"].as_str().expect("a title").to_owned())
        .collect();
    assert_eq!(page.total, Some(titles.len() as i64), "the total counts what is shown");
    titles
}

#[test]
fn each_level_shows_its_items_and_no_others() {
    let (ines, otto, mira) = ("ines@example.com", "otto@example.com", "mira@example.com");
    for bench in testportal::portals("crm,department") {
        let staff = staff(&bench);
        for (level, expected) in [
            (Level::None, vec![]),
            (Level::Own, vec![ines]),
            (Level::Department, vec![ines]),
            (Level::SubDepartments, vec![ines, otto]),
            (Level::Open, vec![ines, mira]),
            (Level::All, vec![ines, otto, mira]),
        ] {
            everybody_may(&bench, "LEAD", &[Act::Read], level);
            assert_eq!(seen(&staff.ines), expected, "{level:?} on {}", bench.engine);
        }
        assert_eq!(seen(&bench).len(), 3, "an administrator sees everything");
    }
}

#[test]
fn what_is_out_of_reach_can_be_neither_read_nor_changed() {
    for bench in testportal::portals("crm,department") {
        let staff = staff(&bench);
        everybody_may(&bench, "LEAD", &Act::ALL, Level::Own);
        let of_ines = json!({"id": 1});
        let refusal = (400, String::new(), "Access denied.".to_owned());
        assert_eq!(staff.otto.refused("crm.lead.get", of_ines.clone()), refusal);
        assert_eq!(
            staff.otto.refused("crm.lead.update", json!({"id": 1, "fields": {"TITLE": "mine"}})),
            refusal
        );
        assert_eq!(staff.otto.refused("crm.lead.delete", of_ines.clone()), refusal);
        let for_ines = json!({"fields": {"TITLE": "x", "ASSIGNED_BY_ID": staff.ines.user}});
        assert_eq!(staff.otto.refused("crm.lead.add", for_ines), refusal);
        let item = staff.otto.refused("crm.item.get", json!({"entityTypeId": 1, "id": 1}));
        assert_eq!((item.0, item.1.as_str()), (400, "ACCESS_DENIED"));
        assert_eq!(bench.get("crm.lead.get", of_ines)["TITLE"], "ines@example.com");
        assert_eq!(staff.mira.get("crm.lead.update", json!({"id": 3, "fields": {"TITLE": "own"}})), true);
    }
}

#[test]
fn a_role_reaches_those_with_its_access_code_and_holds_at_once() {
    for bench in testportal::portals("crm,department") {
        let staff = staff(&bench);
        everybody_may(&bench, "LEAD", &Act::ALL, Level::None);
        assert!(seen(&staff.otto).is_empty());
        bench.write(|tx| {
            let role = roles::create(tx, "Sales lead")?;
            roles::allow(tx, role, "LEAD", Act::Read, Level::All)?;
            roles::give(tx, role, "DR2")?;
            Meta::outdate(tx)
        });
        assert_eq!((seen(&staff.ines).len(), seen(&staff.otto).len(), seen(&staff.mira).len()), (3, 3, 0));
        bench.write(|tx| {
            let role = roles::find(tx, "Sales lead")?.expect("made above");
            roles::take(tx, role, "DR2")?;
            Meta::outdate(tx)
        });
        assert!(seen(&staff.otto).is_empty());
    }
}
