//! Functions of awk. Source: POSIX.1-2017, awk, "Functions".

use super::{Done, Expr, MAX_TEXT, Machine, Stop, Value, count, whole};
use crate::shell::format::Form;

impl Machine {
    pub(super) fn formatted(&mut self, items: &[Expr]) -> Done<String> {
        let Some((format, rest)) = items.split_first() else { return Err(Stop::Limit) };
        let format = self.value(format)?.text();
        let values: Vec<Value> = rest.iter().map(|item| self.value(item)).collect::<Done<_>>()?;
        let values = std::cell::RefCell::new(values.into_iter());
        let mut out = String::new();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            if chars.next_if_eq(&'%').is_some() {
                out.push('%');
                continue;
            }
            let star = || values.borrow_mut().next().map_or(0, |value| whole(value.number()));
            let form = Form::read(&mut chars, star).ok_or(Stop::Limit)?;
            let value = values.borrow_mut().next().unwrap_or_default();
            let shown = match form.letter {
                'd' | 'i' | 'x' | 'X' | 'o' | 'u' => form.whole(whole(value.number())),
                'f' | 'F' | 'e' | 'E' | 'g' | 'G' => form.real(value.number()),
                's' => form.text(&value.text()),
                'c' => form.text(&letter(&value)),
                _ => return Err(Stop::Limit),
            };
            self.step(shown.len())?;
            out += &shown;
        }
        self.step(out.len())?;
        Ok(out)
    }

    pub(super) fn call(&mut self, name: &str, args: &[Expr]) -> Done<Value> {
        match name {
            "sprintf" => return self.formatted(args).map(Value::Text),
            "sub" | "gsub" => return self.replace(name == "gsub", args),
            "split" => return self.split(args),
            "length" if args.is_empty() => return Ok(Value::Number(count(self.line.chars().count()))),
            "length" => {
                if let Expr::Name(name) = &args[0]
                    && let Some(array) = self.arrays.get(name)
                {
                    return Ok(Value::Number(count(array.len())));
                }
            }
            "match" => {
                let text = self.value(&args[0])?.text();
                let regex = self.as_pattern(&args[1])?;
                self.step(text.len())?;
                let found =
                    regex.find(&text).map(|m| (text[..m.start()].chars().count() + 1, m.as_str().chars().count()));
                let (start, len) = found.map_or((0.0, -1.0), |(start, len)| (count(start), count(len)));
                self.vars.insert("RSTART".to_owned(), Value::Number(start));
                self.vars.insert("RLENGTH".to_owned(), Value::Number(len));
                return Ok(Value::Number(start));
            }
            _ => {}
        }
        let values: Vec<Value> = args.iter().map(|arg| self.value(arg)).collect::<Done<_>>()?;
        let text = values.first().map(Value::text).unwrap_or_default();
        self.step(text.len())?;
        Ok(match name {
            "length" => Value::Number(count(text.chars().count())),
            "toupper" => Value::Text(text.to_ascii_uppercase()),
            "tolower" => Value::Text(text.to_ascii_lowercase()),
            "int" => Value::Number(values[0].number().trunc()),
            "index" => {
                let found = text.find(&values[1].text()).map_or(0, |at| text[..at].chars().count() + 1);
                Value::Number(count(found))
            }
            _ => {
                let from = values[1].number().round_ties_even();
                let until = values.get(2).map_or(f64::INFINITY, |len| from + len.number().round_ties_even());
                let within = |at: usize| (from..until).contains(&count(at + 1));
                Value::Text(text.chars().enumerate().filter(|(at, _)| within(*at)).map(|(_, c)| c).collect())
            }
        })
    }

    fn split(&mut self, args: &[Expr]) -> Done<Value> {
        let text = self.value(&args[0])?.text();
        self.step(text.len())?;
        let parts = match args.get(2) {
            Some(Expr::Regex(_)) if text.is_empty() => Vec::new(),
            Some(Expr::Regex(regex)) => regex.split(&text).map(str::to_owned).collect(),
            Some(by) => {
                let by = self.value(by)?.text();
                self.parts(&text, &by)?
            }
            None => {
                let by = self.var("FS", " ");
                self.parts(&text, &by)?
            }
        };
        let Expr::Name(array) = &args[1] else { return Err(Stop::Limit) };
        let len = parts.len();
        self.step(len * 16)?;
        let found = parts.into_iter().zip(1..).map(|(part, at): (String, usize)| (at.to_string(), Value::Read(part)));
        self.arrays.insert(array.clone(), found.collect());
        Ok(Value::Number(count(len)))
    }

    /// `sub` and `gsub`: how many were replaced.
    fn replace(&mut self, all: bool, args: &[Expr]) -> Done<Value> {
        let regex = self.as_pattern(&args[0])?;
        let with = self.value(&args[1])?.text();
        let line = Expr::Field(Box::new(Expr::Number(0.0)));
        let place = args.get(2).unwrap_or(&line);
        let text = self.value(place)?.text();
        let (mut out, mut last, mut replaced) = (String::new(), 0, 0);
        for found in regex.find_iter(&text).take(if all { usize::MAX } else { 1 }) {
            self.step(with.len() + found.len())?;
            out += &text[last..found.start()];
            replacement(&with, found.as_str(), &mut out);
            last = found.end();
            replaced += 1;
            self.step(0)?;
            if out.len() > MAX_TEXT {
                return Err(Stop::Limit);
            }
        }
        out += &text[last..];
        self.step(out.len())?;
        if replaced > 0 {
            self.assign(place, Value::Text(out))?;
        }
        Ok(Value::Number(count(replaced)))
    }
}

/// `&` is what was found, `\&` the letter.
fn replacement(with: &str, found: &str, out: &mut String) {
    let mut chars = with.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => *out += found,
            '\\' => out.push(chars.next_if(|c| matches!(c, '&' | '\\')).unwrap_or('\\')),
            c => out.push(c),
        }
    }
}

/// `%c`: the letter of a number, or the first of a text.
fn letter(value: &Value) -> String {
    match value {
        Value::Number(number) => u32::try_from(whole(*number)).ok().and_then(char::from_u32).map(String::from),
        other => other.text().chars().next().map(String::from),
    }
    .unwrap_or_default()
}
