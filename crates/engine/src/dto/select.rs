//! `select`: which properties an answer shows.

use wire::{Fault, Map, Value, exception};

use super::{Dto, Property};
use crate::call::Call;

/// The properties that a request selects; without one, the usual ones.
#[derive(Debug, Default)]
pub struct Select {
    own: Vec<&'static str>,
    related: Vec<(&'static str, Select)>,
}

/// Names that one `select` has.
const MOST: usize = 500;
/// Relations one behind the other.
const DEPTH: usize = 4;

impl Select {
    /// These properties.
    pub fn only(names: impl IntoIterator<Item = &'static str>) -> Select {
        Select { own: names.into_iter().collect(), related: Vec::new() }
    }

    /// Reads that of a request. Names of the thing's own that there are not are left out.
    ///
    /// # Errors
    /// `INVALIDSELECT`, and `UNKNOWNDTOPROPERTY` for a name that a related thing does not have.
    pub fn read(call: &Call<'_, '_>, dto: &'static Dto) -> Result<Select, Fault> {
        let mut read = Select::default();
        for name in names(call)? {
            match name.split_once('.') {
                None => read.take(dto, name),
                Some((relation, path)) => {
                    let Some(property) = dto.property(relation) else { continue };
                    read.relate(property, path, DEPTH)?;
                }
            }
        }
        Ok(read)
    }

    /// The same where it may name only what there is.
    ///
    /// # Errors
    /// `INVALIDSELECT`, `UNKNOWNDTOPROPERTY`
    pub fn read_strictly(call: &Call<'_, '_>, dto: &'static Dto) -> Result<Select, Fault> {
        if let Some(name) = names(call)?.into_iter().find(|name| dto.property(name).is_none()) {
            return Err(exception::unknown_property(name, dto.name));
        }
        Select::read(call, dto)
    }

    fn take(&mut self, dto: &'static Dto, name: &str) {
        if let Some(property) = dto.property(name)
            && !self.own.contains(&property.name)
        {
            self.own.push(property.name);
        }
    }

    fn relate(&mut self, property: &'static Property, path: &str, depth: usize) -> Result<(), Fault> {
        let related = property.relation.filter(|_| depth > 0);
        let dto = related.ok_or_else(|| exception::invalid_select(&format!("{}.{path}", property.name)))?;
        let at = self.related.iter().position(|(name, _)| *name == property.name);
        let at = at.unwrap_or_else(|| {
            self.related.push((property.name, Select::default()));
            self.related.len() - 1
        });
        let within = &mut self.related[at].1;
        let name = path.split_once('.').map_or(path, |(name, _)| name);
        let Some(next) = dto.property(name) else { return Err(exception::unknown_property(name, dto.name)) };
        match path.split_once('.') {
            None => within.take(dto, name),
            Some((_, path)) => within.relate(next, path, depth - 1)?,
        }
        Ok(())
    }

    /// Whether the property of that name is shown, be it only a part of it.
    pub fn shows(&self, dto: &Dto, name: &str) -> bool {
        dto.property(name).is_some_and(|property| self.has(property))
    }

    fn has(&self, property: &Property) -> bool {
        let usual = self.own.is_empty() && !property.on_demand;
        usual || self.own.contains(&property.name) || self.part(property.name).is_some()
    }

    /// Whether the property of that name was named, be it only a part of it.
    pub fn names(&self, name: &str) -> bool {
        self.own.contains(&name) || self.part(name).is_some()
    }

    fn part(&self, name: &str) -> Option<&Select> {
        self.related.iter().find(|(related, _)| *related == name).map(|(_, select)| select)
    }

    /// What it shows of a thing that has these values.
    pub fn show(&self, dto: &'static Dto, mut values: Map) -> Map {
        let mut shown = Map::with_capacity(dto.properties.len());
        for property in dto.properties.iter().filter(|property| self.has(property)) {
            let value = values.remove(property.name).unwrap_or_default();
            let within = self.part(property.name).filter(|_| !self.own.contains(&property.name));
            let value = match (value, property.relation, within) {
                (Value::Map(map), Some(dto), Some(select)) => select.show(dto, map).into_value(),
                (Value::List(list), Some(dto), Some(select)) => {
                    let one =
                        |value: Value| select.show(dto, value.into_map().unwrap_or_default()).into_value();
                    list.into_iter().map(one).collect::<Vec<_>>().into()
                }
                (value, _, _) => value,
            };
            shown.push(property.name, value);
        }
        shown
    }
}

/// The names of a `select`.
fn names<'c>(call: &'c Call<'_, '_>) -> Result<Vec<&'c str>, Fault> {
    let list = match call.param("select") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::List(list)) if list.len() <= MOST => list,
        Some(other) => {
            return Err(exception::invalid_select(&other.text().unwrap_or_else(|| "array".into())));
        }
    };
    let name = |value: &'_ Value| value.text().unwrap_or_else(|| "array".into()).into_owned();
    list.iter().map(|value| value.as_str().ok_or_else(|| exception::invalid_select(&name(value)))).collect()
}
