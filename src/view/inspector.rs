//! The inspector's tables.
