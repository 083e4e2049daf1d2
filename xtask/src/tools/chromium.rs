//! The browser of the end-to-end tests: the system's own Chromium or Chrome.

use super::apt;
use crate::paths;
use crate::run::{Failure, Outcome, ask};
use std::env;
use std::path::PathBuf;
use std::process::Command;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Path of the browser: `PODHOP_CHROMIUM`, or the first one found, or Debian's, freshly installed.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    let browser = match found() {
        Some(browser) => browser,
        None => install()?,
    };
    if !draws_chinese() {
        // Pictures of Chinese pages would show boxes, but no test fails for it: so only try.
        if let Err(failure) = apt::install(&["fontconfig", "fonts-noto-cjk", "fonts-noto-core"]) {
            println!("      no font for Chinese: {failure}");
        }
    }
    Ok(browser)
}

fn found() -> Option<PathBuf> {
    let chosen = env::var_os("PODHOP_CHROMIUM").map(PathBuf::from);
    let named = || NAMES.into_iter().find_map(paths::program);
    chosen.or_else(named).or_else(|| Some(PathBuf::from(MAC))).filter(|path| path.is_file())
}

fn install() -> Outcome<PathBuf> {
    let hint = "or set PODHOP_CHROMIUM to the path of a Chromium or Chrome";
    apt::install(&["chromium"]).map_err(|failure| Failure(format!("no Chromium here: {failure}; {hint}")))?;
    found().ok_or_else(|| Failure(format!("no Chromium here after its install; {hint}")))
}

/// True where it cannot be known: then the person's own system has its own fonts.
fn draws_chinese() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    ask(Command::new("fc-list").arg(":lang=zh")).is_some_and(|fonts| !fonts.is_empty())
}
