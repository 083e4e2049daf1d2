//! Words of a command line.

use crate::run::{Failure, Outcome, fail};

/// The words after a subcommand, taken one by one.
#[derive(Debug)]
pub(crate) struct Args {
    words: Vec<String>,
}

impl Args {
    pub(crate) fn new(words: &[String]) -> Self {
        Self { words: words.to_vec() }
    }

    /// Takes a word such as `--release`; says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes a word such as `--port` and the word after it.
    pub(crate) fn value(&mut self, name: &str) -> Outcome<Option<String>> {
        let Some(index) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        self.words.remove(index);
        if index == self.words.len() {
            return fail(format!("{name} needs a value"));
        }
        Ok(Some(self.words.remove(index)))
    }

    /// All words that are left.
    pub(crate) fn rest(self) -> Vec<String> {
        self.words
    }

    /// Fails if a word is left.
    pub(crate) fn end(self) -> Outcome {
        self.words.first().map_or(Ok(()), |word| Err(Failure(format!("unknown word {word}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args::new(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn takes_words() {
        let mut words = args("--port 80 --release");
        assert!(words.flag("--release") && !words.flag("--release"));
        assert_eq!(words.value("--port").unwrap().as_deref(), Some("80"));
        assert!(words.end().is_ok());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(args("--what").end().is_err());
        assert!(args("--port").value("--port").is_err());
    }
}
