//! Assignments before a command or in place of one. Source: bash(1), "PARAMETERS", "Arrays".

use super::{Assigned, Assignment, Reader, Simple, SyntaxError, Word};

/// Longest name with its index, in letters.
const MAX_NAME: usize = 256;

/// Commands behind which arrays may stand.
const DECLARING: [&str; 4] = ["local", "declare", "readonly", "export"];

/// Where the parts of `NAME[INDEX]+=` end, counted from its beginning.
struct Ends {
    name: usize,
    index: usize,
    sign: usize,
}

impl Ends {
    fn of(chars: &[char]) -> Option<Self> {
        let chars = chars.get(..MAX_NAME).unwrap_or(chars);
        let name = chars.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
        if name == 0 || chars[0].is_ascii_digit() {
            return None;
        }
        let index = if chars.get(name) == Some(&'[') { name + bracket(&chars[name..])? } else { name };
        match &chars[index..] {
            ['=', ..] => Some(Self { name, index, sign: index + 1 }),
            ['+', '=', ..] => Some(Self { name, index, sign: index + 2 }),
            _ => None,
        }
    }
}

/// Length of what stands in square brackets, with them.
fn bracket(chars: &[char]) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in chars.iter().enumerate() {
        match c {
            '[' => open += 1,
            ']' if open == 1 => return Some(at + 1),
            ']' => open -= 1,
            '\n' | ';' => return None,
            _ => {}
        }
    }
    None
}

impl Reader {
    /// An assignment, where one stands.
    pub(super) fn assignment(&mut self) -> Result<Option<Assignment>, SyntaxError> {
        let Some(ends) = Ends::of(&self.chars[self.at..]) else { return Ok(None) };
        let text = |from: usize, to: usize| self.chars[self.at + from..self.at + to].iter().collect::<String>();
        let (name, index) = (text(0, ends.name), text(ends.name, ends.index));
        self.at += ends.sign;
        let inside = index.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let index = inside.map(|text| self.body(text)).transpose()?;
        let appends = self.chars[self.at - 2] == '+';
        let value = match index {
            None if self.eat('(') => Assigned::List(self.elements()?),
            _ => Assigned::Text(self.word()?),
        };
        Ok(Some(Assignment { name, index, appends, value }))
    }

    /// An array behind a command that declares variables.
    pub(super) fn declared(&mut self, command: &Simple) -> Result<Option<Assignment>, SyntaxError> {
        let begins = Ends::of(&self.chars[self.at..])
            .is_some_and(|ends| ends.name == ends.index && self.chars.get(self.at + ends.sign) == Some(&'('));
        if begins && DECLARING.iter().any(|name| command.is_named(name)) { self.assignment() } else { Ok(None) }
    }

    /// Words up to the bracket that closes.
    fn elements(&mut self) -> Result<Vec<Word>, SyntaxError> {
        let mut words = Vec::new();
        loop {
            self.rest_of_lines();
            match self.peek() {
                None => return Err(SyntaxError::Unterminated { quote: ')' }),
                Some(')') => {
                    self.at += 1;
                    return Ok(words);
                }
                Some('[') if Ends::of(&self.as_named()).is_some() => {
                    return Err(SyntaxError::NotSimulated {
                        word: "NAME=([INDEX]=...)".to_owned(),
                        near: "NAME[INDEX]=...",
                    });
                }
                Some(c @ (';' | '&' | '|' | '<' | '>' | '(')) => {
                    return Err(SyntaxError::Unexpected { token: c.to_string() });
                }
                Some(_) => words.push(self.word()?),
            }
        }
    }

    /// What stands here, behind a name of one letter.
    fn as_named(&self) -> Vec<char> {
        std::iter::once('x').chain(self.chars[self.at..].iter().take(MAX_NAME).copied()).collect()
    }
}
