//! Conditions that may be met in several ways, each of which an index finds rows by: somebody is responsible for a task, or gave
//! it, or belongs to its workgroup. No index finds all of these together, so lists look for the rows of each way and put them
//! together; that touches no row that is not shown.

use store::Param;

use super::Entity;
use super::page::all_of;
use super::sorting::Order;

/// A condition on the rows, called `t`, with the values of its placeholders.
pub type Within = (String, Vec<Param<'static>>);

/// The branches of one statement; what has more is read by one condition.
const BRANCHES: usize = 12;

/// Conditions of which one has to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways(pub Vec<Within>);

impl Ways {
    /// The one condition that one of them holds.
    pub fn any(self) -> Within {
        let (conditions, values): (Vec<_>, Vec<_>) = self.0.into_iter().unzip();
        let any = if conditions.is_empty() { "1 = 0".to_owned() } else { conditions.join(" OR ") };
        (format!("({any})"), values.into_iter().flatten().collect())
    }
}

/// The ways in which all of these are met at once. `None` when there are too many.
pub(super) fn combined(choices: &[Ways]) -> Option<Vec<Vec<&Within>>> {
    let mut branches: Vec<Vec<&Within>> = vec![Vec::new()];
    for Ways(ways) in choices {
        let mut met = Vec::new();
        for branch in branches {
            // What is asked for already is met.
            if ways.iter().any(|way| branch.contains(&way)) {
                met.push(branch);
            } else {
                met.extend(ways.iter().map(|way| [branch.as_slice(), &[way]].concat()));
            }
        }
        if met.len() > BRANCHES {
            return None;
        }
        branches = met;
    }
    let wider = |other: &Vec<&Within>, one: &Vec<&Within>| {
        other.len() < one.len() && other.iter().all(|way| one.contains(way))
    };
    let needed = branches.iter().filter(|one| !branches.iter().any(|other| wider(other, one)));
    Some(needed.cloned().collect())
}

/// The statement that finds the numbers of the rows of all branches for which these conditions hold, once each, with what an
/// order sorts them by.
pub(crate) fn numbers(
    table: &Entity,
    (conditions, values): (&[String], &[Param<'static>]),
    branches: &[Vec<&Within>],
    order: &Order,
) -> Within {
    let (columns, name) = (order.columns(), table.table());
    let (mut selects, mut params) = (Vec::with_capacity(branches.len()), Vec::new());
    for branch in branches {
        let ways = branch.iter().map(|(condition, _)| condition.clone());
        let conditions: Vec<String> = conditions.iter().cloned().chain(ways).collect();
        selects.push(format!("SELECT {columns} FROM {name} t{}", all_of(&conditions)));
        params.extend(order.values());
        params.extend(values.iter().cloned());
        params.extend(branch.iter().flat_map(|(_, values)| values.iter().cloned()));
    }
    (selects.join(" UNION "), params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(names: &[&str]) -> Ways {
        Ways(names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect())
    }

    fn met(choices: &[Ways]) -> Option<Vec<String>> {
        let told =
            |branch: Vec<&Within>| branch.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
        combined(choices).map(|branches| branches.into_iter().map(told).collect())
    }

    #[test]
    fn a_way_that_is_asked_for_already_meets_the_rest() {
        assert_eq!(met(&[ways(&["a", "b"]), ways(&["a", "b", "c"])]).unwrap(), ["a", "b"]);
        assert_eq!(met(&[ways(&["a", "b"]), ways(&["b", "c"])]).unwrap(), ["a c", "b"]);
        assert_eq!(met(&[ways(&["a", "b"]), ways(&["b", "c", "d"])]).unwrap(), ["a c", "a d", "b"]);
        assert_eq!(met(&[ways(&["a", "b", "c", "d"]), ways(&["e", "f", "g", "h"])]), None);
    }
}
