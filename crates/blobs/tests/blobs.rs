//! The store of contents, in memory, in a folder and on a server that speaks S3.
#![allow(clippy::unwrap_used, missing_docs, reason = "everything here is a test")]

mod server;

use std::time::{Duration, SystemTime};

use blobs::{Blobs, Error, Location, S3};
use server::Server;

async fn whole(blobs: &Blobs, key: &str, range: Option<std::ops::Range<u64>>) -> Result<Vec<u8>, Error> {
    let (mut reading, mut content) = (blobs.read(key, range).await?, Vec::new());
    while let Some(part) = reading.next().await {
        content.extend_from_slice(&part?);
    }
    Ok(content)
}

/// Everything that is stored.
async fn keys(blobs: &Blobs) -> Vec<String> {
    let mut keys = Vec::new();
    for area in Blobs::areas() {
        let later = SystemTime::now() + Duration::from_secs(60);
        keys.extend(blobs.stored_before(&area, later).await.unwrap());
    }
    keys
}

fn bucket(server: &Server) -> S3 {
    S3 {
        bucket: "bucket".to_owned(),
        prefix: "a/portal".to_owned(),
        endpoint: Some(server.url.clone()),
        region: Some("eu-central-1".to_owned()),
        access_key: Some("precious-key".into()),
        secret_key: Some("precious-secret".into()),
    }
}

#[tokio::test]
async fn a_content_is_stored_read_in_parts_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start().await;
    let locations =
        [Location::Memory, Location::Folder(folder.path().join("files")), Location::S3(bucket(&server))];
    for location in locations {
        let blobs = Blobs::open(location).unwrap();
        blobs.check().await.unwrap();
        let one = blobs.put("hello".into()).await.unwrap();
        assert_eq!(one.hash, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert!(one.key.starts_with(&format!("{}/{}.", &one.hash[..2], &one.hash[2..])), "{}", one.key);
        let two = blobs.put("hello".into()).await.unwrap();
        assert!(one.key != two.key && one.hash == two.hash, "no key is given twice");
        assert_eq!(whole(&blobs, &one.key, None).await.unwrap(), b"hello");
        assert_eq!(whole(&blobs, &one.key, Some(1..4)).await.unwrap(), b"ell");
        assert_eq!(keys(&blobs).await.len(), 2);
        let before = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
        assert_eq!(blobs.stored_before(&one.key[..2], before).await.unwrap(), Vec::<String>::new());
        blobs.delete(vec![one.key.clone(), "ab/never".to_owned()]).await.unwrap();
        assert!(matches!(whole(&blobs, &one.key, None).await, Err(Error::Missing(_))));
        assert_eq!(keys(&blobs).await, [two.key]);
    }
}

#[tokio::test]
async fn a_large_content_comes_in_pieces_and_keeps_its_key_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let from = Blobs::open(Location::Folder(folder.path().to_owned())).unwrap();
    let content: Vec<u8> = (0..9_000_000u32).map(|number| (number % 251) as u8).collect();
    let mut upload = from.upload();
    for piece in content.chunks(300_000) {
        upload.write(piece).await.unwrap();
    }
    let blob = upload.finish().await.unwrap();
    assert_eq!((blob.size, blob.hash.as_str()), (9_000_000, blobs::hash(&content).as_str()));
    assert_eq!(whole(&from, &blob.key, None).await.unwrap(), content);
    assert_eq!(keys(&from).await, std::slice::from_ref(&blob.key), "nothing is left where it gathered");

    let to = Blobs::in_memory();
    let mut upload = to.upload();
    upload.write(&content).await.unwrap();
    assert_eq!(upload.restore(&blob.key).await.unwrap(), blob);
    for damaged in [&blob.key[..30], &format!("{}/../x", blob.key), "portreeve.db"] {
        let mut upload = to.upload();
        upload.write(&content).await.unwrap();
        assert!(upload.restore(damaged).await.unwrap_err().to_string().contains("is damaged"));
    }
}

#[tokio::test]
async fn what_a_crash_left_is_removed_from_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(Location::Folder(folder.path().to_owned())).unwrap();
    let blob = blobs.put("x".into()).await.unwrap();
    let rest = folder.path().join(format!("{}#1", blob.key));
    std::fs::write(&rest, "half").unwrap();
    let (area, now) = (&blob.key[..2], SystemTime::now());
    blobs.stored_before(area, now - Duration::from_secs(60)).await.unwrap();
    assert!(rest.exists(), "it may be on its way");
    blobs.stored_before(area, now + Duration::from_secs(60)).await.unwrap();
    assert!(!rest.exists());
    assert_eq!(whole(&blobs, &blob.key, None).await.unwrap(), b"x");
}

/// Somebody may keep other files in the folder, and no collection may take them.
#[tokio::test]
async fn what_others_put_into_the_folder_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(Location::Folder(folder.path().to_owned())).unwrap();
    assert!(!blobs.has_any().await.unwrap());
    for name in ["thesis.doc", "ab/photo.jpg", "ab/photo#1.jpg", "incoming/x", "zz/y"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "mine").unwrap();
    }
    assert_eq!(keys(&blobs).await, Vec::<String>::new());
    assert!(!blobs.has_any().await.unwrap());
    assert!(folder.path().join("ab/photo#1.jpg").exists());
    let blob = blobs.put("x".into()).await.unwrap();
    assert_eq!(keys(&blobs).await, [blob.key]);
    assert!(blobs.has_any().await.unwrap());
}

#[tokio::test]
async fn an_error_of_the_server_names_no_credentials() {
    let server = Server::start().await;
    let refused = S3 { bucket: "forbidden".to_owned(), ..bucket(&server) };
    let error = Blobs::open(Location::S3(refused)).unwrap().put("x".into()).await.unwrap_err().to_string();
    assert!(error.contains("AccessDenied") && error.contains("******"), "{error}");
    assert!(!error.contains("precious"), "{error}");
}
