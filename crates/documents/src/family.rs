//! The two families of methods. Each knows only its own templates and documents.

use engine::noun::Face;

use super::{CRM, SCOPE};

/// A family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `documentgenerator.*`
    Rest,
    /// `crm.documentgenerator.*`
    Crm,
}

impl Family {
    /// Both.
    pub const ALL: [Family; 2] = [Family::Rest, Family::Crm];

    /// The family of a face.
    pub fn of(face: &Face) -> Self {
        if face.scope == Some(CRM) { Family::Crm } else { Family::Rest }
    }

    /// The beginning of its methods' names.
    pub const fn path(self) -> &'static str {
        match self {
            Family::Rest => "documentgenerator",
            Family::Crm => "crm.documentgenerator",
        }
    }

    /// The scope that opens them.
    pub const fn scope(self) -> &'static str {
        match self {
            Family::Rest => SCOPE,
            Family::Crm => CRM,
        }
    }

    /// What its rows have as `moduleId`.
    pub const fn module(self) -> &'static str {
        match self {
            Family::Rest => "rest",
            Family::Crm => "crm",
        }
    }
}
