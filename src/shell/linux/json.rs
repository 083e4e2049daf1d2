//! What `ip -j` writes: objects whose fields are in the order of the tool. Source: iproute2 6.1 `lib/json_writer.c`.

/// A text in quotes; names of interfaces and words of the tool need no escapes.
pub(super) fn text(text: &str) -> String {
    format!("\"{text}\"")
}

/// Fields that have a value, which is JSON already.
pub(super) fn object(fields: &[(&str, Option<String>)]) -> String {
    let there = fields.iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", value.as_ref()?)));
    format!("{{{}}}", there.collect::<Vec<_>>().join(","))
}

/// Objects in a list, on one line.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]\n", items.collect::<Vec<_>>().join(","))
}
