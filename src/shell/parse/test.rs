//! What stands in `[[ ]]`. Source: bash(1), "Compound Commands", "CONDITIONAL EXPRESSIONS".

use super::{Part, Reader, SyntaxError, Test, Word};

const SIGNS: [&str; 14] = ["=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot"];

/// Text of a word that is one plain text.
fn plain(word: &Word) -> Option<&str> {
    match word.0.as_slice() {
        [Part::Text { text, quoted: false }] => Some(text),
        _ => None,
    }
}

impl Reader {
    pub(super) fn is_test(&self) -> bool {
        matches!(&self.chars[self.at..], ['[', '[', next, ..] if next.is_whitespace())
    }

    /// Up to `]]`.
    pub(super) fn test(&mut self) -> Result<Test, SyntaxError> {
        let test = self.any()?;
        if !self.ends_test() {
            return Err(self.found());
        }
        self.at += 2;
        Ok(test)
    }

    fn ends_test(&self) -> bool {
        let ends = |c: &char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | '(' | ')');
        self.starts("]]") && self.chars.get(self.at + 2).is_none_or(ends)
    }

    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(at, c)| self.chars.get(self.at + at) == Some(&c))
    }

    fn any(&mut self) -> Result<Test, SyntaxError> {
        self.several("||", Self::all, Test::Any)
    }

    fn all(&mut self) -> Result<Test, SyntaxError> {
        self.several("&&", Self::one, Test::All)
    }

    fn several(
        &mut self,
        sign: &str,
        read: fn(&mut Self) -> Result<Test, SyntaxError>,
        joined: fn(Vec<Test>) -> Test,
    ) -> Result<Test, SyntaxError> {
        let first = read(self)?;
        let mut tests = vec![first];
        while self.starts(sign) {
            self.at += 2;
            tests.push(read(self)?);
        }
        Ok(if tests.len() > 1 { joined(tests) } else { tests.remove(0) })
    }

    /// One test, and the blanks behind it.
    fn one(&mut self) -> Result<Test, SyntaxError> {
        self.rest_of_lines();
        let test = if self.starts("! ") {
            self.at += 1;
            Test::Not(Box::new(self.deeper(Self::one)?))
        } else if self.eat('(') {
            let inside = self.deeper(Self::any)?;
            if !self.eat(')') {
                return Err(self.found());
            }
            inside
        } else {
            self.words_of_test()?
        };
        self.rest_of_lines();
        Ok(test)
    }

    fn words_of_test(&mut self) -> Result<Test, SyntaxError> {
        let first = self.operand()?;
        self.blanks();
        let over =
            |reader: &Self| reader.ends_test() || matches!(reader.peek(), None | Some('|' | '&' | ')' | '\n' | ';'));
        if over(self) {
            return Ok(Test::Word(first));
        }
        if let Some(sign) = plain(&first).filter(|text| text.len() == 2 && text.starts_with('-')) {
            return Ok(Test::One(sign.to_owned(), self.operand()?));
        }
        let sign = if let Some(c @ ('<' | '>')) = self.peek() {
            self.at += 1;
            c.to_string()
        } else {
            let word = self.operand()?;
            plain(&word).filter(|sign| SIGNS.contains(sign)).ok_or_else(|| self.found())?.to_owned()
        };
        self.blanks();
        let second = if sign == "=~" { self.expression()? } else { self.operand()? };
        Ok(Test::Two(first, sign, second))
    }

    fn operand(&mut self) -> Result<Word, SyntaxError> {
        let word = if self.ends_test() { Word::default() } else { self.word()? };
        if word.0.is_empty() { Err(self.found()) } else { Ok(word) }
    }

    /// A regular expression: brackets and bars are part of it.
    fn expression(&mut self) -> Result<Word, SyntaxError> {
        let mut parts = Vec::new();
        let mut open = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                ')' if open == 0 => break,
                '(' => open += 1,
                ')' => open -= 1,
                '|' | '<' | '>' => {}
                c if c.is_whitespace() && open > 0 => {}
                c if c.is_whitespace() || matches!(c, ';' | '&') => break,
                _ => {
                    parts.extend(self.word()?.0);
                    continue;
                }
            }
            self.at += 1;
            parts.push(Part::Text { text: c.to_string(), quoted: false });
        }
        if parts.is_empty() || open > 0 { Err(self.found()) } else { Ok(Word(parts)) }
    }
}
