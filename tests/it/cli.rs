//! The command line: its answers, its exit statuses, and what it says of bad input.

mod answers;
mod refusals;

use crate::fixture::{ARTICLE_SEED, article_actions};
use podhop::cli::{Status, run};
use podhop::sim::action::Action;
use podhop::sim::scenario::Scenario;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A file of this test run alone, gone at the end of its test.
struct Temp(PathBuf);

impl Temp {
    fn new(name: &str, content: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("podhop-{}-{number}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }

    fn scenario(more: impl IntoIterator<Item = Action>) -> Self {
        let actions = article_actions().into_iter().chain(more).collect();
        Self::new("scenario.json", &Scenario::new(ARTICLE_SEED, actions).to_text())
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What a command wrote, and how it ended.
struct Done {
    status: Status,
    out: Vec<u8>,
    err: String,
}

impl Done {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }
}

fn podhop(args: &[&str]) -> Done {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = run(args, &mut out, &mut err);
    Done { status, out, err: String::from_utf8(err).unwrap() }
}

/// A trace of a ping across the nodes of the article, with more options.
fn trace(scenario: &Temp, more: &[&str]) -> Done {
    let args = ["trace", "--scenario", scenario.path(), "--from", "10.244.1.3", "--to", "10.244.0.6"];
    podhop(&[args.as_slice(), more].concat())
}

fn exists(path: &Path) -> bool {
    path.exists()
}

/// A reader that has gone, or a disk that is full.
struct Broken(ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_closed_pipe_is_the_end_and_a_full_disk_a_failure() {
    let mut err = Vec::new();
    assert_eq!(run(["--help"], &mut Broken(ErrorKind::BrokenPipe), &mut err), Status::Done);
    assert!(err.is_empty());
    assert_eq!(run(["--help"], &mut Broken(ErrorKind::StorageFull), &mut err), Status::Bad);
    assert!(String::from_utf8(err).unwrap().starts_with("podhop: Standard output cannot be written: "));
    let closed = &mut Broken(ErrorKind::BrokenPipe);
    assert_eq!(run(["nonsense"], &mut Vec::new(), closed), Status::Bad);
}

/// Every message that the code asks for by name is there, and every message is asked for.
#[test]
fn messages_are_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ftl = fs::read_to_string(root.join("static/i18n/en/cli.ftl")).unwrap();
    let text = podhop::text::Text::new("en", &[&ftl]).unwrap();
    let mut code = String::new();
    read_all(&root.join("src/cli"), &mut code);
    let asked: Vec<&str> = code.split('"').filter(|word| word.starts_with("cli-") && !word.contains('{')).collect();
    for id in &asked {
        assert!(text.has(id), "{id} is missing");
    }
    for id in text.ids() {
        let whole = asked.contains(&id);
        let by_code = ["cli-state-", "cli-role-"].iter().any(|start| id.starts_with(start));
        assert!(whole || by_code, "nobody asks for {id}");
    }
}

fn read_all(dir: &Path, into: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
