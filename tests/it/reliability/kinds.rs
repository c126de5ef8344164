//! The kinds of work, one of every module that people write into: as data, with the text that each write brings along
//! standing at several places of it, so that half a write shows.

/// One kind. In parameters, `$TAG` stands for the text, `$CONTENT` for it as the content of a file, `$N` for a number that
/// grows, `$ID` for the row, `$BEFORE` for the number before it, and `$GROUND` for what the kind is written into.
pub struct Kind {
    pub name: &'static str,
    /// The method that makes what the kind is written into, its parameters, and where its answer has the number.
    pub ground: Option<(&'static str, &'static str, &'static str)>,
    /// The method that writes, its parameters, and where its answer has the number.
    pub add: (&'static str, &'static str, &'static str),
    /// The method that reads, and its parameters.
    pub get: (&'static str, &'static str),
    /// Where its answer has the text.
    pub shows: &'static [&'static str],
    /// Where its answer has the number, where it may be of another row.
    pub is: Option<&'static str>,
    /// Where its answer has the link to the content.
    pub link: Option<&'static str>,
    /// The event that each causes.
    pub event: Option<&'static str>,
}

const KIND: Kind = Kind {
    name: "",
    ground: None,
    add: ("", "", ""),
    get: ("", ""),
    shows: &[],
    is: None,
    link: None,
    event: None,
};

/// Every scope that they need.
pub const SCOPES: &str = "crm,task,im,disk,calendar,log,catalog,sale,booking,lists,note";

pub const KINDS: &[Kind] = &[
    Kind {
        name: "leads",
        add: (
            "crm.lead.add",
            r#"{"fields":{"TITLE":"$TAG","PHONE":[{"VALUE":"$TAG","VALUE_TYPE":"WORK"}]}}"#,
            "",
        ),
        get: ("crm.lead.get", r#"{"id":$ID}"#),
        shows: &["/TITLE", "/PHONE/0/VALUE"],
        event: Some("ONCRMLEADADD"),
        ..KIND
    },
    Kind {
        name: "contacts",
        add: (
            "crm.item.add",
            r#"{"entityTypeId":3,"fields":{"name":"$TAG","lastName":"$TAG","post":"$TAG"}}"#,
            "/item/id",
        ),
        get: ("crm.item.get", r#"{"entityTypeId":3,"id":$ID}"#),
        shows: &["/item/name", "/item/lastName", "/item/post"],
        event: Some("ONCRMCONTACTADD"),
        ..KIND
    },
    Kind {
        name: "tasks",
        add: (
            "tasks.task.add",
            r#"{"fields":{"TITLE":"$TAG","DESCRIPTION":"$TAG","RESPONSIBLE_ID":1}}"#,
            "/task/id",
        ),
        get: ("tasks.task.get", r#"{"taskId":$ID,"select":["ID","TITLE","DESCRIPTION"]}"#),
        shows: &["/task/title", "/task/description"],
        event: Some("ONTASKADD"),
        ..KIND
    },
    Kind {
        name: "comments",
        ground: Some(("tasks.task.add", r#"{"fields":{"TITLE":"ground","RESPONSIBLE_ID":1}}"#, "/task/id")),
        add: ("task.commentitem.add", r#"{"TASKID":$GROUND,"FIELDS":{"POST_MESSAGE":"$TAG"}}"#, ""),
        get: ("task.commentitem.get", r#"{"TASKID":$GROUND,"ITEMID":$ID}"#),
        shows: &["/POST_MESSAGE"],
        event: Some("ONTASKCOMMENTADD"),
        ..KIND
    },
    Kind {
        name: "messages",
        ground: Some(("im.chat.add", r#"{"USERS":[1],"TITLE":"ground"}"#, "")),
        add: ("im.message.add", r#"{"DIALOG_ID":"chat$GROUND","MESSAGE":"$TAG"}"#, ""),
        get: ("im.dialog.messages.get", r#"{"DIALOG_ID":"chat$GROUND","FIRST_ID":$BEFORE,"LIMIT":1}"#),
        shows: &["/messages/0/text"],
        is: Some("/messages/0/id"),
        ..KIND
    },
    Kind {
        name: "files",
        add: (
            "disk.storage.uploadfile",
            r#"{"id":1,"data":{"NAME":"$TAG"},"fileContent":["$TAG","$CONTENT"]}"#,
            "/ID",
        ),
        get: ("disk.file.get", r#"{"id":$ID}"#),
        shows: &["/NAME"],
        link: Some("/DOWNLOAD_URL"),
        ..KIND
    },
    Kind {
        name: "calendar events",
        add: (
            "calendar.event.add",
            r#"{"type":"user","ownerId":1,"name":"$TAG","description":"$TAG","from":"2027-01-01 10:00:00","to":"2027-01-01 11:00:00"}"#,
            "",
        ),
        get: ("calendar.event.getbyid", r#"{"id":$ID}"#),
        shows: &["/NAME", "/DESCRIPTION"],
        event: Some("ONCALENDARENTRYADD"),
        ..KIND
    },
    Kind {
        name: "posts",
        add: ("log.blogpost.add", r#"{"POST_TITLE":"$TAG","POST_MESSAGE":"$TAG","DEST":["UA"]}"#, ""),
        get: ("log.blogpost.get", r#"{"POST_ID":$ID}"#),
        shows: &["/0/TITLE", "/0/DETAIL_TEXT"],
        event: Some("ONLIVEFEEDPOSTADD"),
        ..KIND
    },
    Kind {
        name: "stock documents",
        add: (
            "catalog.document.add",
            r#"{"fields":{"docType":"A","responsibleId":1,"currency":"USD","title":"$TAG","commentary":"$TAG"}}"#,
            "/document/id",
        ),
        get: ("catalog.document.list", r#"{"filter":{"id":$ID}}"#),
        shows: &["/documents/0/title", "/documents/0/commentary"],
        ..KIND
    },
    Kind {
        name: "products",
        add: (
            "crm.product.add",
            r#"{"fields":{"NAME":"$TAG","DESCRIPTION":"$TAG","PRICE":10,"CURRENCY_ID":"USD"}}"#,
            "",
        ),
        get: ("crm.product.get", r#"{"id":$ID}"#),
        shows: &["/NAME", "/DESCRIPTION"],
        event: Some("ONCRMPRODUCTADD"),
        ..KIND
    },
    Kind {
        name: "orders",
        add: (
            "sale.order.add",
            r#"{"fields":{"lid":"s1","personTypeId":1,"currency":"USD","comments":"$TAG","userDescription":"$TAG"}}"#,
            "/order/id",
        ),
        get: ("sale.order.get", r#"{"id":$ID}"#),
        shows: &["/order/comments", "/order/userDescription"],
        event: Some("ONSALEORDERSAVED"),
        ..KIND
    },
    Kind {
        name: "bookings",
        ground: Some(("booking.v1.resource.add", r#"{"fields":{"name":"ground","typeId":1}}"#, "/id")),
        add: (
            "booking.v1.booking.add",
            r#"{"fields":{"resourceIds":[$GROUND],"name":"$TAG","description":"$TAG","datePeriod":{"from":{"timestamp":19$N00,"timezone":"UTC"},"to":{"timestamp":19$N60,"timezone":"UTC"}}}}"#,
            "/id",
        ),
        get: ("booking.v1.booking.get", r#"{"id":$ID}"#),
        shows: &["/booking/name", "/booking/description"],
        event: Some("ONBOOKINGADD"),
        ..KIND
    },
    Kind {
        name: "elements of a list",
        ground: Some((
            "lists.add",
            r#"{"IBLOCK_TYPE_ID":"lists","IBLOCK_CODE":"ground","FIELDS":{"NAME":"ground"}}"#,
            "",
        )),
        add: (
            "lists.element.add",
            r#"{"IBLOCK_TYPE_ID":"lists","IBLOCK_ID":$GROUND,"ELEMENT_CODE":"$TAG","FIELDS":{"NAME":"$TAG"}}"#,
            "",
        ),
        get: ("lists.element.get", r#"{"IBLOCK_TYPE_ID":"lists","IBLOCK_ID":$GROUND,"ELEMENT_ID":$ID}"#),
        shows: &["/0/NAME", "/0/CODE"],
        ..KIND
    },
    Kind {
        name: "notes",
        ground: Some(("note.collection.add", r#"{"fields":{"name":"ground","position":1}}"#, "/item/id")),
        add: (
            "note.document.add",
            r#"{"fields":{"collectionId":$GROUND,"title":"$TAG","markdown":"$TAG"}}"#,
            "/item/id",
        ),
        get: ("note.document.get", r#"{"id":$ID}"#),
        shows: &["/item/title", "/item/markdown"],
        ..KIND
    },
];
