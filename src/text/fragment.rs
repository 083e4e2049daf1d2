//! Words with structure: plain text, code, and links to things of the world.

use crate::view::target::Target;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fragment {
    Text(String),
    /// An address, a device, a command: shown in monospace, and isolated from the direction of the text around it.
    Code(String),
    /// The name of a thing, to be outlined and opened.
    Link {
        text: String,
        target: Target,
    },
}

impl Fragment {
    pub fn text(&self) -> &str {
        match self {
            Fragment::Text(text) | Fragment::Code(text) | Fragment::Link { text, .. } => text,
        }
    }
}

/// The words alone.
pub fn plain(fragments: &[Fragment]) -> String {
    fragments.iter().map(Fragment::text).collect()
}

/// Adds text; what follows text becomes one piece with it.
pub(super) fn push_text(out: &mut Vec<Fragment>, more: &str) {
    match out.last_mut() {
        Some(Fragment::Text(text)) => text.push_str(more),
        _ if more.is_empty() => {}
        _ => out.push(Fragment::Text(more.to_owned())),
    }
}

pub(super) fn push(out: &mut Vec<Fragment>, fragment: &Fragment) {
    match fragment {
        Fragment::Text(text) => push_text(out, text),
        other => out.push(other.clone()),
    }
}
