//! Pure functions of the registry.
