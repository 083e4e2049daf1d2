//! What the browser gives: storage that outlives a reload, files to save and to open, style sheets that come later.

pub mod file;
pub mod storage;
pub mod styles;

use crate::text::{Args, Text};

/// Something to tell, which nobody asked for: a message and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Id of the message.
    pub id: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Notice {
    pub(crate) fn new<const N: usize>(id: &'static str, args: [(&'static str, String); N]) -> Self {
        Self { id, args: args.into() }
    }

    /// The words.
    pub fn words(&self, text: &Text) -> String {
        let args = self.args.iter().fold(Args::new(), |args, (name, value)| args.text(name, value));
        text.format(self.id, &args)
    }
}
