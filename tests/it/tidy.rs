//! The invariants of ARCHITECTURE.md that can be read off the source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(under: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join(under), &mut files);
    files.sort();
    let name = |path: &PathBuf| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), into);
        }
    } else if path.extension().is_some_and(|e| e == "rs") {
        into.push(path.to_owned());
    }
}

/// Code without comments: what is said there binds nobody.
fn code(text: &str) -> String {
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn never(under: &[&str], words: &[&str]) {
    for (name, text) in under.iter().flat_map(|u| sources(u)) {
        let code = code(&text);
        for word in words {
            assert!(!code.contains(word), "{name} says {word}");
        }
    }
}

/// Invariant 1: outside the recipes and what describes a cluster to make, nothing names a mode.
#[test]
fn the_engine_never_asks_which_mode() {
    let places =
        ["src/sim/engine", "src/sim/host", "src/sim/fabric", "src/sim/record", "src/sim/control", "src/sim/ipam"];
    let modes = ["kubenet", "Kubenet", "Network::", "transparent", "Transparent", "AzureBridge", "azure_bridge"];
    never(&places, &modes);
    never(&places, &["mode::pod_subnet", "PodSubnet::"]);
    never(&["src/view", "src/session", "src/text", "src/shell", "src/app", "src/cli"], &["Network::"]);
}

/// Invariant 3: no clock, no environment, no unordered collections.
#[test]
fn the_core_is_pure() {
    never(
        &["src/sim", "src/session", "src/view"],
        &[
            "std::time",
            "std::env",
            "std::fs",
            "std::net::Tcp",
            "HashMap",
            "HashSet",
            "println!",
            "thread_local!",
            "static mut",
            "js_sys",
            "web_sys",
            "yew",
        ],
    );
}

/// Invariant 7: who may name what.
#[test]
fn only_the_app_names_the_browser() {
    never(&["src/sim", "src/session", "src/view", "src/text"], &["yew", "web_sys", "gloo", "plotters", "wasm_bindgen"]);
    never(&["src/sim", "src/session", "src/view", "src/app"], &["fluent_bundle", "fluent_syntax"]);
}

/// One seam: what lies behind it must be reached through it alone, or the first wasm file has it too.
#[test]
fn the_app_is_cut_at_one_place() {
    for (name, text) in sources("src").iter().filter(|(name, _)| name != "src/app/split.rs") {
        assert!(!code(text).contains("wasm_split"), "{name} cuts the app");
        for (table, home) in [("PANELS", "src/app/panels.rs"), ("TERMINALS", "src/app/terminal.rs")] {
            assert!(name == home || !code(text).contains(table), "{name} names what comes later");
        }
    }
}

/// Habits: short files, short functions, nothing unfinished.
/// Every message is named somewhere, whole or by how it begins.
#[test]
fn every_message_is_said() {
    let code: String = sources("src").iter().map(|(_, text)| code(text)).collect();
    let literals: BTreeSet<&str> = code.split('"').collect();
    let is_stem = |stem: &&str| stem.ends_with('-') && stem.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let stems: Vec<&str> = literals.iter().filter_map(|l| Some(l.split_once('{')?.0)).filter(is_stem).collect();
    let whole: BTreeSet<&str> = literals.iter().filter_map(|l| l.split('.').next()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/i18n/en");
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let messages = fs::read_to_string(&path).unwrap();
        let ids = messages.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_alphabetic()));
        for id in ids.filter_map(|line| Some(line.split_once(" =")?.0)) {
            let said = whole.contains(id)
                || stems.iter().any(|stem| id.starts_with(stem))
                || messages.contains(&format!("{{ {id} }}"));
            assert!(said, "{}: nothing says {id}", path.display());
        }
    }
}

#[test]
fn files_and_functions_are_short() {
    let all = ["src", "xtask/src", "tests"].into_iter().flat_map(sources);
    for (name, text) in all {
        let lines = text.lines().count();
        assert!(lines <= 500, "{name} has {lines} lines");
        for (function, length) in functions(&text) {
            assert!(length <= 70, "{name}: {function} has {length} lines");
        }
        let mut unfinished =
            [("todo", "!("), ("unimplemented", "!("), ("#[", "ignore")].map(|(a, b)| format!("{a}{b}")).into_iter();
        assert!(unfinished.all(|w| !text.contains(&w)), "{name} is unfinished");
    }
}

/// Functions with their length, by indentation: the source is formatted.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let is_fn = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn ", "pub const fn ", "async fn "];
        if !is_fn.iter().any(|f| head.starts_with(f)) || head.ends_with(';') {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(length) = lines[start..].iter().position(|l| **l == close) {
            found.push((head.chars().take(40).collect(), length + 1));
        }
    }
    found
}
