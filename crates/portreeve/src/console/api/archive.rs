//! A few small files as a zip archive.

use std::io::{Cursor, Write};

use jiff::tz::TimeZone;
use portal::Moment;
use portal::describe::example::File;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The archive's bytes, everything in one folder. Scripts can be run; nobody else can read what may hold a secret.
pub fn pack(folder: &str, files: &[File], now: Moment) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(date(now).unwrap_or_default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let mode = if file.name.ends_with(".sh") { 0o700 } else { 0o600 };
        archive.start_file(format!("{folder}/{}", file.name), options.unix_permissions(mode))?;
        archive.write_all(file.text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// An archive's dates have no zone; UTC is as good as any.
fn date(now: Moment) -> Option<DateTime> {
    let at = TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(now.seconds()).ok()?);
    let part = |number: i8| u8::try_from(number).ok();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).ok()?,
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .ok()
}
