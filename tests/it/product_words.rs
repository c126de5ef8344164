//! The engine names no product: neither its code nor its texts say a word of one. Comments may, for examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Words of products. Left out are those that the engine needs itself: tasks of the timetable, departments of the directory.
const WORDS: [&str; 38] = [
    "bizproc",
    "booking",
    "calendar",
    "catalog",
    "company",
    "contact",
    "crm",
    "deal",
    "deals",
    "disk",
    "documentgenerator",
    "feed",
    "iblock",
    "imbot",
    "imconnector",
    "imopenlines",
    "invoice",
    "landing",
    "lead",
    "livefeed",
    "mailservice",
    "messageservice",
    "openlines",
    "quote",
    "resourcebooking",
    "rpa",
    "sale",
    "salescenter",
    "scrum",
    "socialnetwork",
    "sonet",
    "telephony",
    "timeman",
    "userconsent",
    "voximplant",
    "vote",
    "workgroup",
    "workgroups",
];

/// What is older than the engine and stays: names in the databases of releases, of which the first three are types on the wire as well.
const KEPT: [&str; 13] = [
    "crm_category",
    "crm_currency",
    "crm_multifield",
    "crm_binding",
    "crm_count",
    "crm_item_block",
    "crm_role",
    "crm_role_member",
    "crm_role_permission",
    "crm_status",
    "crm_user_field",
    "crm_user_field_choice",
    "crm_user_field_value_",
];

/// What the protocol says in these files: the style of errors, the area of links to files, the name of a licence and a refusal.
const SAID: [(&str, &str); 5] = [
    ("", "Fault::crm"),
    ("error.rs", "the disk is full"),
    ("files/link.rs", "crm"),
    ("settings/mod.rs", "company"),
    ("entity/file.rs", "Disk resource exhausted"),
];

#[test]
fn the_engine_says_no_word_of_a_product() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/engine/src");
    let mut found = BTreeMap::new();
    let mut files = 0;
    look(&root, &root, &mut |file, text| {
        files += 1;
        let mut said = Vec::new();
        gather(text.parse().unwrap(), &mut said);
        said.retain(|said| !SAID.iter().any(|(at, kept)| said == kept && (at.is_empty() || file == *at)));
        said.retain(|said| words(said).iter().any(|word| WORDS.contains(&word.as_str())));
        if !said.is_empty() {
            found.insert(file.to_owned(), said);
        }
    });
    assert!(files > 100, "the sources of the engine are somewhere else");
    assert!(found.is_empty(), "the engine names products, which belong into their crates: {found:#?}");
}

/// The sources in a folder and below it, by their paths.
fn look(root: &Path, folder: &Path, visit: &mut impl FnMut(&str, &str)) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        match path.is_dir() {
            true => look(root, &path, visit),
            false if name.ends_with(".rs") && !name.ends_with("tests.rs") => {
                visit(&name, &fs::read_to_string(&path).unwrap());
            }
            false => {}
        }
    }
}

/// The names and literals of a source, without its comments, attributes and tests.
fn gather(tokens: TokenStream, said: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                tokens.next_if(|next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!'));
                let attribute = tokens.next().map(|next| next.to_string()).unwrap_or_default();
                if attribute.replace(' ', "") == "[cfg(test)]" {
                    tokens.by_ref().find(ends_an_item);
                }
            }
            TokenTree::Punct(_) => {}
            TokenTree::Group(group) => gather(group.stream(), said),
            TokenTree::Ident(name) => {
                let name = name.to_string();
                let is_fault = said.last().is_some_and(|last| last == "Fault");
                said.push(if is_fault { format!("Fault::{name}") } else { name });
            }
            TokenTree::Literal(literal) => said.push(literal.to_string().trim_matches('"').to_owned()),
        }
    }
}

fn ends_an_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    }
}

/// The words of a name or a text in small letters. Names that are kept are none.
fn words(said: &str) -> Vec<String> {
    let mut words = Vec::new();
    for name in said.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_') {
        if KEPT.contains(&name) {
            continue;
        }
        let mut word = String::new();
        let mut before = ' ';
        for letter in name.chars() {
            let begins = letter == '_' || (letter.is_ascii_uppercase() && before.is_ascii_lowercase());
            if begins && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if letter.is_ascii_alphabetic() {
                word.push(letter.to_ascii_lowercase());
            }
            before = letter;
        }
        words.push(word);
    }
    words
}

#[test]
fn words_are_told_apart() {
    assert_eq!(words("DealStage of crm_lead"), ["deal", "stage", "of", "crm", "lead"]);
    assert_eq!(words("FROM crm_user_field"), ["from"]);
    let mut said = Vec::new();
    gather(
        "/// A deal.\nfn quote() { x(\"a lead\") } #[cfg(test)] mod t { fn deal() {} }".parse().unwrap(),
        &mut said,
    );
    assert_eq!(said, ["fn", "quote", "x", "a lead"]);
}
