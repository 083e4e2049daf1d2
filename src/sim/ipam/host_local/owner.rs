//! What stands in an address file of host-local.
//! Source: containernetworking/plugins `plugins/ipam/host-local/backend/disk/backend.go`.

use std::rc::Rc;

const LINE_BREAK: &str = "\r\n";

/// Content of an address file: `<container id>\r\n<ifname>`. Old versions of the plugin wrote the container id alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Hash of the text. It stands first, so that most comparisons end before they read the text.
    fingerprint: u64,
    text: Rc<str>,
}

impl Owner {
    /// Blanks around the container id do not count.
    pub fn new(container: &str, ifname: &str) -> Self {
        Self::of([container.trim(), LINE_BREAK, ifname].concat())
    }

    /// The owner as old versions of the plugin wrote it.
    pub fn old_format(container: &str) -> Self {
        Self::of(container.trim().to_owned())
    }

    /// The whole content of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn container(&self) -> &str {
        self.lines().map_or(&self.text, |(container, _)| container)
    }

    /// `None` in the old format.
    pub fn ifname(&self) -> Option<&str> {
        self.lines().map(|(_, ifname)| ifname)
    }

    /// Letter by letter: a search for `LINE_BREAK` would weigh on the first file for this alone.
    fn lines(&self) -> Option<(&str, &str)> {
        let (container, rest) = self.text.split_once('\r')?;
        Some((container, rest.strip_prefix('\n')?))
    }

    /// With the FNV-1a hash, which is the same on every machine.
    fn of(text: String) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self { fingerprint: text.bytes().fold(0xcbf2_9ce4_8422_2325, step), text: text.into() }
    }
}
