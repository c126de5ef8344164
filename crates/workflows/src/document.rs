//! Documents, on which workflows run: items of the CRM and of processes, elements of lists and files of the drive. A document is named by its
//! module, its class and its ID there, and its type by the same with the type in the place of the ID.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing};
use engine::error::Result;
use engine::noun::{self, Noun};
use serde_json::json;
use wire::Value;

use crate::denied;

/// A document that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// `crm`, `lists`, `disk` or `rpa`.
    pub module: String,
    /// Its class: `CCrmDocumentDeal`.
    pub entity: String,
    /// Its ID: `DEAL_12`, of an item of process 4 `4:12`, or else `12`.
    pub id: String,
}

/// Classes of the CRM's documents with the beginning of their IDs and the number of the entity.
const OF_CRM: [(&str, &str, i64); 6] = [
    ("CCrmDocumentLead", "LEAD", 1),
    ("CCrmDocumentDeal", "DEAL", 2),
    ("CCrmDocumentContact", "CONTACT", 3),
    ("CCrmDocumentCompany", "COMPANY", 4),
    ("Bitrix\\Crm\\Integration\\BizProc\\Document\\Quote", "QUOTE", 7),
    ("Bitrix\\Crm\\Integration\\BizProc\\Document\\SmartInvoice", "SMART_INVOICE", 31),
];
const DYNAMIC: &str = "Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic";
const OF_LISTS: [&str; 2] = ["Bitrix\\Lists\\BizprocDocumentLists", "BizprocDocument"];
const OF_DISK: &str = "Bitrix\\Disk\\BizProcDocument";
const OF_RPA: &str = "Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item";

impl Document {
    /// Reads one; `None` for what names none.
    pub fn read(given: &Value) -> Option<Self> {
        let mut parts = given.items().map(|part| part.text().unwrap_or_default().trim().to_owned());
        let document = Document { module: parts.next()?, entity: parts.next()?, id: parts.next()? };
        let is_whole = [&document.module, &document.entity, &document.id].iter().all(|part| !part.is_empty());
        (is_whole && parts.next().is_none()).then_some(document)
    }

    /// The type of the CRM's item with its number: entity and ID.
    fn item(&self) -> Option<(&str, i64, i64)> {
        if self.module != "crm" {
            return None;
        }
        let (kind, id) = self.id.rsplit_once('_')?;
        let id = id.parse::<i64>().ok().filter(|id| *id > 0)?;
        if self.entity == DYNAMIC {
            let number = kind.strip_prefix("DYNAMIC_")?.parse::<i64>().ok()?;
            return Some((kind, number, id));
        }
        let (_, _, number) =
            OF_CRM.into_iter().find(|(class, begin, _)| *class == self.entity && *begin == kind)?;
        Some((kind, number, id))
    }

    /// Its type, as templates have it; `None` for a document of no known kind.
    ///
    /// # Errors
    /// When it says whose part it is and is not there, or not for the caller to see.
    pub fn kind(&self, call: &mut Call<'_, '_>) -> Result<Option<String>> {
        if let Some((kind, number, _)) = self.item() {
            return Ok(call.entity(number).filter(|entity| entity.is_item()).map(|_| kind.to_owned()));
        }
        if let Some((process, item)) = self.of_process(call)? {
            return Ok(item.get("stageId").and_then(Value::as_int).map(|stage| format!("{process}:{stage}")));
        }
        let Ok(id) = self.id.parse::<i64>() else { return Ok(None) };
        let (field, begin) = match self.module.as_str() {
            "lists" if OF_LISTS.contains(&self.entity.as_str()) => ("listId", "iblock"),
            "disk" if self.entity == OF_DISK => ("storageId", "STORAGE"),
            _ => return Ok(None),
        };
        let Some(noun) = self.noun(call) else { return Ok(None) };
        // What is not there and what the caller may not see are refused alike.
        let scope = noun.grant(call, Act::Read)?;
        let row = noun::one(call, noun, &scope, id)?.ok_or_else(|| denied(403))?;
        Ok(row.int(field).map(|of| format!("{begin}_{of}")))
    }

    /// Whether it is there and the caller may change it: who may do that starts workflows on it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn may_change(&self, call: &mut Call<'_, '_>) -> Result<bool> {
        if let Some((_, number, id)) = self.item() {
            let Some(entity) = call.entity(number) else { return Ok(false) };
            return Ok(standing(call, &entity, id, Act::Update)? == Standing::Allowed);
        }
        if let Some((_, item)) = self.of_process(call)? {
            let stage = json!({"id": item.get("stageId").and_then(Value::as_int)});
            let stage = call.ask("rpa.stage.get", Value::from(stage))?;
            let may =
                stage.as_ref().and_then(|stage| stage.get("permissions")?.get("canMoveFrom")?.as_flag());
            return Ok(may == Some(true));
        }
        let (Some(noun), Ok(id)) = (self.noun(call), self.id.parse::<i64>()) else { return Ok(false) };
        let scope = noun.grant(call, Act::Update)?;
        Ok(noun::one(call, noun, &scope, id)?.is_some())
    }

    /// The process and the item that it is there, as `rpa.item.get` shows it; its type is the process with the item's stage.
    fn of_process(&self, call: &mut Call<'_, '_>) -> Result<Option<(i64, Value)>> {
        let named = self.id.split_once(':').filter(|_| self.module == "rpa" && self.entity == OF_RPA);
        let number = |text: &str| text.parse::<i64>().ok();
        let numbers = named.and_then(|(process, item)| Some((number(process)?, number(item)?)));
        let Some((process, item)) = numbers else { return Ok(None) };
        let found = call.ask("rpa.item.get", Value::from(json!({"typeId": process, "id": item})))?;
        Ok(found.and_then(|found| Some((process, found.get("item")?.clone()))))
    }

    /// The noun of which a document beyond the CRM is a row; `None` where there is no such module.
    fn noun(&self, call: &Call<'_, '_>) -> Option<&'static Noun> {
        let noun = if self.module == "disk" { "disk.object" } else { "lists.element" };
        call.core.modules.noun(noun).map(|shape| shape.noun)
    }

    /// What it is called.
    ///
    /// # Errors
    /// Those of the store.
    pub fn name(&self, call: &mut Call<'_, '_>) -> Result<String> {
        if let Some((_, item)) = self.of_process(call)? {
            return Ok(item.get("name").and_then(Value::text).unwrap_or_default().into_owned());
        }
        let (table, columns, id) = match self.item() {
            Some((_, number, id)) => {
                let Some(entity) = call.entity(number) else { return Ok(String::new()) };
                let has = |name: &str| entity.field(name).is_some();
                let columns = if has("TITLE") { ("title", "title") } else { ("name", "last_name") };
                (entity.table().to_owned(), columns, id)
            }
            None => {
                let Some(noun) = self.noun(call) else { return Ok(String::new()) };
                (noun.table.to_owned(), ("name", "name"), self.id.parse::<i64>().unwrap_or(0))
            }
        };
        let (first, second) = columns;
        let sql = format!("SELECT {first}, {second} FROM {table} WHERE id = ?");
        let found = call.tx.one(&sql, &[id.into()], |row| {
            let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
            Ok((text(0)?, text(1)?))
        })?;
        let (one, other) = found.unwrap_or_default();
        Ok(if first == second { one } else { format!("{one} {other}").trim().to_owned() })
    }

    /// The page of it in the real system.
    pub fn link(&self) -> String {
        match self.item() {
            Some((kind, number, id)) => match number {
                1..=4 => format!("/crm/{}/details/{id}/", kind.to_ascii_lowercase()),
                _ => format!("/crm/type/{number}/details/{id}/"),
            },
            None if self.module == "rpa" => format!("/rpa/item/{}/", self.id.replace(':', "/")),
            None if self.module == "disk" => format!("/disk/file/{}/", self.id),
            None => format!("/bizproc/processes/?livefeed=y&element_id={}", self.id),
        }
    }
}

/// Whether a template may have that type of documents: module, class and type.
pub fn is_type(module: &str, entity: &str, kind: &str) -> bool {
    let numbered = |begin: &str| {
        kind.strip_prefix(begin)
            .and_then(|number| number.parse::<i64>().ok())
            .is_some_and(|number| number > 0)
    };
    match module {
        "crm" if entity == DYNAMIC => numbered("DYNAMIC_"),
        "crm" => OF_CRM.iter().any(|(class, begin, _)| *class == entity && *begin == kind),
        "lists" => OF_LISTS.contains(&entity) && numbered("iblock_"),
        "disk" => entity == OF_DISK && numbered("STORAGE_"),
        "rpa" => {
            let is_number = |text: &str| text.parse::<i64>().is_ok_and(|number| number > 0);
            let parts = kind.split_once(':');
            entity == OF_RPA && parts.is_some_and(|(process, stage)| is_number(process) && is_number(stage))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parts: [&str; 3]) -> Option<Document> {
        Document::read(&parts.map(Value::from).to_vec().into())
    }

    #[test]
    fn documents_of_the_crm_are_items() {
        let item = |class, id| {
            let document = read(["crm", class, id])?;
            document.item().map(|(kind, number, id)| (kind.to_owned(), number, id))
        };
        assert_eq!(item("CCrmDocumentDeal", "DEAL_12"), Some(("DEAL".into(), 2, 12)));
        assert_eq!(item(OF_CRM[5].0, "SMART_INVOICE_3"), Some(("SMART_INVOICE".into(), 31, 3)));
        assert_eq!(item(DYNAMIC, "DYNAMIC_147_1"), Some(("DYNAMIC_147".into(), 147, 1)));
        for (class, id) in
            [("CCrmDocumentDeal", "LEAD_12"), ("CCrmDocumentDeal", "DEAL_x"), (DYNAMIC, "DYNAMIC_1")]
        {
            assert_eq!(item(class, id), None, "{class} {id}");
        }
    }

    #[test]
    fn documents_have_three_parts() {
        assert_eq!(read(["crm", "", "DEAL_1"]), None);
        assert_eq!(Document::read(&Value::from("DEAL_1")), None);
    }

    #[test]
    fn types_fit_their_classes() {
        assert!(
            is_type("crm", "CCrmDocumentLead", "LEAD") && is_type("lists", "BizprocDocument", "iblock_4")
        );
        assert!(!is_type("crm", "CCrmDocumentLead", "DEAL") && !is_type("disk", OF_DISK, "STORAGE_x"));
    }
}
