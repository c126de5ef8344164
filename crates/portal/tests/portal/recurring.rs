//! Recurring deals: templates, and the deals that the timetable makes of them.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value, json};
use testportal::{Hook, portals};

const DAY: i64 = 24 * 3600;

fn add(hook: &Hook, method: &str, fields: Value) -> i64 {
    hook.get(method, Value::from_iter([("fields", fields)])).as_i64().expect("an id")
}

fn deal(hook: &Hook) -> i64 {
    let contacts = [(); 2].map(|()| add(hook, "crm.contact.add", json!({"NAME": "Ada"})));
    let fields = json!({
        "TITLE": "Rent", "OPPORTUNITY": 5, "CURRENCY_ID": "EUR", "CONTACT_IDS": contacts, "STAGE_ID": "EXECUTING",
    });
    let id = add(hook, "crm.deal.add", fields);
    let rows = json!([{"PRODUCT_NAME": "Flat", "PRICE": 800, "TAX_RATE": 10, "QUANTITY": 1}]);
    hook.get("crm.deal.productrows.set", json!({"id": id, "rows": rows}));
    id
}

fn settings(hook: &Hook, id: i64) -> Value {
    hook.get("crm.deal.recurring.get", json!({"id": id}))
}

/// Deals that are no templates, the first one left out.
fn made(hook: &Hook) -> Vec<Value> {
    let params = json!({"filter": {"IS_RECURRING": "N"}, "order": {"ID": "ASC"}});
    hook.get("crm.deal.list", params).as_array().unwrap()[1..].to_vec()
}

#[test]
fn a_template_is_a_copy_with_rows_and_contacts() {
    for bench in portals("crm") {
        let source = deal(&bench);
        let id =
            add(&bench, "crm.deal.recurring.add", json!({"DEAL_ID": source, "START_DATE": "2026-07-01"}));
        let set = settings(&bench, id);
        let template = set["DEAL_ID"].as_str().unwrap().parse::<i64>().unwrap();
        assert_ne!(template, source);
        for (field, value) in [
            ("BASED_ID", json!(source.to_string())),
            ("ACTIVE", json!("Y")),
            ("IS_LIMIT", json!("N")),
            ("COUNTER_REPEAT", json!(null)),
            ("START_DATE", json!("2026-07-01T00:00:00+00:00")),
            ("NEXT_EXECUTION", json!("2026-07-01T00:00:00+00:00")),
            ("LAST_EXECUTION", json!("")),
            ("LIMIT_DATE", json!("")),
        ] {
            assert_eq!(set[field], value, "{field}");
        }
        assert_eq!(
            (&set["PARAMS"]["MODE"], &set["PARAMS"]["MULTIPLE_INTERVAL"]),
            (&json!("multiple"), &json!(0))
        );
        let copy = bench.get("crm.deal.get", json!({"id": template}));
        for (field, value) in [
            ("IS_RECURRING", "Y"),
            ("TITLE", "Rent"),
            ("OPPORTUNITY", "800.00"),
            ("STAGE_ID", "NEW"),
            ("CURRENCY_ID", "EUR"),
        ] {
            assert_eq!(copy[field], value, "{field}");
        }
        let rows = bench.get("crm.deal.productrows.get", json!({"id": template}));
        assert_eq!((&rows[0]["PRODUCT_NAME"], &rows[0]["PRICE"]), (&json!("Flat"), &json!(800)));
        let contacts = bench.get("crm.deal.contact.items.get", json!({"id": template}));
        assert_eq!(contacts.as_array().map(Vec::len), Some(2));

        // A template is taken as it is, once.
        let again = json!({"fields": {"DEAL_ID": template}});
        let refused = bench.refused("crm.deal.recurring.add", again.clone());
        assert_eq!(refused.2, "Deal already has recurring settings.");
        let none = bench.refused("crm.deal.recurring.add", json!({"fields": {"DEAL_ID": 0}}));
        assert_eq!(none.2, "Deal id is empty.");
        // What is still a template keeps its settings; they go with it.
        let refused = bench.refused("crm.deal.recurring.delete", json!({"id": id}));
        assert_eq!(refused.2, "Deleting is impossible. Connected recurring deal exists.");
        bench.get("crm.deal.update", json!({"id": template, "fields": {"IS_RECURRING": "N"}}));
        assert_eq!(bench.get("crm.deal.recurring.delete", json!({"id": id})), true);
        bench.get("crm.deal.update", json!({"id": template, "fields": {"IS_RECURRING": "Y"}}));
        let id = bench.get("crm.deal.recurring.add", again).as_i64().unwrap();
        assert_eq!(settings(&bench, id)["BASED_ID"], json!(null));
        bench.get("crm.deal.delete", json!({"id": template}));
        let refused = bench.refused("crm.deal.recurring.get", json!({"id": id}));
        assert_eq!(refused.2, "Recurring deal is not found.");
        assert_eq!(
            bench.work("crm.deal.recurring", 400 * DAY),
            0,
            "nothing is due any more on {}",
            bench.engine
        );
    }
}

#[test]
fn deals_are_made_when_they_are_due_until_the_limit() {
    for bench in portals("crm") {
        let outbound =
            bench.both(1, "crm", &["ONCRMDEALADD", "ONCRMDEALRECURRINGADD", "ONCRMDEALRECURRINGEXPOSE"]);
        let source = deal(&bench);
        let params = json!({
            "MODE": "multiple", "MULTIPLE_TYPE": "week", "MULTIPLE_INTERVAL": "1", "OFFSET_BEGINDATE_TYPE": "day",
            "OFFSET_BEGINDATE_VALUE": 1, "OFFSET_CLOSEDATE_TYPE": "month", "OFFSET_CLOSEDATE_VALUE": 2,
        });
        let fields = json!({
            "DEAL_ID": source, "START_DATE": "2026-06-03", "IS_LIMIT": "T", "LIMIT_REPEAT": 2, "PARAMS": params,
        });
        let id = add(&bench, "crm.deal.recurring.add", fields);
        assert_eq!((bench.work("crm.deal.recurring", DAY), made(&bench).len()), (0, 0));
        // The second of June, noon, is a day before; midnight is half a day later.
        assert_eq!((bench.work("crm.deal.recurring", 2 * DAY - DAY / 2), made(&bench).len()), (1, 1));
        let set = settings(&bench, id);
        assert_eq!((&set["COUNTER_REPEAT"], &set["ACTIVE"]), (&json!("1"), &json!("Y")));
        assert_eq!(set["LAST_EXECUTION"], "2026-06-03T00:00:00+00:00");
        assert_eq!(set["NEXT_EXECUTION"], "2026-06-10T00:00:00+00:00");
        let deal = bench.get("crm.deal.get", json!({"id": made(&bench)[0]["ID"]}));
        for (field, value) in [
            ("TITLE", "Rent"),
            ("OPPORTUNITY", "800.00"),
            ("IS_RECURRING", "N"),
            ("BEGINDATE", "2026-06-04T00:00:00+00:00"),
            ("CLOSEDATE", "2026-08-03T00:00:00+00:00"),
        ] {
            assert_eq!(deal[field], value, "{field} on {}", bench.engine);
        }
        // A server that was down catches up with one deal.
        assert_eq!((bench.work("crm.deal.recurring", 30 * DAY), made(&bench).len()), (1, 2));
        let set = settings(&bench, id);
        assert_eq!((&set["COUNTER_REPEAT"], &set["ACTIVE"]), (&json!("2"), &json!("N")));
        assert_eq!(set["NEXT_EXECUTION"], "");
        assert_eq!((bench.work("crm.deal.recurring", 300 * DAY), made(&bench).len()), (0, 2));

        let names: Vec<String> = bench.raised(outbound).into_iter().map(|(event, _)| event).collect();
        let exposed = ["ONCRMDEALADD", "ONCRMDEALRECURRINGEXPOSE"];
        let start = ["ONCRMDEALADD", "ONCRMDEALADD", "ONCRMDEALRECURRINGADD"];
        assert_eq!(names, [&start[..], &exposed, &exposed].concat());
        let data = bench.raised(outbound).pop().unwrap().1;
        let last = made(&bench).pop().unwrap()["ID"].clone();
        let template = settings(&bench, id)["DEAL_ID"].clone();
        assert_eq!(
            data,
            json!({"FIELDS": {"ID": id.to_string(), "RECURRING_DEAL_ID": template, "DEAL_ID": last}})
        );
    }
}

#[test]
fn settings_change_when_the_next_deal_is_due() {
    for bench in portals("crm") {
        let source = deal(&bench);
        let monthly = json!({"MULTIPLE_TYPE": "month", "MULTIPLE_INTERVAL": 1});
        let fields = json!({"DEAL_ID": source, "START_DATE": "2026-01-31", "PARAMS": monthly});
        let id = add(&bench, "crm.deal.recurring.add", fields);
        let next = |fields: Value| {
            bench.get("crm.deal.recurring.update", json!({"id": id, "fields": fields}));
            let next = settings(&bench, id)["NEXT_EXECUTION"].clone();
            next.as_str().unwrap().get(..10).unwrap_or("").to_owned()
        };
        assert_eq!(next(json!({})), "2026-06-30");
        assert_eq!(next(json!({"IS_LIMIT": "D", "LIMIT_DATE": "2026-06-29"})), "");
        assert_eq!(next(json!({"IS_LIMIT": "X"})), "2026-06-30");
        assert_eq!(next(json!({"ACTIVE": "N"})), "");
        assert_eq!(bench.work("crm.deal.recurring", 60 * DAY), 0);
        assert_eq!(next(json!({"ACTIVE": "Y", "START_DATE": "2026-06-01"})), "2026-06-01");
        let single = json!({
            "MODE": "single", "SINGLE_BEFORE_START_DATE_TYPE": "week", "SINGLE_BEFORE_START_DATE_VALUE": 1,
        });
        assert_eq!(next(json!({"START_DATE": "2026-06-20", "PARAMS": single})), "2026-06-13");
        // What is made by hand counts; once is enough.
        let exposed = bench.get("crm.deal.recurring.expose", json!({"id": id}));
        assert_eq!(bench.get("crm.deal.get", json!({"id": exposed["DEAL_ID"]}))["TITLE"], "Rent");
        let set = settings(&bench, id);
        assert_eq!((&set["COUNTER_REPEAT"], &set["NEXT_EXECUTION"]), (&json!("1"), &json!("")));
        // Into another pipeline.
        let pipeline = json!({"entityTypeId": 2, "fields": {"name": "Repairs"}});
        let pipeline = bench.get("crm.category.add", pipeline)["category"]["id"].clone();
        next(json!({"CATEGORY_ID": pipeline.to_string()}));
        let exposed = bench.get("crm.deal.recurring.expose", json!({"id": id}));
        let deal = bench.get("crm.deal.get", json!({"id": exposed["DEAL_ID"]}));
        assert_eq!(deal["STAGE_ID"], format!("C{pipeline}:NEW"));
        let listed = bench.get(
            "crm.deal.recurring.list",
            json!({"filter": {">COUNTER_REPEAT": 1}, "order": {"DEAL_ID": "ASC"}}),
        );
        assert_eq!(listed[0]["ID"], id.to_string());
    }
}

#[test]
fn settings_are_for_those_who_may_have_the_template() {
    for bench in portals("crm") {
        let ines = bench.employee("ines@example.com", "crm");
        bench.write(move |tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            Act::ALL.iter().try_for_each(|act| roles::allow(tx, role, "DEAL", *act, Level::Own))?;
            Meta::outdate(tx)
        });
        let (foreign, own) = (deal(&bench), deal(&ines));
        let refused = ines.refused("crm.deal.recurring.add", json!({"fields": {"DEAL_ID": foreign}}));
        assert_eq!(refused.2, "Access denied.");
        let theirs = add(&bench, "crm.deal.recurring.add", json!({"DEAL_ID": foreign}));
        let mine = add(&ines, "crm.deal.recurring.add", json!({"DEAL_ID": own}));
        for verb in ["get", "update", "delete", "expose"] {
            let params = json!({"id": theirs, "fields": {"ACTIVE": "N"}});
            let refused = ines.refused(&format!("crm.deal.recurring.{verb}"), params);
            assert_eq!(refused.2, "Access denied.", "{verb} on {}", bench.engine);
        }
        let listed = ines.page("crm.deal.recurring.list", json!({})).unwrap();
        assert_eq!((&listed.result[0]["ID"], listed.total), (&json!(mine.to_string()), Some(1)));
        ines.get("crm.deal.recurring.expose", json!({"id": mine}));
    }
}
