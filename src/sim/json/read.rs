//! From text to values. Source: RFC 8259.

use super::{Error, Kind, Value};

/// Lists and maps within each other: as deep as `serde_json` goes.
const DEEPEST: u32 = 127;

/// Reads one text.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// Bytes that are read.
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The one value of the text.
    pub(super) fn document(mut self) -> Result<Value, Error> {
        let value = self.value()?;
        match self.next_byte() {
            None => Ok(value),
            Some(_) => Err(self.wrong("trailing characters")),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not a space; it stays unread.
    fn next_byte(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.peek()
    }

    /// An error at the next byte, or at the end of the text.
    fn wrong(&self, detail: &str) -> Error {
        Error::new(self.text.len().min(self.at + 1), detail)
    }

    fn expect(&mut self, byte: u8, detail: &str) -> Result<(), Error> {
        if self.next_byte() != Some(byte) {
            return Err(self.wrong(detail));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Result<Value, Error> {
        let kind = match self.next_byte() {
            Some(b'{') => self.nested(Self::map)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            Some(_) => return Err(self.wrong("expected value")),
            None => return Err(self.wrong("EOF while parsing a value")),
        };
        Ok(Value { kind, end: self.at })
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Error> {
        for byte in word.bytes() {
            if self.peek() != Some(byte) {
                return Err(self.wrong("expected ident"));
            }
            self.at += 1;
        }
        Ok(kind)
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Kind, Error>) -> Result<Kind, Error> {
        if self.depth == DEEPEST {
            return Err(self.wrong("recursion limit exceeded"));
        }
        self.at += 1;
        self.depth += 1;
        let kind = read(self);
        self.depth -= 1;
        kind
    }

    fn list(&mut self) -> Result<Kind, Error> {
        let mut items = Vec::new();
        while self.goes_on(b']', items.is_empty())? {
            items.push(self.value()?);
        }
        Ok(Kind::List(items))
    }

    fn map(&mut self) -> Result<Kind, Error> {
        let mut entries = Vec::new();
        while self.goes_on(b'}', entries.is_empty())? {
            if self.next_byte() != Some(b'"') {
                return Err(self.wrong("key must be a string"));
            }
            let key = Kind::Text(self.string()?);
            let key = Value { kind: key, end: self.at };
            self.expect(b':', "expected `:`")?;
            entries.push((key, self.value()?));
        }
        Ok(Kind::Map(entries))
    }

    /// Whether one more item follows; reads the comma before it, or the end.
    fn goes_on(&mut self, end: u8, is_first: bool) -> Result<bool, Error> {
        let next = self.next_byte();
        if next == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        if is_first {
            return Ok(true);
        }
        self.expect(b',', if end == b']' { "expected `,` or `]`" } else { "expected `,` or `}`" })?;
        if self.next_byte() == Some(end) { Err(self.wrong("trailing comma")) } else { Ok(true) }
    }

    fn digits(&mut self) -> Result<&'a str, Error> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == from { Err(self.wrong("invalid number")) } else { Ok(&self.text[from..self.at]) }
    }

    fn number(&mut self) -> Result<Kind, Error> {
        let mut whole = self.peek() != Some(b'-');
        self.at += usize::from(!whole);
        let digits = self.digits()?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(self.wrong("invalid number"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            whole = false;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
            whole = false;
        }
        // Nothing that is saved has a sign or a fraction.
        Ok(digits.parse().ok().filter(|_| whole).map_or(Kind::OtherNumber, Kind::Number))
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let from = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
                self.at += 1;
            }
            string.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err(self.wrong("control character found while parsing a string")),
                None => return Err(self.wrong("EOF while parsing a string")),
            }
        }
        self.at += 1;
        Ok(string)
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let Some(byte) = self.peek() else { return Err(self.wrong("EOF while parsing a string")) };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(Error::new(self.at, "invalid escape")),
        })
    }

    fn unicode(&mut self) -> Result<char, Error> {
        let first = self.hex()?;
        let is_pair = (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u");
        if !is_pair {
            return char::from_u32(first).ok_or_else(|| Error::new(self.at, "lone surrogate in hex escape"));
        }
        self.at += 2;
        let second = self.hex()?.wrapping_sub(0xdc00);
        let code = (second < 0x400).then(|| 0x1_0000 + ((first - 0xd800) << 10) + second).and_then(char::from_u32);
        code.ok_or_else(|| Error::new(self.at, "lone surrogate in hex escape"))
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        let code = code.ok_or_else(|| Error::new(self.text.len().min(self.at + 4), "invalid escape"))?;
        self.at += 4;
        Ok(code)
    }
}
