//! Values on their way to PostgreSQL and back.

use std::error::Error as StdError;

use ::postgres::Statement;
use ::postgres::types::{Format, FromSql, IsNull, Kind, ToSql, Type};
use bytes::BytesMut;

use crate::value::wrong;
use crate::{Cell, Error, Param};

/// A parameter of a statement whose types the server has inferred.
#[derive(Debug)]
pub(super) struct Bound<'p>(&'p Param<'p>);

impl<'p> Bound<'p> {
    /// The parameters of a statement.
    ///
    /// # Errors
    /// When there are too few or too many, or one does not go with its type.
    pub(super) fn all(params: &'p [Param<'p>], statement: &Statement) -> Result<Vec<Bound<'p>>, Error> {
        let types = statement.params();
        if types.len() != params.len() {
            return Err(Error::Database(format!(
                "the statement has {} parameters, {} are given",
                types.len(),
                params.len()
            )));
        }
        match params.iter().zip(types).position(|(param, ty)| !fits(param, ty)) {
            None => Ok(params.iter().map(Bound).collect()),
            Some(at) => Err(Error::Database(format!("parameter {} cannot be a {}", at + 1, types[at]))),
        }
    }
}

/// As forgiving as SQLite where nothing is lost, so that `? + 1` and a number for a text column work.
fn fits(param: &Param<'_>, ty: &Type) -> bool {
    let number =
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::FLOAT8 | Type::FLOAT4 | Type::NUMERIC);
    match param {
        Param::Null => true,
        Param::Int(_) | Param::Real(_) => number || is_text(ty),
        Param::Text(_) => is_text(ty),
        Param::Blob(_) => *ty == Type::BYTEA,
        Param::List(items) => {
            matches!(ty.kind(), Kind::Array(of) if items.iter().all(|item| is_binary(item, of) && fits(item, of)))
        }
    }
}

/// Whether it travels as what it is, as the members of an array must.
fn is_binary(param: &Param<'_>, ty: &Type) -> bool {
    match param {
        Param::Int(_) => *ty == Type::INT8,
        Param::Real(_) => *ty == Type::FLOAT8,
        _ => true,
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Param::Null => return Ok(IsNull::Yes),
            Param::Real(value) if value.is_nan() => return Ok(IsNull::Yes),
            Param::Int(value) if *ty == Type::INT8 => out.extend_from_slice(&value.to_be_bytes()),
            Param::Real(value) if *ty == Type::FLOAT8 => out.extend_from_slice(&value.to_be_bytes()),
            Param::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Param::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Param::Text(text) => out.extend_from_slice(Param::clean(text).as_bytes()),
            Param::Blob(bytes) => out.extend_from_slice(bytes),
            Param::List(items) => return items.iter().map(Bound).collect::<Vec<_>>().to_sql(ty, out),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        self.to_sql(ty, out)
    }

    /// A number for a type that is not its own travels as text, and the server reads it.
    fn encode_format(&self, ty: &Type) -> Format {
        if is_binary(self.0, ty) { Format::Binary } else { Format::Text }
    }
}

/// One cell of a row.
pub(crate) fn cell(row: &::postgres::Row, column: usize) -> Result<Cell<'_>, Error> {
    let types = row.columns();
    if column >= types.len() {
        return Err(wrong(column, "a cell", "beyond the last column"));
    }
    match row.try_get::<_, Option<Read<'_>>>(column) {
        Ok(read) => Ok(read.map_or(Cell::Null, |read| read.0)),
        Err(_) => Err(Error::Database(format!(
            "column {column} is a {}, which is not read here",
            types[column].type_()
        ))),
    }
}

struct Read<'r>(Cell<'r>);

impl<'r> FromSql<'r> for Read<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        let cell = match *ty {
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Cell::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Cell::Int(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Cell::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Cell::Real(f32::from_sql(ty, raw)?.into()),
            Type::NUMERIC => numeric(raw).ok_or("a number that is cut short")?,
            Type::BYTEA => Cell::Blob(raw),
            _ => Cell::Text(std::str::from_utf8(raw)?),
        };
        Ok(Read(cell))
    }

    fn accepts(ty: &Type) -> bool {
        let number = matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::FLOAT8 | Type::FLOAT4 | Type::NUMERIC
        );
        number || is_text(ty) || *ty == Type::BYTEA
    }
}

/// What `sum` and `avg` of whole numbers answer: four-digit groups, the first one worth `10000^weight`. Whole
/// when it was declared without decimals and is small enough, as SQLite has it.
fn numeric(raw: &[u8]) -> Option<Cell<'static>> {
    let (words, []) = raw.as_chunks::<2>() else { return None };
    let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
    let (groups, weight, sign, decimals) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        0xD000 => return Some(Cell::Real(f64::INFINITY)),
        0xF000 => return Some(Cell::Real(f64::NEG_INFINITY)),
        _ => return Some(Cell::Real(f64::NAN)),
    };
    // Trailing groups of zeros are not sent.
    let missing = i32::from(weight.cast_signed()) + 1 - i32::from(groups);
    if decimals == 0 {
        let digits = words
            .clone()
            .map(i64::from)
            .chain(std::iter::repeat_n(0, missing.max(0).cast_unsigned() as usize));
        // Gathered below zero, where the smallest number has room.
        let below =
            digits.into_iter().try_fold(0_i64, |sum, group| sum.checked_mul(10_000)?.checked_sub(group));
        if let Some(value) = below.and_then(|below| if negative { Some(below) } else { below.checked_neg() })
        {
            return Some(Cell::Int(value));
        }
    }
    let digits = words.fold(0.0, |sum, group| sum * 10_000.0 + f64::from(group));
    let scale = 10_000_f64.powi(missing.abs());
    let value = if missing < 0 { digits / scale } else { digits * scale };
    Some(Cell::Real(if negative { -value } else { value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[u16]) -> Option<Cell<'static>> {
        numeric(&words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn numerics_are_whole_when_they_can_be() {
        assert_eq!(read(&[0, 0, 0, 0]), Some(Cell::Int(0)));
        assert_eq!(read(&[2, 1, 0, 0, 12, 3456]), Some(Cell::Int(123_456)));
        assert_eq!(read(&[1, 1, 0x4000, 0, 5]), Some(Cell::Int(-50_000)));
        let most = [5, 4, 0x4000, 0, 922, 3372, 368, 5477, 5808];
        assert_eq!(read(&most), Some(Cell::Int(i64::MIN)));
        assert_eq!(
            read(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808]),
            Some(Cell::Real(9_223_372_036_854_775_808.0))
        );
    }

    #[test]
    fn other_numerics_are_real() {
        assert_eq!(read(&[2, 0, 0, 1, 1, 5000]), Some(Cell::Real(1.5)));
        assert_eq!(read(&[1, 0xFFFF, 0x4000, 2, 2500]), Some(Cell::Real(-0.25)));
        assert_eq!(read(&[1, 0, 0, 16, 3]), Some(Cell::Real(3.0)));
        assert_eq!(read(&[0, 0, 0xF000, 0]), Some(Cell::Real(f64::NEG_INFINITY)));
        assert_eq!(read(&[1, 0, 0, 0]), Some(Cell::Int(0)), "a group that was not sent is zero");
        assert_eq!(numeric(&[0, 1, 0]), None);
    }
}
