//! Three users: an administrator, an employee who may use the CRM, and one who may not.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, input, portals};

use crate::{SCOPES, START, book, fields, number, resource};

/// Sets what everybody may read of the CRM.
fn let_read(portal: &Bench, deals: Level) {
    portal.write(move |tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        for entity in ["LEAD", "CONTACT", "COMPANY"] {
            roles::allow(tx, role, entity, Act::Read, Level::None)?;
        }
        roles::allow(tx, role, "DEAL", Act::Read, deals)?;
        Meta::outdate(tx)
    });
}

fn denied(hook: &Hook, method: &str, params: Json) {
    let (status, code, _) = hook.refused(method, params);
    assert_eq!((status, code.as_str()), (400, "ACCESS_DENIED"), "{method}");
}

#[test]
fn who_may_use_the_crm_books() {
    for ada in portals(SCOPES) {
        let otto = ada.employee("otto@example.com", SCOPES);
        let room = resource(&ada, "room", "Y");
        let booking = book(&ada, &[room], START, 1);
        let_read(&ada, Level::Own);
        assert_eq!(
            number(&otto.get("booking.v1.booking.get", json!({"id": booking}))["booking"]["id"]),
            booking
        );
        book(&otto, &[room], START + 7200, 1);
        let heard = ada.try_told(otto.user, input(&["ONBOOKINGUPDATE"])).unwrap();
        let rename = |name: &str| json!({"id": booking, "fields": {"name": name}});
        otto.get("booking.v1.booking.update", rename("Mine"));
        let_read(&ada, Level::None);
        denied(&otto, "booking.v1.booking.get", json!({"id": booking}));
        denied(&otto, "booking.v1.booking.update", rename("x"));
        denied(&otto, "booking.v1.booking.delete", json!({"id": booking}));
        denied(&otto, "booking.v1.booking.add", json!({"fields": fields(&[room], START + 36_000, 1)}));
        denied(&otto, "booking.v1.booking.client.list", json!({"bookingId": booking}));
        denied(&otto, "booking.v1.resource.slots.set", json!({"resourceId": room, "slots": []}));
        denied(&otto, "booking.v1.resource.delete", json!({"id": room}));
        denied(&otto, "booking.v1.resourceType.add", json!({"fields": {"name": "x", "code": "x"}}));
        denied(&otto, "booking.v1.waitlist.add", json!({"fields": {"note": "x"}}));
        for (method, key) in [("booking", "booking"), ("resource", "resource"), ("waitlist", "waitList")] {
            assert_eq!(otto.get(&format!("booking.v1.{method}.list"), json!({}))[key], json!([]));
        }
        ada.get("booking.v1.booking.update", rename("Ours"));
        assert_eq!(ada.raised(heard).len(), 1, "who may not read is told nothing");
    }
}

#[test]
fn clients_and_deals_must_be_seen() {
    for ada in portals(SCOPES) {
        let otto = ada.employee("otto@example.com", SCOPES);
        let room = resource(&ada, "room", "Y");
        let booking = book(&ada, &[room], START, 1);
        let deal = |who: i64| {
            let fields = json!({"TITLE": "Chairs", "ASSIGNED_BY_ID": who, "OPENED": "N"});
            number(&ada.get("crm.deal.add", json!({"fields": fields})))
        };
        let (hers, his) = (deal(ada.user), deal(otto.user));
        let_read(&ada, Level::Own);
        let set = |deals: &[i64]| {
            let data: Vec<Json> = deals
                .iter()
                .map(|deal| json!({"moduleId": "crm", "entityTypeId": "DEAL", "value": deal.to_string()}))
                .collect();
            json!({"bookingId": booking, "externalData": data})
        };
        let method = "booking.v1.booking.externalData.set";
        otto.get(method, set(&[his]));
        // What he may not see looks like what is not there.
        let refused = |deal: i64| otto.refused(method, set(&[deal])).2.replace(&deal.to_string(), "N");
        assert_eq!(refused(hers), refused(9999));
        // What another linked may stay.
        ada.get(method, set(&[hers]));
        otto.get(method, set(&[hers, his]));
    }
}
