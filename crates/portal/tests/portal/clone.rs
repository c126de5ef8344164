//! Rows of another portal that are not as its documentation says: they are passed over, or taken, and nothing else comes of them.

use portal::Moment;
use portal::clone::{self, Progress, Read};
use serde_json::json;
use testportal::{NOW, portals};
use wire::{Map, Value};

#[test]
fn rows_that_say_nothing_or_come_twice_end_no_clone() {
    for bench in portals("crm") {
        let now = Moment(NOW * 1_000_000);
        let plan = clone::plan(&bench.portal, now).wait().unwrap();
        assert!(plan.len() > 100, "{} steps", plan.len());
        for row in [json!({"nobody knows this": "1"}), json!({"ID": "7", "id": 7})] {
            let row = Value::from(row).into_map().unwrap();
            for (step, _) in &plan {
                let mut read = Read::default();
                read.add(&step.params, &Map::new(), vec![row.clone(), row.clone()]);
                let written = clone::write(&bench.portal, step, read, &Progress::default(), now).wait();
                // A table that is read again with the row refuses it as a whole: that ends the step, and the rest goes on.
                let is_refused = matches!(written, Err(portal::Error::Store(store::Error::Type { .. })));
                assert!(written.is_ok() || is_refused, "{} on {}: {written:?}", step.name(), bench.engine);
            }
        }
    }
}
