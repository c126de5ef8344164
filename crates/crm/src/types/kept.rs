//! Smart processes in the shared metadata: every node and every transaction knows the same ones.

use engine::entity::Entity;
use engine::error::Result;
use engine::meta::{Kept, Meta};
use engine::modules::Made;
use engine::noun::column;
use store::Tx;

use super::entity;
use crate::shared;

/// What may be switched on for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Pipelines beyond the default one
    Categories,
    /// Stages
    Stages,
    /// Begin and end
    Dates,
    /// Contacts and a company
    Client,
    /// Product rows and an amount
    Products,
    /// The company of one's own
    MyCompany,
    /// Where an item came from
    Source,
    /// Observers
    Observers,
    /// Use in user fields that name items
    UserFields,
}

impl Switch {
    /// Every switch with a meaning here.
    pub const ALL: [Switch; 9] = [
        Switch::Categories,
        Switch::Stages,
        Switch::Dates,
        Switch::Client,
        Switch::Products,
        Switch::MyCompany,
        Switch::Source,
        Switch::Observers,
        Switch::UserFields,
    ];

    /// The field of the type that it is.
    pub fn field(self) -> &'static str {
        match self {
            Switch::Categories => "isCategoriesEnabled",
            Switch::Stages => "isStagesEnabled",
            Switch::Dates => "isBeginCloseDatesEnabled",
            Switch::Client => "isClientEnabled",
            Switch::Products => "isLinkWithProductsEnabled",
            Switch::MyCompany => "isMycompanyEnabled",
            Switch::Source => "isSourceEnabled",
            Switch::Observers => "isObserversEnabled",
            Switch::UserFields => "isUseInUserfieldEnabled",
        }
    }
}

/// A smart process.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its number among them, by which its user fields are called.
    pub id: i64,
    /// Its number among all types of items.
    pub entity_type_id: i64,
    /// Its name.
    pub title: String,
    on: Vec<Switch>,
}

impl Type {
    /// Whether something is switched on.
    pub fn has(&self, switch: Switch) -> bool {
        self.on.contains(&switch)
    }
}

/// Items of a type stand under items of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The type above.
    pub parent: i64,
    /// The type below.
    pub child: i64,
    /// Whether the card of an item above lists those below it.
    pub is_listed: bool,
}

/// The smart processes of a portal, and what stands under what.
#[derive(Clone, Debug, Default)]
pub struct Types {
    /// By number.
    pub list: Vec<Type>,
    /// By number.
    pub relations: Vec<Relation>,
}

impl Types {
    /// Those that this call sees.
    pub fn of(meta: &Meta) -> &Self {
        meta.section()
    }

    /// The one whose items have this `entityTypeId`.
    pub fn find(&self, entity_type_id: i64) -> Option<&Type> {
        self.list.iter().find(|kind| kind.entity_type_id == entity_type_id)
    }

    /// What people call one item of a type, be it a smart process or not.
    fn title(&self, entity_type_id: i64) -> Option<String> {
        let fixed = || crate::entities().into_iter().find(|entity| entity.type_id == entity_type_id);
        let own = self.find(entity_type_id).map(|kind| kind.title.clone());
        own.or_else(|| fixed().map(|entity| entity.title.into_owned()))
    }

    /// The entity of each.
    pub fn entities(&self) -> Vec<Entity> {
        let of = |kind| entity::of(kind, &self.relations, |number| self.title(number));
        self.list.iter().map(of).collect()
    }

    /// What they are to the portal: entities, and the parents of other entities' items.
    pub fn made(&self) -> Made {
        let below_others = self.relations.iter().filter(|relation| self.find(relation.child).is_none());
        let field = |relation: &Relation| {
            Some((relation.child, shared::parent(relation.parent, &self.title(relation.parent)?)))
        };
        Made { entities: self.entities(), fields: below_others.filter_map(field).collect() }
    }
}

impl Kept for Types {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let switches: Vec<String> = Switch::ALL.iter().map(|switch| column(switch.field())).collect();
        let sql =
            format!("SELECT id, entity_type_id, title, {} FROM crm_type ORDER BY id", switches.join(", "));
        let mut types = Types::default();
        tx.query(&sql, &[], |row| {
            let mut on = Vec::new();
            for (at, switch) in (3..).zip(Switch::ALL) {
                if row.opt_text(at)? == Some("Y") {
                    on.push(switch);
                }
            }
            let title = row.opt_text(2)?.unwrap_or_default().to_owned();
            types.list.push(Type { id: row.int(0)?, entity_type_id: row.int(1)?, title, on });
            Ok(())
        })?;
        let sql = "SELECT parent_type_id, child_type_id, is_listed FROM crm_type_relation ORDER BY parent_type_id, child_type_id";
        tx.query(sql, &[], |row| {
            let is_listed = row.text(2)? == "Y";
            types.relations.push(Relation { parent: row.int(0)?, child: row.int(1)?, is_listed });
            Ok(())
        })?;
        Ok(types)
    }
}
