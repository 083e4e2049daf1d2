//! Where the answer goes: standard output, or a file.

use super::failure::Failure;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

pub(super) struct Output<'a> {
    stdout: &'a mut dyn Write,
    file: Option<PathBuf>,
}

impl<'a> Output<'a> {
    pub(super) fn new(stdout: &'a mut dyn Write) -> Self {
        Self { stdout, file: None }
    }

    /// Sends what follows to a file; `None` leaves it at standard output.
    pub(super) fn redirect(&mut self, file: Option<PathBuf>) {
        self.file = file;
    }

    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.write(text.as_bytes())
    }

    /// Writes the whole answer. A file is replaced.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.file {
            Some(file) => fs::write(file, bytes).map_err(|error| Failure::Write { file: Some(file.clone()), error }),
            None => self.stdout.write_all(bytes).and_then(|()| self.stdout.flush()).map_err(stdout_failure),
        }
    }
}

fn stdout_failure(error: io::Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe { Failure::PipeClosed } else { Failure::Write { file: None, error } }
}
