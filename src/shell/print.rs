//! `echo` and `printf`. Source: bash(1), "SHELL BUILTIN COMMANDS".

use super::format::Form;
use super::{Output, Shell};
use std::iter::Peekable;
use std::str::Chars;

/// Most bytes that one `printf` prints.
const MAX_PRINTED: usize = 1 << 19;

pub(super) fn echo(args: &[String]) -> Output {
    let is_option = |arg: &&String| {
        arg.strip_prefix('-').is_some_and(|o| !o.is_empty() && o.chars().all(|c| matches!(c, 'n' | 'e' | 'E')))
    };
    let options: Vec<&String> = args.iter().take_while(is_option).collect();
    let has = |letter| options.iter().any(|option| option.contains(letter));
    let text = args[options.len()..].join(" ");
    let (text, over) = if has('e') { escaped(&text, true) } else { (text, false) };
    Output::ok(if has('n') || over { text } else { text + "\n" })
}

/// A letter of so many digits at most.
fn coded(chars: &mut Peekable<Chars<'_>>, base: u32, most: usize) -> Option<char> {
    let mut code = None;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(base)) else { break };
        chars.next();
        code = Some(code.unwrap_or(0) * base + digit);
    }
    char::from_u32(code? & 0x7f)
}

/// `\n`, `\t` and others as what they mean, and whether `\c` ends all. Where `zero` says so, `\0` comes before a number.
fn escaped(text: &str, zero: bool) -> (String, bool) {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('c') if zero => return (out, true),
            Some('0') if zero => out.push(coded(&mut chars, 8, 3).unwrap_or('\0')),
            Some('x') => match coded(&mut chars, 16, 2) {
                Some(c) => out.push(c),
                None => out += "\\x",
            },
            Some(digit @ '0'..='7') if !zero => {
                let mut rest = std::iter::once(digit).chain(chars.clone().take(2)).collect::<String>();
                rest.truncate(rest.find(|c| !matches!(c, '0'..='7')).unwrap_or(rest.len()));
                if rest.len() > 1 {
                    chars.nth(rest.len() - 2);
                }
                out.extend(u32::from_str_radix(&rest, 8).ok().and_then(|code| char::from_u32(code & 0x7f)));
            }
            Some(other) => match plain(other, zero) {
                Some(c) => out.push(c),
                None => out.extend(['\\', other]),
            },
            None => out.push('\\'),
        }
    }
    (out, false)
}

const fn plain(letter: char, zero: bool) -> Option<char> {
    Some(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' | 'E' => '\u{1b}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\\' => '\\',
        '"' | '\'' if !zero => letter,
        _ => return None,
    })
}

pub(super) fn printf(shell: &mut Shell, args: &[String]) -> Output {
    let (into, args) = match args {
        [flag, name, rest @ ..] if flag == "-v" => (Some(name), rest),
        [flag, rest @ ..] if flag == "--" => (None, rest),
        args => (None, args),
    };
    let Some((format, args)) = args.split_first() else {
        return Output::fail(2, "printf: usage: printf [-v var] format [arguments]");
    };
    let (format, _) = escaped(format, false);
    let mut printer = Printer { words: args.iter(), out: String::new(), err: String::new() };
    loop {
        let before = printer.words.len();
        let goes_on = printer.once(&format);
        let left = printer.words.len();
        if !goes_on || left == 0 || left == before || printer.out.len() > MAX_PRINTED {
            break;
        }
    }
    let Printer { mut out, err, .. } = printer;
    if let Some(name) = into {
        shell.set_variable(name, std::mem::take(&mut out));
    }
    Output { status: u8::from(!err.is_empty()), out, err }
}

struct Printer<'a> {
    words: std::slice::Iter<'a, String>,
    out: String,
    err: String,
}

impl Printer<'_> {
    fn word(&mut self) -> String {
        self.words.next().cloned().unwrap_or_default()
    }

    /// One round of a format; whether another may follow.
    fn once(&mut self, format: &str) -> bool {
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                self.out.push(c);
                continue;
            }
            if chars.next_if_eq(&'%').is_some() {
                self.out.push('%');
                continue;
            }
            if self.out.len() > MAX_PRINTED {
                return false;
            }
            let begun = chars.clone();
            let Some(form) = Form::read(&mut chars, || self.number()) else {
                self.err += &format!("bash: printf: `%{}': missing format character\n", begun.collect::<String>());
                return false;
            };
            let text = match form.letter {
                's' => form.text(&self.word()),
                'b' => {
                    let (text, over) = escaped(&self.word(), true);
                    if over {
                        self.out += &form.text(&text);
                        return false;
                    }
                    form.text(&text)
                }
                'q' => form.text(&quoted(&self.word())),
                'c' => form.text(&self.word().chars().take(1).collect::<String>()),
                'd' | 'i' | 'o' | 'u' | 'x' | 'X' => form.whole(self.number()),
                'f' | 'F' | 'e' | 'E' | 'g' | 'G' => form.real(self.real()),
                other => {
                    self.err += &format!("bash: printf: `{other}': invalid format character\n");
                    return false;
                }
            };
            self.out += &text;
        }
        true
    }

    /// The next word as a whole number; what it begins with, where it is none.
    fn number(&mut self) -> i64 {
        let word = self.word();
        let text = word.trim_start();
        if let Some(letter) = text.strip_prefix(['\'', '"']) {
            return letter.chars().next().map_or(0, |c| u32::from(c).into());
        }
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
        let base = if hex.is_some() {
            16
        } else if digits.starts_with('0') {
            8
        } else {
            10
        };
        let digits = hex.unwrap_or(digits);
        let end = digits.find(|c: char| !c.is_digit(base)).unwrap_or(digits.len());
        let found = if end == 0 { Ok(0) } else { i64::from_str_radix(&digits[..end], base) };
        if end < digits.len() || (digits.is_empty() && !word.is_empty()) {
            let why = if base == 8 && end > 0 { "invalid octal number" } else { "invalid number" };
            self.err += &format!("bash: printf: {word}: {why}\n");
        }
        found.map_or_else(
            |_| {
                self.err += &format!("bash: printf: warning: {word}: Numerical result out of range\n");
                if sign < 0 { i64::MIN } else { i64::MAX }
            },
            |number| number * sign,
        )
    }

    fn real(&mut self) -> f64 {
        let word = self.word();
        if word.is_empty() {
            return 0.0;
        }
        word.trim().parse().unwrap_or_else(|_| {
            self.err += &format!("bash: printf: {word}: invalid number\n");
            0.0
        })
    }
}

/// A word so that the shell reads it as it is.
fn quoted(word: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | '%' | '+' | '=' | ',');
    if word.is_empty() {
        return "''".to_owned();
    }
    word.chars().flat_map(|c| (!safe(c)).then_some('\\').into_iter().chain([c])).collect()
}
