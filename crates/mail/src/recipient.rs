//! Recipients: `mail.recipient.*`. The address book of a user holds whom the user wrote to and who wrote to the user.

use engine::access::Act;
use engine::call::Call;
use engine::directory::whole_name;
use engine::dto::{Dto, FACE, Page, Pages, Type, described, items, property};
use engine::entity::{Kind as Stored, Order};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun::{self, Access, Asked, Grant, ID, Noun, Rule, field, noun};
use serde_json::json;
use store::{Dialect, Param};
use wire::{Map, Value, exception};

use crate::SCOPE;
use crate::address::Address;

const PAGES: Pages = Pages { usual: 50, most: 200 };

/// Entries of address books.
pub static CONTACT: Noun = Noun {
    access: Access::Rule(&Own),
    fields: &[
        ID,
        field("userId", Stored::User, "User").required().immutable(),
        field("email", Stored::String, "E-mail").required().immutable(),
        field("name", Stored::String, "Name"),
        field("usedAt", Stored::DateTime, "Last used"),
    ],
    faces: &[FACE],
    ..noun("mail.contact", "mail_contact", SCOPE, ["entry of an address book", "entries of address books"])
};

/// What recipients look like.
static DTO: Dto = Dto {
    name: "RecipientDto",
    properties: &[property("id", Type::Int), property("email", Type::String), property("name", Type::String)],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("mail.recipient.listcontacts", SCOPE, contacts)
            .v3(Some(&DTO))
            .about(
                "Lists the latest contacts of the caller's address book, or finds some by name or address.",
            )
            .param(optional("query", Kind::Text, "Part of the name or the address"))
            .param(PAGES.param())
            .example(json!({"query": "clara"}), json!({"items": [{"email": "contact1@example.com"}]})),
        read("mail.recipient.listemployees", SCOPE, employees)
            .v3(Some(&DTO))
            .about("Finds employees by name or address.")
            .param(required("query", Kind::Text, "Part of the name or the address"))
            .param(PAGES.param())
            .example(
                json!({"query": "ines"}),
                json!({"items": [{"id": 2, "email": "ines@example.com", "name": "Ines Vogel"}]}),
            ),
    ];
    methods.extend(described("mail.recipient", SCOPE, &DTO));
    methods
}

/// Remembers addresses in the address book of a user.
///
/// # Errors
/// Those of the store.
pub fn remember(call: &mut Call<'_, '_>, user: i64, addresses: &[&Address]) -> Result<()> {
    let now = call.now.seconds();
    for address in addresses {
        // A name that was given stays when the address comes without one.
        let sql = "INSERT INTO mail_contact (user_id, email, name, used_at) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (user_id, email) DO UPDATE SET used_at = excluded.used_at, \
                   name = CASE WHEN ? = '' THEN mail_contact.name ELSE excluded.name END";
        let params: [Param<'_>; 5] = [
            user.into(),
            address.key().into(),
            address.title().into(),
            now.into(),
            address.name.as_str().into(),
        ];
        call.tx.execute(sql, &params)?;
    }
    Ok(())
}

/// The text that a call looks for, and its page.
fn asked(call: &Call<'_, '_>) -> Result<(String, Page)> {
    let page = PAGES.read(call.param("pagination").unwrap_or(&Value::Null))?;
    Ok((call.text("query").unwrap_or_default().trim().to_owned(), page))
}

fn shown(id: i64, email: &str, name: &str) -> Map {
    Map::from([("id", Value::Int(id)), ("email", email.into()), ("name", name.into())])
}

fn contacts(call: &mut Call<'_, '_>) -> Result<Value> {
    let (query, page) = asked(call)?;
    let pattern = Param::from(format!("%{}%", Dialect::escape(&query)));
    let found = format!("({} OR {})", Dialect::like("t.name"), Dialect::like("t.email"));
    let wanted = Asked {
        within: (!query.is_empty()).then(|| (found, vec![pattern.clone(), pattern])),
        order: Some(Order::default().by("t.used_at", "DESC").by("t.id", "DESC")),
        window: Some((page.offset, page.limit)),
        ..Asked::default()
    };
    let scope = CONTACT.grant(call, Act::Read)?;
    let rows = noun::asked(call, &CONTACT, &scope, wanted)?;
    Ok(items(rows.iter().map(|row| shown(row.number, row.text("email"), row.text("name"))).collect()))
}

fn employees(call: &mut Call<'_, '_>) -> Result<Value> {
    let (query, page) = asked(call)?;
    if query.is_empty() {
        return Err(exception::request(vec![exception::missing("query")]).into());
    }
    let name = Dialect::like("COALESCE(u.name, '') || ' ' || COALESCE(u.last_name, '')");
    let sql = format!(
        "SELECT u.id, u.email, u.name, u.last_name FROM portal_user u WHERE u.active = 'Y' AND u.bot = '' \
         AND ({name} OR {}) ORDER BY u.id LIMIT ? OFFSET ?",
        Dialect::like("u.email")
    );
    let pattern = format!("%{}%", Dialect::escape(&query));
    let params: [Param<'_>; 4] =
        [pattern.as_str().into(), pattern.as_str().into(), page.limit.into(), page.offset.into()];
    let found = call.tx.all(&sql, &params, |row| {
        let email = row.text(1)?;
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.unwrap_or_default());
        Ok(shown(row.int(0)?, email, &whole_name(text(2)?, text(3)?, email)))
    })?;
    Ok(items(found))
}

/// An address book is for its user alone.
struct Own;

impl Rule for Own {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        Ok(Grant::Where("t.user_id = ?".to_owned(), vec![call.caller.user_id.into()]))
    }
}
