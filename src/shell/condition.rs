//! What `[[ ]]` asks. Its words are neither split nor looked up as names of files. Source: bash(1), "CONDITIONAL
//! EXPRESSIONS".

use super::parse::{Part, Test, Word};
use super::{Output, Shell, builtin, filters};

impl Shell {
    /// Answers `[[ ]]`.
    pub(super) fn conditional(&mut self, test: &Test) -> Output {
        let (found, mut all) = self.said_of(|shell| shell.asked(test));
        if all.status == 0 {
            match found {
                Ok(holds) => all.status = u8::from(!holds),
                Err((status, why)) => all.then(&Output::fail(status, why)),
            }
        }
        all
    }

    fn asked(&mut self, test: &Test) -> Result<bool, (u8, String)> {
        let bash = |why: String| (2, format!("bash: [[: {why}"));
        match test {
            Test::Any(tests) => {
                for test in tests {
                    if self.asked(test)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Test::All(tests) => {
                for test in tests {
                    if !self.asked(test)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Test::Not(test) => self.asked(test).map(|holds| !holds),
            Test::Word(word) => Ok(!self.joined(word).is_empty()),
            Test::One(sign, word) => {
                let word = self.joined(word);
                builtin::one_sided(self, sign, &word).map_err(bash)
            }
            Test::Two(left, sign, right) => self.compared(left, sign, right),
        }
    }

    fn compared(&mut self, left: &Word, sign: &str, right: &Word) -> Result<bool, (u8, String)> {
        let text = self.joined(left);
        if let "=" | "==" | "!=" = sign {
            return Ok(self.pattern(right).fits(&text) == (sign != "!="));
        }
        if sign == "=~" {
            return self.like_expression(&text, right);
        }
        let other = self.joined(right);
        if let "<" | ">" = sign {
            return Ok(if sign == "<" { text < other } else { text > other });
        }
        // Both sides are reckoned.
        let wrong = |why: String| (1, format!("bash: [[: {why}"));
        let left = self.calculated(&text).map_err(wrong)?;
        let right = self.calculated(&other).map_err(wrong)?;
        builtin::two_sided(&left.to_string(), sign, &right.to_string()).map_err(wrong)
    }

    /// `=~`: what is quoted stands for itself; the parts that fit are in `BASH_REMATCH`.
    fn like_expression(&mut self, text: &str, right: &Word) -> Result<bool, (u8, String)> {
        let one = |(at, part): (usize, &Part)| {
            let text = self.first(part, at);
            if part.is_quoted() { filters::escaped(&text) } else { text }
        };
        let pattern: String = right.0.iter().enumerate().map(one).collect();
        let regex = filters::pattern_of(&pattern, true, false).map_err(|_| (2, String::new()))?;
        let found = regex.captures(text);
        let part =
            |at| found.as_ref().and_then(|found| found.get(at)).map_or_else(String::new, |m| m.as_str().to_owned());
        let parts = (0..found.as_ref().map_or(0, regex_lite::Captures::len)).map(part).collect();
        self.set_list("BASH_REMATCH", parts, false);
        Ok(found.is_some())
    }
}
