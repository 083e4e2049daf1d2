//! `date`: virtual time, which is UTC. Source: GNU coreutils 9.1 `date`; strftime(3) in the C locale.

use crate::shell::kubectl::timestamp;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Longest format in bytes.
const MAX_FORMAT: usize = 1 << 12;

/// A moment, by what objects say of it: year, month, day, hour, minute, second, and nanoseconds.
struct Moment {
    parts: [i64; 6],
    nanos: u64,
}

impl Moment {
    fn now(shell: &Shell) -> Self {
        let now = shell.session().world().now;
        let text = timestamp(now);
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        Self { parts: [(); 6].map(|()| numbers.next().unwrap_or(0)), nanos: now.0 % 1_000_000_000 }
    }

    /// Days since 1970. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    const fn days(year: i64, month: i64, day: i64) -> i64 {
        let year = if month <= 2 { year - 1 } else { year };
        let of_era = year.rem_euclid(400);
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn part(&self, letter: char) -> Option<String> {
        let [year, month, day, hour, minute, second] = self.parts;
        let days = Self::days(year, month, day);
        let of_week = (days + 4).rem_euclid(7);
        let name = |names: &[&'static str], at: i64| {
            usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
        };
        let (day_name, month_name) = (name(&DAYS, of_week), name(&MONTHS, month - 1));
        let twelve = (hour + 11) % 12 + 1;
        let half = if hour < 12 { "AM" } else { "PM" };
        Some(match letter {
            'Y' => format!("{year}"),
            'y' => format!("{:02}", year % 100),
            'C' => format!("{:02}", year / 100),
            'm' => format!("{month:02}"),
            'd' => format!("{day:02}"),
            'e' => format!("{day:>2}"),
            'H' => format!("{hour:02}"),
            'k' => format!("{hour:>2}"),
            'I' => format!("{twelve:02}"),
            'l' => format!("{twelve:>2}"),
            'M' => format!("{minute:02}"),
            'S' => format!("{second:02}"),
            'N' => format!("{:09}", self.nanos),
            'p' => half.to_owned(),
            'P' => half.to_lowercase(),
            's' => (days * 86_400 + hour * 3600 + minute * 60 + second).to_string(),
            'j' => format!("{:03}", days - Self::days(year, 1, 1) + 1),
            'u' => ((of_week + 6) % 7 + 1).to_string(),
            'w' => of_week.to_string(),
            'a' => day_name[..3].to_owned(),
            'A' => day_name.to_owned(),
            'b' | 'h' => month_name[..3].to_owned(),
            'B' => month_name.to_owned(),
            'Z' => "UTC".to_owned(),
            'z' => "+0000".to_owned(),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            'F' => self.text("%Y-%m-%d"),
            'T' | 'X' => self.text("%H:%M:%S"),
            'R' => self.text("%H:%M"),
            'r' => self.text("%I:%M:%S %p"),
            'D' | 'x' => self.text("%m/%d/%y"),
            'c' => self.text("%a %b %e %H:%M:%S %Y"),
            _ => return None,
        })
    }

    fn text(&self, format: &str) -> String {
        let mut out = String::new();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            // `%-d` has no zeros before it; `%3N` are the first digits.
            let bare = chars.next_if_eq(&'-').is_some();
            let width = chars.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10));
            let zone = chars.next_if_eq(&':').is_some();
            let letter = chars.next();
            match letter.and_then(|letter| self.part(letter)) {
                Some(_) if zone => out += "+00:00",
                Some(text) if bare => {
                    let digits = text.trim_start_matches(['0', ' ']);
                    out += if digits.is_empty() { "0" } else { digits };
                }
                Some(text) => match width {
                    Some(width) if letter == Some('N') => out.extend(text.chars().take(width.max(1) as usize)),
                    _ => out += &text,
                },
                None => {
                    out.push('%');
                    out.extend(letter);
                }
            }
        }
        out
    }
}

/// The time as ctime(3) writes it.
pub(super) fn ctime(shell: &Shell) -> String {
    Moment::now(shell).text("%c")
}

pub(super) fn run(shell: &mut Shell, line: &Line) -> Output {
    let moment = Moment::now(shell);
    let format = match line.word(0).map(|word| (word, word.strip_prefix('+'))) {
        None => None,
        Some((_, Some(format))) => Some(&format[..format.floor_char_boundary(MAX_FORMAT)]),
        Some((word, None)) => return Output::fail(1, format!("date: invalid date \u{2018}{word}\u{2019}")),
    };
    if let Some(extra) = line.word(1) {
        return Output::fail(1, format!("date: extra operand \u{2018}{extra}\u{2019}"));
    }
    let precise = line.args.iter().find_map(|arg| arg.strip_prefix("--iso-8601=").or_else(|| arg.strip_prefix("-I")));
    let precise = precise.map(|text| if text.is_empty() { "date" } else { text });
    let format = match (format, precise) {
        (Some(format), _) => format,
        (None, None) if line.has("--rfc-email") => "%a, %d %b %Y %H:%M:%S %z",
        (None, None) if line.has("--iso-8601") => "%F",
        (None, None) => "%a %b %e %H:%M:%S %Z %Y",
        (None, Some("date")) => "%F",
        (None, Some("hours")) => "%FT%H%:z",
        (None, Some("minutes")) => "%FT%H:%M%:z",
        (None, Some("seconds")) => "%FT%T%:z",
        (None, Some("ns")) => "%FT%T,%N%:z",
        (None, Some(other)) => {
            let why = format!("date: invalid argument \u{2018}{other}\u{2019} for \u{2018}--iso-8601\u{2019}");
            return Output::fail(1, why);
        }
    };
    Output::ok(moment.text(format) + "\n")
}
