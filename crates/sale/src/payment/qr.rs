//! A link as a QR code, which phones read from a screen or from paper: a PNG picture in Base64.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use qrcodegen::{QrCode, QrCodeEcc};

/// Pixels of a module, and modules of white around the code, without which readers do not find it.
const SCALE: i32 = 8;
const MARGIN: i32 = 4;

/// The code of a text; `None` for one that is longer than a code can be.
pub fn of(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    Some(STANDARD.encode(png(&code).ok()?))
}

/// One bit for each pixel, where 0 is black.
fn png(code: &QrCode) -> io::Result<Vec<u8>> {
    let side = (code.size() + 2 * MARGIN) * SCALE;
    let is_dark = |x: i32, y: i32| code.get_module(x / SCALE - MARGIN, y / SCALE - MARGIN);
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for y in 0..side {
        // The first byte of a row says that it is as it stands, and not its difference from another.
        let mut row = vec![0];
        row.extend(
            (0..side / 8).map(|byte| {
                (0..8).fold(0, |bits: u8, bit| bits << 1 | u8::from(!is_dark(byte * 8 + bit, y)))
            }),
        );
        rows.write_all(&row)?;
    }
    let side = side.to_be_bytes();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &[&side[..], &side, &[1, 0, 0, 0, 0]].concat());
    chunk(&mut out, b"IDAT", &rows.finish()?);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(name);
    out.extend(data);
    out.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::ZlibDecoder;

    use super::*;

    /// The rows of a picture as it was written: its header, and pixels that are black.
    fn read(png: &[u8]) -> (u32, Vec<Vec<bool>>) {
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!(
            (&png[12..16], number(16), &png[24..29]),
            (&b"IHDR"[..], number(20), &[1, 0, 0, 0, 0][..])
        );
        assert_eq!(&png[37..41], b"IDAT");
        let (side, length) = (number(16), number(33) as usize);
        let mut rows = Vec::new();
        ZlibDecoder::new(&png[41..41 + length]).read_to_end(&mut rows).unwrap();
        let row = |row: &[u8]| (0..side as usize).map(|x| row[1 + x / 8] >> (7 - x % 8) & 1 == 0).collect();
        (side, rows.chunks(1 + side as usize / 8).map(row).collect())
    }

    #[test]
    fn the_picture_has_the_modules_of_the_code_in_a_white_margin() {
        let text = "https://portal.example/rest/page/?token=payment%7C1";
        let (side, rows) = read(&STANDARD.decode(of(text).unwrap()).unwrap());
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        assert_eq!((side as i32, rows.len() as i32), ((code.size() + 8) * 8, (code.size() + 8) * 8));
        for (y, row) in rows.iter().enumerate() {
            for (x, &is_black) in row.iter().enumerate() {
                let module = code.get_module(x as i32 / 8 - 4, y as i32 / 8 - 4);
                assert_eq!(is_black, module, "{x}, {y}");
            }
        }
    }

    #[test]
    fn a_text_that_no_code_holds_has_none() {
        assert_eq!(of(&"x".repeat(5_000)), None);
    }
}
