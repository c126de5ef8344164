//! Values as the literals of each language.

use serde_json::Value;

/// How a language writes maps and lists.
pub struct Syntax {
    /// Delimiters of a map.
    pub map: (&'static str, &'static str),
    /// The separator of key and value.
    pub to: &'static str,
    /// A key.
    pub key: fn(&str) -> String,
    /// A text.
    pub text: fn(&str) -> String,
}

impl Syntax {
    /// A value over several lines, its members further in than `depth` steps of four spaces.
    pub fn write(&self, value: &Value, depth: usize) -> String {
        let members: Vec<String> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| format!("{}{}{}", (self.key)(key), self.to, self.write(value, depth + 1)))
                .collect(),
            Value::Array(list) => list.iter().map(|value| self.write(value, depth + 1)).collect(),
            scalar => return (self.text)(scalar.as_str().unwrap_or_default()),
        };
        let (open, close) = if value.is_object() { self.map } else { ("[", "]") };
        if members.is_empty() {
            return format!("{open}{close}");
        }
        let (inner, outer) = ("    ".repeat(depth + 1), "    ".repeat(depth));
        let lines: String = members.iter().map(|member| format!("{inner}{member},\n")).collect();
        format!("{open}\n{lines}{outer}{close}")
    }
}

/// A text in double quotes with JSON's escapes, which JavaScript, Python and Go read alike.
pub fn double(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text for a POSIX shell: in single quotes nothing is special but the quote itself.
pub fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text for PHP: in single quotes, or in double ones when there is something that one does not see.
pub fn php(text: &str) -> String {
    if !text.contains(char::is_control) {
        return format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"));
    }
    let mut literal = String::from('"');
    for letter in text.chars() {
        match letter {
            '\n' => literal.push_str(r"\n"),
            '\r' => literal.push_str(r"\r"),
            '\t' => literal.push_str(r"\t"),
            '\\' | '"' | '$' => literal.extend(['\\', letter]),
            letter if letter.is_control() => literal.push_str(&format!(r"\u{{{:x}}}", u32::from(letter))),
            letter => literal.push(letter),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_quotes() {
        assert_eq!(shell("it's $HOME `x`"), r"'it'\''s $HOME `x`'");
        assert_eq!(php(r"it's \ $x"), r"'it\'s \\ $x'");
        assert_eq!(php("a\n$x\"\\\u{1b}"), r#""a\n\$x\"\\\u{1b}""#);
        assert_eq!(double("a\"\n\\ é"), r#""a\"\n\\ é""#);
    }
}
