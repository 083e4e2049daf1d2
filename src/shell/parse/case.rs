//! `case` and functions. Source: bash(1), "Compound Commands", "Shell Function Definitions".

use super::tree::{Arm, Then};
use super::{Command, Compound, Reader, SyntaxError, Word};
use std::rc::Rc;

impl Reader {
    /// Skips blanks and the ends of lines.
    pub(super) fn rest_of_lines(&mut self) {
        self.blanks();
        while self.eat('\n') {
            self.blanks();
        }
    }

    /// What stands here, as an error names it.
    pub(super) fn found(&self) -> SyntaxError {
        if let Some(end) = self.arm_end() {
            return SyntaxError::Unexpected { token: end.text().to_owned() };
        }
        let ends = |c: &char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | '(' | ')');
        let word: String = self.chars[self.at..].iter().take_while(|c| !ends(c)).collect();
        match self.peek() {
            None => SyntaxError::EndOfFile,
            Some('\n') => SyntaxError::Unexpected { token: "newline".to_owned() },
            Some(sign) if word.is_empty() => SyntaxError::Unexpected { token: sign.to_string() },
            Some(_) => SyntaxError::Unexpected { token: word },
        }
    }

    fn is_at(&self, word: &str) -> bool {
        self.keyword().is_some_and(|found| found == word)
    }

    /// `WORD in PATTERN) ...;; esac`, behind `case`.
    pub(super) fn case(&mut self) -> Result<Compound, SyntaxError> {
        self.blanks();
        let word = self.word()?;
        if word.0.is_empty() {
            return Err(self.found());
        }
        self.rest_of_lines();
        if !self.is_at("in") {
            return Err(self.found());
        }
        self.at += 2;
        let mut arms = Vec::new();
        loop {
            self.rest_of_lines();
            if self.is_at("esac") {
                self.at += 4;
                return Ok(Compound::Case { word, arms });
            }
            let (arm, last) = self.arm()?;
            arms.push(arm);
            if last && !self.is_at("esac") {
                return Err(self.found());
            }
        }
    }

    /// One arm, and whether nothing says that another follows.
    fn arm(&mut self) -> Result<(Arm, bool), SyntaxError> {
        self.eat('(');
        let patterns = self.patterns()?;
        let body = self.list(None, &["esac"])?;
        let end = self.arm_end();
        self.at += end.map_or(0, |end| end.text().len());
        Ok((Arm { patterns, body, then: end.unwrap_or(Then::Done) }, end.is_none()))
    }

    /// `PATTERN | PATTERN)`
    fn patterns(&mut self) -> Result<Vec<Word>, SyntaxError> {
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            let word = self.word()?;
            if word.0.is_empty() {
                return Err(self.found());
            }
            patterns.push(word);
            self.blanks();
            if self.eat(')') {
                return Ok(patterns);
            }
            if !self.eat('|') {
                return Err(self.found());
            }
        }
    }

    /// What ends an arm here: `;;`, `;&` or `;;&`.
    pub(super) fn arm_end(&self) -> Option<Then> {
        match &self.chars[self.at..] {
            [';', ';', '&', ..] => Some(Then::Test),
            [';', ';', ..] => Some(Then::Done),
            [';', '&', ..] => Some(Then::Next),
            _ => None,
        }
    }

    /// A word that may be the name of a function, and where a bracket behind it ends.
    fn named(&self) -> (String, Option<usize>) {
        let rest = &self.chars[self.at..];
        let ends = |c: &char| c.is_whitespace() || ";|&<>()$'\"`\\=".contains(*c);
        let name: Vec<char> = rest.iter().take_while(|c| !ends(c)).copied().collect();
        let blanks = rest[name.len()..].iter().take_while(|c| matches!(c, ' ' | '\t')).count();
        let open = name.len() + blanks;
        let bracket = !name.is_empty() && rest.get(open) == Some(&'(');
        (name.iter().collect(), bracket.then_some(self.at + open + 1))
    }

    /// `NAME () BODY`, or behind the word `function` also `NAME BODY`; nothing where no function begins.
    pub(super) fn function(&mut self, end: Option<char>, word: bool) -> Result<Option<Compound>, SyntaxError> {
        self.blanks();
        let (name, bracket) = self.named();
        match bracket {
            Some(behind) => {
                self.at = behind;
                self.blanks();
                if !self.eat(')') {
                    return Err(self.found());
                }
            }
            None if !word => return Ok(None),
            None if name.is_empty() => return Err(self.found()),
            None => self.at += name.chars().count(),
        }
        self.definition(end, name).map(Some)
    }

    /// The body of a function: a command of commands.
    fn definition(&mut self, end: Option<char>, name: String) -> Result<Compound, SyntaxError> {
        self.rest_of_lines();
        let (begins, there) = (self.found(), self.peek().is_some());
        match self.nested_command(end) {
            Ok(Command::Compound(body, redirects)) if !matches!(*body, Compound::Function { .. }) => {
                Ok(Compound::Function { name, body, redirects: Rc::new(redirects) })
            }
            Err(error) if there => Err(error),
            _ => Err(begins),
        }
    }

    fn nested_command(&mut self, end: Option<char>) -> Result<Command, SyntaxError> {
        self.deeper(|reader| reader.command(end))
    }

    /// Reads what is nested, a few deep.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        self.depth += 1;
        if self.depth > super::MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }
}

impl Then {
    const fn text(self) -> &'static str {
        match self {
            Self::Done => ";;",
            Self::Next => ";&",
            Self::Test => ";;&",
        }
    }
}
