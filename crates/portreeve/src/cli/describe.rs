//! `portreeve describe`: what is described.

use clap::Args;

/// Which methods OpenAPI is to describe.
#[derive(Args, Debug)]
pub struct OpenApi {
    /// Print an OpenAPI 3.1 document of all methods
    #[arg(long, conflicts_with_all = ["coverage", "modules"])]
    pub openapi: bool,
    /// Describe only the methods of this module, as shown by --modules
    #[arg(long, value_name = "NAME", requires = "openapi")]
    pub module: Option<String>,
    /// Describe only this version of the protocol: 2, or 3 for REST 3.0
    #[arg(long, value_name = "NUMBER", requires = "openapi", value_parser = clap::value_parser!(u8).range(2..=3))]
    pub version: Option<u8>,
    /// URL of the portal in the document
    #[arg(long, value_name = "URL", requires = "openapi", default_value = "")]
    pub server: String,
}
