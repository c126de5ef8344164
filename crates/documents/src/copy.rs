//! What roles and numerators of another portal show only as a whole.

use engine::copy::{At, Paging, Put, Step, Target};
use engine::noun::Noun;

use crate::numerator::NUMERATOR;
use crate::role::ROLE;

/// The lists.
pub fn steps() -> Vec<Step> {
    const ID: &[Put] = &[Put::param("id")];
    let whole = |name: &'static str, noun: &'static Noun| {
        Step::new(format!("documentgenerator.{name}.get"), Target::Noun(noun, &noun.faces[0]))
            .of_each(noun.table, ID)
            .at(At::RowUnder(name))
            .paged(Paging::Whole)
    };
    vec![whole("role", &ROLE), whole("numerator", &NUMERATOR)]
}
