//! Commands of commands, redirections and here-documents. Source: bash(1), "Compound Commands", "REDIRECTION".

use super::{Command, Compound, MAX_DEPTH, Reader, Redirect, RedirectTo, Script, SyntaxError, Word, flush};
use std::rc::Rc;

/// Most here-documents of one text.
const MAX_DOCUMENTS: usize = 1000;
/// Words of bash that are not there, with the nearest that is.
const NOT_SIMULATED: [(&str, &str); 2] = [("select", "for"), ("coproc", "a second terminal")];
/// Words that end something that was not begun.
const ENDS: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];
/// Words that begin a command of commands.
const BEGINS: [&str; 7] = ["for", "while", "until", "if", "case", "function", "{"];

impl Reader {
    /// The word where one stands, if nothing of it is quoted or expanded.
    pub(super) fn keyword(&self) -> Option<String> {
        let ends = |c: &char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | '(' | ')');
        let word: Vec<char> = self.chars[self.at..].iter().take(16).take_while(|c| !ends(c)).copied().collect();
        let plain = word.iter().all(|c| c.is_ascii_lowercase() || matches!(c, '{' | '}' | '!'));
        (plain && !word.is_empty()).then(|| word.iter().collect())
    }

    pub(super) fn negated(&mut self) -> bool {
        let found = self.keyword().is_some_and(|word| word == "!");
        if found {
            self.at += 1;
            self.blanks();
        }
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), SyntaxError> {
        self.blanks();
        while matches!(self.peek(), Some('\n' | ';')) {
            self.at += 1;
            self.blanks();
        }
        match self.keyword() {
            Some(word) if word == wanted => {
                self.at += wanted.len();
                Ok(())
            }
            Some(token) => Err(SyntaxError::Unexpected { token }),
            None if self.peek().is_none() => Err(SyntaxError::EndOfFile),
            None => Err(SyntaxError::Unexpected { token: self.peek().map_or_else(String::new, String::from) }),
        }
    }

    pub(super) fn command(&mut self, end: Option<char>) -> Result<Command, SyntaxError> {
        self.blanks();
        let word = self.keyword().unwrap_or_default();
        if let Some((_, near)) = NOT_SIMULATED.iter().find(|(name, _)| *name == word) {
            return Err(SyntaxError::NotSimulated { word, near });
        }
        if ENDS.contains(&word.as_str()) {
            return Err(SyntaxError::Unexpected { token: word });
        }
        let bracket = self.peek() == Some('(');
        if self.is_test() {
            self.at += 2;
            let test = self.test()?;
            return self.redirected(Compound::Test(test));
        }
        if bracket && let Some(text) = self.double_brackets() {
            let text = self.body(&text)?;
            return self.redirected(Compound::Arithmetic(text));
        }
        if !bracket && !BEGINS.contains(&word.as_str()) {
            return match self.function(end, false)? {
                Some(function) => Ok(Command::Compound(Rc::new(function), Vec::new())),
                None => Ok(Command::Simple(self.simple(end)?)),
            };
        }
        self.at += if bracket { 1 } else { word.len() };
        let compound = self.deeper(|reader| reader.compound(&word, bracket, end))?;
        self.redirected(compound)
    }

    /// A command of commands with the redirections behind it.
    fn redirected(&mut self, compound: Compound) -> Result<Command, SyntaxError> {
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            let more = self.redirect()?;
            if more.is_empty() {
                return Ok(Command::Compound(Rc::new(compound), redirects));
            }
            redirects.extend(more);
        }
    }

    /// What stands behind a word that begins a command of commands, or behind a bracket.
    fn compound(&mut self, word: &str, bracket: bool, end: Option<char>) -> Result<Compound, SyntaxError> {
        Ok(match word {
            _ if bracket => Compound::Subshell(self.some(|reader| reader.script(Some(')')))?),
            "for" => self.each()?,
            "if" => self.choice()?,
            "case" => self.case()?,
            "function" => self.function(end, true)?.ok_or(SyntaxError::EndOfFile)?,
            "{" => {
                let script = self.part(&["}"])?;
                self.expect("}")?;
                Compound::Group(script)
            }
            word => {
                let test = self.part(&["do"])?;
                Compound::While { until: word == "until", test, body: self.body_of_loop()? }
            }
        })
    }

    /// Commands up to a word, at least one.
    fn part(&mut self, words: &[&str]) -> Result<Script, SyntaxError> {
        self.some(|reader| reader.list(None, words))
    }

    fn some(&mut self, read: impl FnOnce(&mut Self) -> Result<Script, SyntaxError>) -> Result<Script, SyntaxError> {
        let script = read(self)?;
        if script.0.is_empty() {
            let token = self.keyword().unwrap_or_else(|| ")".to_owned());
            return Err(SyntaxError::Unexpected { token });
        }
        Ok(script)
    }

    fn body_of_loop(&mut self) -> Result<Script, SyntaxError> {
        self.expect("do")?;
        let body = self.part(&["done"])?;
        self.expect("done")?;
        Ok(body)
    }

    fn each(&mut self) -> Result<Compound, SyntaxError> {
        self.blanks();
        if self.peek().is_none() {
            return Err(SyntaxError::EndOfFile);
        }
        if self.peek() == Some('(') {
            return self.count();
        }
        let mut name = String::new();
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            name.extend(self.next());
        }
        if name.is_empty() {
            let token = self.peek().map_or_else(String::new, String::from);
            return Err(SyntaxError::Unexpected { token });
        }
        if self.over_arguments() {
            let all = super::Part::Variable { name: "@".to_owned(), quoted: true };
            return Ok(Compound::For { name, words: vec![Word(vec![all])], body: self.body_of_loop()? });
        }
        self.expect("in")?;
        let mut words = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => return Err(SyntaxError::EndOfFile),
                Some(';' | '\n') => break,
                Some(c @ ('|' | '&' | '<' | '>' | '(' | ')')) => {
                    return Err(SyntaxError::Unexpected { token: c.to_string() });
                }
                Some(_) => words.push(self.word()?),
            }
        }
        Ok(Compound::For { name, words, body: self.body_of_loop()? })
    }

    /// `((BEGIN; TEST; STEP))` and the body, behind `for`.
    fn count(&mut self) -> Result<Compound, SyntaxError> {
        let Some(inside) = self.double_brackets() else { return Err(self.found()) };
        let mut parts = inside.split(';');
        let (Some(begin), Some(test), Some(step), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SyntaxError::Unexpected { token: "))".to_owned() });
        };
        let (begin, test, step) = (self.body(begin)?, self.body(test)?, self.body(step)?);
        Ok(Compound::Count { begin, test, step, body: self.body_of_loop()? })
    }

    /// The text in `((...))`, where it is one; two subshells may begin alike.
    fn double_brackets(&mut self) -> Option<String> {
        let begun = self.at;
        if self.chars.get(begun + 1) == Some(&'(') {
            self.at += 2;
            if let Ok(text) = self.bracketed(')', 1)
                && self.eat(')')
            {
                return Some(text);
            }
        }
        self.at = begun;
        None
    }

    /// Whether a loop names no words: it is over the arguments then.
    fn over_arguments(&self) -> bool {
        let rest = &self.chars[self.at..];
        let blanks = rest.iter().take_while(|c| c.is_whitespace()).count();
        let rest: String = rest[blanks..].iter().take(3).collect();
        rest.starts_with(';') || (rest.starts_with("do") && !rest.ends_with(char::is_alphanumeric)) || rest == "do"
    }

    fn choice(&mut self) -> Result<Compound, SyntaxError> {
        let mut arms = Vec::new();
        loop {
            let test = self.part(&["then"])?;
            self.expect("then")?;
            arms.push((test, self.part(&["elif", "else", "fi"])?));
            let word = self.keyword().unwrap_or_default();
            self.expect(&word)?;
            match word.as_str() {
                "elif" => {}
                "else" => {
                    let other = Some(self.part(&["fi"])?);
                    self.expect("fi")?;
                    return Ok(Compound::If { arms, other });
                }
                _ => return Ok(Compound::If { arms, other: None }),
            }
        }
    }

    /// `>FILE`, `>>FILE`, `2>FILE`, `2>&1`, `&>FILE`, `<FILE`, `<<WORD`, `<<<WORD`; nothing where none stands.
    pub(super) fn redirect(&mut self) -> Result<Vec<Redirect>, SyntaxError> {
        let (from, skip, both) = match &self.chars[self.at..] {
            ['<', ..] => return self.input(1),
            ['0', '<', ..] => return self.input(2),
            ['>', ..] => (1, 1, false),
            ['1', '>', ..] => (1, 2, false),
            ['2', '>', ..] => (2, 2, false),
            ['&', '>', ..] => (1, 2, true),
            _ => return Ok(Vec::new()),
        };
        self.at += skip;
        let append = self.eat('>');
        if self.eat('&') {
            return match self.next() {
                Some('1') => Ok(vec![Redirect { from, to: RedirectTo::Stdout }]),
                Some('2') => Ok(vec![Redirect { from, to: RedirectTo::Stderr }]),
                other => Err(SyntaxError::Unexpected { token: other.map_or_else(|| "newline".into(), String::from) }),
            };
        }
        self.eat('|');
        let word = self.target()?;
        let mut redirects = vec![Redirect { from, to: RedirectTo::File { word, append } }];
        redirects.extend(both.then_some(Redirect { from: 2, to: RedirectTo::Stdout }));
        Ok(redirects)
    }

    fn target(&mut self) -> Result<Word, SyntaxError> {
        self.blanks();
        let word = self.word()?;
        if word.0.is_empty() {
            let token = self.peek().filter(|c| *c != '\n').map_or_else(|| "newline".to_owned(), String::from);
            return Err(SyntaxError::Unexpected { token });
        }
        Ok(word)
    }

    fn input(&mut self, skip: usize) -> Result<Vec<Redirect>, SyntaxError> {
        self.at += skip;
        let to = match &self.chars[self.at..] {
            ['<', '<', ..] => {
                self.at += 2;
                RedirectTo::String(self.target()?)
            }
            ['<', ..] => {
                self.at += 1;
                let tabs = self.eat('-');
                self.document(tabs)?
            }
            ['(', ..] => {
                return Err(SyntaxError::NotSimulated { word: "<( )".to_owned(), near: "a pipe" });
            }
            _ => RedirectTo::Input(self.target()?),
        };
        Ok(vec![Redirect { from: 0, to }])
    }

    /// A here-document: its lines are taken out from behind the line on which it is asked for.
    fn document(&mut self, tabs: bool) -> Result<RedirectTo, SyntaxError> {
        self.blanks();
        let begun = self.at;
        let word = self.target()?;
        let quoted = self.chars[begun..self.at].iter().any(|c| matches!(c, '\'' | '"' | '\\'));
        let wanted: String = word.0.iter().map(super::Part::plain).collect();
        self.documents += 1;
        if self.documents > MAX_DOCUMENTS {
            return Err(SyntaxError::TooDeep);
        }
        let first = self.chars[self.at..].iter().position(|c| *c == '\n').map(|n| self.at + n + 1);
        let mut body = String::new();
        let mut found = false;
        if let Some(first) = first {
            let mut at = first;
            while at < self.chars.len() && !found {
                let end = self.chars[at..].iter().position(|c| *c == '\n').map_or(self.chars.len(), |n| at + n);
                let line: String = self.chars[at..end].iter().collect();
                let line = if tabs { line.trim_start_matches('\t') } else { &line };
                found = line.trim_end_matches('\r') == wanted;
                if !found {
                    body += line;
                    body += if end < self.chars.len() { "\n" } else { "" };
                }
                at = (end + 1).min(self.chars.len());
            }
            self.chars.drain(first..at);
        }
        self.goes_on |= !found;
        if !found && !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        let text = super::Part::Text { text: body.clone(), quoted: true };
        let body = if quoted { Word(vec![text]) } else { self.body(&body)? };
        Ok(RedirectTo::Document { body, wanted: (!found).then_some(wanted) })
    }

    /// Text in which only `$`, backquotes and backslashes mean something.
    pub(super) fn body(&mut self, text: &str) -> Result<Word, SyntaxError> {
        if self.depth >= MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        let mut reader = Reader::new(text, self.depth + 1);
        let (mut parts, mut text) = (Vec::new(), String::new());
        while let Some(c) = reader.peek() {
            match (c, reader.chars.get(reader.at + 1)) {
                ('\\', Some('\n')) => reader.at += 2,
                ('\\', Some(escaped @ ('\\' | '$' | '`'))) => {
                    text.push(*escaped);
                    reader.at += 2;
                }
                ('$' | '`', _) => {
                    flush(&mut parts, &mut text, true);
                    parts.push(reader.expansion(true)?);
                }
                _ => {
                    text.push(c);
                    reader.at += 1;
                }
            }
        }
        flush(&mut parts, &mut text, true);
        Ok(Word(parts))
    }

    /// Text up to the bracket that closes, which is taken too.
    pub(super) fn bracketed(&mut self, close: char, mut open: usize) -> Result<String, SyntaxError> {
        let other = if close == ')' { '(' } else { '{' };
        let mut text = String::new();
        loop {
            let Some(c) = self.next() else { return Err(SyntaxError::Unterminated { quote: close }) };
            open = open + usize::from(c == other) - usize::from(c == close);
            if open == 0 {
                return Ok(text);
            }
            text.push(c);
        }
    }
}

impl super::Part {
    /// Its text, where nothing is expanded.
    fn plain(&self) -> &str {
        match self {
            Self::Text { text, .. } => text,
            _ => "",
        }
    }
}
