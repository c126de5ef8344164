//! Fetching files of the other portal by their links, in bounded memory.

use std::time::Duration;

use anyhow::{Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use hyper::{Request, Response, Uri};
use percent_encoding::percent_decode_str;
use portal::clone::files::Fetched;
use portal::files::Blobs;
use tokio::time::{sleep, timeout};
use url::Url;

use super::screen::Screen;
use super::source::{LEFT_OUT, Source, TRIES, WAIT};
use crate::cli::NewClone;
use crate::courier::Failure;

/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(60);
/// Redirects that are followed.
const HOPS: u32 = 5;
/// Bytes of a media type that is believed.
const KIND: usize = 100;

/// What is fetched.
pub struct Bounds {
    /// Bytes of a file.
    most: u64,
    /// Hosts beside the portal's own.
    hosts: Vec<String>,
}

impl Bounds {
    /// As the command says it.
    pub fn new(wanted: &NewClone) -> Self {
        let hosts = wanted.files_from.iter().map(|host| host.trim().to_ascii_lowercase()).collect();
        Bounds { most: wanted.max_file << 20, hosts }
    }
}

/// What became of a file.
pub enum Outcome {
    /// It is stored.
    Fetched(Fetched),
    /// The link leads to nothing, which a newer one may not.
    Stale(String),
    /// It cannot be fetched, for this reason.
    Refused(String),
}

/// What became of one request.
enum Got {
    All(Outcome),
    Elsewhere(Url),
    /// It may come later; whether nobody answered.
    Later(String, bool),
}

impl Source {
    /// Fetches a file.
    ///
    /// # Errors
    /// When the portal is not reached, and those of the store of contents.
    pub async fn fetch(
        &mut self,
        link: &str,
        blobs: &Blobs,
        bounds: &Bounds,
        screen: &mut Screen,
    ) -> Result<Outcome> {
        let mut url = match self.address(link, bounds) {
            Ok(url) => url,
            Err(reason) => return Ok(Outcome::Refused(reason)),
        };
        let (mut wait, mut failed, mut hops) = (WAIT.0, 0, 0);
        loop {
            self.pace.turn().await;
            self.requests += 1;
            let (reason, is_silent) = match self.get(&url, blobs, bounds).await? {
                Got::All(outcome) => return Ok(outcome),
                Got::Elsewhere(_) if hops == HOPS => {
                    return Ok(Outcome::Refused("it is redirected too often".to_owned()));
                }
                Got::Elsewhere(to) => {
                    (hops, url) = (hops + 1, to);
                    continue;
                }
                Got::Later(reason, is_silent) => (reason, is_silent),
            };
            failed += 1;
            if failed >= TRIES {
                if is_silent && self.is_own(&url) {
                    bail!("{} does not answer: {reason}", self.portal());
                }
                return Ok(Outcome::Refused(reason));
            }
            screen.waits(&reason, wait);
            sleep(Duration::from_secs(wait)).await;
            wait = (wait * 2).min(WAIT.1);
        }
    }

    /// Where a link leads, which is to the portal or to one of the hosts that were named.
    fn address(&self, link: &str, bounds: &Bounds) -> std::result::Result<Url, String> {
        let url = self.url.join(link).map_err(|_| "the link is no URL".to_owned())?;
        if !is_web(&url) {
            return Err("the link is no URL".to_owned());
        }
        if url.origin() == self.url.origin() {
            return Url::parse(&url.as_str().replace(LEFT_OUT, self.secret()))
                .map_err(|_| "the link is no URL".to_owned());
        }
        let host = url.host_str().unwrap_or_default();
        if self.is_own(&url) || bounds.hosts.iter().any(|known| known == host) {
            return Ok(url);
        }
        Err(format!("the link leads to {host}, which --files-from does not name"))
    }

    fn is_own(&self, url: &Url) -> bool {
        url.host_str() == self.url.host_str()
            && url.port_or_known_default() == self.url.port_or_known_default()
    }

    async fn get(&self, url: &Url, blobs: &Blobs, bounds: &Bounds) -> Result<Got> {
        let Ok(uri) = url.as_str().parse::<Uri>() else {
            return Ok(Got::All(Outcome::Refused("the link is no URL".to_owned())));
        };
        let request = Request::get(uri)
            .header(USER_AGENT, concat!("portreeve/", env!("CARGO_PKG_VERSION")))
            .body(Full::<Bytes>::default())?;
        let is_named = bounds.hosts.iter().any(|host| Some(host.as_str()) == url.host_str());
        let client = if self.is_own(url) || is_named { &self.client } else { &self.outside };
        match timeout(SILENCE, client.request(request)).await {
            Ok(Ok(response)) => answered(url, response, blobs, bounds.most).await,
            Ok(Err(error)) => Ok(match Failure::beneath(&error) {
                refused @ Failure::Refused(_) => Got::All(Outcome::Refused(format!(
                    "it is redirected to where nobody may lead us: {refused}"
                ))),
                failure => Got::Later(failure.to_string(), true),
            }),
            Err(_) => Ok(Got::Later("the answer took too long".to_owned(), true)),
        }
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

async fn answered(url: &Url, response: Response<Incoming>, blobs: &Blobs, most: u64) -> Result<Got> {
    let (status, headers) = (response.status(), response.headers());
    if status.is_redirection() {
        let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| url.join(to).ok());
        let to = to.filter(is_web);
        return Ok(to.map_or_else(
            || Got::All(Outcome::Refused("it is redirected to what is no URL".to_owned())),
            Got::Elsewhere,
        ));
    }
    let told = format!("the portal answers {}", status.as_u16());
    match status.as_u16() {
        200 => {}
        400 | 401 | 403 | 404 | 410 => return Ok(Got::All(Outcome::Stale(told))),
        429 | 502 | 503 | 504 => return Ok(Got::Later(told, false)),
        _ => return Ok(Got::All(Outcome::Refused(told))),
    }
    if is_page(headers) {
        return Ok(Got::All(Outcome::Stale("the portal shows a page in its place".to_owned())));
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    let too_large = || Got::All(Outcome::Refused(format!("it is larger than --max-file {}", most >> 20)));
    if length.is_some_and(|length| length > most) {
        return Ok(too_large());
    }
    let kind = text(CONTENT_TYPE).filter(|kind| kind.len() <= KIND && *kind != "application/octet-stream");
    let (name, content_type) = (name_of(headers, url), kind.map(str::to_owned));
    let (mut upload, mut size, mut body) = (blobs.upload(), 0, response.into_body());
    loop {
        let frame = match timeout(SILENCE, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => return Ok(Got::Later("the file broke off".to_owned(), false)),
        };
        let Ok(piece) = frame.into_data() else { continue };
        size += piece.len() as u64;
        if size > most {
            return Ok(too_large());
        }
        upload.write(&piece).await?;
    }
    let blob = upload.finish().await?;
    Ok(Got::All(Outcome::Fetched(Fetched { name, content_type, blob })))
}

/// Whether it is a page for people, such as one to sign in.
fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") && !headers.contains_key(CONTENT_DISPOSITION)
}

/// The name that a file comes under.
fn name_of(headers: &HeaderMap, url: &Url) -> String {
    let told = headers.get(CONTENT_DISPOSITION).and_then(|told| told.to_str().ok()).unwrap_or_default();
    let part = |name: &str| {
        told.split(';').find_map(|part| part.trim().strip_prefix(name)).map(|part| part.trim_matches('"'))
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let extended = part("filename*=").and_then(|text| text.split("''").nth(1)).map(decoded);
    let plain = || part("filename=").map(decoded);
    let last = || url.path_segments()?.next_back().filter(|last| last.contains('.')).map(decoded);
    extended.or_else(plain).or_else(last).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_portal_or_where_they_may() {
        let source = Source::new("https://portal.example.com/rest/1/s3cret", None, 2).unwrap();
        let bounds = Bounds { most: 1, hosts: vec!["cdn.example.com".to_owned()] };
        let address = |link: &str| source.address(link, &bounds).map(String::from).ok();
        for (link, leads) in [
            ("/rest/download/?token=a%7Cb", Some("https://portal.example.com/rest/download/?token=a%7Cb")),
            (
                "https://portal.example.com/rest/1/webhook-secret-left-out/x/?token=a",
                Some("https://portal.example.com/rest/1/s3cret/x/?token=a"),
            ),
            (
                "https://cdn.example.com/webhook-secret-left-out",
                Some("https://cdn.example.com/webhook-secret-left-out"),
            ),
            ("https://other.example.com/a.png", None),
            ("http://169.254.169.254/latest", None),
            ("//other.example.com/a.png", None),
            ("file:///etc/passwd", None),
        ] {
            assert_eq!(address(link).as_deref(), leads, "{link}");
        }
    }

    #[test]
    fn a_file_comes_under_the_name_that_is_told() {
        let url = Url::parse("https://portal.example.com/upload/photo%20a.png?x=1").unwrap();
        for (told, name) in [
            ("attachment; filename=\"file\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
            ("inline; filename=\"a b.txt\"", "a b.txt"),
            ("inline", "photo a.png"),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_DISPOSITION, told.parse().unwrap())]);
            assert_eq!(name_of(&headers, &url), name);
        }
    }
}
