//! Where a chunked body ends (RFC 9112, 7.1), read as hyper reads it.

/// How far a body was followed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chunks {
    at: At,
    /// What is left of the chunk, or its size so far.
    size: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum At {
    /// The digits of a chunk's size
    #[default]
    Size,
    /// What follows the size up to the end of its line
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// The beginning of a line behind the last chunk
    Line,
    /// Within such a line
    Trailer,
    TrailerLf,
    EndLf,
    End,
}

/// The body is malformed: hyper will say so, too.
#[derive(Debug, PartialEq)]
pub struct Malformed;

impl Chunks {
    /// Goes through the next bytes. How many of them belong to the body, if it ends within them.
    pub fn follow(&mut self, bytes: &[u8]) -> Result<Option<usize>, Malformed> {
        let mut next = 0;
        while next < bytes.len() {
            if self.at == At::Data {
                let here = usize::try_from(self.size)
                    .map_or(bytes.len() - next, |size| size.min(bytes.len() - next));
                self.size -= here as u64;
                next += here;
                if self.size == 0 {
                    self.at = At::DataCr;
                }
                continue;
            }
            self.step(bytes[next])?;
            next += 1;
            if self.at == At::End {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    fn step(&mut self, byte: u8) -> Result<(), Malformed> {
        self.at = match (self.at, byte) {
            (At::Size, b'\r') => At::SizeLf,
            (At::Size, b';' | b' ' | b'\t') => At::Extension,
            (At::Size, _) => {
                let digit = char::from(byte).to_digit(16).ok_or(Malformed)?;
                let size = self.size.checked_mul(16).and_then(|size| size.checked_add(digit.into()));
                self.size = size.ok_or(Malformed)?;
                At::Size
            }
            (At::Extension, b'\r') => At::SizeLf,
            (At::Extension, b'\n') => return Err(Malformed),
            (At::Extension, _) => At::Extension,
            (At::SizeLf, b'\n') if self.size == 0 => At::Line,
            (At::SizeLf, b'\n') => At::Data,
            (At::DataCr, b'\r') => At::DataLf,
            (At::DataLf, b'\n') => At::Size,
            (At::Line, b'\r') => At::EndLf,
            (At::Line | At::Trailer, byte) => {
                if byte == b'\r' {
                    At::TrailerLf
                } else {
                    At::Trailer
                }
            }
            (At::TrailerLf, b'\n') => At::Line,
            (At::EndLf, b'\n') => At::End,
            _ => return Err(Malformed),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_however_the_body_comes() {
        for body in [
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "A;name=\"value\"\r\n0\r\n\r\n0\r\n\r\n\r\n0 \r\nX: 0\r\nY: 1\r\n\r\n",
        ] {
            let sent = format!("{body}GET / HTTP/1.1");
            assert_eq!(Chunks::default().follow(sent.as_bytes()), Ok(Some(body.len())), "{body:?}");
            let mut chunks = Chunks::default();
            for (at, byte) in body.bytes().enumerate() {
                let end = (at + 1 == body.len()).then_some(1);
                assert_eq!(chunks.follow(&[byte]), Ok(end), "{body:?} at {at}");
            }
        }
    }

    #[test]
    fn what_is_malformed_has_no_end() {
        for body in [
            "x\r\n",
            "5\r\nhello!",
            "fffffffffffffffff\r\n",
            "5;a\n",
            "0\r\n\rx",
            "0\r\nA: b\rx",
            "1\r\na\rx",
        ] {
            assert_eq!(Chunks::default().follow(body.as_bytes()), Err(Malformed), "{body:?}");
        }
    }
}
