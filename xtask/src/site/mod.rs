//! The app as files: built, made fit for its Content-Security-Policy, weighed, served.

mod build;
mod loader;
mod minify;
pub(crate) mod server;
pub(crate) mod sizes;
pub(crate) mod split;

pub(crate) use build::{Profile, build};

/// A short name for the content: 64 bits of FNV-1a in hexadecimal. It tells versions apart; it protects nothing.
pub(crate) fn content_hash(content: &[u8]) -> String {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = content.iter().fold(BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}
