//! How large pictures are: what the first bytes of a content say.

/// The size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// As many first bytes of a content as are looked at: cameras put a small picture before the size.
pub(crate) const HEAD: usize = 1 << 18;

impl Pixels {
    /// The size of the picture that begins so; nothing for what is no picture, or of a kind that is not known.
    pub(crate) fn of(content: &[u8]) -> Option<Self> {
        let head = &content[..content.len().min(HEAD)];
        let size = imagesize::blob_size(head).ok()?;
        let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
        (width > 0 && height > 0).then_some(Pixels { width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_its_size_and_other_contents_none() {
        let gif = |width: u8, height: u8| [b"GIF89a".as_slice(), &[width, 0, height, 0, 0, 0, 0]].concat();
        assert_eq!(Pixels::of(&gif(72, 61)), Some(Pixels { width: 72, height: 61 }));
        for content in [gif(0, 61).as_slice(), b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<html>hello</html>"] {
            assert_eq!(Pixels::of(content), None, "{content:?}");
        }
    }
}
