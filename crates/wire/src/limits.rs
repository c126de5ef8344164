//! The bounds of one decoded request.

/// How much one request, or one command of a batch, may make us build.
///
/// A form beyond them loses its excess without a word, as under PHP; a JSON text beyond them counts as
/// broken, that is as no parameters (protocol 1.4, 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Arrays inside one another.
    pub depth: usize,
    /// Variables of a form, a query or a multipart body.
    pub vars: usize,
    /// Values of a JSON text, arrays among them.
    pub values: usize,
}

impl Default for Limits {
    /// PHP's depth, ten times its variables, and room for every JSON body a client could mean.
    fn default() -> Self {
        Limits { depth: 64, vars: 10_000, values: 250_000 }
    }
}
