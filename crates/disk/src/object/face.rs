//! The faces of objects.

use engine::method::{Kind, required};
use engine::noun::{Face, Verb};
use serde_json::json;

use super::FAULTS;

/// What other modules write objects with; it knows the trash as well. It has no methods.
pub const ANY: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("disk.object", "id") };

/// Files.
pub const FILES: Face = Face {
    verbs: &[(Verb::Get, "get")],
    example: Some("4"),
    about: &[(Verb::Get, "Returns a file.")],
    faults: FAULTS,
    ..Face::flat("disk.file", "id")
}
.within(&[("type", "file")]);

/// Folders.
pub const FOLDERS: Face = Face {
    verbs: &[(Verb::Get, "get")],
    example: Some("3"),
    about: &[(Verb::Get, "Returns a folder.")],
    faults: FAULTS,
    ..Face::flat("disk.folder", "id")
}
.within(&[("type", "folder")]);

/// What lies in a folder.
pub const CHILDREN: Face = Face {
    verbs: &[(Verb::List, "getChildren")],
    beside: true,
    asks: &["filter", "order"],
    below: Some(("parentId", PARENT)),
    params: &[(&[Verb::List], required("id", Kind::Id, "Folder"))],
    samples: || json!({"id": 2}),
    about: &[(Verb::List, "Lists the files and folders in a folder, 50 per page.")],
    faults: FAULTS,
    ..Face::flat("disk.folder", "id")
};

/// What lies in the root folder of a storage.
pub const STORAGE_CHILDREN: Face = Face {
    verbs: &[(Verb::List, "getChildren")],
    params: &[(&[Verb::List], required("id", Kind::Id, "Storage"))],
    samples: || json!({"id": 2}),
    about: &[(Verb::List, "Lists the files and folders in the root folder of a storage, 50 per page.")],
    ..Face { path: "disk.storage", ..CHILDREN }
};

/// The parameter that holds the folder once it is known to be there.
pub const PARENT: &str = "parent";
