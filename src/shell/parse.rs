//! Reads a line of the terminal as bash would: quoting, variables, command substitution, pipes, lists, comments. Own,
//! since the parsers that there are bring a whole shell language, many times the size of what is typed here.
//! Source: bash(1), "Shell Grammar" and "Quoting".

mod assignment;
mod case;
mod compound;
mod test;
mod tree;

pub use tree::{
    Arm, Assigned, Assignment, Command, Compound, Item, Part, Redirect, RedirectTo, Script, Simple, SyntaxError, Test,
    Then, When, Word,
};

/// Deepest nesting of command substitutions.
const MAX_DEPTH: usize = 16;
/// Longest script in bytes: what somebody pastes, and not a file of another kind.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads a script.
pub fn parse(text: &str) -> Result<Script, SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::TooLong { bytes: text.len() });
    }
    Reader::new(text, 0).script(None)
}

/// Reads a script up to the first error. The lines before the one with the error are whole: bash runs them.
pub fn parse_lines(text: &str) -> (Script, Option<SyntaxError>) {
    if text.len() > MAX_BYTES {
        return (Script::default(), Some(SyntaxError::TooLong { bytes: text.len() }));
    }
    let mut reader = Reader::new(text, 0);
    let mut items = Vec::new();
    let error = reader.items(None, &[], &mut items).err();
    if error.is_some() {
        items.truncate(reader.whole);
    }
    (Script(items), error)
}

/// Reads a word that stands inside of `${NAME:-WORD}`.
pub(super) fn inner(text: &str) -> Result<Word, SyntaxError> {
    // Blanks do not end it.
    let mut reader = Reader::new(text, MAX_DEPTH / 2);
    let mut parts = Vec::new();
    while reader.peek().is_some() {
        let word = reader.word()?;
        parts.extend(word.0);
        if let Some(c) = reader.next() {
            parts.push(Part::Text { text: c.to_string(), quoted: true });
        }
    }
    Ok(Word(parts))
}

/// What somebody has typed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Whole(Script),
    /// A quote or a bracket is open, or the end says that more follows: bash asks with `> `.
    Unfinished,
}

/// Reads lines as they are typed. Source: bash(1), `PS2`.
pub fn parse_typed(text: &str) -> Result<Typed, SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::TooLong { bytes: text.len() });
    }
    let mut reader = Reader::new(text, 0);
    match reader.script(None) {
        Err(SyntaxError::Unterminated { .. } | SyntaxError::EndOfFile) => Ok(Typed::Unfinished),
        _ if reader.goes_on => Ok(Typed::Unfinished),
        read => read.map(Typed::Whole),
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    /// Whether the text ends where a command cannot: behind a backslash, a pipe, `&&`, `||`, in a here-document.
    goes_on: bool,
    /// Here-documents that were read.
    documents: usize,
    /// Commands of the whole text that stand on lines that have ended.
    whole: usize,
}

impl Reader {
    fn new(text: &str, depth: usize) -> Self {
        Self { chars: text.chars().collect(), at: 0, depth, goes_on: false, documents: 0, whole: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Skips blanks, continued lines and a comment.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.chars.get(self.at + 1) == Some(&'\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn script(&mut self, end: Option<char>) -> Result<Script, SyntaxError> {
        let script = self.list(end, &[])?;
        // It ended where it must.
        self.at += usize::from(end.is_some());
        Ok(script)
    }

    /// Commands up to a sign, or to one of the words that end a part of a compound command; neither is taken.
    fn list(&mut self, end: Option<char>, words: &[&str]) -> Result<Script, SyntaxError> {
        let mut items = Vec::new();
        self.items(end, words, &mut items)?;
        Ok(Script(items))
    }

    fn items(&mut self, end: Option<char>, words: &[&str], items: &mut Vec<Item>) -> Result<(), SyntaxError> {
        let mut when = When::Always;
        let outermost = end.is_none() && words.is_empty();
        loop {
            if outermost && when == When::Always && self.at > 0 && self.chars.get(self.at - 1) == Some(&'\n') {
                self.whole = items.len();
            }
            self.blanks();
            if when == When::Always && self.keyword().is_some_and(|word| words.contains(&word.as_str())) {
                break;
            }
            match self.peek() {
                None if end.is_some() => return Err(SyntaxError::Unterminated { quote: ')' }),
                None if !words.is_empty() => return Err(SyntaxError::EndOfFile),
                None => break,
                c if c == end => break,
                Some('\n') => self.at += 1,
                _ if self.arm_end().is_some() => match words {
                    ["esac"] if when == When::Always => break,
                    _ => return Err(self.found()),
                },
                Some(c @ (';' | '&' | '|' | ')')) => return Err(SyntaxError::Unexpected { token: c.to_string() }),
                Some(_) => {
                    let negated = self.negated();
                    let pipeline = self.pipeline(end)?;
                    let item = Item { when, pipeline, negated, background: false };
                    let background = self.separator(&mut when, item, items)?;
                    if let (true, Some(last)) = (background, items.last_mut()) {
                        let last: &mut Item = last;
                        last.background = true;
                    }
                }
            }
        }
        if when == When::Always { Ok(()) } else { Err(SyntaxError::Unexpected { token: "newline".into() }) }
    }

    /// Stores a pipeline and reads what stands behind it; `true` for a single `&`.
    fn separator(&mut self, when: &mut When, item: Item, items: &mut Vec<Item>) -> Result<bool, SyntaxError> {
        items.push(item);
        *when = When::Always;
        self.blanks();
        match self.peek() {
            Some(';') if self.arm_end().is_some() => Ok(false),
            Some(';' | '\n') => {
                self.at += 1;
                Ok(false)
            }
            Some('&') => {
                self.at += 1;
                if self.eat('&') {
                    *when = When::Success;
                    self.lines();
                    return Ok(false);
                }
                Ok(true)
            }
            Some('|') => {
                self.at += 1;
                if !self.eat('|') {
                    return Err(SyntaxError::Unexpected { token: "|".into() });
                }
                *when = When::Failure;
                self.lines();
                Ok(false)
            }
            _ => Ok(false),
        }
    }

    /// A list goes on behind `&&`, `||` and `|`, also on the next line.
    fn lines(&mut self) {
        self.blanks();
        while self.eat('\n') {
            self.blanks();
        }
        self.goes_on |= self.peek().is_none();
    }

    fn pipeline(&mut self, end: Option<char>) -> Result<Vec<Command>, SyntaxError> {
        let mut commands = vec![self.command(end)?];
        loop {
            self.blanks();
            if self.peek() != Some('|') || self.chars.get(self.at + 1) == Some(&'|') {
                return Ok(commands);
            }
            self.at += 1;
            self.lines();
            commands.push(self.command(end)?);
        }
    }

    fn simple(&mut self, end: Option<char>) -> Result<Simple, SyntaxError> {
        let mut command = Simple::default();
        loop {
            self.blanks();
            let Some(c) = self.peek() else { break };
            if Some(c) == end || matches!(c, '\n' | ';' | '|' | ')') {
                break;
            }
            if c == '&' && self.chars.get(self.at + 1) != Some(&'>') {
                break;
            }
            let redirects = self.redirect()?;
            if !redirects.is_empty() {
                command.redirects.extend(redirects);
                continue;
            }
            if matches!(c, '<' | '(') {
                return Err(SyntaxError::Unexpected { token: c.to_string() });
            }
            if command.words.is_empty()
                && let Some(assigned) = self.assignment()?
            {
                command.assignments.push(assigned);
                continue;
            }
            if let Some(declared) = self.declared(&command)? {
                let name = Part::Text { text: declared.name.clone(), quoted: true };
                command.words.push(Word(vec![name]));
                command.declared.push(declared);
                continue;
            }
            command.words.push(self.word()?);
        }
        if command == Simple::default() {
            let token = self.peek().map_or_else(|| "newline".to_owned(), String::from);
            return Err(SyntaxError::Unexpected { token });
        }
        Ok(command)
    }

    fn word(&mut self) -> Result<Word, SyntaxError> {
        let mut parts = Vec::new();
        let mut text = String::new();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '>' | '<' | ')' | '(' => break,
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') => {}
                        Some(escaped) => {
                            flush(&mut parts, &mut text, false);
                            parts.push(Part::Text { text: escaped.to_string(), quoted: true });
                        }
                        None => {
                            self.goes_on = true;
                            text.push('\\');
                        }
                    }
                }
                '\'' => {
                    flush(&mut parts, &mut text, false);
                    self.at += 1;
                    let quoted = self.until('\'')?;
                    parts.push(Part::Text { text: quoted, quoted: true });
                }
                '"' => {
                    flush(&mut parts, &mut text, false);
                    self.at += 1;
                    self.double(&mut parts)?;
                }
                '$' | '`' => {
                    flush(&mut parts, &mut text, false);
                    parts.push(self.expansion(false)?);
                }
                _ => {
                    text.push(c);
                    self.at += 1;
                }
            }
        }
        flush(&mut parts, &mut text, false);
        Ok(Word(parts))
    }

    fn until(&mut self, quote: char) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some(c) if c == quote => return Ok(text),
                Some(c) => text.push(c),
                None => return Err(SyntaxError::Unterminated { quote }),
            }
        }
    }

    fn double(&mut self, parts: &mut Vec<Part>) -> Result<(), SyntaxError> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(SyntaxError::Unterminated { quote: '"' }),
                Some('"') => {
                    self.at += 1;
                    // Also an empty one: it makes a word.
                    parts.push(Part::Text { text, quoted: true });
                    return Ok(());
                }
                Some('\\') if matches!(self.chars.get(self.at + 1), Some('"' | '\\' | '$' | '`')) => {
                    text.push(self.chars[self.at + 1]);
                    self.at += 2;
                }
                Some('$' | '`') => {
                    flush(parts, &mut text, true);
                    parts.push(self.expansion(true)?);
                }
                Some(c) => {
                    text.push(c);
                    self.at += 1;
                }
            }
        }
    }

    /// `$NAME`, `${NAME}`, `$(...)`, `$((...))`, backquotes; a lone `$` is text.
    fn expansion(&mut self, quoted: bool) -> Result<Part, SyntaxError> {
        if self.eat('`') {
            let inner = self.until('`')?;
            return self.nested(&inner, quoted);
        }
        self.at += 1;
        if self.chars.get(self.at..self.at + 2) == Some(&['(', '(']) {
            self.at += 2;
            let text = self.bracketed(')', 1)?;
            if !self.eat(')') {
                return Err(SyntaxError::Unterminated { quote: ')' });
            }
            return Ok(Part::Arithmetic { text: self.body(&text)?, quoted });
        }
        if self.eat('(') {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(SyntaxError::TooDeep);
            }
            let script = self.script(Some(')'))?;
            self.depth -= 1;
            return Ok(Part::Substitution { script, quoted });
        }
        if self.eat('{') {
            let text = self.bracketed('}', 1)?;
            let plain = matches!(text.as_str(), "?" | "@" | "*" | "#")
                || (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
            return Ok(if plain { Part::Variable { name: text, quoted } } else { Part::Parameter { text, quoted } });
        }
        let mut name = String::new();
        if let Some(sign) = self.peek().filter(|c| matches!(c, '?' | '$' | '!' | '#' | '@' | '*')) {
            self.at += 1;
            return Ok(Part::Variable { name: sign.to_string(), quoted });
        }
        if let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            self.at += 1;
            return Ok(Part::Variable { name: digit.to_string(), quoted });
        }
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            name.extend(self.next());
        }
        let plain = name.is_empty();
        Ok(if plain { Part::Text { text: "$".into(), quoted } } else { Part::Variable { name, quoted } })
    }

    fn nested(&mut self, inner: &str, quoted: bool) -> Result<Part, SyntaxError> {
        if self.depth >= MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        let mut reader = Reader::new(inner, self.depth + 1);
        Ok(Part::Substitution { script: reader.script(None)?, quoted })
    }
}

fn flush(parts: &mut Vec<Part>, text: &mut String, quoted: bool) {
    if !text.is_empty() {
        parts.push(Part::Text { text: std::mem::take(text), quoted });
    }
}
