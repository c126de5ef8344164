//! Both ends of a kind of link, and how such links are stored.

/// Both ends of a kind of link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The owner's entity.
    pub owner: i64,
    /// The target's entity.
    pub target: i64,
}

impl Ends {
    /// How the link is stored: contact and company share their links, which stand under the contact.
    pub(super) fn stored(self) -> (Ends, bool) {
        let turned = self.owner == 4 && self.target == 3;
        if turned { (Ends { owner: 3, target: 4 }, true) } else { (self, false) }
    }

    /// Whether such a link is a part of what is linked, not of whose links are meant.
    pub(super) fn change_the_target(self) -> bool {
        self.stored().1
    }

    /// The ends as stored, with the columns of this end and of the other one.
    pub(super) fn columns(self) -> (Ends, &'static str, &'static str) {
        match self.stored() {
            (stored, true) => (stored, "target_id", "owner_id"),
            (stored, false) => (stored, "owner_id", "target_id"),
        }
    }
}
