//! Builtins that look at their words alone: `echo`, `printf`, `test`, `read` and others. Source: bash(1), "SHELL BUILTIN
//! COMMANDS".

use super::expand::is_name;
use super::run::Leave;
use super::{Output, Shell, catalog, files, print};
use crate::sim::order::sort_dedup;

/// Runs one; `None` where it is none.
pub(super) fn run(shell: &mut Shell, name: &str, args: &[String], stdin: &str) -> Option<Output> {
    Some(match name {
        "echo" => print::echo(args),
        "printf" => print::printf(shell, args),
        "test" => tested(shell, "test", args),
        "[" => match args.split_last() {
            Some((last, rest)) if last == "]" => tested(shell, "[", rest),
            _ => Output::fail(2, "bash: [: missing `]'"),
        },
        "let" => reckoned(shell, args),
        "read" => read(shell, args, stdin),
        "export" | "declare" | "readonly" => export(shell, name, args),
        "local" => shell.local(args),
        "return" => shell.return_with(args),
        "shift" => shell.shift(args),
        "unset" => unset(shell, args),
        "alias" => alias(shell, args),
        "unalias" => {
            shell.own.aliases.retain(|(n, _)| !args.contains(n));
            Output::default()
        }
        "env" if args.is_empty() => variables(&shell.exported()),
        "set" if args.is_empty() => variables(&shell.own.vars),
        // How strict it is, is no matter here.
        "set" => shell.set(args),
        "break" | "continue" => leave(shell, name, args),
        "help" => help(shell),
        _ => return None,
    })
}

/// Names of all commands, and how to see more of one.
fn help(shell: &Shell) -> Output {
    const WIDTH: usize = 76;
    let mut names: Vec<&str> = catalog::commands().filter_map(|command| command.path.split(' ').next()).collect();
    sort_dedup(&mut names);
    let mut lines = vec![String::new()];
    for name in names {
        match lines.last_mut().filter(|line| line.len() + name.len() < WIDTH) {
            Some(line) => *line += &format!("{name} "),
            None => lines.push(format!("{name} ")),
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    Output::ok(format!("{}\n{}\n", shell.text("sh-help"), lines.join("\n")))
}

fn variables(vars: &[(String, String)]) -> Output {
    Output::ok(vars.iter().map(|(n, v)| format!("{n}={v}\n")).collect::<String>())
}

/// `let EXPRESSION...`: fails where the last is 0.
fn reckoned(shell: &mut Shell, args: &[String]) -> Output {
    let mut last = 0;
    for arg in args {
        match shell.calculated(arg) {
            Ok(number) => last = number,
            Err(why) => return Output::fail(1, format!("bash: let: {why}")),
        }
    }
    Output { status: u8::from(last == 0), ..Output::default() }
}

fn tested(shell: &Shell, name: &str, words: &[String]) -> Output {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match holds(shell, &words) {
        Ok(holds) => Output { status: u8::from(!holds), ..Output::default() },
        Err(why) => Output::fail(2, format!("bash: {name}: {why}")),
    }
}

fn holds(shell: &Shell, words: &[&str]) -> Result<bool, String> {
    match words {
        [] => Ok(false),
        [word] => Ok(!word.is_empty()),
        ["!", rest @ ..] => holds(shell, rest).map(|holds| !holds),
        [sign, word] => one_sided(shell, sign, word),
        [left, sign, right] => two_sided(left, sign, right),
        _ => {
            let split = |sign| words.iter().position(|word| *word == sign);
            if let Some(at) = split("-o") {
                return Ok(holds(shell, &words[..at])? || holds(shell, &words[at + 1..])?);
            }
            match split("-a") {
                Some(at) => Ok(holds(shell, &words[..at])? && holds(shell, &words[at + 1..])?),
                None => Err("too many arguments".to_owned()),
            }
        }
    }
}

pub(super) fn one_sided(shell: &Shell, sign: &str, word: &str) -> Result<bool, String> {
    let file = || files::read(shell, word);
    Ok(match sign {
        "-v" => shell.value(word).is_some(),
        "-z" => word.is_empty(),
        "-n" => !word.is_empty(),
        "-f" => file().is_ok(),
        "-d" => file() == Err("Is a directory"),
        "-e" | "-r" => file().is_ok() || file() == Err("Is a directory"),
        "-s" => file().is_ok_and(|text| !text.is_empty()),
        _ => return Err(format!("{sign}: unary operator expected")),
    })
}

pub(super) fn two_sided(left: &str, sign: &str, right: &str) -> Result<bool, String> {
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
    Ok(match sign {
        "=" | "==" => left == right,
        "!=" => left != right,
        "-eq" => number(left)? == number(right)?,
        "-ne" => number(left)? != number(right)?,
        "-lt" => number(left)? < number(right)?,
        "-le" => number(left)? <= number(right)?,
        "-gt" => number(left)? > number(right)?,
        "-ge" => number(left)? >= number(right)?,
        "-a" => !left.is_empty() && !right.is_empty(),
        "-o" => !left.is_empty() || !right.is_empty(),
        _ => return Err(format!("{sign}: binary operator expected")),
    })
}

/// The next line of what is read into variables; the last has what is left over.
fn read(shell: &mut Shell, args: &[String], stdin: &str) -> Output {
    let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    if let Some(bad) = names.iter().find(|name| !is_name(name)) {
        return Output::fail(1, format!("bash: read: `{bad}': not a valid identifier"));
    }
    let looped = stdin.is_empty();
    let text = if looped { shell.own.stdin.clone().unwrap_or_default() } else { stdin.to_owned() };
    let (line, rest, whole) = match text.split_once('\n') {
        Some((line, rest)) => (line, rest.to_owned(), true),
        None => (text.as_str(), String::new(), false),
    };
    let mut left = line.trim();
    for (at, name) in names.iter().enumerate() {
        let (word, after) = match left.split_once(char::is_whitespace) {
            Some((word, after)) if at + 1 < names.len() => (word, after.trim_start()),
            _ => (left, ""),
        };
        shell.set_variable(name, word.to_owned());
        left = after;
    }
    if names.is_empty() {
        shell.set_variable("REPLY", line.to_owned());
    }
    if looped && shell.own.stdin.is_some() {
        shell.own.stdin = Some(rest);
    }
    Output { status: u8::from(!whole), ..Output::default() }
}

/// Forgets variables; functions with `-f`, and where there is no variable of the name.
fn unset(shell: &mut Shell, args: &[String]) -> Output {
    let functions = args.first().is_some_and(|arg| arg == "-f");
    for name in args {
        if shell.forget_element(name) {
            continue;
        }
        let before = shell.own.vars.len();
        if !functions {
            shell.forget(name);
        }
        if shell.own.vars.len() == before {
            shell.forget_function(name);
        }
    }
    Output::default()
}

fn export(shell: &mut Shell, name: &str, args: &[String]) -> Output {
    let mut output = Output::default();
    if name == "declare" && args.iter().any(|arg| arg.starts_with("-A")) {
        return Output::fail(1, "podhop: declare -A is not simulated here; nearest: NAME=(WORD...)");
    }
    let exports = name == "export" && !args.iter().any(|arg| arg == "-n");
    let exports = exports || args.iter().any(|arg| arg == "-x");
    if exports && args.iter().all(|arg| arg == "-p") {
        let lines = shell.exported().into_iter().map(|(name, value)| format!("declare -x {name}=\"{value}\"\n"));
        return Output::ok(lines.collect::<String>());
    }
    for arg in args.iter().filter(|a| !a.starts_with('-')) {
        let (variable, value) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
        if !is_name(variable) {
            output.err += &format!("bash: {name}: `{arg}': not a valid identifier\n");
            output.status = 1;
        } else if let Some(value) = value {
            shell.set_variable(variable, value.to_owned());
        }
        if exports && is_name(variable) && !shell.own.exported.iter().any(|name| name == variable) {
            shell.own.exported.push(variable.to_owned());
        }
    }
    output
}

fn alias(shell: &mut Shell, args: &[String]) -> Output {
    let shown = |(name, text): &(String, String)| format!("alias {name}='{text}'\n");
    if args.is_empty() {
        return Output::ok(shell.own.aliases.iter().map(shown).collect::<String>());
    }
    let mut output = Output::default();
    for arg in args {
        if let Some((name, text)) = arg.split_once('=') {
            shell.own.aliases.retain(|(n, _)| n != name);
            shell.own.aliases.push((name.to_owned(), text.to_owned()));
        } else if let Some(found) = shell.own.aliases.iter().find(|(n, _)| n == arg) {
            output.out += &shown(found);
        } else {
            output.err += &format!("bash: alias: {arg}: not found\n");
            output.status = 1;
        }
    }
    output
}

fn leave(shell: &mut Shell, name: &str, args: &[String]) -> Output {
    if shell.own.loops == 0 {
        let only = "only meaningful in a `for', `while', or `until' loop";
        return Output { err: format!("bash: {name}: {only}\n"), ..Output::default() };
    }
    let count = args.first().and_then(|n| n.parse().ok()).unwrap_or(1_usize).clamp(1, shell.own.loops);
    shell.own.leaving = Some(Leave::Loops { count, on: name == "continue" });
    Output::default()
}
