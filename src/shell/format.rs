//! What stands behind `%` in a format of `printf`, of the shell and of awk. Source: printf(3).

use std::iter::Peekable;
use std::str::Chars;

/// Widest field, and most digits.
const MAX_WIDTH: usize = 1000;

/// `%-5.2s` and the like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Form {
    left: bool,
    zero: bool,
    /// What stands before a number that is not below 0.
    sign: &'static str,
    other: bool,
    width: usize,
    digits: Option<usize>,
    pub letter: char,
}

fn number(chars: &mut Peekable<Chars<'_>>, next: &mut impl FnMut() -> i64) -> i64 {
    if chars.next_if_eq(&'*').is_some() {
        return next();
    }
    let mut found = 0_i64;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        found = found.saturating_mul(10).saturating_add(digit.into());
    }
    found
}

fn bounded(number: i64) -> usize {
    usize::try_from(number.unsigned_abs()).unwrap_or(MAX_WIDTH).min(MAX_WIDTH)
}

impl Form {
    /// `%.6g`
    pub(super) const GENERAL: Self =
        Self { left: false, zero: false, sign: "", other: false, width: 0, digits: Some(6), letter: 'g' };

    /// Reads one behind its `%`, with numbers for `*`; nothing where the format ends.
    pub(super) fn read(chars: &mut Peekable<Chars<'_>>, mut next: impl FnMut() -> i64) -> Option<Self> {
        let mut form = Self::default();
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '0' | '+' | ' ' | '#')) {
            match flag {
                '-' => form.left = true,
                '0' => form.zero = true,
                '+' => form.sign = "+",
                ' ' if form.sign.is_empty() => form.sign = " ",
                '#' => form.other = true,
                _ => {}
            }
        }
        let width = number(chars, &mut next);
        form.left |= width < 0;
        form.width = bounded(width);
        if chars.next_if_eq(&'.').is_some() {
            form.digits = Some(number(chars, &mut next)).filter(|n| *n >= 0).map(bounded);
        }
        while chars.next_if(|c| matches!(c, 'h' | 'j' | 'l' | 'L' | 't' | 'z')).is_some() {}
        form.letter = chars.next()?;
        Some(form)
    }

    /// A text in its field.
    pub(super) fn text(&self, text: &str) -> String {
        let shown: String = text.chars().take(self.digits.unwrap_or(usize::MAX)).collect();
        self.filled("", &shown, false)
    }

    /// A whole number: `d`, `i`, `u`, `x`, `X`, `o`.
    pub(super) fn whole(&self, number: i64) -> String {
        let signed = matches!(self.letter, 'd' | 'i');
        let digits = match self.letter {
            'x' => format!("{number:x}"),
            'X' => format!("{number:X}"),
            'o' => format!("{number:o}"),
            'u' => number.cast_unsigned().to_string(),
            _ => number.unsigned_abs().to_string(),
        };
        let sign = match self.letter {
            _ if signed && number < 0 => "-",
            _ if signed => self.sign,
            'x' if self.other && number != 0 => "0x",
            'X' if self.other && number != 0 => "0X",
            'o' if self.other && number != 0 => "0",
            _ => "",
        };
        let least = self.digits.unwrap_or(1);
        let shown = if least == 0 && number == 0 { String::new() } else { format!("{digits:0>least$}") };
        self.filled(sign, &shown, self.zero && self.digits.is_none())
    }

    /// A number with a point: `f`, `e`, `g`.
    pub(super) fn real(&self, number: f64) -> String {
        let digits = self.digits.unwrap_or(6);
        let size = number.abs();
        let shown = match self.letter.to_ascii_lowercase() {
            _ if size.is_nan() => "nan".to_owned(),
            _ if size.is_infinite() => "inf".to_owned(),
            'e' => with_exponent(size, digits),
            'g' => general(size, digits.max(1), self.other),
            _ => format!("{size:.digits$}"),
        };
        let shown = if self.letter.is_ascii_uppercase() { shown.to_uppercase() } else { shown };
        let sign = if number.is_sign_negative() && !number.is_nan() { "-" } else { self.sign };
        self.filled(sign, &shown, self.zero && size.is_finite())
    }

    fn filled(&self, sign: &str, shown: &str, zero: bool) -> String {
        let room = self.width.saturating_sub(sign.len() + shown.chars().count());
        match (self.left, zero) {
            (true, _) => format!("{sign}{shown}{}", " ".repeat(room)),
            (_, true) => format!("{sign}{}{shown}", "0".repeat(room)),
            _ => format!("{}{sign}{shown}", " ".repeat(room)),
        }
    }
}

/// `1.5e+03`: the exponent has a sign and two digits.
fn with_exponent(size: f64, digits: usize) -> String {
    let text = format!("{size:.digits$e}");
    let (number, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{number}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
}

/// As many digits as count, without zeros at the end.
fn general(size: f64, digits: usize, keeps: bool) -> String {
    let text = with_exponent(size, digits - 1);
    let (number, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
    let power: i64 = exponent.parse().unwrap_or(0);
    let most = i64::try_from(digits).unwrap_or(i64::MAX);
    let trimmed = |text: &str| {
        if keeps || !text.contains('.') {
            text.to_owned()
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    if size != 0.0 && (power < -4 || power >= most) {
        return format!("{}e{exponent}", trimmed(number));
    }
    let after = usize::try_from(most - 1 - power).unwrap_or(0);
    trimmed(&format!("{size:.after$}"))
}
