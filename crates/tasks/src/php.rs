//! The serialized form in which some answers have lists and maps.

use serde_json::Value as Json;

/// A value in that form.
pub fn serialized(value: &Json) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Json, text: &mut String) {
    match value {
        Json::Null => text.push_str("N;"),
        Json::Bool(yes) => *text += &format!("b:{};", u8::from(*yes)),
        Json::Number(number) if number.is_i64() => *text += &format!("i:{number};"),
        Json::Number(number) => *text += &format!("d:{number};"),
        Json::String(string) => *text += &format!("s:{}:\"{string}\";", string.len()),
        Json::Array(list) => {
            *text += &format!("a:{}:{{", list.len());
            for (at, member) in list.iter().enumerate() {
                *text += &format!("i:{at};");
                write(member, text);
            }
            text.push('}');
        }
        Json::Object(map) => {
            *text += &format!("a:{}:{{", map.len());
            for (name, member) in map {
                *text += &format!("s:{}:\"{name}\";", name.len());
                write(member, text);
            }
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn lists_and_maps_are_written_with_their_lengths() {
        let value = json!({"PERIOD": "weekly", "DAYS": [2], "END": null});
        let text = r#"a:3:{s:6:"PERIOD";s:6:"weekly";s:4:"DAYS";a:1:{i:0;i:2;}s:3:"END";N;}"#;
        assert_eq!(super::serialized(&value), text);
        assert_eq!(super::serialized(&json!([])), "a:0:{}");
        assert_eq!(super::serialized(&json!("ü")), "s:2:\"ü\";");
    }
}
