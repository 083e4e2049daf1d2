//! The one table of the supported commands. The dispatcher looks a command up in it, its flags are read and completed
//! by it, its help is printed from it, and the app's page of commands is drawn from it. So a command that has no row
//! cannot run. Summaries and words about flags are messages of `shell.ftl`.

mod help;
mod place;
mod real;

use super::az::{self, Answer};
use super::line::{Line, Style};
use super::{Context, Output, Shell, chroot, crictl, files, filters, kubectl, linux, run};
use crate::sim::ids::ClusterId;
use crate::sim::world::World;
pub(super) use help::{family, of};
pub(super) use real::{has_real_option, is_resource};

/// One command that can be typed.
#[derive(Debug)]
pub struct Command {
    /// The words by which it is called, such as `az network vnet create`.
    pub path: &'static str,
    /// Where it can be typed.
    pub place: Place,
    /// Its own options, beside those of its family ([`Command::all_flags`]).
    pub flags: &'static [Flag],
    /// Words behind the path, as a usage line shows them.
    pub operands: &'static str,
    pub example: Example,
    run: Run,
}

/// Where a command is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Workstation,
    Node,
    /// On nodes and in pods.
    Machine,
    Anywhere,
}

/// An option of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// `--name`, or `-n` where there is no long form.
    pub long: &'static str,
    /// `-n`; empty where there is none.
    pub short: &'static str,
    /// Other long names, without dashes.
    pub also: &'static [&'static str],
    pub required: bool,
    pub takes: Takes,
    /// Id of the message that says what it is for.
    pub about: &'static str,
    /// The values that it takes, where they are few: for completion and help.
    pub values: &'static [&'static str],
}

/// How many values an option has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    One,
    /// As many as stand there, also none.
    Many,
}

/// A line that shows the command. Words in braces stand for something of the cluster: `{node}`, `{pod}`, `{other}`
/// (address of a pod on another node), `{container}`, `{nic}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub line: &'static str,
    /// Where it is typed.
    pub at: At,
    /// Id of the message that says what must be there first, where the opening example does not have it.
    pub needs: Option<&'static str>,
}

/// Where an example is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Workstation,
    Node,
    Pod,
}

/// What runs a command.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    /// Part of the shell itself: `run.rs` knows them by name.
    Builtin,
    Az(fn(&mut Shell, &Line) -> Answer),
    Kubectl(fn(&mut Shell, &Line, ClusterId) -> Output),
    /// Gets what is written to it, and whether it stands behind a pipe.
    Filter(fn(&Line, &str) -> Output),
    Tool(fn(&mut Shell, &Line) -> Output),
    /// Reads its words itself.
    Words(fn(&mut Shell, &[String]) -> Output),
}

/// The rows of every family.
const ROWS: &[&[Command]] = &[
    az::COMMANDS,
    az::MORE_COMMANDS,
    kubectl::COMMANDS,
    crictl::COMMANDS,
    chroot::COMMANDS,
    linux::COMMANDS,
    linux::MORE_COMMANDS,
    files::COMMANDS,
    filters::COMMANDS,
    run::COMMANDS,
];

/// Families whose first word has commands below it, with the options that all of them have.
const FAMILIES: &[(&str, &[Flag])] = &[
    ("az", az::GLOBAL),
    ("kubectl", kubectl::GLOBAL),
    ("crictl", crictl::GLOBAL),
    ("ip", linux::IP_GLOBAL),
    ("bridge", linux::BRIDGE_GLOBAL),
];

/// Every supported command, by family.
pub fn commands() -> impl Iterator<Item = &'static Command> {
    ROWS.iter().flat_map(|rows| rows.iter())
}

impl Flag {
    /// An option with one value.
    pub(super) const fn one(long: &'static str, short: &'static str, about: &'static str) -> Self {
        Self { long, short, also: &[], required: false, takes: Takes::One, about, values: &[] }
    }

    /// A switch.
    pub(super) const fn on(long: &'static str, short: &'static str, about: &'static str) -> Self {
        Self { takes: Takes::Nothing, ..Self::one(long, short, about) }
    }

    pub(super) const fn many(long: &'static str, short: &'static str, about: &'static str) -> Self {
        Self { takes: Takes::Many, ..Self::one(long, short, about) }
    }

    pub(super) const fn needed(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    pub(super) const fn among(self, values: &'static [&'static str]) -> Self {
        Self { values, ..self }
    }

    /// Its letter, where it has a name of one.
    pub(super) fn letter(&self) -> Option<char> {
        let of = |name: &str| name.strip_prefix('-').filter(|n| n.len() == 1).and_then(|n| n.chars().next());
        of(self.short).or_else(|| of(self.long))
    }

    /// `--name/-n`.
    pub(super) fn names(&self) -> String {
        if self.short.is_empty() { self.long.to_owned() } else { format!("{}/{}", self.long, self.short) }
    }
}

impl Example {
    pub(super) const fn on(at: At, line: &'static str) -> Self {
        Self { line, at, needs: None }
    }

    pub(super) const fn needs(self, needs: &'static str) -> Self {
        Self { needs: Some(needs), ..self }
    }

    /// The lines to type, from the workstation and back to it; `None` where the world lacks what the example is about.
    pub fn lines(&self, world: &World) -> Option<Vec<String>> {
        place::lines(self, world)
    }

    /// The line with names in capitals for what stands in braces.
    pub fn shown(&self) -> String {
        place::shown(self.line)
    }
}

impl Command {
    pub(super) const fn new(
        path: &'static str,
        place: Place,
        flags: &'static [Flag],
        example: Example,
        run: Run,
    ) -> Self {
        Self { path, place, flags, operands: "", example, run }
    }

    pub(super) const fn with(self, operands: &'static str) -> Self {
        Self { operands, ..self }
    }

    /// Id of the message that says in a line what it does.
    pub fn summary(&self) -> String {
        format!("sh-{}", self.path.replace([' ', '.'], "-"))
    }

    /// Whether the first word of the path is this one.
    pub(super) fn is_of(&self, family: &str) -> bool {
        let [path, family] = [self.path, family].map(str::as_bytes);
        // Most differ in the first letter: every command that is typed asks every row.
        path.first() == family.first()
            && path.strip_prefix(family).is_some_and(|rest| matches!(rest.first(), None | Some(b' ')))
    }

    /// First word of the path.
    pub fn family(&self) -> &'static str {
        self.path.split(' ').next().unwrap_or("")
    }

    /// Options of its family.
    pub fn global_flags(&self) -> &'static [Flag] {
        FAMILIES.iter().find(|(name, _)| *name == self.family()).map_or(&[], |(_, flags)| flags)
    }

    /// All options that it takes.
    pub fn all_flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.flags.iter().chain(self.global_flags())
    }

    /// Whether it is there where somebody types.
    pub fn is_at(&self, context: Context) -> bool {
        match self.place {
            Place::Anywhere => true,
            Place::Workstation => context == Context::Workstation,
            Place::Node => matches!(context, Context::Node(_)),
            Place::Machine => context != Context::Workstation,
        }
    }

    fn style(&self) -> Style {
        match self.family() {
            "az" => Style::Argparse,
            "kubectl" => Style::Pflag,
            "crictl" => Style::Urfave,
            _ => Style::Getopt,
        }
    }
}

/// A command with the words behind its path.
struct Call {
    row: &'static Command,
    args: Vec<String>,
}

/// Finds the row with the longest path that the words begin with. Options of the family may stand before the path.
fn find(name: &str, args: &[String]) -> Option<Call> {
    let globals = FAMILIES.iter().find(|(family, _)| *family == name).map_or(&[][..], |(_, flags)| flags);
    let mut rows: Vec<&'static Command> = commands().filter(|c| c.is_of(name)).collect();
    let mut depth = 1;
    let mut before: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = args.get(at) {
        if let Some(flag) =
            word.strip_prefix('-').and_then(|_| globals.iter().find(|f| f.short == word || f.long == word))
        {
            let values = usize::from(flag.takes != Takes::Nothing);
            before.extend(args[at..].iter().take(1 + values).cloned());
            at += 1 + values;
            continue;
        }
        let deeper = narrowed(&rows, depth, word);
        if deeper.is_empty() {
            break;
        }
        (rows, depth, at) = (deeper, depth + 1, at + 1);
    }
    let row = rows.into_iter().find(|c| c.path.split(' ').count() == depth)?;
    before.extend(args.iter().skip(at).cloned());
    Some(Call { row, args: before })
}

/// The rows whose next word is this one, or begins with it where the tool takes it so.
fn narrowed(rows: &[&'static Command], depth: usize, word: &str) -> Vec<&'static Command> {
    let next = |c: &&'static Command| c.path.split(' ').nth(depth);
    let exact: Vec<_> = rows.iter().filter(|c| next(c) == Some(word)).copied().collect();
    let short = rows.first().is_some_and(|c| matches!(c.family(), "ip" | "bridge"));
    if !exact.is_empty() || !short || word.is_empty() || word.starts_with('-') {
        return exact;
    }
    let full = match word {
        "neighbor" | "neighbour" => "neigh",
        "delete" => "del",
        other => other,
    };
    let Some(first) = rows.iter().filter_map(next).find(|n| n.starts_with(full)) else { return Vec::new() };
    rows.iter().filter(|c| next(c) == Some(first)).copied().collect()
}

/// Bytes of one argument that are too many for a program. Source: Linux `MAX_ARG_STRLEN`.
const MAX_ARGUMENT: usize = 128 << 10;

/// Runs a command; `None` where the catalogue has none of that name at this place.
pub(super) fn run(shell: &mut Shell, name: &str, args: &[String], stdin: &str, piped: bool) -> Option<Output> {
    let here = shell.context();
    let mut own = commands().filter(|c| c.is_of(name) && c.is_at(here));
    own.next()?;
    let Some(call) = find(name, args).filter(|call| call.row.is_at(here)) else {
        return Some(family(shell, name, args));
    };
    if !matches!(call.row.run, Run::Builtin) && args.iter().any(|arg| arg.len() >= MAX_ARGUMENT) {
        return Some(Output::fail(126, format!("bash: /usr/bin/{name}: Argument list too long")));
    }
    if let Run::Words(run) = call.row.run
        && (name != "iptables" || !wants_help(call.row, &call.args))
    {
        return Some(run(shell, &call.args));
    }
    if wants_help(call.row, &call.args) {
        return Some(of(shell, call.row));
    }
    let style = call.row.style();
    let line = match Line::read(&call.args, &[call.row.flags, call.row.global_flags()], style) {
        Ok(line) => line,
        Err(problem) => return Some(problem.output(style, call.row.path)),
    };
    Some(match call.row.run {
        Run::Az(run) => az::answer(shell, call.row, &line, run),
        Run::Kubectl(run) => kubectl::answer(shell, &line, run),
        Run::Filter(run) => filters::answer(shell, name, &line, run, stdin, piped),
        Run::Tool(run) => run(shell, &line),
        Run::Builtin | Run::Words(_) => return None,
    })
}

/// `--help`, and `-h` where it means nothing else.
fn wants_help(row: &Command, args: &[String]) -> bool {
    let own = row.all_flags().any(|f| f.short == "-h" || f.long == "-h");
    let options = args.iter().take_while(|a| *a != "--");
    options.into_iter().any(|a| a == "--help" || (a == "-h" && !own))
}
