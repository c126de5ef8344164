//! Documents: templates of Word, filled with data of deals and of requests.

use std::io::{Cursor, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portal::Moment;
use portal::files;
use serde_json::{Value as Json, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use testportal::{Hook, NOW, content, input, portals};

pub const SCOPES: &str = "disk,crm,documentgenerator,catalog";

pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell))).collect();
    format!("<w:tr>{cells}</w:tr>")
}

/// An archive with these parts, in Base64.
pub fn archive(parts: &[(&str, &str)]) -> String {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    STANDARD.encode(archive.finish().unwrap().into_inner())
}

/// A Word document with this body.
fn word(body: &str) -> String {
    let document =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

/// What a link leads to.
pub fn download(portal: &Hook, link: &Json) -> Result<Vec<u8>, u16> {
    let token = link.as_str().unwrap().split_once("?token=").unwrap().1.replace("%7C", "|");
    let opened = files::open(portal.portal.core(), &token, Moment(NOW * 1_000_000)).wait();
    opened.map(|file| content(&portal.portal, &file.key)).map_err(|error| error.into_fault().status)
}

/// The body of the Word document that a link leads to.
pub fn body(portal: &Hook, link: &Json) -> String {
    let mut archive = ZipArchive::new(Cursor::new(download(portal, link).unwrap())).unwrap();
    let (mut part, mut text) = (archive.by_name("word/document.xml").unwrap(), String::new());
    part.read_to_string(&mut text).unwrap();
    text
}

/// The texts of its paragraphs, one a line.
pub fn lines(portal: &Hook, link: &Json) -> Vec<String> {
    let body = body(portal, link).replace("<w:t xml:space=\"preserve\">", "<w:t>");
    let text = |paragraph: &str| {
        paragraph.split("<w:t>").skip(1).map(|run| run.split_once('<').unwrap().0).collect::<String>()
    };
    body.split("<w:p>").skip(1).map(text).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
pub fn template(portal: &Hook, family: &str, file: &str, more: Json) -> Json {
    let mut fields =
        json!({"name": "Offer", "numeratorId": 1, "region": "de", "users": ["UA"], "file": ["o.docx", file]});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    portal.get(&format!("{family}.template.add"), json!({"fields": fields}))["template"].clone()
}

/// A deal of two products, a contact, and a template of deals.
fn deal(portal: &Hook) -> (Json, Json) {
    let contact = json!({"NAME": "Clara", "LAST_NAME": "Ahlberg", "PHONE": [{"VALUE": "+49301"}]});
    let contact = portal.get("crm.contact.add", json!({"fields": contact}));
    let fields = json!({"TITLE": "Chairs & <tables>", "CURRENCY_ID": "EUR", "CONTACT_ID": contact, "CLOSEDATE": "2026-03-07"});
    let deal = portal.get("crm.deal.add", json!({"fields": fields}));
    let rows = json!([
        {"PRODUCT_NAME": "Chair {Title}", "PRICE": 250, "QUANTITY": 2, "TAX_RATE": 25, "TAX_INCLUDED": "Y"},
        {"PRODUCT_NAME": "Table", "PRICE": 1000.5, "QUANTITY": 1},
    ]);
    portal.get("crm.deal.productrows.set", json!({"id": deal, "rows": rows}));
    let split = "<w:p><w:r><w:t>No. {Document</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Number}, {Ti</w:t></w:r>\
                 <w:r><w:t>tle} of {Nothing}{Closedate~j F Y}</w:t></w:r></w:p>";
    let table =
        [row(&["Product"]), row(&["{ProductsIndex}", "{ProductsProductName}", "{ProductsProductPriceSum}"])]
            .concat();
    let rest = paragraph(
        "{ClientName} {ClientPhone}: {TotalSum}, {TotalRaw}, {ContactFormattedName~#NAME_SHORT# #LAST_NAME#}",
    );
    let file = word(&format!("{split}<w:tbl>{table}</w:tbl>{rest}"));
    (deal, template(portal, "crm.documentgenerator", &file, json!({"entityTypeId": ["2", "2_category_0"]})))
}

#[test]
fn a_document_of_a_deal_is_filled_numbered_changed_and_published() {
    for portal in portals(SCOPES) {
        let (deal, template) = deal(&portal);
        assert_eq!((&template["moduleId"], &template["users"]), (&json!("crm"), &json!({"UA": "UA"})));
        assert_eq!(template["entityTypeId"], json!(["2", "2_category_0"]));
        let add = |more: Json| {
            let mut given = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": deal});
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            portal.get("crm.documentgenerator.document.add", given)["document"].clone()
        };
        let document = add(json!({}));
        assert_eq!((&document["title"], &document["number"]), (&json!("Offer 1"), &json!("1")));
        assert_eq!(document["products"], json!({"currencyId": "EUR", "totalSum": "1500.50", "totalRows": 2}));
        assert_eq!((&document["pdfUrl"], &document["publicUrl"]), (&json!(""), &json!(null)));
        let filled = [
            "No. 1, Chairs &amp; &lt;tables&gt; of 7 März 2026",
            "Product",
            "1",
            "Chair {Title}",
            "500.00 €",
            "2",
            "Table",
            "1,000.50 €",
            "Clara Ahlberg +49301: 1,500.50 €, 1500.50, C. Ahlberg",
        ];
        assert_eq!(lines(&portal, &document["downloadUrl"]), filled);
        // The number is in the run in which its placeholder begins.
        assert!(body(&portal, &document["downloadUrl"]).contains(">No. 1</w:t>"), "{document}");

        let second = add(json!({"values": {"ClientName": "Jonas", "ProductsProductName": ["Stool"]}}));
        let shown = lines(&portal, &second["downloadUrl"]);
        assert_eq!(
            (second["number"].as_str(), shown[3].as_str(), shown[6].as_str()),
            (Some("2"), "Stool", "Table")
        );
        assert!(shown[8].starts_with("Jonas "), "{shown:?}");
        let own = add(json!({"values": {"DocumentNumber": "X-7"}}));
        assert_eq!((&own["number"], &own["title"]), (&json!("X-7"), &json!("Offer X-7")));
        assert_eq!(add(json!({}))["number"], "3", "no number is lost");

        let id = second["id"].clone();
        let changed = json!({"id": id, "values": {"ClientName": "Leila\nCosta", "DocumentNumber": "2a"}, "stampsEnabled": 0});
        let changed = portal.get("crm.documentgenerator.document.update", changed)["document"].clone();
        assert_eq!(
            (&changed["number"], &changed["title"], &changed["updatedBy"]),
            (&json!("2a"), &json!("Offer 2a"), &json!(1))
        );
        let text = body(&portal, &changed["downloadUrl"]);
        assert!(
            text.contains("Leila</w:t><w:br/><w:t xml:space=\"preserve\">Costa ") && text.contains("Stool"),
            "{text}"
        );
        let list = json!({"filter": {"entityTypeId": 2, "entityId": deal}, "order": {"id": "desc"}, "select": ["id", "number"]});
        let page = portal.page("crm.documentgenerator.document.list", list).unwrap();
        assert_eq!(
            (page.total, &page.result["documents"][2]),
            (Some(4), &json!({"id": id.to_string(), "number": "2a"}))
        );

        let public = |status: i64| {
            portal.get("crm.documentgenerator.document.enablepublicurl", json!({"id": id, "status": status}))
        };
        let link = public(1)["publicUrl"].clone();
        assert_eq!(public(1)["publicUrl"], link);
        let get = || portal.get("crm.documentgenerator.document.get", json!({"id": id}))["document"].clone();
        assert_eq!((get()["publicUrl"].clone(), get()["id"].clone()), (link.clone(), json!(id.to_string())));
        assert!(download(&portal, &link).is_ok());
        assert_eq!((public(0), download(&portal, &link)), (json!(null), Err(403)));
        assert_ne!(public(1)["publicUrl"], link, "what was withdrawn stays so");

        let cards = portal.get(
            "crm.documentgenerator.document.getfields",
            json!({"id": id, "values": {"ClientName": "Z"}}),
        );
        let client = &cards["documentFields"]["ClientName"];
        assert_eq!((&client["value"], &client["default"]), (&json!("Z"), &json!("Clara Ahlberg")));
        assert_eq!(cards["documentFields"]["ProductsProductName"]["value"], json!(["Stool", "Table"]));
        let logged = portal.get("crm.timeline.logmessage.list", json!({"entityTypeId": 2, "entityId": deal}));
        assert!(logged.to_string().contains("\"text\":\"Offer 2\""), "{logged}");

        // A template that has documents is kept for them.
        let delete = json!({"id": template["id"]});
        assert_eq!(portal.get("crm.documentgenerator.template.delete", delete.clone()), json!(null));
        let templates = |filter: Json| {
            portal.get("crm.documentgenerator.template.list", json!({"filter": filter}))["templates"].clone()
        };
        assert_eq!(templates(json!({})), json!([]));
        let kept = templates(json!({"isDeleted": "Y"}));
        assert_eq!(kept[template["id"].as_str().unwrap()]["active"], "N");
        let late = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": deal});
        assert_eq!(
            portal.refused("crm.documentgenerator.document.add", late).2,
            "Cannot create document on deleted template"
        );
        assert_eq!(portal.get("crm.documentgenerator.document.delete", json!({"id": id})), json!(null));
        let gone = portal.refused("crm.documentgenerator.document.get", json!({"id": id}));
        assert_eq!(gone, (400, "0".to_owned(), "Document not found".to_owned()));
        assert_eq!(download(&portal, &changed["downloadUrl"]), Err(400));
    }
}

#[test]
fn a_document_of_any_data_has_tables_dates_and_names() {
    for portal in portals(SCOPES) {
        let outer = row(&["{EventsEventTitle}", "{EventsEventSpeakers}"]);
        let body = [
            paragraph("{SomeDate} {SomeDate~Y} {SomeName} {Text} {DocumentTitle}"),
            format!("<w:tbl>{}</w:tbl>", row(&["{TableIndex}", "{TableItemName}"])),
            format!("<w:tbl>{outer}</w:tbl>"),
        ];
        let template = template(&portal, "documentgenerator", &word(&body.concat()), json!({}));
        assert_eq!(template["moduleId"], "rest");
        let list = |item: &str| json!({"PROVIDER": "Bitrix\\DocumentGenerator\\DataProvider\\ArrayDataProvider", "OPTIONS": {"ITEM_NAME": item}});
        let values = json!({
            "SomeDate": "2026-03-18T00:00:00+00:00", "SomeName": {"NAME": "Igor", "LAST_NAME": "Ivanov"}, "Text": "<b>&{Text}",
            "Table": [{"Name": "Chair"}, {"Name": "{SomeName}"}], "TableItemName": "Table.Item.Name", "TableIndex": "Table.INDEX",
            "Events": [{"Title": "Talks", "Speakers": "with {Text}"}],
            "EventsEventTitle": "Events.Event.Title", "EventsEventSpeakers": "Events.Event.Speakers",
        });
        let fields = json!({
            "SomeDate": {"TYPE": "DATE", "FORMAT": {"format": "d/m/y"}, "TITLE": "Day"},
            "SomeName": {"TYPE": "NAME", "FORMAT": {"format": "#LAST_NAME#"}},
            "Table": list("Item"), "Events": list("Event"),
        });
        let given =
            json!({"templateId": template["id"], "value": "ORDER_7", "values": values, "fields": fields});
        let document = portal.get("documentgenerator.document.add", given)["document"].clone();
        let filled = [
            "18/03/26 2026 Ivanov &lt;b&gt;&amp;{Text} Offer 1",
            "1",
            "Chair",
            "2",
            "Ivanov",
            "Talks",
            "with &lt;b&gt;&amp;{Text}",
        ];
        assert_eq!(lines(&portal, &document["downloadUrl"]), filled);
        assert_eq!(
            (&document["value"], &document["values"]["_creationMethod"]),
            (&json!("ORDER_7"), &json!("rest"))
        );
        let shown = portal.get("documentgenerator.document.getfields", json!({"id": document["id"]}));
        assert_eq!(shown["documentFields"]["SomeDate"]["title"], "Day");
        assert_eq!(shown["documentFields"]["DocumentTitle"]["chain"], json!([{}, "getTitle"]));
        let found = portal.get("documentgenerator.document.list", json!({"filter": {"value": "ORDER_7"}}));
        assert_eq!(found["documents"][0]["provider"], "Bitrix\\DocumentGenerator\\DataProvider\\Rest");
        let empty = portal
            .refused("documentgenerator.document.add", json!({"templateId": template["id"], "value": " "}));
        assert_eq!(empty.2, "Empty required parameter \"value\"");

        // Each family knows only its own.
        let foreign = portal.refused("crm.documentgenerator.document.get", json!({"id": document["id"]}));
        assert_eq!(foreign.2, "Document not found");
        assert_eq!(
            portal.refused("crm.documentgenerator.template.get", json!({"id": template["id"]})).2,
            "Template not found"
        );
        let given = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": 1});
        assert_eq!(portal.refused("crm.documentgenerator.document.add", given).2, "Template not found");
        assert_eq!(portal.get("crm.documentgenerator.document.list", json!({}))["documents"], json!([]));
        // Nothing that was not used has to be kept.
        portal.get("documentgenerator.document.delete", json!({"id": document["id"]}));
        portal.get("documentgenerator.template.delete", json!({"id": template["id"]}));
        assert_eq!(
            portal.get("documentgenerator.template.list", json!({"filter": {"isDeleted": "Y"}}))["templates"],
            json!([])
        );
    }
}

#[test]
fn a_document_of_an_item_is_for_those_who_may_read_the_item() {
    for portal in portals(SCOPES) {
        let (deal, template) = deal(&portal);
        let given = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": deal});
        let id = portal.get("crm.documentgenerator.document.add", given.clone())["document"]["id"].clone();
        let otto = portal.employee("otto@example.com", SCOPES);
        let told = portal.both(otto.user, "crm", &["ONCRMDOCUMENTGENERATORDOCUMENTADD"]);
        let mine = portal.told(input(&["ONCRMDOCUMENTGENERATORDOCUMENTADD"]));
        let denied = (400, "DOCGEN_ACCESS_ERROR".to_owned(), "Access denied".to_owned());
        assert_eq!(otto.refused("crm.documentgenerator.document.add", given), denied);
        for verb in ["get", "update", "delete", "getfields", "enablepublicurl"] {
            let refused = otto.refused(&format!("crm.documentgenerator.document.{verb}"), json!({"id": id}));
            assert_eq!(refused.2, "You do not have permissions to view documents", "{verb}");
        }
        assert_eq!(otto.page("crm.documentgenerator.document.list", json!({})).unwrap().total, Some(0));
        let his =
            portal.get("crm.deal.add", json!({"fields": {"TITLE": "his", "ASSIGNED_BY_ID": otto.user}}));
        let own = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": his});
        let document = otto.get("crm.documentgenerator.document.add", own.clone())["document"].clone();
        assert_eq!(document["createdBy"], otto.user);
        let other = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": deal});
        portal.get("crm.documentgenerator.document.add", other);
        assert_eq!(
            (portal.raised(told).len(), portal.raised(mine).len()),
            (1, 2),
            "only of what he may read"
        );
        // A template is for those whom it names.
        let update = json!({"id": template["id"], "fields": {"users": ["U1"]}});
        portal.get("crm.documentgenerator.template.update", update);
        assert_eq!(otto.refused("crm.documentgenerator.document.add", own), denied);
        assert_eq!(
            otto.refused("crm.documentgenerator.template.get", json!({"id": template["id"]})).2,
            "You do not have permissions to modify templates"
        );
        // Whoever has no role sees nothing.
        portal.get("documentgenerator.role.fillaccesses", json!({"accesses": []}));
        assert!(otto.ask("crm.documentgenerator.document.list", json!({})).is_err());
    }
}

#[test]
fn what_is_no_usable_word_document_is_refused() {
    for portal in portals(SCOPES) {
        let types = ("[Content_Types].xml", "<Types/>");
        let bomb = "a".repeat(80 << 20);
        let deep = format!("{}{}", "<w:p>".repeat(300), "</w:p>".repeat(300));
        let many: String = (0..2100).map(|at| paragraph(&format!("{{F{at}}}"))).collect();
        let dtd =
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><w:p>&e;</w:p>";
        for (file, why) in [
            ("bm90IGEgemlw".to_owned(), "it is no zip archive, or a broken one"),
            (archive(&[types]), "it has no text"),
            (archive(&[types, ("word/document.xml", "<w:p>"), ("x", &bomb)]), "it is too large"),
            (archive(&[types, ("word/document.xml", &bomb[..9 << 20])]), "a part is too large"),
            (archive(&[types, ("word/document.xml", dtd)]), "it has a document type"),
            (archive(&[types, ("word/document.xml", "<w:p>&e;</w:p>")]), "it names an unknown entity"),
            (word(&deep), "it is nested too deeply"),
            (word(&many), "it has too many fields"),
            (word("<w:p></w:t>"), "its XML is broken"),
        ] {
            let fields = json!({"name": "x", "numeratorId": 1, "region": "de", "file": file});
            let refused = portal.refused("documentgenerator.template.add", json!({"fields": fields}));
            assert_eq!(
                refused,
                (400, "0".to_owned(), format!("The file is not a usable Word document: {why}"))
            );
        }
        let missing = portal.refused(
            "documentgenerator.template.add",
            json!({"fields": {"name": "x", "numeratorId": 1, "region": "de"}}),
        );
        assert_eq!(missing.2, "Missing file content");
        // A file of the drive is one as well, for whoever sees it there.
        let kept = |name: &str, content: &str| {
            let storages = json!({"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": portal.user}});
            let storage = portal.get("disk.storage.getList", storages)[0]["ID"].clone();
            let file = json!({"id": storage, "data": {"NAME": name}, "fileContent": [name, content]});
            let id = portal.get("disk.storage.uploadFile", file)["ID"].clone();
            json!({"fields": {"name": "Kept", "numeratorId": 1, "region": "de", "fileId": id}})
        };
        let good = kept("kept.docx", &word("<w:p><w:r><w:t>{Who}</w:t></w:r></w:p>"));
        let made = portal.get("documentgenerator.template.add", good)["template"]["id"].clone();
        let fields = portal.get("documentgenerator.template.getfields", json!({"id": made}));
        assert!(fields["templateFields"].get("Who").is_some(), "{fields}");
        let refused = portal.refused("documentgenerator.template.add", kept("kept.txt", "SGVsbG8="));
        assert!(refused.2.starts_with("The file is not a usable Word document"), "{refused:?}");
        let gone = json!({"fields": {"name": "Kept", "numeratorId": 1, "region": "de", "fileId": 99_999}});
        assert_eq!(portal.refused("documentgenerator.template.add", gone).2, "Missing file content");
        let empty = portal.refused("crm.documentgenerator.template.add", json!({"fields": {"name": "x"}}));
        assert_eq!(
            (empty.1.as_str(), empty.2.as_str()),
            ("0", "Empty required fields: numeratorId, region, entityTypeId")
        );
        // Rows of rows of rows do not fill the memory.
        let inner = format!("<w:tbl>{}</w:tbl>", row(&["{TableX}"; 10]));
        let id = template(&portal, "documentgenerator", &word(&inner), json!({}))["id"].clone();
        let rows: Vec<Json> = (0..10_000).map(|_| json!({"X": "1"})).collect();
        let list = json!({"PROVIDER": "ArrayDataProvider", "OPTIONS": {"ITEM_NAME": "Item"}});
        let given = json!({"templateId": id, "value": "x", "values": {"Table": rows, "TableX": "Table.Item.X"}, "fields": {"Table": list}});
        assert_eq!(portal.refused("documentgenerator.document.add", given).0, 400);
    }
}

#[test]
fn numbers_are_given_once_however_many_ask() {
    for portal in portals(SCOPES) {
        let template =
            template(&portal, "documentgenerator", &word(&paragraph("{DocumentNumber}")), json!({}));
        let hook: &Hook = &portal;
        let add = |value: String| {
            let given = json!({"templateId": template["id"], "value": value});
            hook.get("documentgenerator.document.add", given)["document"].clone()
        };
        let mut numbers: Vec<i64> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..6)
                .map(|at| {
                    scope.spawn({
                        let add = &add;
                        move || {
                            (0..3)
                                .map(|turn| {
                                    let document = add(format!("{at}.{turn}"));
                                    assert_eq!(
                                        lines(hook, &document["downloadUrl"]),
                                        [document["number"].as_str().unwrap()]
                                    );
                                    document["number"].as_str().unwrap().parse().unwrap()
                                })
                                .collect::<Vec<i64>>()
                        }
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=18).collect::<Vec<i64>>());
        let cmd = json!({
            "a": format!("documentgenerator.document.add?templateId={}&value=a", template["id"].as_str().unwrap()),
            "b": format!("documentgenerator.document.add?templateId={}&value=b", template["id"].as_str().unwrap()),
        });
        let batch = portal.get("batch", json!({"cmd": cmd}));
        let link = |name: &str| batch["result"][name]["document"]["downloadUrl"].clone();
        assert_eq!(
            (lines(hook, &link("a")), lines(hook, &link("b"))),
            (vec!["19".to_owned()], vec!["20".to_owned()])
        );
    }
}
