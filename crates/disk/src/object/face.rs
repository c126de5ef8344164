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

/// What is in the trash of a storage, wherever it lay: Portreeve's own, for people who look for what they deleted.
pub const TRASH: Face = Face {
    verbs: &[(Verb::List, "getTrash")],
    beside: true,
    asks: &["filter", "order"],
    below: Some(("storageId", STORAGE)),
    params: &[(&[Verb::List], required("id", Kind::Id, "Storage"))],
    samples: || json!({"id": 2}),
    about: &[(Verb::List, "Lists the trash of a storage, 50 per page. Only in Portreeve.")],
    faults: FAULTS,
    ..Face::flat("disk.storage", "id")
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
/// The same for the storage of a trash.
pub const STORAGE: &str = "storage";

/// The two types of objects, whose methods are much the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Files
    File,
    /// Folders
    Folder,
}

/// Whether what a face shows is in the trash.
pub fn is_trash(face: &Face) -> bool {
    face.below == TRASH.below
}

impl Which {
    /// Both.
    pub const BOTH: [Which; 2] = [Which::File, Which::Folder];

    /// The face of their methods.
    pub fn face(self) -> &'static Face {
        match self {
            Which::File => &FILES,
            Which::Folder => &FOLDERS,
        }
    }

    /// What their methods begin with.
    pub fn path(self) -> &'static str {
        self.face().path
    }

    /// What they are called, which is also their type.
    pub fn title(self) -> &'static str {
        match self {
            Which::File => super::FILE,
            Which::Folder => super::FOLDER,
        }
    }

    /// The description of the parameter that names one.
    pub fn named(self) -> &'static str {
        match self {
            Which::File => "File",
            Which::Folder => "Folder",
        }
    }

    /// One of the demo portal, one that may be moved to its root folder, and one in the trash.
    pub fn examples(self) -> [i64; 3] {
        match self {
            Which::File => [4, 4, 6],
            Which::Folder => [3, 5, 7],
        }
    }
}
