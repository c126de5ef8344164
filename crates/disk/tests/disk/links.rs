//! Public links to folders.

use portal::page::{self, Page};
use portal::{Moment, files as kept};
use serde_json::json;
use testportal::{Bench, NOW, portals};

use crate::files::{file, folder, number};

/// What the page behind a link says, or the code of its refusal.
fn read(ada: &Bench, link: &str) -> Result<Page, String> {
    let token = link.split_once("?token=").unwrap().1.replace("%7C", "|");
    let opened = page::open(ada.portal.core(), &token, Moment(NOW * 1_000_000)).wait();
    opened.map_err(|error| error.into_fault().code.into_owned())
}

#[test]
fn whoever_has_the_link_of_a_folder_sees_what_lies_in_it() {
    for ada in portals("disk") {
        let outer = folder(&ada, "outer");
        let other = file(&ada, outer, "other.txt");
        let shared = folder(&ada, "shared");
        let link =
            |id: i64| ada.get("disk.folder.getExternalLink", json!({"id": id})).as_str().unwrap().to_owned();
        let shared_link = link(shared);
        assert!(shared_link.starts_with("https://portal.test/rest/page/?token=folder%7C"), "{shared_link}");
        assert_eq!(link(shared), shared_link, "it stays the same");
        let empty = read(&ada, &shared_link).unwrap();
        assert_eq!(
            (empty.title.as_str(), empty.lines, empty.links.len()),
            ("shared", vec!["The folder is empty.".to_owned()], 0)
        );
        let paper = file(&ada, shared, "paper.txt");
        let inner = ada.get("disk.folder.addSubFolder", json!({"id": shared, "data": {"NAME": "inner"}}));
        let inner = number(&inner["ID"]);
        file(&ada, inner, "deep.txt");
        let page = read(&ada, &shared_link).unwrap();
        let names: Vec<&str> = page.links.iter().map(|link| link.text.as_str()).collect();
        assert_eq!(names, ["inner", "paper.txt"]);
        // The link of a file opens that file.
        let token = page.links[1].to.split_once("?token=").unwrap().1.replace("%7C", "|");
        let opened = kept::open(ada.portal.core(), &token, Moment(NOW * 1_000_000)).wait().unwrap();
        assert_eq!(opened.name, "paper.txt");
        let below = read(&ada, &page.links[0].to).unwrap();
        assert_eq!((below.title.as_str(), below.links[0].text.as_str()), ("inner", "deep.txt"));
        // A folder that was moved out of it is not below any more, and what is in the trash is not shown.
        ada.get("disk.folder.moveTo", json!({"id": inner, "targetFolderId": outer}));
        assert_eq!(read(&ada, &page.links[0].to).unwrap_err(), "ERROR_NOT_FOUND");
        ada.get("disk.file.markDeleted", json!({"id": paper}));
        assert_eq!(read(&ada, &shared_link).unwrap().links.len(), 0);
        ada.get("disk.folder.markDeleted", json!({"id": shared}));
        assert_eq!(read(&ada, &shared_link).unwrap_err(), "ERROR_NOT_FOUND");
        assert_eq!(read(&ada, &format!("{shared_link}x")).unwrap_err(), "ACCESS_DENIED");
        let of_file = ada.get("disk.file.getExternalLink", json!({"id": other}));
        assert_eq!(
            read(&ada, of_file.as_str().unwrap()).unwrap_err(),
            "ACCESS_DENIED",
            "a link to a file is no page"
        );
        assert_eq!(ada.refused("disk.folder.getExternalLink", json!({"id": other})).1, "ERROR_NOT_FOUND");
    }
}
