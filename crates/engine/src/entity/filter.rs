//! Filters as conditions in SQL. Nothing but the entity's own columns and bound values gets into the text.

use store::{Dialect, Param};
use wire::filter::{Filter, Op};
use wire::{Fault, Value};

use super::ends::Ends;
use super::{Entity, Field, Kind, Naming, Place, Stored, codec, multifield};
use crate::moment::Clock;

/// Letters of a member of a list that stand in a table of members.
pub const BEGINNING: usize = 200;

/// Bytes of all patterns in one filter: PostgreSQL may take their number times the length of a text for each row, and
/// looks up in between rows only.
const PATTERNS: usize = 8_000;

/// Tests in one filter: SQLite takes conditions that are a thousand deep, and joins them one below another.
const TESTS: usize = 500;

/// Values in one filter: SQLite binds 32766 to a statement, PostgreSQL 65535.
const VALUES: usize = 20_000;

/// How to treat a field that the entity does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Its test is left out, as the legacy lists do (protocol 5.2).
    Ignored,
    /// The call fails.
    Refused,
}

/// A condition under construction: the text and the values of its placeholders in order.
pub struct Conditions<'a> {
    /// The entity whose table is called `t`.
    pub entity: &'a Entity,
    /// How the request names fields.
    pub naming: Naming,
    /// How to treat unknown names.
    pub unknown: Unknown,
    /// By which dates are read.
    pub clock: Clock<'a>,
    /// The engine's dialect.
    pub dialect: Dialect,
    /// The values bound so far.
    pub params: Vec<Param<'static>>,
    /// Bytes of patterns so far.
    pub patterns: usize,
}

impl<'a> Conditions<'a> {
    /// Conditions on the table of an entity, none yet.
    pub fn new(
        entity: &'a Entity,
        naming: Naming,
        unknown: Unknown,
        clock: Clock<'a>,
        dialect: Dialect,
    ) -> Self {
        Conditions { entity, naming, unknown, clock, dialect, params: Vec::new(), patterns: 0 }
    }

    /// The condition for a filter; `None` when it filters nothing out. A filter beyond what the engines take
    /// in one statement is a fault.
    pub fn build(&mut self, filter: &Filter) -> Result<Option<String>, Fault> {
        if tests(filter) > TESTS {
            return Err(too_large());
        }
        let condition = self.part(filter)?;
        if self.params.len() > VALUES || self.patterns > PATTERNS { Err(too_large()) } else { Ok(condition) }
    }

    fn part(&mut self, filter: &Filter) -> Result<Option<String>, Fault> {
        match filter {
            Filter::All(parts) => self.join(parts, " AND "),
            Filter::Any(parts) => self.join(parts, " OR "),
            Filter::Test { op, field, value } => self.test(*op, field, value),
        }
    }

    fn join(&mut self, parts: &[Filter], word: &str) -> Result<Option<String>, Fault> {
        let mut texts = Vec::with_capacity(parts.len());
        for part in parts {
            texts.extend(self.part(part)?);
        }
        Ok(match texts.len() {
            0 => None,
            1 => texts.pop(),
            _ => Some(format!("({})", texts.join(word))),
        })
    }

    fn test(&mut self, op: Op, name: &str, value: &Value) -> Result<Option<String>, Fault> {
        let entity = self.entity;
        match entity.named(name, self.naming).filter(|field| field.place != Place::Nowhere) {
            Some(field) => self.test_field(op, field, value).map(Some),
            None if self.unknown == Unknown::Ignored => Ok(None),
            None if self.naming.is_legacy() => {
                Err(Fault::argument(format!("Filter field not allowed: {name}"), name))
            }
            None => {
                Err(Fault::invalid_value(format!("Invalid filter: field '{name}' is not allowed in filter")))
            }
        }
    }

    fn test_field(&mut self, op: Op, field: &Field, value: &Value) -> Result<String, Fault> {
        match field.place {
            Place::Multifield => Ok(self.test_multifield(&field.code, value)),
            Place::Binding(target) => Ok(self.test_binding(op, target, value)),
            _ if field.multiple => Ok(self.test_list(op, field, value)),
            _ => Ok(self.test_one(op, field, &format!("t.{}", field.column()), value)),
        }
    }

    /// A test of one value: that of a column, or of a member of a list.
    fn test_one(&mut self, op: Op, field: &Field, column: &str, value: &Value) -> String {
        match op {
            Op::Contains if self.is_code(field) => self.test_one(Op::Eq, field, column, value),
            Op::NotContains if self.is_code(field) => self.test_one(Op::Ne, field, column, value),
            Op::Eq | Op::In if value.is_array() => self.among(field, column, value),
            Op::Eq | Op::In if self.is_nothing(field, value) => empty(column, field.kind),
            Op::Eq | Op::In => self.compare(field, column, "=", value),
            Op::Ne | Op::NotIn if self.is_nothing(field, value) => {
                format!("NOT {}", empty(column, field.kind))
            }
            Op::Ne | Op::NotIn => {
                let equal = self.test_one(Op::Eq, field, column, value);
                format!("NOT COALESCE({equal}, FALSE)")
            }
            Op::Gt => self.compare(field, column, ">", value),
            Op::Ge => self.compare(field, column, ">=", value),
            Op::Lt => self.compare(field, column, "<", value),
            Op::Le => self.compare(field, column, "<=", value),
            Op::Between => self.between(field, column, value),
            Op::NotBetween => format!("NOT {}", self.between(field, column, value)),
            Op::Contains | Op::Search => {
                self.like(field, column, &format!("%{}%", Dialect::escape(&plain(value))))
            }
            Op::NotContains => {
                let like = self.like(field, column, &format!("%{}%", Dialect::escape(&plain(value))));
                format!("NOT COALESCE({like}, FALSE)")
            }
            Op::Like => self.like(field, column, &whole(plain(value))),
            Op::NotLike => {
                let like = self.like(field, column, &whole(plain(value)));
                format!("NOT COALESCE({like}, FALSE)")
            }
        }
    }

    /// Whether a value asks for items that have none: when it is empty or `false`, and 0 where it is no number or
    /// reference of its own. A flag is `N` for `false`.
    fn is_nothing(&self, field: &Field, value: &Value) -> bool {
        let zero = match field.kind {
            Kind::Boolean => value.as_flag() == Some(false),
            Kind::Integer
            | Kind::Double
            | Kind::Decimal(_)
            | Kind::User
            | Kind::Link(_)
            | Kind::Parent(_)
            | Kind::File
            | Kind::Enumeration
            | Kind::Employee => value.as_float() == Some(0.0),
            Kind::Declared(of) => of.stored == Stored::Int && value.as_float() == Some(0.0),
            _ => false,
        };
        value.is_empty()
            || (*value == Value::Bool(false) && field.kind != Kind::Char)
            || (zero && self.entity.is_item() && field.code != "ID")
            || (value.as_int() == Some(0) && matches!(field.kind, Kind::Noun(_)))
    }

    /// Whether a field holds ids or codes, of which legacy lists look for no parts: `%` means equality there.
    fn is_code(&self, field: &Field) -> bool {
        let code = matches!(
            field.kind,
            Kind::Integer
                | Kind::User
                | Kind::Link(_)
                | Kind::Parent(_)
                | Kind::Category
                | Kind::Status(_)
                | Kind::Stage
        );
        code && self.naming.is_legacy() && self.entity.is_item() && field.user.is_none()
    }

    /// A comparison with one value; with a value that the field cannot hold it is never true.
    fn compare(&mut self, field: &Field, column: &str, sign: &str, value: &Value) -> String {
        match codec::sought(field, single(value), &self.clock) {
            Param::Null => "1 = 0".to_owned(),
            param => {
                self.params.push(param);
                format!("{column} {sign} ?")
            }
        }
    }

    fn among(&mut self, field: &Field, column: &str, value: &Value) -> String {
        let mut placeholders = 0;
        let mut or_empty = false;
        for member in value.items() {
            let nothing = self.is_nothing(field, member);
            or_empty |= nothing;
            match codec::sought(field, member, &self.clock) {
                Param::Null => {}
                _ if nothing => {}
                param => {
                    self.params.push(param);
                    placeholders += 1;
                }
            }
        }
        let listed =
            (placeholders > 0).then(|| format!("{column} IN ({})", store::placeholders(placeholders)));
        let nothing = or_empty.then(|| empty(column, field.kind));
        let parts: Vec<String> = listed.into_iter().chain(nothing).collect();
        if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" OR ")) }
    }

    fn between(&mut self, field: &Field, column: &str, value: &Value) -> String {
        let bounds: Vec<&Value> = value.items().take(2).collect();
        let [low, high] = bounds[..] else { return "1 = 0".to_owned() };
        let low = self.compare(field, column, ">=", low);
        let high = self.compare(field, column, "<=", high);
        format!("({low} AND {high})")
    }

    fn like(&mut self, field: &Field, column: &str, pattern: &str) -> String {
        self.patterns += pattern.len();
        let text = if field.kind.stored() == Stored::Text {
            column.to_owned()
        } else {
            format!("CAST({column} AS TEXT)")
        };
        // An index knows whole texts, and no patterns.
        match literal(pattern) {
            Some(whole) => {
                self.params.push(Param::from(whole));
                format!("{} = {}", Dialect::fold(&text), Dialect::fold("?"))
            }
            None => {
                self.params.push(Param::from(pattern.to_owned()));
                Dialect::like(&text)
            }
        }
    }

    /// Phones, addresses and the like are found by how they begin; a legacy list asks for nothing else of them.
    fn test_multifield(&mut self, type_id: &str, value: &Value) -> String {
        let asked = multifield::asked(value);
        // An index knows phones as they are written, and the others without regard to case.
        let (type_is, column, begins) = if type_id == "PHONE" {
            ("m.type_id = 'PHONE'", "value", asked)
        } else {
            self.params.push(Param::from(type_id.to_owned()));
            ("m.type_id = ?", "folded", multifield::fold(type_id, &asked))
        };
        let beyond = format!("{begins}{}", char::MAX);
        self.params.extend([Param::from(begins), Param::from(beyond), Param::from(self.entity.type_id)]);
        format!(
            "t.id IN (SELECT m.item_id FROM crm_multifield m \
             WHERE {type_is} AND m.{column} >= ? AND m.{column} < ? AND +m.entity_type_id = ?)"
        )
    }

    fn test_binding(&mut self, op: Op, target: i64, value: &Value) -> String {
        let none = |value: &Value| value.is_empty() || matches!(value.as_int(), Some(0));
        let ids: Vec<i64> = members(value).filter(|id| !none(id)).filter_map(Value::as_int).collect();
        // Without ids the question is whether there are links at all.
        let any = ids.is_empty() && members(value).all(none);
        if ids.is_empty() && !any {
            return "1 = 0".to_owned();
        }
        let (ends, mine, other) = Ends { owner: self.entity.type_id, target }.columns();
        self.params.push(Param::from(ends.owner));
        self.params.push(Param::from(ends.target));
        let placeholders = store::placeholders(ids.len());
        let among = if any { String::new() } else { format!(" AND b.{other} IN ({placeholders})") };
        self.params.extend(ids.into_iter().map(Param::from));
        let found = format!(
            "t.id IN (SELECT b.{mine} FROM crm_binding b \
             WHERE b.owner_type_id = ? AND b.target_type_id = ?{among})"
        );
        if matches!(op, Op::Ne | Op::NotIn) == any { found } else { format!("NOT {found}") }
    }

    /// A list field passes a test when one of its members does, and its denial when none does.
    fn test_list(&mut self, op: Op, field: &Field, value: &Value) -> String {
        let column = format!("t.{}", field.column());
        let (op, denied) = match op {
            Op::Ne | Op::NotIn => (Op::Eq, true),
            Op::NotContains => (Op::Contains, true),
            Op::NotLike => (Op::Like, true),
            Op::NotBetween => (Op::Between, true),
            op => (op, false),
        };
        let found = if self.is_nothing(field, value) {
            format!("{column} IS NULL")
        } else {
            let found = self.among_members(op, field, value);
            let (each, member) = self.members_of(&column, field.kind.stored());
            let test = self.test_one(op, field, member, value);
            match found {
                Some(found) => format!("({found} AND EXISTS (SELECT 1 FROM {each} WHERE {test}))"),
                None => format!("EXISTS (SELECT 1 FROM {each} WHERE {test})"),
            }
        };
        if denied { format!("NOT {found}") } else { found }
    }

    /// Rows that have one of these members, as far as the beginnings of members say that stand in a table of their own.
    fn among_members(&mut self, op: Op, field: &Field, value: &Value) -> Option<String> {
        let (table, number) = field.members.filter(|_| matches!(op, Op::Eq | Op::In))?;
        if members(value).any(|member| self.is_nothing(field, member)) {
            return None;
        }
        let sought: Option<Vec<Param<'static>>> = members(value)
            .map(|member| match codec::sought(field, member, &self.clock) {
                Param::Int(number) => Some(number.to_string().into()),
                Param::Text(text) => Some(text.chars().take(BEGINNING).collect::<String>().into()),
                _ => None,
            })
            .collect();
        let sought = sought.filter(|sought| !sought.is_empty())?;
        let places = store::placeholders(sought.len());
        self.params.extend(sought);
        Some(format!(
            "t.id IN (SELECT v.row_id FROM {table} v WHERE v.field_id = {number} AND v.value IN ({places}))"
        ))
    }

    /// The members of a JSON list as rows, and the expression for one of them.
    fn members_of(&self, column: &str, stored: Stored) -> (String, &'static str) {
        match self.dialect {
            Dialect::Sqlite => (format!("json_each({column}) AS e"), "e.value"),
            Dialect::Postgres => {
                let member = match stored {
                    Stored::Int => "CAST(e.value AS BIGINT)",
                    Stored::Real => "CAST(e.value AS DOUBLE PRECISION)",
                    Stored::Text => "e.value",
                };
                (format!("jsonb_array_elements_text({column}::jsonb) AS e(value)"), member)
            }
        }
    }
}

fn tests(filter: &Filter) -> usize {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().map(tests).sum(),
        Filter::Test { .. } => 1,
    }
}

/// The fault for a filter beyond any use.
pub(super) fn too_large() -> Fault {
    Fault::argument("The filter is too large.", "filter")
}

/// `filter[LEAD_ID]=` asks for items whose field is empty (protocol 5.2).
fn empty(column: &str, kind: Kind) -> String {
    match kind.stored() {
        Stored::Text => format!("COALESCE({column}, '') = ''"),
        Stored::Int | Stored::Real => format!("COALESCE({column}, 0) = 0"),
    }
}

/// The value of a comparison that takes one; of a list the first member counts.
fn single(value: &Value) -> &Value {
    if value.is_array() { value.items().next().unwrap_or(&Value::Null) } else { value }
}

/// The members of a list, or the one value.
fn members(value: &Value) -> impl Iterator<Item = &Value> {
    let one = (!value.is_array()).then_some(value);
    one.into_iter().chain(value.items())
}

fn plain(value: &Value) -> String {
    single(value).text().map(std::borrow::Cow::into_owned).unwrap_or_default()
}

/// The one text that a pattern without wildcards matches.
fn literal(pattern: &str) -> Option<String> {
    let (mut text, mut letters) = (String::with_capacity(pattern.len()), pattern.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '%' | '_' => return None,
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
    Some(text)
}

/// A pattern with a lone `\` at its end taken literally, as MySQL does; PostgreSQL would refuse it.
fn whole(mut pattern: String) -> String {
    let slashes = pattern.bytes().rev().take_while(|byte| *byte == b'\\').count();
    if slashes % 2 == 1 {
        pattern.push('\\');
    }
    pattern
}
