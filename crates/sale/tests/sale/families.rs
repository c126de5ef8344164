//! Statuses, properties and their values, pay systems, cash registers and deliveries.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{SCOPES, item, order, payment, shipment, shown};

#[test]
fn statuses_are_there_with_names_and_end_when_nobody_has_them() {
    for portal in portals(SCOPES) {
        let all = portal.get("sale.status.list", json!({"select": ["id"], "order": {"id": "asc"}}));
        let ids: Vec<&str> =
            all["statuses"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["D", "DD", "DF", "DN", "F", "N", "P", "S"]);
        let first = portal.get("sale.status.get", json!({"id": "N"}))["status"].clone();
        assert_eq!(
            first,
            json!({"id": "N", "type": "O", "notify": "Y", "sort": 10, "color": "#BEEDF1", "xmlId": null})
        );
        let names = portal.get("sale.statusLang.list", json!({"filter": {"statusId": "N", "lid": "en"}}));
        assert_eq!(names["statusLangs"][0]["name"], "Accepted, awaiting payment");
        let id = order(&portal);
        portal.get("sale.order.update", json!({"id": id, "fields": {"statusId": "P"}}));
        assert_eq!(portal.refused("sale.status.delete", json!({"id": "P"})).1, "201350000002");
        let update = json!({"id": "P", "fields": {"type": "D"}});
        assert_eq!(portal.refused("sale.status.update", update).1, "201350000007");
        portal.get("sale.order.update", json!({"id": id, "fields": {"statusId": "N"}}));
        assert_eq!(portal.get("sale.status.delete", json!({"id": "P"})), true);
        let names = portal.get("sale.statusLang.list", json!({"filter": {"statusId": "P"}}));
        assert_eq!(names["statusLangs"], json!([]), "its names go with it");
    }
}

/// A property of orders of the first payer type.
fn property(hook: &Hook, kind: &str, more: &Json) -> i64 {
    let mut fields = json!({"personTypeId": 1, "propsGroupId": 1, "name": kind, "type": kind});
    for (name, value) in more.as_object().unwrap() {
        fields[name.as_str()] = value.clone();
    }
    hook.get("sale.property.add", json!({"fields": fields}))["property"]["id"].as_i64().unwrap()
}

#[test]
fn values_are_those_that_their_properties_allow() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        let set = |property: i64, value: &Json| {
            let values = json!([{"orderPropsId": property, "value": value}]);
            let fields = json!({"order": {"id": id, "propertyValues": values}});
            portal.ask("sale.propertyvalue.modify", json!({"fields": fields}))
        };
        let number = property(&portal, "NUMBER", &json!({"settings": {"min": 2, "max": 9}}));
        let color = property(&portal, "ENUM", &json!({"code": "COLOR"}));
        let many = property(&portal, "STRING", &json!({"multiple": "Y", "isFiltered": "N"}));
        let short = property(&portal, "STRING", &json!({"settings": {"maxlength": 3}, "required": "Y"}));
        let variant = json!({"orderPropsId": color, "name": "Red", "value": "red"});
        portal.get("sale.propertyvariant.add", json!({"fields": variant}));
        for (property, good, bad) in [
            (number, json!("4.5"), json!("10")),
            (color, json!("red"), json!("blue")),
            (short, json!("abc"), json!("abcd")),
            (short, json!("ab"), json!("")),
        ] {
            let written = set(property, &good).unwrap();
            assert_eq!(written["propertyValues"][0]["value"], good);
            assert!(set(property, &bad).is_err(), "{bad}");
        }
        set(many, &json!(["a", "b"])).unwrap();
        let values = shown(&portal, id)["propertyValues"].clone();
        let of = |id: i64| {
            values.as_array().unwrap().iter().find(|value| value["orderPropsId"] == id).unwrap()["value"]
                .clone()
        };
        assert_eq!(
            (of(number), of(color), of(many), of(short)),
            (json!("4.5"), json!("red"), json!(["a", "b"]), json!("ab"))
        );
        // A property of another payer type is none of this order's, and of shipments neither.
        assert!(set(4, &json!("x")).is_err());
        assert!(set(6, &json!("x")).is_err());
        let found =
            portal.get("sale.propertyvalue.list", json!({"filter": {"=code": "COLOR", "%value": "re"}}));
        assert_eq!(found["propertyValues"].as_array().unwrap().len(), 1);
        // The property goes, its value stays with the order.
        portal.get("sale.property.delete", json!({"id": color}));
        assert_eq!(shown(&portal, id)["propertyValues"].as_array().unwrap().len(), 4);
    }
}

#[test]
fn properties_with_flags_that_exclude_each_other_are_refused() {
    for portal in portals(SCOPES) {
        let base = json!({"personTypeId": 1, "propsGroupId": 1, "name": "x"});
        for (more, code) in [
            (json!({"type": "STRING", "multiple": "Y"}), "200850000009"),
            (json!({"type": "STRING", "multiple": "Y", "isFiltered": "Y"}), "200850000010"),
            (json!({"type": "LOCATION", "isLocation": "Y"}), "200850000011"),
            (
                json!({"type": "LOCATION", "isLocation4tax": "Y", "multiple": "Y", "isFiltered": "N"}),
                "200850000014",
            ),
            (json!({"type": "STRING", "isProfileName": "Y"}), "200850000015"),
            (json!({"type": "STRING", "isProfileName": "Y", "required": "N"}), "200850000016"),
            (json!({"type": "COLOR"}), "0"),
        ] {
            let mut fields = base.clone();
            more.as_object().unwrap().iter().for_each(|(name, value)| fields[name.as_str()] = value.clone());
            assert_eq!(portal.refused("sale.property.add", json!({"fields": fields})).1, code, "{more}");
        }
        let orders = portal.get("sale.property.list", json!({"select": ["id"]}))["properties"].clone();
        let shipments =
            portal.get("sale.shipmentproperty.list", json!({"select": ["id"]}))["properties"].clone();
        assert_eq!((orders.as_array().unwrap().len(), shipments), (5, json!([{"id": 6}])));
        assert_eq!(portal.refused("sale.property.get", json!({"id": 6})).1, "200840400001");
    }
}

#[test]
fn pay_systems_have_handlers_and_settings() {
    for portal in portals(SCOPES) {
        let settings = json!({
            "CURRENCY": ["USD"], "FORM_DATA": {"ACTION_URI": "https://pay.example.com"},
            "CODES": {"KEY": {"NAME": "Key"}, "MODE": {"NAME": "Mode", "DEFAULT": {"PROVIDER_KEY": "VALUE", "PROVIDER_VALUE": "LIVE"}}},
        });
        let handler = json!({"NAME": "Till", "CODE": "till", "SETTINGS": settings});
        let number = portal.get("sale.paysystem.handler.add", handler.clone());
        assert_eq!(portal.refused("sale.paysystem.handler.add", handler).1, "ERROR_HANDLER_ALREADY_EXIST");
        let system = json!({
            "NAME": "Till", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "till", "ENTITY_REGISTRY_TYPE": "ORDER",
            "SETTINGS": {"KEY": {"TYPE": "VALUE", "VALUE": "a"}},
        });
        let id = portal.get("sale.paysystem.add", system);
        let get = |payer: i64| {
            portal.get("sale.paysystem.settings.get", json!({"ID": id, "PERSON_TYPE_ID": payer}))
        };
        assert_eq!(get(0), json!({"KEY": "a", "MODE": "LIVE"}));
        let change = json!({"KEY": {"TYPE": "VALUE", "VALUE": "b"}});
        portal.get(
            "sale.paysystem.settings.update",
            json!({"ID": id, "PERSON_TYPE_ID": 1, "SETTINGS": change}),
        );
        assert_eq!((&get(1)["KEY"], &get(0)["KEY"]), (&json!("b"), &json!("a")));
        let list = portal.get(
            "sale.paysystem.list",
            json!({"filter": {"ACTION_FILE": "till"}, "select": ["ID", "NAME", "ACTIVE"]}),
        );
        assert_eq!(list, json!([{"ID": id.to_string(), "NAME": "Till", "ACTIVE": "N"}]));
        assert_eq!(
            portal.refused("sale.paysystem.handler.delete", json!({"ID": number})).1,
            "ERROR_HANDLER_DELETE"
        );
        // Invoices do not name it.
        let of_invoices = portal.get("crm.paysystem.list", json!({"filter": {"NAME": "Till"}}));
        assert_eq!(of_invoices, json!([]));
        assert_eq!(portal.get("sale.paysystem.delete", json!({"ID": id})), true);
        assert_eq!(portal.get("sale.paysystem.handler.delete", json!({"ID": number})), true);
    }
}

#[test]
fn what_is_paid_gets_a_receipt_of_the_register() {
    for portal in portals(SCOPES) {
        let settings =
            json!({"PRINT_URL": "https://a.example.com", "CHECK_URL": "https://b.example.com", "CONFIG": {}});
        portal.get("sale.cashbox.handler.add", json!({"CODE": "till", "NAME": "Till", "SETTINGS": settings}));
        let register = json!({
            "NAME": "Till", "REST_CODE": "till", "EMAIL": "till@example.com", "ACTIVE": "Y", "SETTINGS": {"AUTH": {"KEY": "secret"}},
        });
        portal.get("sale.cashbox.add", register);
        let list = portal.get("sale.cashbox.list", json!({})).to_string();
        assert!(!list.contains("secret"), "{list}");
        let id = order(&portal);
        payment(&portal, id, &json!(10), "Y");
        assert_eq!(portal.get("sale.cashbox.check.apply", json!({"UUID": "check|sale|1"})), true);
        let last = portal.get("sale.cashbox.list", json!({}))[0]["DATE_LAST_CHECK"].clone();
        assert!(last.as_str().is_some_and(|date| !date.is_empty()), "{last}");
        let bad = portal.refused("sale.cashbox.list", json!({"SELECT": ["BAD_FIELD"]}));
        assert_eq!((bad.1.as_str(), bad.2.as_str()), ("", "BAD_FIELD not allowed for select"));
    }
}

#[test]
fn deliveries_have_profiles_settings_and_requests() {
    for portal in portals(SCOPES) {
        let handler = json!({
            "CODE": "uber", "NAME": "Uber",
            "SETTINGS": {"CALCULATE_URL": "https://ship.example.com", "CONFIG": [{"TYPE": "STRING", "CODE": "KEY", "NAME": "Key"}]},
            "PROFILES": [{"NAME": "Taxi", "CODE": "TAXI"}],
        });
        portal.get("sale.delivery.handler.add", handler);
        let added = portal.get("sale.delivery.add", json!({
            "REST_CODE": "uber", "NAME": "Uber Taxi", "CURRENCY": "USD", "CONFIG": [{"CODE": "KEY", "VALUE": "a"}],
        }));
        let (parent, profile) = (added["parent"]["ID"].clone(), added["profiles"][0]["ID"].clone());
        assert_eq!(added["profiles"][0]["PARENT_ID"], parent);
        assert_eq!(
            portal.get("sale.delivery.config.get", json!({"ID": parent})),
            json!([{"CODE": "KEY", "VALUE": "a"}])
        );
        portal.refused(
            "sale.delivery.config.update",
            json!({"ID": parent, "CONFIG": [{"CODE": "NONE", "VALUE": 1}]}),
        );
        let id = order(&portal);
        let number = shipment(&portal, id, &json!(5));
        let fields =
            json!({"allowDelivery": "Y", "deducted": "N", "deliveryId": profile, "trackingNumber": "T-1"});
        portal.get("sale.shipment.update", json!({"id": number, "fields": fields}));
        let request = json!({
            "DELIVERY_ID": parent, "REQUEST_ID": "T-1", "STATUS": {"TEXT": "On its way", "SEMANTIC": "process"},
            "PROPERTIES": [{"NAME": "Driver", "VALUE": "Otto", "TAGS": ["phone"]}], "FINALIZE": "N",
        });
        assert_eq!(portal.get("sale.delivery.request.update", request), true);
        let found = portal.get("sale.shipment.get", json!({"id": number}))["shipment"].clone();
        assert_eq!(
            (&found["trackingDescription"], &found["deliveryName"]),
            (&json!("On its way"), &json!("Taxi"))
        );
        assert_eq!(portal.refused("sale.delivery.delete", json!({"ID": parent})).1, "ERROR_DELIVERY_DELETE");
        item(&portal, id, &json!(1), &json!(1), (&Json::Null, "N"));
        assert_eq!(portal.get("sale.order.delete", json!({"id": id})), true);
        assert_eq!(portal.get("sale.delivery.delete", json!({"ID": parent})), true);
        assert_eq!(
            portal.refused("sale.delivery.update", json!({"ID": profile})).1,
            "ERROR_DELIVERY_NOT_FOUND"
        );
    }
}
