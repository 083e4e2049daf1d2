//! `awk` as people type it behind a pipe: patterns, fields, variables, arrays, the everyday functions. What is not simulated
//! says so. Source: POSIX.1-2017, awk.

mod read;
mod run;

use crate::shell::Output;
use crate::shell::line::Line;

const LIMIT: &str =
    "podhop: of awk, this is not simulated here, or is an error; nearest: awk '/PATTERN/ {print $1, $2}'";

pub(super) fn run(line: &Line, text: &str) -> Output {
    let Some(program) = line.word(0) else {
        return Output::fail(2, "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]");
    };
    let Some(rules) = read::read(program) else { return Output::fail(2, LIMIT) };
    let mut machine = run::Machine::default();
    for assignment in line.all("-v") {
        match assignment.split_once('=') {
            Some((name, value)) => machine.set(name, read::unescaped(value)),
            None => return Output::fail(2, LIMIT),
        }
    }
    if let Some(separator) = line.option("-F") {
        machine.set("FS", if separator == "t" { "\t".to_owned() } else { read::unescaped(separator) });
    }
    machine.run(&rules, text)
}

/// Length of the number that a text begins with.
fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let whole = digits(sign);
    let mut len = sign + whole;
    let mut any = whole > 0;
    if bytes.get(len) == Some(&b'.') {
        let part = digits(len + 1);
        any |= part > 0;
        len += 1 + part;
    }
    if !any {
        return 0;
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'-' | b'+')));
        let power = digits((len + 1 + sign).min(bytes.len()));
        len += if power > 0 { 1 + sign + power } else { 0 };
    }
    len
}
