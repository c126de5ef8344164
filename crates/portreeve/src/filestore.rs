//! Where the contents of files are: the flags and variables.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use portal::files::{Blobs, Location, S3, Secret};
use store::block_on;

/// Settings of every command.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct FileStore {
    /// Where files are stored: a folder, or s3://bucket/prefix when several nodes serve the portal [default: DIR/files]
    #[arg(long, global = true, env = "PORTREEVE_FILES", value_name = "DIR|URL", help_heading = "Files")]
    pub files: Option<String>,
    /// S3-compatible server, when it is not Amazon's: https://minio.example.com
    #[arg(long, global = true, env = "PORTREEVE_S3_ENDPOINT", value_name = "URL", help_heading = "Files")]
    pub s3_endpoint: Option<String>,
    /// Region of the bucket [default: AWS_REGION or us-east-1]
    #[arg(long, global = true, env = "PORTREEVE_S3_REGION", value_name = "NAME", help_heading = "Files")]
    pub s3_region: Option<String>,
    /// Access key of S3, better in the environment [default: AWS_ACCESS_KEY_ID, or the role of the machine]
    #[arg(
        long,
        global = true,
        env = "PORTREEVE_S3_ACCESS_KEY",
        value_name = "TEXT",
        hide_env_values = true,
        help_heading = "Files"
    )]
    pub s3_access_key: Option<Hidden>,
    /// Secret of the access key, better in the environment [default: AWS_SECRET_ACCESS_KEY]
    #[arg(
        long,
        global = true,
        env = "PORTREEVE_S3_SECRET_KEY",
        value_name = "TEXT",
        hide_env_values = true,
        help_heading = "Files"
    )]
    pub s3_secret_key: Option<Hidden>,
}

/// A text that is not printed.
#[derive(Clone)]
pub struct Hidden(Secret);

impl FromStr for Hidden {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Hidden(Secret::from(text)))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}

impl FileStore {
    /// Opens the store, and makes sure that it answers.
    ///
    /// # Errors
    /// For settings that mean nothing, and when it does not answer.
    pub fn open(&self, data: &Path) -> Result<Blobs> {
        let blobs = Blobs::open(self.location(data)?).context("cannot open the store of files")?;
        let answer = block_on(blobs.check());
        answer.with_context(|| format!("the store of files {} does not answer", blobs.location()))?;
        Ok(blobs)
    }

    /// Where it is.
    ///
    /// # Errors
    /// For settings that mean nothing.
    pub fn location(&self, data: &Path) -> Result<Location> {
        let Some(text) = &self.files else { return Ok(Location::Folder(data.join("files"))) };
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Location::Folder(PathBuf::from(text)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if scheme != "s3" || bucket.is_empty() {
            bail!("--files: {text:?} is neither a folder nor s3://bucket/prefix");
        }
        Ok(Location::S3(S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.s3_endpoint.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
            region: self.s3_region.clone(),
            access_key: self.s3_access_key.clone().map(|hidden| hidden.0),
            secret_key: self.s3_secret_key.clone().map(|hidden| hidden.0),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(files: Option<&str>) -> Result<String> {
        let given = FileStore { files: files.map(str::to_owned), ..FileStore::default() };
        given.location(Path::new("/data")).map(|location| location.to_string())
    }

    #[test]
    fn a_store_is_a_folder_or_a_bucket() {
        for (given, expected) in [
            (None, "/data/files"),
            (Some("/mnt/files"), "/mnt/files"),
            (Some("s3://bucket"), "s3://bucket"),
            (Some("s3://bucket/a/b/"), "s3://bucket/a/b"),
        ] {
            assert_eq!(located(given).unwrap(), expected);
        }
        for wrong in ["gs://bucket", "s3://", "s3:///prefix"] {
            assert!(located(Some(wrong)).unwrap_err().to_string().contains("neither a folder"));
        }
    }

    #[test]
    fn credentials_are_not_printed() {
        let key = || Some(Hidden("precious".into()));
        let given = FileStore {
            files: Some("s3://bucket".into()),
            s3_access_key: key(),
            s3_secret_key: key(),
            ..FileStore::default()
        };
        let location = given.location(Path::new("/data")).unwrap();
        assert!(!format!("{given:?} {location:?} {location}").contains("precious"));
    }
}
