//! As much of S3 as is needed here: objects in memory.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

const WRITTEN: &str = "Wed, 01 Jan 2020 08:00:00 GMT";

/// A server on a free port.
pub struct Server {
    pub url: String,
}

impl Server {
    pub async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let objects = Objects::default();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let objects = Arc::clone(&objects);
                let service = service_fn(move |request| answer(Arc::clone(&objects), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        Server { url }
    }
}

async fn answer(objects: Objects, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().trim_start_matches('/').to_owned();
    let signed = head.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256") || path.starts_with("forbidden") {
        let text = format!("<Error><Code>AccessDenied</Code><Message>{signed}</Message></Error>");
        return Ok(respond(403, text));
    }
    let body = body.collect().await.unwrap().to_bytes();
    let mut objects = objects.lock().unwrap();
    Ok(match head.method {
        Method::PUT => {
            objects.insert(path, body);
            respond(200, "")
        }
        Method::DELETE => {
            objects.remove(&path);
            respond(204, "")
        }
        _ if head.uri.query().is_some_and(|query| query.contains("list-type=2")) => {
            respond(200, list(&objects, head.uri.query().unwrap()))
        }
        _ => match objects.get(&path) {
            None => respond(404, "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"),
            Some(object) => part(object, head.headers.get("range").map(|value| value.to_str().unwrap())),
        },
    })
}

fn part(object: &Bytes, range: Option<&str>) -> Response<Full<Bytes>> {
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return respond(200, object.clone());
    };
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let mut response = respond(206, object.slice(first..=last));
    let text = format!("bytes {first}-{last}/{}", object.len());
    response.headers_mut().insert("content-range", text.parse().unwrap());
    response
}

fn list(objects: &BTreeMap<String, Bytes>, query: &str) -> String {
    let prefix = query.split('&').find_map(|pair| pair.strip_prefix("prefix=")).unwrap_or_default();
    let prefix = format!("bucket/{}", prefix.replace("%2F", "/"));
    let mut text = "<ListBucketResult><IsTruncated>false</IsTruncated>".to_owned();
    for (path, object) in objects.iter().filter(|(path, _)| path.starts_with(&prefix)) {
        let (key, size) = (&path["bucket/".len()..], object.len());
        text += &format!(
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2020-01-01T08:00:00Z</LastModified>\
             <ETag>e</ETag></Contents>"
        );
    }
    text + "</ListBucketResult>"
}

fn respond(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let response =
        Response::builder().status(status).header("etag", "\"e\"").header("last-modified", WRITTEN);
    response.body(Full::new(body.into())).unwrap()
}
