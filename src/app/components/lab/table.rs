//! One table of the inspector.
