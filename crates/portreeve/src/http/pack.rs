//! Answers that are packed for whoever asks for it.

use hyper::Response;
use hyper::body::Body;
use memchr::memmem;
use tower_http::compression::predicate::Predicate;

/// Bytes from which on it is worth it.
const WORTH: usize = 1024;

/// Says of an answer that it may be packed. Whoever sees packed answers pass learns from their sizes how much of what others
/// wrote into them is like a secret beside it (BREACH), so none may be marked that has both.
#[derive(Clone, Copy, Debug)]
pub struct Packable;

/// Only what is marked.
#[derive(Clone, Copy, Debug)]
pub struct Marked;

impl Predicate for Marked {
    fn should_compress<B: Body>(&self, response: &Response<B>) -> bool {
        response.extensions().get::<Packable>().is_some()
    }
}

/// Whether a method's answer may be packed. The only secrets in one are the signed tokens of links to files.
pub fn may_be_packed(answer: &[u8]) -> bool {
    answer.len() >= WORTH && memmem::find(answer, b"token=").is_none()
}
