//! Runs other programs, with a time limit, and with their output on the terminal or in a log.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Why a task could not be done, in words for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// What a task gives.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// A failure with that text.
pub(crate) fn fail<T>(text: impl Into<String>) -> Outcome<T> {
    Err(Failure(text.into()))
}

/// Says what was being done when an input or output failed.
pub(crate) fn at<T>(what: &Path, result: io::Result<T>) -> Outcome<T> {
    result.map_err(|error| Failure(format!("{}: {error}", what.display())))
}

/// Where a program's output goes.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    Terminal,
    /// To this file, after what is there already.
    Log(PathBuf),
}

impl Output {
    /// A log that starts empty.
    pub(crate) fn fresh_log(path: PathBuf) -> Outcome<Self> {
        if let Some(folder) = path.parent() {
            at(folder, fs::create_dir_all(folder))?;
        }
        at(&path, File::create(&path))?;
        Ok(Self::Log(path))
    }

    fn attach(&self, command: &mut Command) -> Outcome {
        if let Self::Log(path) = self {
            let log = at(path, File::options().create(true).append(true).open(path))?;
            command.stdout(log.try_clone()?).stderr(log);
        }
        Ok(())
    }

    /// The end of the log, for a person who wonders what went wrong.
    pub(crate) fn tail(&self) -> String {
        const LINES: usize = 60;
        let Self::Log(path) = self else { return String::new() };
        let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(LINES)..].join("\n");
        format!("\n{end}\n(whole log: {})", path.display())
    }
}

/// Runs the program to its end; any exit status but 0 is a failure.
pub(crate) fn run(command: &mut Command, output: &Output, limit: Duration) -> Outcome {
    output.attach(command)?;
    command.stdin(Stdio::null());
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|error| Failure(format!("{name}: {error}")))?;
    let started = Instant::now();
    let mut minutes = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return fail(format!("{name} was still running after {} s{}", limit.as_secs(), output.tail()));
        }
        if started.elapsed().as_secs() / 60 > minutes && matches!(output, Output::Log(_)) {
            minutes += 1;
            println!("      … {minutes} min");
        }
        thread::sleep(Duration::from_millis(50));
    };
    judge(&name, status, output)
}

fn judge(name: &str, status: ExitStatus, output: &Output) -> Outcome {
    if status.success() { Ok(()) } else { fail(format!("{name} ended with {status}{}", output.tail())) }
}

/// What the program prints on standard output, if it ends well.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let answer = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
