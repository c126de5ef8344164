//! Templates, and what is started by them.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

pub const SCOPES: &str = "bizproc,crm,lists,disk,user,im,department";

/// A template for deals with these fields beyond the usual ones; its number.
pub fn template(ada: &Bench, more: Json) -> Json {
    let mut fields =
        json!({"name": "Test", "moduleId": "crm", "entity": "CCrmDocumentDeal", "documentType": "DEAL"});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ada.get("bizproc.recorder.template.add", json!({"fields": fields}))["template"]["id"].clone()
}

pub fn deal(by: &Hook) -> Json {
    let id = by.get("crm.deal.add", json!({"fields": {"TITLE": "Chairs"}}));
    json!(["crm", "CCrmDocumentDeal", format!("DEAL_{id}")])
}

#[test]
fn what_is_started_is_recorded() {
    for ada in portals(SCOPES) {
        let parameters = json!({
            "discount": {"Name": "Discount", "Type": "int", "Required": "1"}, "who": {"Type": "user"},
            "kind": {"Type": "select", "Options": {"a": "A", "b": "B"}}, "days": {"Type": "date", "Multiple": "1"},
        });
        let template = template(&ada, json!({"parameters": parameters, "ends": "N"}));
        let document = deal(&ada);
        let start =
            |given: Json| json!({"TEMPLATE_ID": template, "DOCUMENT_ID": document, "PARAMETERS": given});
        let refused = |given: Json, text: &str| {
            assert_eq!(
                ada.refused("bizproc.workflow.start", start(given)),
                (400, String::new(), text.into())
            );
        };
        refused(json!({}), "The parameter Discount is required");
        refused(json!({"discount": "x"}), "Invalid value of the parameter Discount");
        refused(json!({"discount": 1, "who": "user_999"}), "Invalid value of the parameter who");
        refused(json!({"discount": 1, "kind": "c"}), "Invalid value of the parameter kind");
        refused(
            json!({"discount": 1, "days": ["2026-06-01", "someday"]}),
            "Invalid value of the parameter days",
        );
        let given =
            json!({"discount": 15, "who": "user_1", "kind": "b", "days": ["2026-06-01"], "note": "more"});
        let id = ada.get("bizproc.workflow.start", start(given.clone()));
        assert_eq!(id.as_str().map(str::len), Some(23), "{id}");
        let found = ada.get(
            "bizproc.workflow.instances",
            json!({"SELECT": ["ID", "DOCUMENT_ID", "ENTITY", "STARTED_BY", "TEMPLATE_ID"]}),
        );
        let expected = json!([{
            "ID": id, "DOCUMENT_ID": document[2], "ENTITY": document[1], "STARTED_BY": "1",
            "TEMPLATE_ID": template.to_string(),
        }]);
        assert_eq!(found, expected);
        let usual = ada.get("bizproc.workflow.instance.list", json!({}))[0].clone();
        assert_eq!(usual.as_object().unwrap().keys().collect::<Vec<_>>(), ["ID", "MODIFIED", "OWNED_UNTIL"]);
        let filtered =
            |filter: Json| ada.page("bizproc.workflow.instances", json!({"filter": filter})).unwrap().total;
        assert_eq!(filtered(json!({"id": id, ">=started": "2026-06-01T00:00:00Z"})), Some(1));
        assert_eq!(filtered(json!({"!MODULE_ID": "crm"})), Some(0));
        let listed = ada.get("bizproc.recorder.instance.list", json!({}))["instances"][0].clone();
        assert_eq!((&listed["parameters"], &listed["documentName"]), (&given, &json!("Chairs")), "{listed}");
        assert_eq!(ada.get("bizproc.workflow.terminate", json!({"ID": id, "STATUS": "Enough"})), true);
        assert_eq!(filtered(json!({})), Some(0), "it runs no more");
        let kept = ada.get("bizproc.recorder.instance.get", json!({"id": listed["id"]}))["instance"].clone();
        assert_eq!((&kept["state"], &kept["running"]), (&json!("Enough"), &json!("N")));
        ada.get("bizproc.workflow.kill", json!({"ID": id}));
        assert_eq!(ada.get("bizproc.recorder.instance.list", json!({}))["instances"], json!([]));
        let (status, code, _) = ada.refused("bizproc.workflow.kill", json!({"ID": id}));
        assert_eq!((status, &*code), (400, "ERROR_WRONG_WORKFLOW_ID"));
        assert_eq!(ada.refused("bizproc.workflow.kill", json!({})).2, "Empty workflow instance ID");
    }
}

#[test]
fn documents_are_checked_by_kind_and_access() {
    for ada in portals(SCOPES) {
        let template = template(&ada, json!({}));
        let ask = |who: &Hook, document: Json| {
            who.ask("bizproc.workflow.start", json!({"TEMPLATE_ID": template, "DOCUMENT_ID": document}))
        };
        let refused = |who: &Hook, document: Json, status: u16, text: &str| {
            let fault = ask(who, document).unwrap_err();
            assert_eq!((fault.status, &*fault.message), (status, text));
        };
        let own = deal(&ada);
        refused(&ada, json!("DEAL_1"), 400, "Wrong DOCUMENT_ID!");
        refused(&ada, json!(["crm", "CCrmDocumentDeal", "LEAD_1"]), 400, "Incorrect document type!");
        refused(&ada, json!(["crm", "x", "DEAL_1"]), 400, "Incorrect document type!");
        refused(
            &ada,
            json!(["crm", "CCrmDocumentLead", "LEAD_1"]),
            400,
            "Template type and DOCUMENT_ID mismatch!",
        );
        refused(&ada, json!(["crm", "CCrmDocumentDeal", "DEAL_99999"]), 403, "Access denied!");
        let ines = ada.employee("ines@x.de", SCOPES);
        refused(&ines, own.clone(), 403, "Access denied!");
        let id = ask(&ada, own).unwrap();
        assert_eq!(
            ada.get("bizproc.workflow.instances", json!({})),
            json!([]),
            "a template without more ends at once"
        );
        for (method, params) in [
            ("bizproc.workflow.instances", json!({})),
            ("bizproc.workflow.terminate", json!({"ID": id})),
            ("bizproc.workflow.kill", json!({"ID": id})),
        ] {
            assert_eq!(
                ines.refused(method, params),
                (403, "ACCESS_DENIED".into(), "Access denied!".into()),
                "{method}"
            );
        }
        let listed = ines.refused("bizproc.workflow.template.list", json!({}));
        assert_eq!(listed, (400, "ACCESS_DENIED".into(), "Access denied!".into()));
        for (method, params) in [
            (
                "add",
                json!({"fields": {"name": "x", "moduleId": "crm", "entity": "CCrmDocumentDeal", "documentType": "DEAL"}}),
            ),
            ("list", json!({})),
            ("delete", json!({"id": template})),
        ] {
            ines.refused(&format!("bizproc.recorder.template.{method}"), params);
        }
        ines.refused("bizproc.recorder.instance.list", json!({}));
        let wrong = |given: Json| ada.refused("bizproc.workflow.start", given).2;
        assert_eq!(wrong(json!({})), "Empty TEMPLATE_ID");
        assert_eq!(wrong(json!({"TEMPLATE_ID": 777})), "Template not found");
    }
}

#[test]
fn lists_and_drives_have_documents_as_well() {
    for ada in portals(SCOPES) {
        let list = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "keys", "FIELDS": {"NAME": "Keys"}});
        let list = ada.get("lists.add", list);
        let element = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list, "ELEMENT_CODE": "front", "FIELDS": {"NAME": "Front door"}});
        let element = ada.get("lists.element.add", element);
        let class = "Bitrix\\Lists\\BizprocDocumentLists";
        let fields = json!({"moduleId": "lists", "entity": class, "documentType": format!("iblock_{list}")});
        let of_list = template(&ada, fields);
        let storage = ada.get("disk.storage.getlist", json!({"filter": {"ENTITY_TYPE": "user"}}))[0].clone();
        let file = json!({"id": storage["ROOT_OBJECT_ID"], "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "QQ=="]});
        let file = ada.get("disk.folder.uploadfile", file);
        let kind = format!("STORAGE_{}", storage["ID"].as_str().unwrap());
        let of_disk = template(
            &ada,
            json!({"moduleId": "disk", "entity": "Bitrix\\Disk\\BizProcDocument", "documentType": kind}),
        );
        let start = |who: &Hook, template: &Json, document: Json| {
            who.ask("bizproc.workflow.start", json!({"TEMPLATE_ID": template, "DOCUMENT_ID": document}))
        };
        let (element, file) =
            (json!(["lists", class, element]), json!(["disk", "Bitrix\\Disk\\BizProcDocument", file["ID"]]));
        let ines = ada.employee("ines@x.de", SCOPES);
        for (template, document) in [(&of_list, &element), (&of_disk, &file)] {
            start(&ada, template, document.clone()).unwrap();
            assert_eq!(start(&ines, template, document.clone()).unwrap_err().status, 403);
        }
        let found =
            ada.get("bizproc.recorder.instance.list", json!({"order": {"id": "ASC"}}))["instances"].clone();
        assert_eq!(
            (&found[0]["documentName"], &found[1]["documentName"]),
            (&json!("Front door"), &json!("a.txt"))
        );
        let found = ada.get(
            "bizproc.workflow.template.list",
            json!({"select": ["ID", "DOCUMENT_TYPE", "PARAMETERS"], "filter": {"module_id": "disk"}}),
        );
        let expected = json!([{
            "ID": of_disk.to_string(), "DOCUMENT_TYPE": ["disk", "Bitrix\\Disk\\BizProcDocument", kind], "PARAMETERS": [],
        }]);
        assert_eq!(found, expected);
        assert_eq!(
            ada.get("bizproc.workflow.template.list", json!({})),
            json!([{"ID": of_list.to_string()}, {"ID": of_disk.to_string()}])
        );
    }
}

#[test]
fn templates_are_checked() {
    for ada in portals(SCOPES) {
        let fields = |more: Json| {
            let mut fields = json!({"name": "Test", "moduleId": "crm", "entity": "CCrmDocumentDeal", "documentType": "DEAL"});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"fields": fields})
        };
        for unfit in [
            json!({"documentType": "LEAD"}),
            json!({"moduleId": "x"}),
            json!({"name": ""}),
            json!({"parameters": {"a": {"Type": "x"}}}),
            json!({"parameters": "x"}),
            json!({"taskUsers": {"a": 1}}),
            json!({"taskFields": {"a": "x"}}),
        ] {
            let (status, ..) = ada.refused("bizproc.recorder.template.add", fields(unfit.clone()));
            assert_eq!(status, 400, "{unfit}");
        }
        let id = template(&ada, json!({"ends": "N"}));
        let started = json!({"TEMPLATE_ID": id, "DOCUMENT_ID": deal(&ada)});
        ada.get("bizproc.workflow.start", started);
        let changed = json!({"id": id, "fields": {"name": "Other"}});
        assert_eq!(ada.get("bizproc.recorder.template.update", changed)["template"]["isModified"], "Y");
        ada.get("bizproc.recorder.template.delete", json!({"id": id}));
        assert_eq!(ada.get("bizproc.recorder.instance.list", json!({}))["instances"], json!([]));
    }
}

#[test]
fn handlers_write_into_the_log_with_a_token() {
    for ada in portals(SCOPES) {
        let template = template(&ada, json!({"ends": "N"}));
        let id =
            ada.get("bizproc.workflow.start", json!({"TEMPLATE_ID": template, "DOCUMENT_ID": deal(&ada)}));
        let found = ada.get("bizproc.recorder.instance.list", json!({}))["instances"][0].clone();
        let ines = ada.employee("ines@x.de", SCOPES);
        let log = |token: &Json, text: &str| {
            ines.ask("bizproc.activity.log", json!({"EVENT_TOKEN": token, "LOG_MESSAGE": text}))
        };
        log(&found["eventToken"], "Please wait").unwrap();
        let shown =
            ada.get("bizproc.recorder.instance.get", json!({"id": found["id"]}))["instance"]["log"].clone();
        assert_eq!((&shown[0]["message"], &shown[0]["userId"]), (&json!("Please wait"), &json!(ines.user)));
        let forged = format!("{}x", found["eventToken"].as_str().unwrap());
        assert_eq!(&*log(&json!(forged), "x").unwrap_err().code, "ACCESS_DENIED");
        assert_eq!(&*log(&found["eventToken"], "").unwrap_err().code, "ERROR_EMPTY_LOG_MESSAGE");
        ada.get("bizproc.workflow.terminate", json!({"ID": id}));
        assert_eq!(&*log(&found["eventToken"], "x").unwrap_err().code, "ACCESS_DENIED");
    }
}
