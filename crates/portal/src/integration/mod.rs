//! Integrations: what a person makes in the console, from one of the ready-made [scenarios](scenario).

pub mod scenario;
