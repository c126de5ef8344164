//! Where orders come from: `sale.tradePlatform.*` and `sale.tradeBinding.*`, which are only read.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, Seed, Verb, field, noun};
use wire::Map;

use crate::SCOPE;
use crate::kit::{as_text, faults, name};

const READ: &[(Verb, &str)] = &[(Verb::List, "list"), (Verb::Fields, "getFields")];

/// Trade platforms.
pub static PLATFORM: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("code", Kind::String, "Code").indexed(),
        field("active", Kind::Char, "Active").default("Y"),
        field("name", Kind::String, "Name"),
        field("description", Kind::Text, "Description"),
        field("settings", Kind::Text, "Settings"),
        field("catalogSectionTabClassName", Kind::String, "Tab in sections of the catalogue"),
        field("class", Kind::String, "Class"),
        field("xmlId", Kind::String, "External ID").indexed(),
    ],
    faces: &[Face::controller("sale.tradePlatform", "tradePlatform", "tradePlatforms")
        .verbs(READ)
        .faults(faults(0, "trade platform does not exist"))],
    ..noun("sale.tradePlatform", "sale_trade_platform", SCOPE, ["trade platform", "trade platforms"])
};

/// How a binding is shown and written.
pub const FACE: Face = Face::controller("sale.tradeBinding", "tradeBinding", "tradeBindings")
    .verbs(READ)
    .faults(faults(0, "trade binding does not exist"));

/// Orders on trade platforms; written with the order.
pub static BINDING: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("orderId", Kind::Integer, "Order").required().immutable().indexed(),
        field("tradingPlatformId", Kind::Noun("sale.tradePlatform"), "Trade platform")
            .required()
            .immutable()
            .indexed(),
        field("externalOrderId", Kind::String, "Number of the order there").required().immutable().indexed(),
        field("tradingPlatformXmlId", Kind::String, "External ID of the trade platform").computed(),
        field("params", Kind::Text, "Parameters"),
        field("xmlId", Kind::String, "External ID").indexed(),
    ],
    faces: &[FACE],
    hooks: &Bindings,
    ..noun(
        "sale.tradeBinding",
        "sale_trade_binding",
        SCOPE,
        ["order on a trade platform", "orders on trade platforms"],
    )
};

struct Bindings;

impl Hooks for Bindings {
    fn fill(&self, _: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        name(draft);
        if let Some(order) = draft.int("orderId") {
            draft.set_if_empty("externalOrderId", order.to_string());
        }
        Ok(())
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("tradingPlatformId")).collect();
        let platforms = noun::again_all(call, &PLATFORM, ids)?;
        for (row, map) in rows.iter().zip(shown) {
            let platform = row.int("tradingPlatformId").and_then(|id| platforms.get(&id));
            map.insert("tradingPlatformXmlId", platform.map_or("", |row| row.text("xmlId")).to_owned());
            as_text(map, "tradingPlatformId");
        }
        Ok(())
    }
}

/// The platform of a new portal.
pub const SEED: Seed = Seed {
    name: "sale.tradePlatform",
    names: Vec::new,
    seed: |tx, _, _| {
        let sql = "INSERT INTO sale_trade_platform (code, active, name, xml_id) VALUES (?, 'Y', ?, ?)";
        for (code, name) in [("deal", "Deals"), ("smart_invoice", "Invoices")] {
            tx.execute(sql, &[code.into(), name.into(), code.into()])?;
        }
        Ok(())
    },
};
