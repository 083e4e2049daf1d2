//! `watch`: the same command again and again. Source: procps-ng 4.0 `watch.c`.

use super::system::{WORKSTATION, again, millis, name};
use crate::shell::follow::{Follow, Happened, Part, Told};
use crate::shell::kubectl::timestamp;
use crate::shell::{Context, Output, Shell};
use crate::sim::time::{Span, Time};

/// Most screens of one turn: a day of virtual time has many.
const MAX_SCREENS: u64 = 100;

/// A command that is printed anew whenever so much virtual time has passed.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Watch {
    words: Vec<String>,
    every: Span,
    title: bool,
    /// When it ran last.
    last: Time,
}

/// How `watch` is called; the words behind its options are the command.
struct Options<'a> {
    seconds: f64,
    title: bool,
    command: &'a [String],
}

fn options(args: &[String]) -> Result<Options<'_>, Output> {
    let mut options = Options { seconds: 2.0, title: true, command: args };
    while let Some((option, after)) = options.command.split_first().filter(|(a, _)| a.starts_with('-')) {
        options.command = after;
        let joined = option.strip_prefix("--interval=").or_else(|| option.strip_prefix("-n"));
        let value = match (option.as_str(), joined) {
            ("-t" | "--no-title", _) => {
                options.title = false;
                continue;
            }
            ("-d" | "--differences" | "-x" | "--exec" | "-c" | "--color", _) => continue,
            ("--interval" | "-n", _) => {
                let next = after.first().map(String::as_str);
                options.command = after.get(1..).unwrap_or_default();
                next
            }
            (_, Some(text)) => Some(text),
            (other, None) => {
                let usage = "Usage:\n watch [options] command";
                return Err(match other.strip_prefix('-').filter(|o| !o.starts_with('-')) {
                    Some(letters) => Output::fail(
                        1,
                        format!(
                            "watch: invalid option -- '{}'\n\n{usage}",
                            &letters.chars().take(1).collect::<String>()
                        ),
                    ),
                    None => Output::fail(1, format!("watch: unrecognized option '{other}'\n\n{usage}")),
                });
            }
        };
        let seconds = value.and_then(|v| v.parse::<f64>().ok()).filter(|s| s.is_finite());
        let failed = || Output::fail(1, format!("watch: failed to parse argument: '{}'", value.unwrap_or_default()));
        options.seconds = seconds.ok_or_else(failed)?.clamp(0.1, 3600.0);
    }
    Ok(options)
}

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let options = match options(args) {
        Ok(options) => options,
        Err(output) => return output,
    };
    if options.command.is_empty() {
        return Output::fail(1, "Usage:\n watch [options] command");
    }
    let (words, last) = (options.command.to_vec(), shell.session().world().now);
    let watch = Watch { words, every: Span::millis(millis(options.seconds)), title: options.title, last };
    let first = watch.screen(shell);
    // The screen is emptied also of the first.
    shell.follow(String::new(), first, Follow::Watch(watch))
}

impl Watch {
    /// What stands on the screen after one run.
    fn screen(&self, shell: &mut Shell) -> String {
        let tenths = self.every.as_millis() / 100;
        let host = if shell.context() == Context::Workstation { WORKSTATION.to_owned() } else { name(shell) };
        let now = timestamp(shell.session().world().now);
        let live = std::mem::take(&mut shell.own.live);
        let Output { out, err, .. } = again(shell, &self.words);
        shell.own.live = live;
        let title = format!("Every {}.{}s: {}    {host}: {now}\n\n", tenths / 10, tenths % 10, self.words.join(" "));
        (if self.title { title } else { String::new() }) + &out + &err
    }

    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let end = happened.turn.world.now;
        let due = (end - self.last).0 / self.every.0;
        let steps = &happened.turn.record.steps;
        let mut told = Told::default();
        // Of very many, evenly some.
        let stride = due.div_ceil(MAX_SCREENS).max(1);
        for n in 1..=due / stride {
            let at = self.last + Span(self.every.0 * n * stride);
            let before = steps.partition_point(|step| step.time <= at);
            let mut shell = happened.as_of(before, at, true);
            told.parts.push(Part { steps: before, text: self.screen(&mut shell), clears: true, stopped: None });
        }
        self.last = self.last + Span(self.every.0 * (due / stride) * stride);
        told
    }
}
