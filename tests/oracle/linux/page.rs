//! The page that says how far to trust the simulator. It is made from what the sources, the list of known differences
//! and the kept runs say, so it cannot say anything else.

use crate::linux::known;
use crate::linux::report::{Report, Run};
use podhop::text::{Text, trust};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn file() -> PathBuf {
    root().join("tests/oracle/TRUST.md")
}

/// Writes the page.
pub(crate) fn write() {
    fs::write(file(), text()).unwrap();
}

/// Whether the page that is kept is the one that would be written now.
pub(crate) fn check(report: &mut Report) {
    if fs::read_to_string(file()).unwrap_or_default() != text() {
        report.difference("TRUST.md", "`cargo xtask oracle page` writes it anew");
    }
}

fn text() -> String {
    let mut page =
        "# How far to trust the simulator\n\nWritten by `cargo xtask oracle page`; edits are lost.\n".to_owned();
    page.push_str("\n## How it was judged\n\n");
    page.push_str(JUDGED);
    page.push_str("\n\n## What was judged, and by whom\n");
    parts(&mut page);
    page.push_str(
        "\n## Runs\n\nThose that were kept (`--keep`):\n\n| command | what | number |\n| --- | --- | ---: |\n",
    );
    for Run { command, counts } in Run::kept() {
        for (what, n) in counts {
            writeln!(page, "| `{command}` | {what} | {n} |").unwrap();
        }
    }
    page.push_str("\n## Faults made on purpose that it finds\n\nEach is a patch; `cargo xtask oracle faults`.\n\n");
    for name in faults() {
        writeln!(page, "- {name}").unwrap();
    }
    page.push_str("\n## Differences that stay\n\n");
    for (name, reason) in known::reasons() {
        writeln!(page, "- **{name}**: {reason}").unwrap();
    }
    page.push_str(LEFT_OUT);
    page.push_str("\n## Simplified\n\n");
    for (place, note) in notes("Simplified:") {
        writeln!(page, "- {note} (`{place}`)").unwrap();
    }
    page.push_str("\n## Disputed between public sources\n\n");
    for (place, note) in notes("Public sources disagree") {
        writeln!(page, "- {note} (`{place}`)").unwrap();
    }
    page
}

/// The rows that the app can show, too.
fn parts(page: &mut String) {
    for group in trust::groups(&Text::new("en", &[trust::WORDS]).unwrap()) {
        writeln!(page, "\n### {}\n\n| part | judged by | limit |\n| --- | --- | --- |", group.title).unwrap();
        for row in group.rows {
            let (judges, limit) = (row.judged_by.join("; "), row.limit.unwrap_or_default());
            writeln!(page, "| {} | {judges} | {limit} |", row.part).unwrap();
        }
    }
}

const JUDGED: &str = "A random scenario of any mode is built twice: in the simulator, and in Linux network namespaces, \
where kubenet's pods are attached by the real `bridge`, `host-local` and `portmap` plugins. What builds the namespaces reads devices, \
tables and rules, and knows no mode. A namespace of its own plays Azure's network with the kernel's \
routing tables, conntrack and iptables. The same packets are sent on both sides. Every frame at every interface is \
compared in order, field by field (hardware and IP addresses, TTL, TOS, DF, length, ports, flags, ICMP type, code and \
quoted packet), and how the packet ended for the program that sent it; at the end `ip address`, `ip route`, `ip neigh`, \
`brctl showmacs`, bridge ports, `iptables-save`, `ebtables -t nat -L`, `conntrack -L` and the answers of `ip route get` of \
every host. Wireshark reads the captures.";

const LEFT_OUT: &str = "- Not compared: times, IP identification, TCP options, sequence numbers and windows, ports that a \
masquerade picks by chance; services and host ports, which are not simulated (the `portmap` plugin has nothing to map).\n- Not played by the namespaces: retransmissions of TCP, ICMP redirects (off on AKS nodes), \
limits on the rate of ICMP errors, timers of neighbours that are reachable.\n";

fn faults() -> Vec<String> {
    let entries = fs::read_dir(root().join("tests/oracle/faults")).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().replace('-', " ");
    let mut names: Vec<String> = entries.map(|e| stem(e.unwrap().path())).collect();
    names.sort();
    names
}

/// Comments of the simulator that hold a phrase: place, and the sentence with its neighbours.
fn notes(phrase: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    collect(&root().join("src/sim"), phrase, &mut all);
    all.sort();
    all
}

fn collect(path: &Path, phrase: &str, into: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), phrase, into);
        }
        return;
    }
    let place = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap();
    let comment = |line: &str| line.trim_start().starts_with("//");
    let lines: Vec<&str> = text.lines().collect();
    for block in lines.split(|line| !comment(line)) {
        let words: Vec<&str> = block.iter().map(|l| l.trim_start().trim_start_matches(['/', '!']).trim()).collect();
        let block = words.join(" ");
        if block.contains(phrase) {
            into.push((place.clone(), block));
        }
    }
}
