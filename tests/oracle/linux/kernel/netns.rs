//! One network namespace, held by a thread that lives in it. Nothing has a name outside this process, and the kernel
//! takes all away when the thread ends.

use nix::sched::{CloneFlags, unshare};
use nix::unistd::gettid;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

#[derive(Debug)]
pub(crate) struct Netns {
    /// Thread id, by which `ip link ... netns` and `/proc` know the namespace.
    pub(crate) id: i32,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Netns {
    pub(crate) fn new() -> Self {
        let (jobs, work) = channel::<Job>();
        let (tell, told) = channel();
        let thread = thread::spawn(move || {
            unshare(CloneFlags::CLONE_NEWNET).unwrap_or_else(|e| panic!("no network namespace: {e}"));
            tell.send(gettid().as_raw()).unwrap();
            for job in work {
                job();
            }
        });
        let id = told.recv().expect("a network namespace");
        Self { id, jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs a job in the namespace and waits for what it gives.
    pub(crate) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        let (tell, told) = channel();
        let job = move || {
            let _ = tell.send(job());
        };
        self.jobs.as_ref().unwrap().send(Box::new(job)).unwrap();
        told.recv().expect("the job ran to its end")
    }

    /// Path of the namespace, as the CNI plugins take it.
    pub(crate) fn path(&self) -> String {
        format!("/proc/{}/task/{}/ns/net", std::process::id(), self.id)
    }

    /// Runs a program with this text as its input; gives its output.
    pub(crate) fn feed(&self, program: &str, words: &[&str], input: String) -> String {
        let (program, words) = (program.to_owned(), words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        self.run(move || feed(Command::new(program).args(words), &input))
    }

    /// Commands of `ip`, one a line.
    pub(crate) fn ip(&self, batch: &[String]) {
        if !batch.is_empty() {
            self.feed("ip", &["-batch", "-"], batch.join("\n") + "\n");
        }
    }

    /// What a program prints that may fail at some of its input.
    pub(crate) fn attempt(&self, program: &str, words: &[&str], input: String) -> String {
        let (program, words) = (program.to_owned(), words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        self.run(move || fed(Command::new(program).args(words), &input).1)
    }

    pub(crate) fn output(&self, program: &str, words: &[&str]) -> String {
        self.feed(program, words, String::new())
    }

    /// Writes settings below `/proc/sys/net`; one that this kernel does not have is passed over.
    pub(crate) fn sysctl(&self, settings: Vec<(String, String)>) {
        self.run(move || {
            for (name, value) in settings {
                let path = Path::new("/proc/sys/net").join(name);
                if path.exists() {
                    fs::write(&path, value).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                }
            }
        });
    }
}

fn feed(command: &mut Command, input: &str) -> String {
    let (output, said) = fed(command, input);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}\n{said}\n{input}");
    said
}

fn fed(command: &mut Command, input: &str) -> (Output, String) {
    let what = format!("{command:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{what}: {e}"));
    // A program that ends early says why itself.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, said)
}

impl Drop for Netns {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
