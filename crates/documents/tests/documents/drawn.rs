//! Documents with pictures, stamps, requisites and the company of one's own.

use std::io::{Cursor, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value as Json, json};
use testportal::{Hook, portals};
use zip::ZipArchive;

use crate::filled::{SCOPES, archive, body, download, lines, paragraph, template};

/// A picture twice as wide as it is high.
fn png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x14\0\0\0\x0a\x08\x06\0\0\0".to_vec();
    png.extend([0; 40]);
    png
}

fn picture() -> Json {
    json!({"fileData": ["a.png", STANDARD.encode(png())]})
}

/// A drawing, 1000 by 1000, that has this in an attribute.
fn drawing(attribute: &str) -> String {
    format!(
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"1000\" cy=\"1000\"/><wp:docPr id=\"1\" {attribute}/>\
         <a:graphic><a:blip r:embed=\"rId9\"/><a:srcRect l=\"9\"/><a:ext cx=\"1000\" cy=\"1000\"/>\
         <a:ext uri=\"x\"/></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
}

/// A template with these paragraphs, in Base64.
fn word(body: &str) -> String {
    let document =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let types = "<Types xmlns=\"t\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    archive(&[("[Content_Types].xml", types), ("word/document.xml", &document)])
}

/// A part of the document that a link leads to.
fn part(portal: &Hook, link: &Json, name: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(download(portal, link).unwrap())).unwrap();
    let (mut part, mut content) = (archive.by_name(name).ok()?, Vec::new());
    part.read_to_end(&mut content).unwrap();
    Some(content)
}

fn added(portal: &Hook, method: &str, fields: Json) -> Json {
    portal.get(method, Json::from_iter([("fields", fields)]))
}

/// A deal of a client with two requisites, and two companies of one's own.
struct Sale {
    deal: Json,
    mine: Json,
    other: Json,
}

fn requisite(portal: &Hook, company: &Json, number: &str) -> Json {
    let fields =
        json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": number, "RQ_INN": number});
    added(portal, "crm.requisite.add", fields)
}

fn sale(portal: &Hook) -> Sale {
    let drawn = json!({"TITLE": "Harbour", "IS_MY_COMPANY": "Y", "LOGO": picture(), "UF_STAMP": picture()});
    let mine = added(portal, "crm.company.add", drawn);
    requisite(portal, &mine, "M1");
    let other = added(portal, "crm.company.add", json!({"TITLE": "Pier", "IS_MY_COMPANY": "Y"}));
    let client = added(portal, "crm.company.add", json!({"TITLE": "Client"}));
    requisite(portal, &client, "C1");
    let second = requisite(portal, &client, "C2");
    let bank = json!({"ENTITY_ID": second, "NAME": "Account", "RQ_IBAN": "DE02"});
    let bank = added(portal, "crm.requisite.bankdetail.add", bank);
    let address = json!({
        "TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": second, "ADDRESS_1": "1 Pier", "CITY": "Hamburg",
    });
    added(portal, "crm.address.add", address);
    let deal = added(portal, "crm.deal.add", json!({"TITLE": "Sale", "COMPANY_ID": client}));
    let link = json!({
        "ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": second, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": 0,
        "MC_BANK_DETAIL_ID": 0,
    });
    portal.get("crm.requisite.link.register", json!({"fields": link}));
    Sale { deal, mine, other }
}

#[test]
fn logos_and_stamps_are_drawn_where_the_template_has_a_picture() {
    for portal in portals(SCOPES) {
        let sale = sale(&portal);
        let texts = paragraph("{MyCompanyTitle} {MyCompanyRequisiteRqInn}");
        let file = word(
            &[drawing("name=\"{MyCompanyUfLogo}\""), drawing("name=\"x\" descr='{MyCompanyUfStamp}'"), texts]
                .concat(),
        );
        let template = template(&portal, "crm.documentgenerator", &file, json!({"entityTypeId": ["2"]}));
        let about = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": sale.deal});
        let document = portal.get("crm.documentgenerator.document.add", about)["document"].clone();
        assert_eq!(document["changeStampsEnabled"], true);
        let link = &document["downloadUrl"];
        let drawn = body(&portal, link);
        assert_eq!(drawn.matches("<w:drawing>").count(), 1, "no stamp without being asked: {drawn}");
        assert!(drawn.contains("r:embed=\"rIdPicture0\"") && !drawn.contains("srcRect"), "{drawn}");
        assert_eq!(drawn.matches("cx=\"1000\" cy=\"500\"").count(), 2, "in proportion: {drawn}");
        assert!(lines(&portal, link).contains(&"Harbour M1".to_owned()));
        assert_eq!(part(&portal, link, "word/media/picture-document-0.png"), Some(png()));
        let text = |name: &str| String::from_utf8(part(&portal, link, name).unwrap()).unwrap();
        assert!(text("word/_rels/document.xml.rels").contains("media/picture-document-0.png"));
        assert!(text("[Content_Types].xml").contains("Extension=\"png\" ContentType=\"image/png\""));

        let stamped = json!({"id": document["id"], "stampsEnabled": 1});
        let document = portal.get("crm.documentgenerator.document.update", stamped)["document"].clone();
        assert_eq!(body(&portal, &document["downloadUrl"]).matches("<w:drawing>").count(), 2);

        // Another company of one's own has neither.
        let others = json!({"id": document["id"], "stampsEnabled": 1, "values": {"MY_COMPANY": sale.other}});
        let document = portal.get("crm.documentgenerator.document.update", others)["document"].clone();
        assert_eq!(body(&portal, &document["downloadUrl"]).matches("<w:drawing>").count(), 0);
        assert!(lines(&portal, &document["downloadUrl"]).contains(&"Pier ".to_owned()));

        let fields = portal.get("crm.documentgenerator.document.getfields", json!({"id": document["id"]}));
        let fields = &fields["documentFields"];
        let choice = |id: &Json, title: &str, selected: bool| json!({"value": id.to_string(), "title": title, "selected": selected});
        let expected = json!({
            "title": "My Company", "group": ["Document", "My Company"],
            "value": [choice(&sale.mine, "Harbour", false), choice(&sale.other, "Pier", true)],
        });
        assert_eq!(fields["MY_COMPANY"], expected);
        assert_eq!(
            (&fields["MyCompanyUfLogo"]["type"], &fields["MyCompanyUfLogo"]["value"]),
            (&json!("IMAGE"), &json!(null))
        );
        assert_eq!(fields["MyCompanyUfStamp"]["type"], "STAMP");
    }
}

#[test]
fn requisites_are_those_that_the_item_uses_or_the_first() {
    for portal in portals(SCOPES) {
        let sale = sale(&portal);
        let file = word(&paragraph(
            "{RequisiteRqInn} {BankDetailRqIban} {RequisitePrimaryAddressText} {RequisitePrimaryAddressCity} \
             {CompanyRequisiteRqInn}",
        ));
        let template = template(&portal, "crm.documentgenerator", &file, json!({"entityTypeId": ["2"]}));
        let made = || {
            let about = json!({"templateId": template["id"], "entityTypeId": 2, "entityId": sale.deal});
            let document = portal.get("crm.documentgenerator.document.add", about);
            lines(&portal, &document["document"]["downloadUrl"]).concat()
        };
        assert_eq!(made(), "C2 DE02 1 Pier, Hamburg Hamburg C2");
        portal.get("crm.requisite.link.unregister", json!({"entityTypeId": 2, "entityId": sale.deal}));
        assert_eq!(made(), "C1    C1");
    }
}

#[test]
fn what_may_not_be_read_of_companies_is_in_no_document() {
    for portal in portals(SCOPES) {
        let sale = sale(&portal);
        let texts = "{Title}: {RequisiteRqInn}{BankDetailRqIban}{CompanyTitle}{MyCompanyTitle}{MyCompanyRequisiteRqInn}";
        let file = word(&[paragraph(texts), drawing("name=\"{MyCompanyUfLogo}\"")].concat());
        let template = template(
            &portal,
            "crm.documentgenerator",
            &file,
            json!({"entityTypeId": ["2"], "users": ["UA"]}),
        );
        let otto = portal.employee("otto@example.com", SCOPES);
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "DEAL", Act::Read, Level::All)?;
            roles::allow(tx, role, "COMPANY", Act::Read, Level::None)?;
            Meta::outdate(tx)
        });
        let about = json!({
            "templateId": template["id"], "entityTypeId": 2, "entityId": sale.deal, "values": {"MY_COMPANY": sale.mine},
        });
        let document = otto.get("crm.documentgenerator.document.add", about)["document"].clone();
        assert_eq!(lines(&portal, &document["downloadUrl"]).concat(), "Sale: ");
        assert!(!body(&portal, &document["downloadUrl"]).contains("<w:drawing>"));
        let of = json!({"id": document["id"]});
        let fields = otto.get("crm.documentgenerator.document.getfields", of)["documentFields"].clone();
        assert_eq!(fields.get("MY_COMPANY"), None, "{fields}");
    }
}

#[test]
fn requests_bring_pictures_and_what_is_none_is_taken_out() {
    for portal in portals(SCOPES) {
        let file = word(
            &[drawing("name=\"{Logo}\""), drawing("name=\"{Seal}\""), drawing("name=\"Picture 1\"")].concat(),
        );
        let template = template(&portal, "documentgenerator", &file, json!({}));
        let base64 = STANDARD.encode(png());
        for (logo, seal, stamps, drawings) in [
            (json!(base64), json!(format!("data:image/png;base64,{base64}")), 1, 3),
            (json!(["a.png", base64]), json!(base64), 0, 2),
            (json!("https://example.com/a.png"), json!("aGVsbG8="), 1, 1),
        ] {
            let document = portal.get(
                "documentgenerator.document.add",
                json!({
                    "templateId": template["id"], "value": "1", "stampsEnabled": stamps,
                    "values": {"Logo": logo, "Seal": seal},
                    "fields": {"Logo": {"TYPE": "IMAGE"}, "Seal": {"TYPE": "STAMP"}},
                }),
            );
            let drawn = body(&portal, &document["document"]["downloadUrl"]);
            assert_eq!(drawn.matches("<w:drawing>").count(), drawings, "{drawn}");
            assert!(drawn.contains("r:embed=\"rId9\""), "a picture of the template stays: {drawn}");
        }
    }
}
