//! What three users see of each other's calendars, and do there.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{each, event, june, with};

const SCOPES: &str = "calendar,sonet_group";

/// The name of an event as somebody gets it, or the refusal.
fn name(who: &Hook, id: i64) -> String {
    match who.ask("calendar.event.getbyid", json!({"id": id})) {
        Ok(event) => event["NAME"].as_str().unwrap_or_default().to_owned(),
        Err(fault) => fault.message.into_owned(),
    }
}

#[test]
fn what_is_private_is_busy_for_others() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let open = event(
            &ines,
            json!({"name": "Open", "description": "Prices", "location": "Kitchen", "crm_fields": ["C_5"]}),
        );
        let shut = event(
            &ines,
            json!({"name": "Doctor", "private_event": "Y", "from": "2026-06-16 10:00", "to": "2026-06-16 11:00"}),
        );
        event(&ines, json!({"name": "Free", "accessibility": "free"}));
        for other in [&otto, &*ada] {
            let list = june(other, ines.user);
            assert_eq!(each(&list, "NAME"), ["Open", "Free", "Busy"]);
            assert!(!json!(list).to_string().contains("Doctor"));
            assert_eq!(name(other, shut), "Access denied");
            let asked = json!({"users": [ines.user, other.user], "from": "2026-06-01", "to": "2026-06-30"});
            let busy = other.get("calendar.accessibility.get", asked);
            assert_eq!(each(busy[ines.user.to_string()].as_array().unwrap(), "NAME"), ["Open", ""]);
            assert_eq!(busy[other.user.to_string()], json!([]));
        }
        let seen = june(&otto, ines.user)[0].clone();
        for (name, value) in [
            ("DESCRIPTION", json!("")),
            ("LOCATION", json!("")),
            ("UF_CRM_CAL_EVENT", json!(false)),
            ("REMIND", json!([])),
        ] {
            assert_eq!(seen[name], value, "titles, and no more");
        }
        assert_eq!(
            june(&ada, ines.user)[0]["DESCRIPTION"],
            "Prices",
            "administrators see what is not private"
        );
        assert_eq!((name(&ines, open), name(&ines, shut)), ("Open".to_owned(), "Doctor".to_owned()));
        assert_eq!(each(&june(&ines, ines.user), "NAME"), ["Open", "Free", "Doctor"]);
        for id in [open, shut] {
            let update = json!({"id": id, "type": "user", "ownerId": ines.user, "name": "x"});
            assert_eq!(otto.refused("calendar.event.update", update).2, "Access denied.");
            let said = otto.refused("calendar.event.delete", json!({"id": id})).2;
            assert_eq!(said, "An error occurred while deleting the event");
        }
        let given = json!({"type": "user", "ownerId": ines.user, "name": "x", "from": "2026-06-15", "to": "2026-06-15"});
        assert_eq!(otto.refused("calendar.event.add", given).2, "Access denied");
    }
}

#[test]
fn levels_of_a_calendar_hold_for_what_is_in_it() {
    // Nothing, times, titles, everything, changes, the calendar itself.
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let code = format!("U{}", otto.user);
        for (task, seen) in [
            (11, None),
            (13, Some("Busy")),
            (15, Some("Plan")),
            (17, Some("Plan")),
            (19, Some("Plan")),
            (21, Some("Plan")),
        ] {
            let of = json!({"type": "user", "ownerId": ines.user});
            let given =
                with(of.clone(), json!({"name": format!("with {task}"), "access": {code.as_str(): task}}));
            let section = ines.get("calendar.section.add", given).as_i64().unwrap();
            let id = event(&ines, json!({"name": "Plan", "description": "Prices", "section": section}));
            let said = format!("with {task} on {}", ada.engine);
            let list: Vec<Json> =
                june(&otto, ines.user).into_iter().filter(|one| one["ID"] == json!(id.to_string())).collect();
            assert_eq!(list.first().map(|one| one["NAME"].as_str().unwrap()), seen, "{said}");
            assert_eq!(list.iter().any(|one| one["DESCRIPTION"] == "Prices"), task >= 17, "{said}");
            assert_eq!(name(&otto, id), seen.unwrap_or("Access denied"), "{said}");
            let sections = otto.get("calendar.section.get", of.clone());
            let found = sections
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one["ID"] == json!(section.to_string()))
                .cloned();
            assert_eq!(found.is_some(), task > 11, "{said}");
            assert!(found.is_none_or(|one| one["PERM"]["edit"] == (task >= 19)), "{said}");
            let asked = json!({"users": [ines.user], "from": "2026-06-01", "to": "2026-06-30"});
            let busy = otto.get("calendar.accessibility.get", asked);
            let busy = each(busy[ines.user.to_string()].as_array().unwrap(), "ID");
            assert_eq!(busy.contains(&id.to_string()), task > 11, "{said}");
            let update = with(of.clone(), json!({"id": id, "name": "Plan"}));
            assert_eq!(otto.ask("calendar.event.update", update).is_ok(), task >= 19, "{said}");
            let add = with(
                of.clone(),
                json!({"section": section, "name": "x", "from": "2026-07-15", "to": "2026-07-15"}),
            );
            assert_eq!(otto.ask("calendar.event.add", add).is_ok(), task >= 19, "{said}");
            assert_eq!(otto.ask("calendar.event.delete", json!({"id": id})).is_ok(), task >= 19, "{said}");
            let named = with(of, json!({"id": section, "name": "y"}));
            assert_eq!(otto.ask("calendar.section.update", named.clone()).is_ok(), task == 21, "{said}");
            assert_eq!(otto.ask("calendar.section.delete", named).is_ok(), task == 21, "{said}");
        }
    }
}

#[test]
fn calendars_of_groups_are_for_members_and_those_of_the_company_for_all() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let group = ada.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        ada.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": ines.user}));
        let of = json!({"type": "group", "ownerId": group});
        let day = json!({"from": "2026-06-15", "to": "2026-06-15", "skip_time": "Y", "name": "Build"});
        let id = ines.get("calendar.event.add", with(of.clone(), day.clone())).as_i64().unwrap();
        let asked = with(of.clone(), json!({"from": "2026-06-01", "to": "2026-06-30"}));
        for (who, may) in [(&ines, true), (&*ada, true), (&otto, false)] {
            for method in ["calendar.event.get", "calendar.section.get"] {
                assert_eq!(who.ask(method, asked.clone()).is_ok(), may, "{method}");
            }
            assert_eq!(name(who, id), if may { "Build" } else { "Access denied" });
            assert_eq!(who.ask("calendar.event.add", with(of.clone(), day.clone())).is_ok(), may);
        }
        let company = json!({"type": "company_calendar", "ownerId": ""});
        assert_eq!(otto.get("calendar.section.get", company.clone())[0]["NAME"], "Company calendar");
        assert_eq!(otto.refused("calendar.event.add", with(company.clone(), day.clone())).2, "Access denied");
        ada.get("calendar.event.add", with(company.clone(), day));
        let asked = with(company, json!({"from": "2026-06-01", "to": "2026-06-30"}));
        assert_eq!(otto.get("calendar.event.get", asked)[0]["NAME"], "Build");
        // What a group had goes with it.
        ada.get("sonet_group.delete", json!({"GROUP_ID": group}));
        assert_eq!(ada.get("calendar.event.getbyid", json!({"id": id})), json!([]));
    }
}
