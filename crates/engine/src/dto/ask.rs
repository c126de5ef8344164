//! What a list of REST 3.0 is asked for: `select`, `filter`, `order` and `pagination`.

use wire::filter::Filter;
use wire::order::Direction;
use wire::{Fault, Text, Value, exception};

use super::{Dto, Filters, Select};
use crate::call::Call;
use crate::entity::Naming;
use crate::entity::filter::Unknown;
use crate::entity::page::Query;
use crate::method::{Kind, Method, Param, optional};
use crate::noun::Asked;

/// How many rows a page has: usually, and at most.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// Without a limit.
    pub usual: i64,
    /// The largest limit.
    pub most: i64,
}

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The rows on it.
    pub limit: i64,
    /// The rows before it.
    pub offset: i64,
}

/// What a list is asked for.
#[derive(Debug)]
pub struct Ask {
    /// The properties that it shows.
    pub select: Select,
    /// Its conditions, by the fields of the noun.
    pub filter: Filter,
    /// Its order, likewise.
    pub order: Vec<(Text, Direction)>,
    /// Its page.
    pub page: Page,
}

impl Ask {
    /// Reads the parameters of a list.
    ///
    /// # Errors
    /// The exceptions of each of them.
    pub fn read(call: &Call<'_, '_>, dto: &'static Dto, pages: Pages) -> Result<Ask, Fault> {
        let param = |name: &str| call.param(name).unwrap_or(&Value::Null);
        Ok(Ask {
            select: Select::read(call, dto)?,
            filter: Filters(dto).read(param("filter"))?,
            order: order(dto, param("order"))?,
            page: pages.read(param("pagination"))?,
        })
    }

    /// The same as a module asks for rows of a noun.
    pub fn rows(self) -> (Select, Asked) {
        let Ask { select, filter, order, page } = self;
        let query = Query { filter, order, select: Vec::new(), unknown: Unknown::Refused };
        (
            select,
            Asked {
                query: Some((Naming::Item, query)),
                window: Some((page.offset, page.limit)),
                ..Asked::default()
            },
        )
    }
}

fn order(dto: &'static Dto, order: &Value) -> Result<Vec<(Text, Direction)>, Fault> {
    if order.is_empty() {
        return Ok(Vec::new());
    }
    let Value::Map(order) = order else { return Err(exception::invalid_order("order")) };
    let one = |(name, direction): (&str, &Value)| {
        let property = dto.property(name).ok_or_else(|| exception::unknown_property(name, dto.name))?;
        let direction = match direction.as_str() {
            Some(word) if word.eq_ignore_ascii_case("asc") => Direction::Asc,
            Some(word) if word.eq_ignore_ascii_case("desc") => Direction::Desc,
            _ => return Err(exception::invalid_order(name)),
        };
        if !property.sortable {
            return Err(exception::invalid_order(name));
        }
        Ok((property.of.into(), direction))
    };
    order.iter().map(one).collect()
}

impl Pages {
    /// Reads a `pagination`.
    ///
    /// # Errors
    /// `INVALIDPAGINATION`
    pub fn read(self, pagination: &Value) -> Result<Page, Fault> {
        if !pagination.is_empty() && !matches!(pagination, Value::Map(_)) {
            return Err(exception::invalid_pagination("pagination"));
        }
        let number = |name: &str, usual: i64, least: i64, most: i64| match pagination.get(name) {
            None | Some(Value::Null) => Ok(usual),
            Some(Value::Int(number)) if (least..=most).contains(number) => Ok(*number),
            Some(other) => Err(exception::invalid_pagination(&other.text().unwrap_or_else(|| name.into()))),
        };
        let limit = number("limit", self.usual, 1, self.most)?;
        // Clients begin with 0 or with 1.
        let page = number("page", 1, 0, i64::from(u32::MAX))?.max(1);
        let offset = number("offset", 0, 0, i64::from(u32::MAX))?;
        Ok(Page { limit, offset: (page - 1) * limit + offset })
    }

    /// The parameter, in the words of declarations.
    pub fn param(self) -> Param {
        optional(
            "pagination",
            Kind::Any,
            "The page: its number, the limit of its rows, or the offset of its first row",
        )
        .with_members(vec![
            optional("page", Kind::Int, "Number of the page, from 1"),
            optional("limit", Kind::Int, "Rows on a page"),
            optional("offset", Kind::Int, "Rows to leave out before it"),
        ])
    }
}

impl Method {
    /// Takes what lists of REST 3.0 are asked for.
    pub fn lists(self, pages: Pages) -> Method {
        self.param(select())
            .param(optional(
                "filter",
                Kind::Filter,
                "Conditions: [field, operator, value], or groups of them",
            ))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(pages.param())
    }

    /// Takes the properties to show.
    pub fn selects(self) -> Method {
        self.param(select())
    }
}

fn select() -> Param {
    optional("select", Kind::Select, "Fields to return")
}
