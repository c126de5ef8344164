//! Numerators, regions and roles of documents.

use serde_json::{Value as Json, json};

use testportal::portals;

const SCOPES: &str = "crm,documentgenerator";
const SEQUENCE: &str = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator";
const NO_TEMPLATES: &str = "You do not have permissions to modify templates";

#[test]
fn numerators_are_common_to_both_families() {
    for portal in portals(SCOPES) {
        let settings =
            json!({SEQUENCE: {"start": "5", "length": 4, "periodicBy": "year", "timezone": "Europe/Berlin"}});
        let fields = json!({"name": "Offers", "template": "OF-{NUMBER}", "settings": settings});
        let added =
            portal.get("documentgenerator.numerator.add", json!({"fields": fields}))["numerator"].clone();
        let whole = json!({
            "start": 5, "step": 1, "length": 4, "padString": "0", "periodicBy": "year", "timezone": "Europe/Berlin",
            "isDirectNumeration": false,
        });
        assert_eq!(
            (&added["id"], &added["settings"][SEQUENCE], &added["code"]),
            (&json!(2), &whole, &json!(null))
        );
        let shown = portal.get("crm.documentgenerator.numerator.get", json!({"id": 2}))["numerator"].clone();
        assert_eq!((&shown["id"], &shown["template"]), (&json!("2"), &json!("OF-{NUMBER}")));
        // What means nothing is as usual, and nobody has to give settings.
        let odd = json!({SEQUENCE: {"step": 0, "length": 900, "periodicBy": "week", "timezone": "Nowhere"}});
        let changed = json!({"id": 2, "fields": {"name": "Invoices", "settings": odd}});
        let changed = portal.get("crm.documentgenerator.numerator.update", changed);
        assert_eq!((&changed["id"], &changed["name"]), (&json!("2"), &json!("Invoices")));
        let own = &changed["settings"][SEQUENCE];
        assert_eq!((&own["step"], &own["length"], &own["timezone"]), (&json!(1), &json!(50), &json!(null)));

        let page = portal.page("documentgenerator.numerator.list", json!({})).unwrap();
        assert_eq!((page.total, &page.result["numerators"][0]["name"]), (Some(2), &json!("General number")));
        assert!(page.result["numerators"][1].get("code").is_none(), "{page:?}");
        let fixed = (400, "DOCGEN_ACCESS_ERROR".to_owned(), "Access denied".to_owned());
        for method in ["documentgenerator.numerator.update", "crm.documentgenerator.numerator.update"] {
            assert_eq!(portal.refused(method, json!({"id": 1, "fields": {"name": "x"}})), fixed);
        }
        assert_eq!(portal.refused("documentgenerator.numerator.delete", json!({"id": 1})), fixed);
        assert_eq!(portal.get("documentgenerator.numerator.delete", json!({"id": 2})), json!(null));
        let gone = portal.refused("crm.documentgenerator.numerator.get", json!({"id": 2}));
        assert_eq!((gone.1.as_str(), gone.2.as_str()), ("100", "Could not construct parameter {numerator}"));
        let empty = portal.refused("documentgenerator.numerator.add", json!({"fields": {"name": ""}}));
        assert_eq!(empty, (400, "0".to_owned(), "Empty required fields: name, template".to_owned()));
    }
}

#[test]
fn regions_of_every_portal_go_by_their_code_and_stay() {
    for portal in portals(SCOPES) {
        let phrases = json!({"TAX_INCLUDED": "incl. tax", "TAX_NOT_INCLUDED": "excl. tax", "NONE": 7});
        let fields =
            json!({"title": "Austria", "languageId": "de", "formatDate": "DD.MM.YYYY", "phrases": phrases});
        let added = portal.get("documentgenerator.region.add", json!({"fields": fields}))["region"].clone();
        let (id, phrases) = (added["id"].clone(), added["phrases"].clone());
        assert_eq!(phrases, json!({"TAX_INCLUDED": "incl. tax", "TAX_NOT_INCLUDED": "excl. tax"}));
        let change = json!({"id": id, "fields": {"phrases": {"TAX_INCLUDED": "with tax"}}});
        let changed = portal.get("documentgenerator.region.update", change)["region"].clone();
        assert_eq!(changed["phrases"]["TAX_INCLUDED"], "with tax");
        assert_eq!(changed["phrases"]["TAX_NOT_INCLUDED"], "excl. tax", "what is not named stays");

        let all = portal.get("documentgenerator.region.list", json!({}))["regions"].clone();
        assert_eq!((&all["de"]["code"], &all["de"]["languageId"]), (&json!("de"), &json!("de")));
        assert_eq!(all[id.as_str().unwrap()]["title"], "Austria");
        let get = |id: &Json| portal.get("documentgenerator.region.get", json!({"id": id}))["region"].clone();
        assert_eq!(
            (get(&json!("uk"))["languageId"].clone(), get(&id)["id"].clone()),
            (json!("en"), id.clone())
        );
        let missing = (400, "0".to_owned(), "Region not found".to_owned());
        for fixed in [json!("xx"), json!(1), json!(999)] {
            assert_eq!(portal.refused("documentgenerator.region.get", json!({"id": fixed})), missing);
        }
        let given = json!({"id": 1, "fields": {"title": "x"}});
        assert_eq!(portal.refused("documentgenerator.region.update", given), missing);
        assert_eq!(portal.refused("documentgenerator.region.delete", json!({"id": 1})), missing);
        assert_eq!(portal.get("documentgenerator.region.delete", json!({"id": id})), json!(null));
        let empty = portal.refused("documentgenerator.region.add", json!({"fields": {"languageId": "de"}}));
        assert_eq!(
            (empty.1.as_str(), empty.2.as_str()),
            ("BX_EMPTY_REQUIRED", "Required field \"TITLE\" is not filled")
        );
    }
}

#[test]
fn roles_say_who_may_change_numerators_regions_and_roles() {
    for portal in portals(SCOPES) {
        let otto = portal.employee("otto@example.com", SCOPES);
        let list = |method: &str| {
            otto.ask(method, json!({}))
                .map(|_| ())
                .map_err(|fault| (fault.code.into_owned(), fault.message.into_owned()))
        };
        let denied = |code: &str, text: &str| Err((code.to_owned(), text.to_owned()));
        assert_eq!(list("documentgenerator.numerator.list"), denied("0", NO_TEMPLATES));
        assert_eq!(list("crm.documentgenerator.numerator.list"), denied("", NO_TEMPLATES));
        assert_eq!(list("documentgenerator.region.list"), denied("0", NO_TEMPLATES));
        let no_settings = "You do not have permissions to modify settings";
        assert_eq!(list("documentgenerator.role.list"), denied("0", no_settings));

        let fields = json!({"name": "Editors", "code": "EDITORS", "permissions": {"TEMPLATES": {"MODIFY": "d"}, "DOCUMENTS": {"VIEW": "Y"}}});
        let role = portal.get("documentgenerator.role.add", json!({"fields": fields}))["role"].clone();
        let permissions = json!({
            "settings": {"modify": ""}, "templates": {"modify": "D"}, "documents": {"modify": "", "view": ""},
        });
        assert_eq!((&role["permissions"], role["id"].is_i64()), (&permissions, true));
        let roles = portal.get("documentgenerator.role.list", json!({}))["roles"].clone();
        assert_eq!(roles[0], json!({"id": 1, "name": "Administrator", "code": "ADMIN"}));
        let access = json!([{"roleId": role["id"], "accessCode": format!("U{}", otto.user)}]);
        assert_eq!(
            portal.get("documentgenerator.role.fillaccesses", json!({"accesses": access})),
            json!(null)
        );
        assert_eq!(list("documentgenerator.numerator.list"), Ok(()));
        assert_eq!(list("documentgenerator.role.list"), denied("0", no_settings));
        // Whoever is not named has no role any more.
        portal.get("documentgenerator.role.fillaccesses", json!({"accesses": []}));
        assert_eq!(list("documentgenerator.numerator.list"), denied("0", NO_TEMPLATES));
        for (access, name) in
            [(json!([{"accessCode": "U1"}]), "ROLE_ID"), (json!([{"roleId": 1}]), "ACCESS_CODE")]
        {
            let refused = portal.refused("documentgenerator.role.fillaccesses", json!({"accesses": access}));
            assert_eq!(
                (refused.1.as_str(), refused.2),
                ("BX_EMPTY_REQUIRED", format!("Required field \"{name}\" is not filled"))
            );
        }
        let own = json!({"accesses": [{"roleId": 1, "accessCode": "UA"}]});
        assert_eq!(otto.refused("documentgenerator.role.fillaccesses", own).2, no_settings);
    }
}
