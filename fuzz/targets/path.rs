//! Paths: any is read, slashes do not matter, the secret stays out of sight.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::path::parse;

fuzz_target!(|path: &str| {
    let target = parse(path);
    for segment in [target.user, target.secret].into_iter().flatten() {
        assert!(!segment.is_empty() && !segment.contains('/') && path.contains(segment));
    }
    assert_eq!(target.user.is_some(), target.secret.is_some());

    let slashes = format!("//{}//", path.replace('/', "///"));
    assert!(parse(&slashes) == target);

    let shown = |secret: &str| format!("{:?}", parse(&format!("/rest/1/{secret}/{path}")));
    assert_eq!(shown("173glortu42lvpju"), shown("83te1pjdphsa9u15"), "a secret can be seen");
});
