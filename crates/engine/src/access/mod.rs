//! CRM roles: which items of each entity a user may read, add, update, delete, export and import.
//!
//! As in Bitrix24, a role gives one level to each act on each kind of entity; users get roles through
//! access codes (`U1` a user, `D5` a department, `DR5` a department with those below it, `AU` everybody),
//! and have what any of their roles gives. Administrators may do everything.

mod granted;
pub mod roles;

pub use granted::Granted;

use store::Param;

/// An operation on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// See it
    Read,
    /// Make one
    Add,
    /// Change it
    Update,
    /// Delete it
    Delete,
    /// Take many out
    Export,
    /// Bring many in
    Import,
}

impl Act {
    /// Every act, in the order in which roles list them.
    pub const ALL: [Act; 6] = [Act::Read, Act::Add, Act::Update, Act::Delete, Act::Export, Act::Import];

    /// The name under which roles store it.
    pub fn code(self) -> &'static str {
        match self {
            Act::Read => "READ",
            Act::Add => "ADD",
            Act::Update => "WRITE",
            Act::Delete => "DELETE",
            Act::Export => "EXPORT",
            Act::Import => "IMPORT",
        }
    }

    /// The act with that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }
}

/// The set of items on which an act is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nobody's
    None,
    /// One's own: those one is responsible for
    Own,
    /// Those of colleagues in one's departments too
    Department,
    /// Those of the departments below too
    SubDepartments,
    /// One's own and all that are marked as open to everybody
    Open,
    /// Everybody's
    All,
}

impl Level {
    /// Every level, from nothing to everything.
    pub const ALL: [Level; 6] =
        [Level::None, Level::Own, Level::Department, Level::SubDepartments, Level::Open, Level::All];

    /// Its description.
    pub fn title(self) -> &'static str {
        match self {
            Level::None => "Nobody's",
            Level::Own => "Own",
            Level::Department => "Own and department's",
            Level::SubDepartments => "Own, department's and subdepartments'",
            Level::Open => "Own and open to everybody",
            Level::All => "Everybody's",
        }
    }

    /// The letter that Bitrix24 uses for it; none is the empty text.
    pub fn code(self) -> &'static str {
        match self {
            Level::None => "",
            Level::Own => "A",
            Level::Department => "D",
            Level::SubDepartments => "F",
            Level::Open => "O",
            Level::All => "X",
        }
    }

    /// The level with that letter; unknown letters allow nothing.
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|level| level.code() == code).unwrap_or(Level::None)
    }
}

/// The properties of an item that decide who may access it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The responsible user.
    pub responsible: i64,
    /// Whether it is marked as open to everybody.
    pub opened: bool,
}

/// The items that a user may act on: what all of the user's roles give together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowScope {
    /// All items of everybody.
    pub all: bool,
    /// Items marked as open.
    pub open: bool,
    /// Items of these users.
    pub users: Vec<i64>,
}

impl RowScope {
    /// Everything.
    pub fn everything() -> Self {
        RowScope { all: true, open: true, users: Vec::new() }
    }

    /// Whether nothing at all is allowed.
    pub fn is_nothing(&self) -> bool {
        !self.all && !self.open && self.users.is_empty()
    }

    /// Whether an item with this responsible user and openness is among them.
    pub fn covers(&self, responsible: i64, opened: bool) -> bool {
        self.all || (self.open && opened) || self.users.binary_search(&responsible).is_ok()
    }

    /// The same as a condition on the entity's table; `None` when there is nothing to filter out.
    pub fn condition(&self, params: &mut Vec<Param<'static>>) -> Option<String> {
        if self.all {
            return None;
        }
        let mut parts = Vec::new();
        if self.open {
            parts.push("t.opened = 'Y'".to_owned());
        }
        if !self.users.is_empty() {
            let placeholders = store::placeholders(self.users.len());
            params.extend(self.users.iter().map(|user| Param::from(*user)));
            parts.push(format!("t.assigned_by_id IN ({placeholders})"));
        }
        Some(if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" OR ")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_covers_what_its_condition_selects() {
        let reach = RowScope { all: false, open: true, users: vec![3, 5] };
        assert!(reach.covers(5, false));
        assert!(reach.covers(9, true));
        assert!(!reach.covers(9, false));
        let mut params = Vec::new();
        assert_eq!(reach.condition(&mut params).unwrap(), "(t.opened = 'Y' OR t.assigned_by_id IN (?, ?))");
        assert_eq!(params.len(), 2);
        assert_eq!(RowScope::everything().condition(&mut params), None);
        let nothing = RowScope { all: false, open: false, users: vec![] };
        assert_eq!(nothing.condition(&mut params).unwrap(), "1 = 0");
    }

    #[test]
    fn level_letters_go_there_and_back() {
        for level in Level::ALL {
            assert_eq!(Level::parse(level.code()), level);
        }
        assert_eq!(Level::parse("?"), Level::None);
    }
}
