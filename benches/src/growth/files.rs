//! Files: a tenth of them in one folder of the company's drive, the others in folders of ninety, which lie side by side.

use serde_json::json;

use super::answer;
use super::database::series;
use super::part::{Bar, Hooks, Part, Question, Who, ask};

/// Files in a folder.
const IN_FOLDER: u64 = 100;
/// The number of the first of the folders.
const FOLDERS: u64 = 10_000_000;

pub(super) const PART: Part = Part {
    name: "files",
    rows: "files",
    first,
    multiply: |from, to, rows| vec![contents(from, to), objects(from, to, rows), versions(from, to)],
    complete: |rows| vec![folders(rows)],
    tables: &["portal_file", "disk_object", "disk_version"],
    questions,
};

/// The drive is 1, and what Ann's has as its top is 2; the large folder is 3, the file 4.
fn first(hooks: &Hooks) -> Result<(), String> {
    answer(&hooks.ann, "disk.storage.getlist", &json!({}))?;
    answer(&hooks.admin, "disk.folder.addsubfolder", &json!({"id": 1, "data": {"NAME": "Large"}}))?;
    let file = json!({"id": 3, "data": {"NAME": "file 1.txt"}, "fileContent": ["f.txt", "aGVsbG8="]});
    answer(&hooks.admin, "disk.folder.uploadfile", &file).map(drop)
}

fn contents(from: u64, to: u64) -> String {
    format!(
        "INSERT INTO portal_file (id, name, created, hash, content_type, owner_id) {} \
         SELECT n, 'file ' || n || '.txt', created, hash, content_type, owner_id \
         FROM s CROSS JOIN (SELECT * FROM portal_file WHERE id = 1) t",
        series(from, to)
    )
}

fn objects(from: u64, to: u64, rows: u64) -> String {
    let same =
        "storage_id, type, deleted_type, global_content_version, size, created_by, updated_by, changes";
    let folders = rows / IN_FOLDER;
    format!(
        "INSERT INTO disk_object (id, name, name_key, parent_id, file_id, create_time, update_time, {same}) {} \
         SELECT n + 3, 'file ' || n || '.txt', 'file ' || n || '.txt', CASE n % 10 WHEN 0 THEN 3 ELSE {FOLDERS} + (n / 10) % {folders} END, \
         n, create_time + n, update_time + n, {same} FROM s CROSS JOIN (SELECT * FROM disk_object WHERE id = 4) t",
        series(from, to)
    )
}

fn versions(from: u64, to: u64) -> String {
    let same = "size, name, global_content_version, create_time, created_by";
    format!(
        "INSERT INTO disk_version (id, object_id, file_id, {same}) {} SELECT n, n + 3, n, {same} \
         FROM s CROSS JOIN (SELECT * FROM disk_version WHERE id = 1) t",
        series(from, to)
    )
}

fn folders(rows: u64) -> String {
    let same = "storage_id, type, parent_id, deleted_type, create_time, update_time, created_by, updated_by, changes";
    let (from, to) = (FOLDERS, FOLDERS + rows / IN_FOLDER - 1);
    format!(
        "INSERT INTO disk_object (id, name, name_key, {same}) {series} \
         SELECT n, 'Folder ' || n, 'folder ' || n, {same} FROM s CROSS JOIN (SELECT * FROM disk_object WHERE id = 3) t; \
         INSERT INTO disk_path (folder_id, ancestor_id) {series} SELECT n, n FROM s; \
         INSERT INTO disk_path (folder_id, ancestor_id) {series} SELECT n, 1 FROM s; \
         UPDATE disk_object SET items = (SELECT COUNT(*) FROM disk_object c WHERE c.parent_id = disk_object.id) WHERE type = 'folder'",
        series = series(from, to)
    )
}

fn questions() -> Vec<Question> {
    const LIST: &str = "disk.folder.getchildren";
    let ann = |name, method, params| ask(name, method, params).by(Who::Ann);
    vec![
        ann("disk.file.get", "disk.file.get", |id, _| json!({"id": id + 3})),
        ann(
            "disk.folder.get",
            "disk.folder.get",
            |id, rows| json!({"id": FOLDERS + id % (rows / IN_FOLDER)}),
        ),
        ann("disk.storage.getlist", "disk.storage.getlist", |_, _| json!({})),
        ann("children of any folder", LIST, |id, rows| json!({"id": FOLDERS + id % (rows / IN_FOLDER)})),
        ann(
            "children of any folder, by NAME",
            LIST,
            |id, rows| json!({"id": FOLDERS + id % (rows / IN_FOLDER), "order": {"NAME": "ASC"}}),
        ),
        ann("children of the large folder", LIST, |_, _| json!({"id": 3})),
        ann("children of the large folder, by NAME", LIST, |_, _| json!({"id": 3, "order": {"NAME": "ASC"}})),
        ann(
            "children of the large folder, last changed",
            LIST,
            |_, _| json!({"id": 3, "order": {"UPDATE_TIME": "DESC"}}),
        ),
        ann(
            "children of the large folder, as the console shows them",
            LIST,
            |_, _| json!({"id": 3, "order": {"TYPE": "DESC", "NAME": "ASC"}}),
        ),
        ann("children of the large folder, deep", LIST, |_, rows| json!({"id": 3, "start": rows / 20})),
        ask("the same by the administrator", LIST, |_, rows| json!({"id": 3, "start": rows / 20})),
        ann(
            "child of the large folder by NAME",
            LIST,
            |id, _| json!({"id": 3, "filter": {"NAME": format!("file {}.txt", id / 10 * 10 + 10)}}),
        ),
        ann("children of the drive", "disk.storage.getchildren", |_, _| json!({"id": 1})),
        ann("disk.file.search, common words", "disk.file.search", |_, _| json!({"QUERY": "file"})),
        ann(
            "disk.file.search, one file",
            "disk.file.search",
            |_, rows| json!({"QUERY": format!("file {}.t", rows / 2)}),
        )
        .bar(Bar::Shown),
        ann("disk.file.getversions", "disk.file.getversions", |id, _| json!({"id": id + 3})),
        ask(
            "disk.folder.addsubfolder",
            "disk.folder.addsubfolder",
            |id, _| json!({"id": 3, "data": {"NAME": format!("New {id}")}}),
        )
        .bar(Bar::Write),
        ask(
            "disk.file.rename",
            "disk.file.rename",
            |id, _| json!({"id": id + 3, "newName": format!("renamed {id}.txt")}),
        )
        .bar(Bar::Write),
    ]
}
