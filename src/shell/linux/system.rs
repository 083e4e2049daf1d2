//! What a machine says of itself, and commands about commands. Source: GNU coreutils 9.1, procps-ng `watch`, bash
//! `time`.

use crate::shell::catalog::commands;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::MAX_WAIT_MS;
use crate::sim::cluster::NODE_IMAGE;
use std::time::Duration;

/// The learner's own machine, which is not simulated.
pub(super) const WORKSTATION: &str = "workstation";

pub(in crate::shell) fn name(shell: &Shell) -> String {
    shell.here().map_or_else(|| WORKSTATION.to_owned(), |(_, host)| host.name.to_string())
}

pub(super) fn hostname(shell: &mut Shell, line: &Line) -> Output {
    if !line.has("--all-ip-addresses") && !line.has("--ip-address") {
        return Output::ok(format!("{}\n", name(shell)));
    }
    let addresses = shell.here().into_iter().flat_map(|(_, host)| host.local.keys());
    let shown: Vec<String> = addresses.filter(|a| !a.is_loopback()).map(ToString::to_string).collect();
    Output::ok(format!("{} \n", shown.join(" ")))
}

/// Pods have the kernel of their node.
pub(super) fn uname(shell: &mut Shell, line: &Line) -> Output {
    let all = line.has("--all");
    let named = name(shell);
    let parts = [
        ("--kernel-name", "Linux"),
        ("--nodename", named.as_str()),
        ("--kernel-release", NODE_IMAGE.kernel),
        ("--machine", "x86_64"),
    ];
    let some = parts.iter().any(|(flag, _)| line.has(flag));
    let wanted = |flag: &str| all || line.has(flag) || (!some && flag == "--kernel-name");
    let shown: Vec<&str> = parts.iter().filter(|(flag, _)| wanted(flag)).map(|(_, text)| *text).collect();
    Output::ok(shown.join(" ") + "\n")
}

pub(super) fn whoami(_: &mut Shell, _: &Line) -> Output {
    Output::ok("root\n")
}

/// Commands that are there where one is.
pub(super) fn which(shell: &mut Shell, line: &Line) -> Output {
    let here = shell.context();
    let there = |name: &str| commands().any(|c| c.is_of(name) && c.is_at(here));
    let found: Vec<String> = line.words.iter().filter(|n| there(n)).map(|n| format!("/usr/bin/{n}\n")).collect();
    let status = u8::from(found.len() < line.words.len() || line.words.is_empty());
    Output { out: found.concat(), err: String::new(), status }
}

/// Seconds as whole milliseconds, no more than an action may wait.
pub(super) fn millis(seconds: f64) -> u64 {
    let span = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    u64::try_from(span.as_millis()).unwrap_or(MAX_WAIT_MS).min(MAX_WAIT_MS)
}

/// A number of seconds, or with `m`, `h` or `d` of others.
fn seconds(word: &str) -> Option<f64> {
    let (number, unit) = match word.char_indices().last() {
        Some((at, 's')) => (&word[..at], 1.0),
        Some((at, 'm')) => (&word[..at], 60.0),
        Some((at, 'h')) => (&word[..at], 3600.0),
        Some((at, 'd')) => (&word[..at], 86_400.0),
        _ => (word, 1.0),
    };
    number.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0).map(|n| n * unit)
}

/// Lets virtual time pass.
pub(super) fn sleep(shell: &mut Shell, line: &Line) -> Output {
    let mut seconds = 0.0;
    for word in &line.words {
        match self::seconds(word) {
            Some(more) => seconds += more,
            None => return Output::fail(1, format!("sleep: invalid time interval \u{2018}{word}\u{2019}")),
        }
    }
    if line.words.is_empty() {
        return Output::fail(1, "sleep: missing operand");
    }
    let ms = millis(seconds);
    match shell.act(Action::Wait { ms }) {
        Ok(()) => Output::default(),
        Err(error) => Output::fail(1, format!("sleep: {}", shell.words(&error))),
    }
}

/// Runs words as a command.
pub(super) fn again(shell: &mut Shell, words: &[String]) -> Output {
    let quoted: Vec<String> = words.iter().map(|w| format!("'{}'", w.replace('\'', "'\\''"))).collect();
    shell.nested(&quoted.join(" "))
}

/// A command, and the virtual time that it took.
pub(super) fn time(shell: &mut Shell, args: &[String]) -> Output {
    let begun = shell.session().world().now;
    let mut output = again(shell, args);
    let micros = (shell.session().world().now - begun).0 / 1000;
    let (minutes, seconds) = (micros / 60_000_000, micros % 60_000_000);
    let shown = format!("{minutes}m{}.{:03}s", seconds / 1_000_000, seconds / 1000 % 1000);
    output.err += &format!("\nreal\t{shown}\nuser\t0m0.000s\nsys\t0m0.000s\n");
    output
}

/// `timeout DURATION COMMAND`: what would go on for ever ends after so much virtual time. Source: GNU coreutils
/// `timeout`.
pub(super) fn timeout(shell: &mut Shell, args: &[String]) -> Output {
    let [duration, command @ ..] = args else { return Output::fail(125, "timeout: missing operand") };
    if command.is_empty() {
        return Output::fail(125, "timeout: missing operand");
    }
    let Some(seconds) = seconds(duration) else {
        return Output::fail(125, format!("timeout: invalid time interval \u{2018}{duration}\u{2019}"));
    };
    let live = std::mem::take(&mut shell.own.live);
    let deadline = shell.own.deadline.replace(millis(seconds));
    let output = again(shell, command);
    (shell.own.live, shell.own.deadline) = (live, deadline);
    output
}
