//! Words of the oracle's command line.

use crate::linux::draw::MODES;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone, Debug)]
pub(crate) struct Args {
    pub(crate) command: String,
    pub(crate) seed: u64,
    /// Scripts or scenarios.
    pub(crate) count: u64,
    /// Packets of one scenario.
    pub(crate) probes: u64,
    pub(crate) threads: u64,
    /// Differences after which to stop.
    pub(crate) stop_after: usize,
    /// Attach pods with the real plugins.
    pub(crate) plugins: bool,
    /// Compare the tables of all hosts at the end of each scenario.
    pub(crate) tables: bool,
    /// Say only that there is a difference, and stop.
    pub(crate) brief: bool,
    /// Keep the table of this run for the page, under these words.
    pub(crate) keep: Option<String>,
    /// Draw only scenarios of this mode.
    pub(crate) mode: Option<String>,
    /// A file to read or write.
    pub(crate) file: Option<String>,
}

impl Args {
    pub(crate) fn read() -> Self {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let value = |name: &str| {
            let at = words.iter().position(|w| w == name)?;
            Some(words.get(at + 1).unwrap_or_else(|| panic!("{name} needs a value")).clone())
        };
        let number = |name: &str| value(name).map(|v| v.parse().unwrap_or_else(|_| panic!("{name} {v}: no number")));
        let flag = |name: &str| words.iter().any(|w| w == name);
        let args = Self {
            command: words.first().cloned().unwrap_or_default(),
            seed: number("--seed").unwrap_or_else(fresh_seed),
            count: number("--count").unwrap_or(100),
            probes: number("--probes").unwrap_or(25),
            threads: number("--threads").unwrap_or(2),
            stop_after: usize::try_from(number("--stop-after").unwrap_or(5)).unwrap(),
            plugins: flag("--plugins"),
            tables: flag("--tables"),
            brief: flag("--brief"),
            keep: flag("--keep")
                .then(|| words.iter().filter(|w| *w != "--keep").cloned().collect::<Vec<_>>().join(" ")),
            mode: value("--mode").inspect(|mode| assert!(MODES.contains(&mode.as_str()), "no mode {mode}")),
            file: value("--file"),
        };
        println!("seed {}", args.seed);
        args
    }
}

/// A seed that no run had before, as good as surely.
fn fresh_seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_nanos()).unwrap_or_default() & 0xffff_ffff
}
