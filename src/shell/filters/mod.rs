//! The small tools that stand behind a pipe. Source: POSIX.1-2017 utilities, GNU coreutils and grep.

mod awk;
mod grep;
mod jq;
mod lines;
mod sed;
mod small;
mod sort;

pub(super) use grep::{escaped, pattern_of};

use super::catalog::{At, Command, Example, Flag, Place, Run};
use super::line::Line;
use super::{Output, Shell, files};

const fn row(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&Line, &str) -> Output,
) -> Command {
    let example = Example::on(At::Workstation, example);
    Command::new(path, Place::Anywhere, flags, example, Run::Filter(run)).with(operands)
}

/// A tool that reads nothing.
const fn tool(path: &'static str, operands: &'static str, example: &'static str, run: Run) -> Command {
    Command::new(path, Place::Anywhere, &[], Example::on(At::Workstation, example), run).with(operands)
}

const GREP: &[Flag] = &[
    Flag::one("--regexp", "-e", "sh-flag-pattern"),
    Flag::on("--invert-match", "-v", "sh-flag-invert"),
    Flag::on("--ignore-case", "-i", "sh-flag-ignore-case"),
    Flag::on("--extended-regexp", "-E", "sh-flag-extended"),
    Flag::on("--fixed-strings", "-F", "sh-flag-fixed"),
    Flag::on("--line-regexp", "-x", "sh-flag-whole-line"),
    Flag::on("--color", "", "sh-flag-no-effect").also(&["colour"]),
    Flag::on("--no-filename", "-h", "sh-flag-no-effect"),
    Flag::on("--no-messages", "-s", "sh-flag-no-effect"),
    Flag::on("--word-regexp", "-w", "sh-flag-word"),
    Flag::on("--count", "-c", "sh-flag-count-only"),
    Flag::on("--only-matching", "-o", "sh-flag-only-matching"),
    Flag::on("--quiet", "-q", "sh-flag-quiet"),
    Flag::on("--line-number", "-n", "sh-flag-line-numbers"),
    Flag::one("--max-count", "-m", "sh-flag-most"),
    Flag::one("--after-context", "-A", "sh-flag-after"),
    Flag::one("--before-context", "-B", "sh-flag-before"),
    Flag::one("--context", "-C", "sh-flag-around"),
];
const LINES: &[Flag] = &[Flag::one("--lines", "-n", "sh-flag-lines"), Flag::one("--bytes", "-c", "sh-flag-bytes")];

/// Rows of the filters.
pub(super) const COMMANDS: &[Command] = &[
    row(
        "cat",
        "[FILE]...",
        &[Flag::on("--number", "-n", "sh-flag-line-numbers")],
        "kubectl get node | cat -n",
        lines::cat,
    ),
    row("more", "[FILE]", &[], "kubectl get pod -A | more", lines::cat),
    row(
        "less",
        "[FILE]",
        &[Flag::on("-S", "", "sh-flag-no-effect"), Flag::on("-R", "", "sh-flag-no-effect")],
        "kubectl get pod -A | less",
        lines::cat,
    ),
    row("grep", "PATTERN [FILE]...", GREP, "kubectl get pod -A | grep -c Running", grep::run),
    row("egrep", "PATTERN [FILE]...", GREP, "kubectl get pod -A | egrep 'coredns|nginx'", grep::extended),
    row("head", "[FILE]", LINES, "kubectl get pod -A | head -3", lines::head),
    row("tail", "[FILE]", LINES, "kubectl get pod -A | tail -n 2", lines::tail),
    row(
        "wc",
        "[FILE]",
        &[
            Flag::on("--lines", "-l", "sh-flag-count-lines"),
            Flag::on("--words", "-w", "sh-flag-count-words"),
            Flag::on("--bytes", "-c", "sh-flag-count-bytes"),
        ],
        "kubectl get pod -A | wc -l",
        lines::wc,
    ),
    row(
        "sort",
        "[FILE]",
        &[
            Flag::one("--key", "-k", "sh-flag-key"),
            Flag::one("--field-separator", "-t", "sh-flag-separator"),
            Flag::on("--numeric-sort", "-n", "sh-flag-sort-numeric"),
            Flag::on("--reverse", "-r", "sh-flag-reverse"),
            Flag::on("--unique", "-u", "sh-flag-unique"),
            Flag::on("--version-sort", "-V", "sh-flag-sort-version"),
            Flag::on("--ignore-case", "-f", "sh-flag-ignore-case"),
            Flag::on("--ignore-leading-blanks", "-b", "sh-flag-sort-blanks"),
        ],
        "kubectl get pod -A -o wide --no-headers | sort -V -k 7",
        sort::run,
    ),
    row(
        "uniq",
        "[FILE]",
        &[
            Flag::on("--count", "-c", "sh-flag-repeated-count"),
            Flag::on("--repeated", "-d", "sh-flag-repeated"),
            Flag::on("--unique", "-u", "sh-flag-unrepeated"),
            Flag::on("--ignore-case", "-i", "sh-flag-ignore-case"),
        ],
        "kubectl get pod -A --no-headers | awk '{print $4}' | sort | uniq -c",
        lines::uniq,
    ),
    row(
        "cut",
        "[FILE]",
        &[
            Flag::one("--delimiter", "-d", "sh-flag-separator"),
            Flag::one("--fields", "-f", "sh-flag-fields"),
            Flag::one("--characters", "-c", "sh-flag-characters"),
            Flag::one("--bytes", "-b", "sh-flag-characters"),
            Flag::on("--complement", "", "sh-flag-complement"),
            Flag::on("--only-delimited", "-s", "sh-flag-only-delimited"),
            Flag::one("--output-delimiter", "", "sh-flag-output-delimiter"),
        ],
        "kubectl get node -o name | cut -d/ -f2",
        lines::cut,
    ),
    row(
        "tr",
        "SET1 [SET2]",
        &[
            Flag::on("--delete", "-d", "sh-flag-delete-letters"),
            Flag::on("--squeeze-repeats", "-s", "sh-flag-squeeze"),
            Flag::on("--complement", "-c", "sh-flag-complement"),
        ],
        "kubectl get node -o name | tr a-z A-Z",
        lines::tr,
    ),
    row(
        "sed",
        "SCRIPT [FILE]",
        &[
            Flag::one("--expression", "-e", "sh-flag-script"),
            Flag::on("--quiet", "-n", "sh-flag-sed-quiet").also(&["silent"]),
            Flag::on("--regexp-extended", "-E", "sh-flag-extended"),
            Flag::on("-r", "", "sh-flag-extended"),
        ],
        "kubectl get pod -A | sed -n '/coredns/s/Running/up/p'",
        sed::run,
    ),
    row(
        "awk",
        "PROGRAM [FILE]",
        &[Flag::one("-F", "", "sh-flag-separator"), Flag::one("-v", "", "sh-flag-awk-variable")],
        "kubectl get pod -o wide | awk 'NR>1 {print $1, $6}'",
        awk::run,
    ),
    row("tac", "[FILE]", &[], "kubectl get node -o name | tac", small::tac),
    row("rev", "[FILE]", &[], "kubectl get node -o name | rev | cut -c1-6 | rev", small::rev),
    row(
        "nl",
        "[FILE]",
        &[Flag::one("--body-numbering", "-b", "sh-flag-line-numbers").among(&["a", "t"])],
        "kubectl get node -o name | nl",
        small::nl,
    ),
    row(
        "paste",
        "[FILE]",
        &[Flag::on("--serial", "-s", "sh-flag-paste-serial"), Flag::one("--delimiters", "-d", "sh-flag-separator")],
        "kubectl get node -o name | paste -sd,",
        small::paste,
    ),
    tool("seq", "[FIRST [STEP]] LAST", "for i in $(seq 3); do echo $i; done", Run::Words(small::seq)),
    tool("basename", "NAME [END]", "basename $(kubectl get node -o name | head -1)", Run::Tool(small::basename)),
    tool("dirname", "NAME...", "dirname /etc/cni/net.d", Run::Tool(small::dirname)),
    row(
        "jq",
        "FILTER [FILE]",
        &[
            Flag::on("--raw-output", "-r", "sh-flag-raw"),
            Flag::on("--compact-output", "-c", "sh-flag-compact"),
            Flag::on("--exit-status", "-e", "sh-flag-exit-status"),
        ],
        "kubectl get pod -o json | jq -r '.items[].metadata.name'",
        jq::run,
    ),
];

/// Runs a filter on its files, or on what is written to it.
pub(super) fn answer(
    shell: &mut Shell,
    name: &str,
    line: &Line,
    run: fn(&Line, &str) -> Output,
    stdin: &str,
    piped: bool,
) -> Output {
    // The first words of some are no files.
    let skip = match name {
        "grep" | "egrep" => usize::from(line.option("--regexp").is_none()),
        "sed" => usize::from(line.option("--expression").is_none()),
        "awk" | "jq" => 1,
        "tr" => usize::MAX,
        _ => 0,
    };
    let files: Vec<&String> = line.words.iter().skip(skip).filter(|f| *f != "-").collect();
    if files.is_empty() {
        return if piped || !stdin.is_empty() {
            run(line, stdin)
        } else if let Some(rest) = &mut shell.own.stdin {
            // What a loop or a function reads is there for each command in it, until one has read it.
            run(line, &std::mem::take(rest))
        } else {
            Output::fail(1, format!("podhop: {name} waits for input; nearest: COMMAND | {name}"))
        };
    }
    let mut text = String::new();
    let mut err = String::new();
    for file in &files {
        match files::read(shell, file) {
            Ok(found) => text += &found,
            Err(why) => err += &format!("{name}: {file}: {why}\n"),
        }
    }
    let mut output = run(line, &text);
    output.status = if err.is_empty() { output.status } else { 1 };
    output.err += &err;
    output
}

/// Lines with an end.
fn printed(lines: impl Iterator<Item = String>) -> Output {
    Output::ok(lines.map(|line| line + "\n").collect::<String>())
}
