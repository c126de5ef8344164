//! Access rules for the rows of a noun.
//!
//! One answer, a condition on rows, serves lists and single rows alike, so that they cannot disagree. The functions that
//! read or write rows ask for a [`RowScope`], and only [`Access::grant`] makes one: a handler that forgets does not compile.

use store::Param;

use crate::access::Act;
use crate::call::Call;
use crate::error::Result;

/// The rule of a noun.
#[derive(Clone, Copy)]
pub enum Access {
    /// Everybody reads and writes.
    Everybody,
    /// Everybody reads, administrators write.
    Shared,
    /// Administrators only.
    Administrators,
    /// A rule of the module.
    Rule(&'static dyn Rule),
}

/// A module's own rule.
pub trait Rule: Sync {
    /// Which rows, called `t`, the caller may do this to.
    ///
    /// # Errors
    /// Those of the store.
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant>;
}

/// Which rows an act is allowed on.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// All of them.
    All,
    /// None.
    Nothing,
    /// Those for which this condition on the table `t` holds, with the values of its placeholders.
    Where(String, Vec<Param<'static>>),
}

/// The rows that a caller may act on, found out for this call.
#[derive(Debug)]
pub struct RowScope(Grant);

impl Access {
    /// Finds out what the caller may do.
    pub fn grant(self, call: &mut Call<'_, '_>, act: Act) -> Result<RowScope> {
        let is_open = match self {
            Access::Everybody => true,
            Access::Shared => act == Act::Read || call.caller.is_admin,
            Access::Administrators => call.caller.is_admin,
            Access::Rule(rule) => return Ok(RowScope(rule.grant(call, act)?)),
        };
        Ok(RowScope(if is_open { Grant::All } else { Grant::Nothing }))
    }
}

impl RowScope {
    /// Whether nothing at all is allowed.
    pub fn is_nothing(&self) -> bool {
        self.0 == Grant::Nothing
    }

    /// The condition on `t`, when not every row is allowed; its values go to `params`.
    pub(super) fn condition(&self, params: &mut Vec<Param<'static>>) -> Option<String> {
        match &self.0 {
            Grant::All => None,
            Grant::Nothing => Some("1 = 0".to_owned()),
            Grant::Where(condition, values) => {
                params.extend(values.iter().cloned());
                Some(condition.clone())
            }
        }
    }
}
