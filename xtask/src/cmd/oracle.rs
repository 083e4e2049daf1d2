//! `cargo xtask oracle`

use super::{Args, Task, faults};
use crate::paths;
use crate::run::{Failure, Outcome, Output, ask, fail, run as run_program};
use crate::tools::apt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) const TASK: Task = Task {
    name: "oracle",
    usage: "[scenarios|host-local|captures|known|play|record|replay|page|faults] [--seed N] [--count N] [--probes N] [--threads N] \
            [--mode MODE] [--plugins] [--tables] [--brief] [--keep] [--stop-after N] [--file FILE]",
    about: "Judges the simulator by the Linux kernel and the CNI plugins, in network namespaces of its own (root). \
            faults breaks the simulator on purpose and shows that this is found. Without words: 1,000 scenarios of 25 \
            packets each, of a fresh seed.",
    run,
};

/// What the namespaces and their tables are made and read with, and what the terminal's commands are held to.
const PACKAGES: [(&str, &str); 14] = [
    ("ip", "iproute2"),
    ("brctl", "bridge-utils"),
    ("iptables-restore", "iptables"),
    ("ebtables-restore", "ebtables"),
    ("arptables-restore", "arptables"),
    ("conntrack", "conntrack"),
    ("tshark", "tshark"),
    ("tcpdump", "tcpdump"),
    ("ping", "iputils-ping"),
    ("traceroute", "traceroute"),
    ("arp", "net-tools"),
    ("curl", "curl"),
    ("patch", "patch"),
    ("/usr/lib/cni/bridge", "containernetworking-plugins"),
];

fn run(args: Args) -> Outcome {
    let words = args.rest();
    if words.first().is_some_and(|word| matches!(word.as_str(), "replay" | "page")) {
        return judge(&build(&Output::Terminal)?, &words, &Output::Terminal);
    }
    if !is_root() {
        return fail("network namespaces need root; `cargo xtask oracle replay` needs none");
    }
    install()?;
    match words.first().map(String::as_str) {
        Some("faults") => faults::run(&words[1..]),
        None => {
            let all = ["scenarios", "--count", "1000", "--plugins", "--tables"].map(str::to_owned);
            judge(&build(&Output::Terminal)?, &all, &Output::Terminal)
        }
        Some(word) if word.starts_with("--") => {
            let all: Vec<String> = ["scenarios".to_owned()].into_iter().chain(words).collect();
            judge(&build(&Output::Terminal)?, &all, &Output::Terminal)
        }
        Some(_) => judge(&build(&Output::Terminal)?, &words, &Output::Terminal),
    }
}

/// What `cargo xtask test` does of it: the recorded outcomes anywhere, and where namespaces can be made a bounded part
/// of a fixed and of a fresh seed.
pub(crate) fn check(log: &Output) -> Outcome {
    let oracle = build(log)?;
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    judge(&oracle, &words("replay"), log)?;
    if !cfg!(target_os = "linux") || !is_root() {
        println!("      not Linux, or not root: only the recorded outcomes of the kernel were replayed");
        return Ok(());
    }
    if let Err(failure) = install() {
        println!("      only the recorded outcomes of the kernel were replayed: {failure}");
        return Ok(());
    }
    let fresh = fresh_seed()?;
    println!("      seeds 1 and {fresh} (`cargo xtask oracle --plugins --tables --count 8 --seed {fresh}`)");
    for seed in [1, fresh] {
        judge(&oracle, &words(&format!("host-local --count 60 --seed {seed}")), log)?;
        judge(&oracle, &words(&format!("scenarios --count 8 --plugins --tables --seed {seed}")), log)?;
    }
    judge(&oracle, &words("known"), log)?;
    judge(&oracle, &words("captures --count 3 --seed 1"), log)
}

fn fresh_seed() -> Outcome<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| Failure(error.to_string()))?;
    Ok(since.as_secs())
}

fn judge(oracle: &Path, words: &[String], log: &Output) -> Outcome {
    let mut oracle = Command::new(oracle);
    run_program(oracle.args(words).current_dir(paths::root()), log, Duration::from_hours(6))
}

/// Builds the oracle; gives its path.
fn build(log: &Output) -> Outcome<PathBuf> {
    build_in(&paths::root(), &paths::in_root("target"), &[], log)
}

/// Builds the oracle of a work tree into a target folder, with these settings of Cargo.
pub(crate) fn build_in(tree: &Path, target: &Path, settings: &[(&str, &str)], log: &Output) -> Outcome<PathBuf> {
    let words = ["test", "--no-default-features", "--test", "oracle", "--no-run"];
    let mut cargo = Command::new("cargo");
    cargo.args(words).current_dir(tree).env("CARGO_TARGET_DIR", target);
    cargo.envs(settings.iter().copied());
    run_program(&mut cargo, log, Duration::from_mins(20))?;
    // Built now, it only says where the program is.
    let mut cargo = Command::new("cargo");
    cargo.args(words).args(["--quiet", "--message-format=json"]).current_dir(tree).env("CARGO_TARGET_DIR", target);
    cargo.envs(settings.iter().copied());
    let answer = ask(&mut cargo).unwrap_or_default();
    let line = answer.lines().find(|line| line.contains("\"name\":\"oracle\"") && line.contains("\"executable\":\""));
    let path = line.and_then(|line| line.split_once("\"executable\":\"")).and_then(|(_, rest)| rest.split('"').next());
    path.map(PathBuf::from).ok_or_else(|| Failure("Cargo names no oracle program".into()))
}

pub(crate) fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).as_deref() == Some("0")
}

fn install() -> Outcome {
    let there = |program: &str| Path::new(program).is_file() || paths::program(program).is_some();
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|(program, _)| !there(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { apt::install(&missing) }
}
