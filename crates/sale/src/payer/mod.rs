//! Who pays: types of payers, and whether each is a person or a company.

pub mod domain;
pub mod person_type;
