//! Debian's packages, where there are such.

use super::{announce, install_log, take_turn};
use crate::paths;
use crate::run::{Outcome, ask, fail, run};
use std::process::Command;
use std::time::Duration;

/// Installs the packages, or says which command the person must give.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    let list = packages.join(" ");
    if paths::program("apt-get").is_none() {
        return fail(format!("no apt-get here: install what these Debian packages hold by hand: {list}"));
    }
    if ask(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return fail(format!("not root: run `sudo apt-get update && sudo apt-get install {list}`, then try again"));
    }
    let _turn = take_turn(&paths::tools(), "apt")?;
    let log = install_log("apt")?;
    announce(&list, "Debian packages, a minute or two", &log);
    run(apt().arg("update"), &log, Duration::from_mins(5))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages), &log, Duration::from_mins(15))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["--quiet", "--option", "DPkg::Lock::Timeout=600"]);
    command
}
