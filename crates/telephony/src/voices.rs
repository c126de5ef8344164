//! The voices by which texts are read out: `voximplant.tts.voices.get`.

use engine::method::{Method, read};
use serde_json::json;
use wire::Map;

use crate::SCOPE;

/// The voice of who names none.
pub const USUAL: &str = "ukenglishfemale";

/// Identifiers and names.
const VOICES: [(&str, &str); 42] = [
    ("auenglishfemale", "Australian English (Female) (Amazon)"),
    ("brportuguesefemale", "Brazilian Portuguese (Female) (Amazon)"),
    ("caenglishfemale", "Canadian English (Female) (Default)"),
    ("cafrenchfemale", "Canadian French (Female) (Amazon)"),
    ("cafrenchmale", "Canadian French (Male) (Amazon)"),
    ("chchinesefemale", "Chinese (Female) (Default)"),
    ("chchinesemale", "Chinese (Male) (Default)"),
    ("eurcatalanfemale", "Catalan (Female) (Default)"),
    ("eurczechfemale", "Czech (Female) (Default)"),
    ("eurdanishfemale", "Danish (Female) (Default)"),
    ("eurdutchfemale", "Dutch (Female) (Default)"),
    ("eurfinnishfemale", "Finnish (Female) (Default)"),
    ("eurfrenchfemale", "French (Female) (Amazon)"),
    ("eurfrenchmale", "French (Male) (Amazon)"),
    ("eurgermanfemale", "German (Female) (Default)"),
    ("eurgermanmale", "German (Male) (Default)"),
    ("euritalianfemale", "Italian (Female) (Default)"),
    ("euritalianmale", "Italian (Male) (Default)"),
    ("eurnorwegianfemale", "Norwegian (Female) (Default)"),
    ("eurpolishfemale", "Polish (Female) (Default)"),
    ("eurportuguesefemale", "Portuguese (Female) (Default)"),
    ("eurportuguesemale", "Portuguese (Male) (Default)"),
    ("eurspanishfemale", "Spanish (Female) (Default)"),
    ("eurspanishmale", "Spanish (Male) (Default)"),
    ("eurturkishfemale", "Turkish (Female) (Default)"),
    ("eurturkishmale", "Turkish (Male) (Default)"),
    ("hkchinesefemale", "Hong Kong Cantonese (Female) (Default)"),
    ("huhungarianfemale", "Hungarian (Female) (Default)"),
    ("jpjapanesefemale", "Japanese (Female) (Default)"),
    ("jpjapanesemale", "Japanese (Male) (Default)"),
    ("krkoreanfemale", "Korean (Female) (Default)"),
    ("krkoreanmale", "Korean (Male) (Default)"),
    ("usinternalfemale", "English (Female) (Default)"),
    ("usinternalmale", "English (Male) (Default)"),
    ("swswedishfemale", "Swedish (Female) (Default)"),
    ("twchinesefemale", "Taiwanese Chinese (Female) (Default)"),
    ("ukenglishfemale", "English (Female) (Amazon)"),
    ("ukenglishmale", "English (Male) (Amazon)"),
    ("usenglishfemale", "American English (Female) (Default)"),
    ("usenglishmale", "American English (Male) (Default)"),
    ("usspanishfemale", "American Spanish (Female) (Amazon)"),
    ("usspanishmale", "American Spanish (Male) (Amazon)"),
];

/// The method.
pub fn method() -> Method {
    read("voximplant.tts.voices.get", SCOPE, |_| {
        Ok(VOICES.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect::<Map>().into_value())
    })
    .about("Returns the voices by which texts are read out: names by ID.")
    .example(json!({}), json!({"ukenglishfemale": "English (Female) (Amazon)"}))
}

/// Whether there is such a voice.
pub fn is_one(id: &str) -> bool {
    VOICES.iter().any(|(known, _)| *known == id)
}
