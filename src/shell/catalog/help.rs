//! What `-h` and `--help` print: the rows of the catalogue in the form of each tool.
//! Source: Microsoft/knack `knack/help.py`; spf13/cobra `command.go` with kubectl's templates; GNU Coding Standards,
//! "--help".

use super::{Command, Flag, Takes, commands};
use crate::shell::{Output, Shell};

/// Help of one command.
pub(in crate::shell) fn of(shell: &Shell, row: &Command) -> Output {
    Output::ok(match row.family() {
        "az" => az(shell, row),
        "kubectl" | "crictl" => cobra(shell, row),
        _ => gnu(shell, row),
    })
}

/// Words that name no command: help where it is asked for, else what the tool says of them.
pub(in crate::shell) fn family(shell: &Shell, name: &str, args: &[String]) -> Output {
    let words: Vec<&str> = args.iter().map(String::as_str).take_while(|a| !a.starts_with('-')).collect();
    let asked = args.iter().any(|a| a == "-h" || a == "--help" || a == "help");
    let known = (0..=words.len()).rev().find(|n| below(name, &words[..*n]).next().is_some()).unwrap_or(0);
    let typed = format!("{name} {}", words.join(" "));
    let misspelled = words.get(known).filter(|w| **w != "help");
    if let (Some(word), false) = (misspelled, asked) {
        return unknown(name, word, &words[..known]);
    }
    let listed = list(shell, name, &words[..known]);
    match name {
        "az" if asked || args.is_empty() => {
            Output::ok(format!("\nGroup\n    {}\n\nCommands:\n{listed}", typed.trim_end()))
        }
        "az" => Output::fail(2, "ERROR: the following arguments are required: _subcommand"),
        "kubectl" => Output::ok(format!("{}\n\nAvailable Commands:\n{listed}", shell.text("sh-kubectl"))),
        "crictl" => Output::ok(format!("NAME:\n   crictl - {}\n\nCOMMANDS:\n{listed}", shell.text("sh-crictl"))),
        _ if asked => Output::ok(format!("Usage: {name} [ OPTIONS ] OBJECT {{ COMMAND | help }}\n{listed}")),
        _ => Output::fail(255, format!("Usage: {name} [ OPTIONS ] OBJECT {{ COMMAND | help }}\n{listed}")),
    }
}

/// Commands below a group.
fn below<'a>(name: &'a str, words: &'a [&'a str]) -> impl Iterator<Item = &'static Command> + 'a {
    commands().filter(move |c| {
        let mut path = c.path.split(' ');
        path.next() == Some(name) && words.iter().all(|w| path.next() == Some(*w)) && path.next().is_some()
    })
}

/// The next words below a group, each with its summary where it is a command.
fn list(shell: &Shell, name: &str, words: &[&str]) -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for command in below(name, words) {
        let mut rest = command.path.split(' ').skip(1 + words.len());
        let Some(word) = rest.next() else { continue };
        let leaf = rest.next().is_none();
        match rows.iter_mut().find(|(w, _)| *w == word) {
            Some((_, said)) if leaf => *said = shell.text(&command.summary()),
            Some(_) => {}
            None => rows.push((word, if leaf { shell.text(&command.summary()) } else { String::new() })),
        }
    }
    rows.sort();
    let width = rows.iter().map(|(w, _)| w.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(word, said)| format!("    {}\n", format!("{word:<width$} : {said}").trim_end_matches([' ', ':'])))
        .collect()
}

/// A word that there is not. The nearest is the one with fewest letters to change.
fn unknown(name: &str, word: &str, words: &[&str]) -> Output {
    let near = below(name, words)
        .filter_map(|c| c.path.split(' ').nth(1 + words.len()))
        .min_by_key(|w| distance(w, word))
        .unwrap_or("");
    let nearest = [&[name], words, &[near]].concat().join(" ");
    let typed = [&[name], words, &[word]].concat().join(" ");
    let status = match name {
        "az" => 2,
        "bridge" => 255,
        "ip" if !words.is_empty() => 255,
        _ => 1,
    };
    if super::real::is_real(&[&[name], words].concat(), word) {
        let nearest = super::real::nearest(&typed).unwrap_or(&nearest);
        return Output::fail(status, format!("podhop: {typed} is not simulated; nearest: {nearest}"));
    }
    let said = match name {
        "az" => format!("ERROR: '{word}' is misspelled or not recognized by the system."),
        "kubectl" => {
            let path = [&["kubectl"], words].concat().join(" ");
            format!("error: unknown command \"{word}\" for \"{path}\"")
        }
        "crictl" => format!("No help topic for '{word}'"),
        "brctl" => format!("never heard of command [{word}]"),
        _ if words.is_empty() => format!("Object \"{word}\" is unknown, try \"{name} help\"."),
        _ => format!("Command \"{word}\" is unknown, try \"{name} {} help\".", words.join(" ")),
    };
    // Those two ask themselves; the others only say that they do not know.
    match name {
        "az" | "kubectl" => Output::fail(status, format!("{said}\n\nDid you mean this?\n\t{nearest}")),
        _ => Output::fail(status, format!("{said}\npodhop: nearest: {nearest}")),
    }
}

/// Letters to add, drop or change. Source: V. I. Levenshtein, 1966.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let kept = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = kept.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// One line an option, padded to the longest.
fn options<'a>(flags: impl Iterator<Item = (String, &'a Flag)>, shell: &Shell, between: &str) -> String {
    let rows: Vec<(String, String)> = flags.map(|(names, flag)| (names, said(shell, flag))).collect();
    let width = rows.iter().map(|(names, _)| names.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(names, said)| format!("    {names:<width$}{between}{said}\n")).collect()
}

fn said(shell: &Shell, flag: &Flag) -> String {
    let about = shell.text(flag.about);
    if flag.values.is_empty() { about } else { format!("{about}  Allowed values: {}.", flag.values.join(", ")) }
}

fn az(shell: &Shell, row: &Command) -> String {
    let named = |flag: &'static Flag| {
        let needed = if flag.required { " [Required]" } else { "" };
        (format!("{} {}", flag.long, flag.short).trim_end().to_owned() + needed, flag)
    };
    let own = options(row.flags.iter().map(named), shell, " : ");
    let global = options(row.global_flags().iter().map(named), shell, " : ");
    format!(
        "\nCommand\n    {} : {}\n\nArguments\n{own}\nGlobal Arguments\n{global}\nExamples\n    {}\n\n",
        row.path,
        shell.text(&row.summary()),
        row.example.shown()
    )
}

fn cobra(shell: &Shell, row: &Command) -> String {
    let named = |flag: &'static Flag| {
        let value = if flag.takes == Takes::Nothing { "=false" } else { "=''" };
        let short = if flag.short.is_empty() { "    ".to_owned() } else { format!("{}, ", flag.short) };
        (format!("{short}{}{value}:", flag.long), flag)
    };
    let flags = options(row.all_flags().map(named), shell, "\n\t");
    let operands = if row.operands.is_empty() { String::new() } else { format!(" {}", row.operands) };
    format!(
        "{}\n\nExamples:\n  {}\n\nOptions:\n{flags}\nUsage:\n  {}{operands} [options]\n",
        shell.text(&row.summary()),
        row.example.shown(),
        row.path
    )
}

fn gnu(shell: &Shell, row: &Command) -> String {
    let named = |flag: &'static Flag| {
        let names = [flag.short, flag.long].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ");
        (names, flag)
    };
    let flags = options(row.all_flags().map(named), shell, "  ");
    let (options, head) =
        if flags.is_empty() { ("", String::new()) } else { (" [options]", "\nOptions:\n".to_owned()) };
    let operands = if row.operands.is_empty() { String::new() } else { format!(" {}", row.operands) };
    format!(
        "Usage: {}{options}{operands}\n{}\n{head}{flags}\nExample: {}\n",
        row.path,
        shell.text(&row.summary()),
        row.example.shown()
    )
}
