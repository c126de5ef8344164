//! The one list of what the portal is made of. A new product crate gets a line here, and nothing else knows it.

use std::sync::LazyLock;

use engine::copy::{Known, Step};
use engine::modules::{Module, Modules};
use engine::texts::{Language, Locale};

use crate::system;

/// The modules, in the order in which their methods are described. It is also the order in which a new portal is filled.
const LIST: &[&Module] = &[
    &system::MODULE,
    &people::USERS,
    &people::DEPARTMENTS,
    &webhooks::MODULE,
    &crm::MODULE,
    &catalog::MODULE,
    &documents::MODULE,
    &disk::MODULE,
    &im::MODULE,
    &bots::MODULE,
    &groups::MODULE,
    &lists::MODULE,
    &tasks::MODULE,
    &calendar::MODULE,
    &feed::MODULE,
    &vote::MODULE,
    &workflows::MODULE,
    &telephony::MODULE,
    &timeman::MODULE,
    &consent::MODULE,
    &extensions::MODULE,
    &rpa::MODULE,
    &sale::MODULE,
    &booking::MODULE,
    &openlines::MODULE,
    &landing::MODULE,
    &notes::MODULE,
    &mail::MODULE,
];

/// The index of the list; created on first use.
pub fn modules() -> &'static Modules {
    static MODULES: LazyLock<Modules> = LazyLock::new(|| Modules::new(LIST));
    &MODULES
}

/// The lists by which products are copied from another portal, beyond those that follow from nouns, as far as the shared
/// metadata knows by now.
pub fn copies(known: Known<'_>) -> Vec<Step> {
    let Known { meta, now, reader } = known;
    [
        people::user::copy::steps(),
        crm::copy::steps(meta),
        catalog::copy::steps(meta),
        groups::copy::steps(),
        lists::copy::steps(),
        im::copy::steps(reader),
        tasks::copy::steps(),
        calendar::copy::steps(now),
        feed::copy::steps(),
        disk::copy::steps(),
        booking::copy::steps(),
        sale::copy::steps(),
        documents::copy::steps(),
        rpa::copy::steps(meta),
    ]
    .concat()
}

/// A language with the texts of all modules.
pub fn locale(language: Language) -> Locale {
    modules().texts().locale(language)
}
