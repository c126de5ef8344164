//! Protocol 2.1, 2.4, 3.1, D.13, E.1, E.3, E.7 and E.9.

use serde_json::json;
use wire::Format::{Json, Xml};
use wire::answer::{render, render_fault};
use wire::time::Times;
use wire::{Answer, Fault, Map, Value, fault};

use super::{map, text, value};

fn answer(result: serde_json::Value) -> Answer {
    let time = Times {
        start_us: 1_760_954_322_104_311,
        finish_us: 1_760_954_322_117_020,
        processing_us: 1_157,
        offset_seconds: 0,
        operating: None,
        operating_reset_at: 1_760_954_922,
    };
    Answer { result: value(result), next: None, total: None, time }
}

const TIME: &str = r#""time":{"start":1760954322.104311,"finish":1760954322.11702,"duration":0.012709,"processing":0.001157,"date_start":"2025-10-20T09:58:42+00:00","date_finish":"2025-10-20T09:58:42+00:00","operating_reset_at":1760954922,"operating":0}"#;
const TIME_XML: &str = "<time><start>1760954322.104311</start><finish>1760954322.11702</finish><duration>0.012709</duration><processing>0.001157</processing><date_start>2025-10-20T09:58:42+00:00</date_start><date_finish>2025-10-20T09:58:42+00:00</date_finish><operating_reset_at>1760954922</operating_reset_at><operating>0</operating></time>";

#[test]
fn e1_a_plain_answer() {
    let profile = json!({"ID": "1", "ADMIN": true, "NAME": "Ines", "LAST_NAME": "Berg", "PERSONAL_GENDER": "", "TIME_ZONE": ""});
    let expected = format!(
        r#"{{"result":{{"ID":"1","ADMIN":true,"NAME":"Ines","LAST_NAME":"Berg","PERSONAL_GENDER":"","TIME_ZONE":""}},{TIME}}}"#
    );
    assert_eq!(text(render(&answer(profile), Json)), expected);
}

#[test]
fn e9_a_list_has_its_page_between_result_and_time() {
    let rows = json!([{"ID": "151", "NAME": "Ada"}]);
    let page = Answer { next: Some(50), total: Some(63), ..answer(rows.clone()) };
    let expected = format!(r#"{{"result":[{{"ID":"151","NAME":"Ada"}}],"next":50,"total":63,{TIME}}}"#);
    assert_eq!(text(render(&page, Json)), expected);
    let uncounted = Answer { total: Some(0), ..answer(rows) };
    let expected = format!(r#"{{"result":[{{"ID":"151","NAME":"Ada"}}],"total":0,{TIME}}}"#);
    assert_eq!(text(render(&uncounted, Json)), expected);
}

#[test]
fn results_may_be_scalars() {
    for (result, expected) in [
        (json!(true), "true"),
        (json!(46), "46"),
        (json!(null), "null"),
        (json!("2025-10-20T09:58:42+00:00"), r#""2025-10-20T09:58:42+00:00""#),
        (json!([]), "[]"),
        (json!({}), "[]"),
    ] {
        assert_eq!(text(render(&answer(result), Json)), format!("{{\"result\":{expected},{TIME}}}"));
    }
}

#[test]
fn e3_errors_have_no_time() {
    let not_found = Fault::from(fault::METHOD_NOT_FOUND);
    assert_eq!(
        text(render_fault(&not_found, Json)),
        r#"{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}"#
    );
    assert_eq!(
        text(render_fault(&not_found, Xml)),
        "<response><error>ERROR_METHOD_NOT_FOUND</error><error_description>Method not found!</error_description></response>"
    );
    assert_eq!(
        text(render_fault(&Fault::empty_argument("NAME"), Json)),
        r#"{"error":"ERROR_ARGUMENT","error_description":"Argument \u0027NAME\u0027 is null or empty","argument":"NAME"}"#
    );
    assert_eq!(text(render_fault(&Fault::crm(""), Json)), r#"{"error":"","error_description":""}"#);
}

#[test]
fn e7_xml_casts_scalars_as_php_does() {
    for (result, expected) in [
        (json!(true), "1"),
        (json!(false), ""),
        (json!(null), ""),
        (json!(-5), "-5"),
        (json!(12.5), "12.5"),
        (json!(100.0), "100"),
        (json!("a & <b> \"c\" 'd'"), "a &amp; &lt;b&gt; &quot;c&quot; &#039;d&#039;"),
        (json!([]), ""),
        (json!({"A": [1, [2]], "B": []}), "<A><item>1</item><item><item>2</item></item></A><B></B>"),
        (json!({"2": "x", "-3": "y"}), "<item>x</item><item>y</item>"),
    ] {
        let expected = format!("<response><result>{expected}</result>{TIME_XML}</response>");
        assert_eq!(text(render(&answer(result), Xml)), expected);
    }
}

#[test]
fn a_list_in_xml() {
    let page = Answer { total: Some(1), ..answer(json!([{"ID": "7", "NAME": "Ines & Co"}])) };
    let expected = format!(
        "<response><result><item><ID>7</ID><NAME>Ines &amp; Co</NAME></item></result><total>1</total>{TIME_XML}</response>"
    );
    assert_eq!(text(render(&page, Xml)), expected);
}

#[test]
fn no_key_and_no_text_makes_xml_malformed() {
    let hostile = json!({
        "": 1, "a b": 2, "<x>": 3, "1st": 4, "-": 5, "a:b": 6, "xmlns": 7, "\u{0}": 8, "Имя": 9, "é-1.2_": 10,
        "a\"='": 11, "00x": 12, "]]>": "]]>\u{0}\u{1f}\u{fffe}\r\n\t", "\u{d7}": 13, "9999999999999999999": 14
    });
    let rendered = text(render(&answer(hostile), Xml));
    let document = roxmltree::Document::parse(&rendered).expect("well-formed");
    let result = document.root_element().first_element_child().unwrap();
    let names: Vec<_> = result.children().map(|child| child.tag_name().name()).collect();
    let expected = [
        "_",
        "a_b",
        "_x_",
        "_1st",
        "_-",
        "a_b",
        "xmlns",
        "_",
        "Имя",
        "é-1.2_",
        "a___",
        "_00x",
        "___",
        "_",
        "_9999999999999999999",
    ];
    assert_eq!(names, expected);
    assert!(rendered.contains("]]&gt;\u{FFFD}\u{FFFD}\u{FFFD}\r\n\t"));
}

#[test]
fn floats_that_are_no_numbers_are_nought() {
    let nan = Answer { result: Value::Float(f64::NAN), ..answer(json!(null)) };
    assert!(text(render(&nan, Json)).starts_with(r#"{"result":0,"#));
    assert!(text(render(&nan, Xml)).starts_with("<response><result>0</result>"));
}

#[test]
fn a_batch_goes_through_xml_too() {
    let mut sections = wire::Sections::default();
    sections.succeed(&"0".into(), answer(json!({"ID": "1"})));
    sections.fail(&"bad one".into(), fault::METHOD_NOT_FOUND.into());
    let batch = Answer { result: sections.into_value(), ..answer(json!(null)) };
    let rendered = text(render(&batch, Xml));
    assert!(
        rendered.contains("<result><item><ID>1</ID></item></result><result_error><bad_one><error>ERROR_")
    );
    assert!(
        rendered
            .contains("<result_total></result_total><result_next></result_next><result_time><item><start>")
    );
    roxmltree::Document::parse(&rendered).expect("well-formed");
}

#[test]
fn each_format_has_its_content_type() {
    assert_eq!(Json.content_type(), "application/json; charset=utf-8");
    assert_eq!(Xml.content_type(), "text/xml; charset=utf-8");
}

#[test]
fn an_answer_of_the_deepest_value_is_written() {
    let mut deep = Value::Map(map(json!({"a": 1})));
    for _ in 0..200 {
        let mut around = Map::new();
        around.push("a", deep);
        deep = Value::Map(around);
    }
    let answer = Answer { result: deep, ..answer(json!(null)) };
    assert!(render(&answer, Json).len() > 1000 && render(&answer, Xml).len() > 1000);
}
