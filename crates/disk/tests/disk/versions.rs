//! Versions of files, and links to them.

use serde_json::json;
use testportal::{content, portals};

use crate::files::{file, folder, number};

#[test]
fn old_contents_stay_and_come_back() {
    for ada in portals("disk") {
        let paper = file(&ada, folder(&ada, "a"), "paper.txt");
        let read = |id: i64| {
            let file = number(&ada.get("disk.file.get", json!({"id": id}))["FILE_ID"]);
            let kept = ada.read(move |tx| portal::files::find(tx, file)).unwrap();
            String::from_utf8(content(&ada.portal, &kept.key)).unwrap()
        };
        let link = ada.get("disk.file.getExternalLink", json!({"id": paper}));
        let changed = ada
            .get("disk.file.uploadVersion", json!({"id": paper, "fileContent": ["paper.txt", "V29ybGQh"]}));
        assert_eq!((&changed["GLOBAL_CONTENT_VERSION"], &changed["SIZE"]), (&json!("2"), &json!("6")));
        assert_eq!(read(paper), "World!");
        assert_eq!(
            ada.get("disk.file.getExternalLink", json!({"id": paper})),
            link,
            "the link stays the same"
        );
        let page = ada.page("disk.file.getVersions", json!({"id": paper})).unwrap();
        let versions = page.result.as_array().unwrap().clone();
        let numbers: Vec<_> =
            versions.iter().map(|version| version["GLOBAL_CONTENT_VERSION"].clone()).collect();
        assert_eq!((page.total, numbers), (Some(2), vec![json!("2"), json!("1")]));
        let first = versions[1].clone();
        assert_eq!((&first["SIZE"], &first["NAME"]), (&json!("5"), &json!("paper.txt")));
        assert_eq!(ada.get("disk.version.get", json!({"id": first["ID"]})), first);
        let back = ada.get("disk.file.restoreFromVersion", json!({"id": paper, "versionId": first["ID"]}));
        assert_eq!((&back["GLOBAL_CONTENT_VERSION"], read(paper)), (&json!("3"), "Hello".to_owned()));
        let other = file(&ada, folder(&ada, "b"), "other.txt");
        let wrong =
            ada.refused("disk.file.restoreFromVersion", json!({"id": other, "versionId": first["ID"]}));
        assert_eq!(wrong.1, "DISK_FILE_22004");
        let ines = ada.employee("ines@example.com", "disk");
        for (method, id) in
            [("disk.version.get", first["ID"].clone()), ("disk.file.getVersions", json!(paper))]
        {
            assert_eq!(ines.refused(method, json!({"id": id})).1, "ACCESS_DENIED");
        }
    }
}
