//! Who works where: the tree of departments and their members, as access rules and lists need it.

use std::collections::HashMap;

use store::Tx;

use crate::error::Result;

/// The departments and who is in them.
#[derive(Debug, Default)]
pub struct Directory {
    /// The department above each department; 0 above the topmost one.
    parents: HashMap<i64, i64>,
    /// The departments of each user.
    members: HashMap<i64, Vec<i64>>,
    /// The departments of which each user is the head.
    headed: HashMap<i64, Vec<i64>>,
}

impl Directory {
    /// Reads it as this transaction sees it.
    pub fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let mut directory = Directory::default();
        tx.query("SELECT id, parent, uf_head FROM department ORDER BY id", &[], |row| {
            directory.parents.insert(row.int(0)?, row.opt_int(1)?.unwrap_or(0));
            if let Some(head) = row.opt_int(2)? {
                directory.headed.entry(head).or_default().push(row.int(0)?);
            }
            Ok(())
        })?;
        let sql = "SELECT user_id, department_id FROM department_member ORDER BY user_id, department_id";
        tx.query(sql, &[], |row| {
            directory.members.entry(row.int(0)?).or_default().push(row.int(1)?);
            Ok(())
        })?;
        Ok(directory)
    }

    /// The departments of a user.
    pub fn departments_of(&self, user_id: i64) -> &[i64] {
        self.members.get(&user_id).map_or(&[], Vec::as_slice)
    }

    /// The user with everybody in the user's departments, and in those below them when `deep`.
    pub fn colleagues(&self, user_id: i64, deep: bool) -> Vec<i64> {
        let mut users = self.within(self.departments_of(user_id), deep);
        users.push(user_id);
        users
    }

    /// Everybody in a department, and in those below it when `deep`.
    pub fn members_of(&self, department: i64, deep: bool) -> Vec<i64> {
        self.within(&[department], deep)
    }

    /// Everybody in one of these departments, and in those below them when `deep`, by number.
    fn within(&self, departments: &[i64], deep: bool) -> Vec<i64> {
        let lies = |place: &i64| departments.contains(place) || (deep && self.is_below(*place, departments));
        let people = self.members.iter().filter(|(_, places)| places.iter().any(lies));
        let mut people: Vec<i64> = people.map(|(user, _)| *user).collect();
        people.sort_unstable();
        people
    }

    /// Everybody in the departments of which a user is the head and in those below them, but not the user.
    pub fn people_of(&self, head: i64) -> Vec<i64> {
        let Some(headed) = self.headed.get(&head) else { return Vec::new() };
        let mut people = self.within(headed, true);
        people.retain(|user| *user != head);
        people
    }

    /// Whether a user is above another: the head of one of the other's departments, or of one over it.
    pub fn is_above(&self, head: i64, user: i64) -> bool {
        let Some(headed) = self.headed.get(&head) else { return false };
        let led = |department: &i64| headed.contains(department) || self.is_below(*department, headed);
        head != user && self.departments_of(user).iter().any(led)
    }

    /// Whether a department lies below one of `above`.
    pub fn is_below(&self, department: i64, above: &[i64]) -> bool {
        let mut at = department;
        // A tree is no deeper than its nodes: a ring in the data cannot hold us.
        for _ in 0..=self.parents.len() {
            match self.parents.get(&at) {
                Some(parent) if above.contains(parent) => return true,
                Some(parent) if *parent != 0 => at = *parent,
                _ => return false,
            }
        }
        false
    }

    /// The departments below this one.
    pub fn below(&self, department: i64) -> Vec<i64> {
        self.parents.keys().copied().filter(|other| self.is_below(*other, &[department])).collect()
    }

    /// The departments above this one, the nearest first.
    pub fn above(&self, department: i64) -> Vec<i64> {
        let up = |at: &i64| self.parents.get(at).copied().filter(|parent| *parent != 0);
        std::iter::successors(up(&department), up).take(self.parents.len()).collect()
    }

    /// Every access code that a user has: `U7`, `D3`, `DR1`, `AU`, .. (protocol 7.4 `user.access`).
    pub fn access_codes(&self, user_id: i64) -> Vec<String> {
        let mut codes = vec![format!("U{user_id}"), "AU".to_owned(), "G2".to_owned()];
        for department in self.departments_of(user_id) {
            codes.push(format!("D{department}"));
            codes.push(format!("DR{department}"));
            let above = self.parents.keys().filter(|other| self.is_below(*department, &[**other]));
            codes.extend(above.map(|other| format!("DR{other}")));
        }
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// The display name of a user: first and last name, or else the e-mail address.
pub fn whole_name(name: &str, last_name: &str, email: &str) -> String {
    match format!("{name} {last_name}").trim() {
        "" => email.to_owned(),
        name => name.to_owned(),
    }
}

/// The display name of a user; `None` if there is no such user.
pub fn name_of(tx: &mut Tx<'_>, user_id: i64) -> Result<Option<String>> {
    let sql = "SELECT name, last_name, email FROM portal_user WHERE id = ?";
    Ok(tx.one(sql, &[user_id.into()], |row| Ok(whole_name(row.text(0)?, row.text(1)?, row.text(2)?)))?)
}

/// Whether there is such a user.
pub fn exists(tx: &mut Tx<'_>, user_id: i64) -> Result<bool> {
    let sql = "SELECT id FROM portal_user WHERE id = ?";
    Ok(tx.one(sql, &[user_id.into()], |row| row.int(0))?.is_some())
}

/// Whether there is such a user, who was not dismissed.
pub fn is_active(tx: &mut Tx<'_>, user_id: i64) -> Result<bool> {
    let sql = "SELECT id FROM portal_user WHERE id = ? AND active = 'Y'";
    Ok(tx.one(sql, &[user_id.into()], |row| row.int(0))?.is_some())
}

/// A person, as cards show one.
#[derive(Clone, Debug)]
pub struct Person {
    /// The display name.
    pub name: String,
    /// First, last and middle name, and the e-mail address.
    pub names: [String; 4],
    /// `M` or `F`; empty when it is not known.
    pub gender: String,
    /// What the person is in the company; empty when it is not known.
    pub position: String,
    /// The file that is the photo.
    pub photo: Option<i64>,
    /// Whether the person is an administrator.
    pub is_admin: bool,
}

/// These people by their numbers, as far as they are there, however many.
pub fn people(tx: &mut Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, Person>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let sql = "SELECT id, name, last_name, second_name, email, work_position, personal_photo, is_admin, personal_gender \
               FROM portal_user WHERE id IN (#)";
    let people = tx.all_among(sql, &[], &ids, |row| {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.unwrap_or_default().to_owned());
        let person = Person {
            name: whole_name(&text(1)?, &text(2)?, &text(4)?),
            names: [text(1)?, text(2)?, text(3)?, text(4)?],
            gender: text(8)?,
            position: text(5)?,
            photo: row.opt_int(6)?,
            is_admin: row.int(7)? != 0,
        };
        Ok((row.int(0)?, person))
    })?;
    Ok(people.into_iter().collect())
}
