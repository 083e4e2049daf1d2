//! Scenarios inside other files.

use podhop::sim::scenario::Scenario;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Reads a scenario by its own reader, which names what is wrong in it.
pub(crate) fn scenario<'de, D: Deserializer<'de>>(from: D) -> Result<Scenario, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Scenario::parse(&value.to_string()).map_err(|problem| Error::custom(format!("{problem:?}")))
}
