//! What the app weighs on the wire.

use super::split::{LATE, TERMINAL};
use crate::paths;
use crate::run::{Failure, Outcome, ask, at, fail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Most bytes, after brotli, that are to come over the wire before the first interaction.
const BUDGET: u64 = 200_000;
/// What a build may weigh, and what it may fetch right after. A heavier build fails; whoever raises a figure says why.
/// Builds of one source differ by some 150 bytes from folder to folder: leave that much.
const HELD: u64 = 199_000;
// 16,000 more than before: rules of iptables are read and checked wherever actions are, and what forms, the inspector and
// what is told of a step have learned; 2,000 for exhausted subnets, what was undone and repairs
// that are whole; 2,500 for faults of forms that speak of what was typed, repairs that leave nothing, and answers that
// come too late; 2,000 that the first file needs no longer.
const HELD_NEXT: u64 = 291_000;
/// What the terminal may weigh, which is fetched when it is opened first.
// 60,000 for what awk, arithmetic, arrays, tests in brackets, printf and dates take, the columns of `az`, and rules of
// iptables; 7,000 for the events of conntrack, interfaces by bridge and kind, and programs that wait, send again and say
// why they cannot; 1,000 for the texts of nodes' CNI files, which the first file held.
const HELD_TERMINAL: u64 = 433_500;
const SCRIPT: &str = include_str!("sizes.mjs");
/// Texts of the language that is fetched when no other is chosen.
const FIRST_TEXTS: &str = "i18n/en/";

/// Bytes of one file, or of several together.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Weight {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
    when: When,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum When {
    /// Needed before the first interaction.
    First,
    /// Fetched as soon as the first screen stands.
    Next,
    /// Fetched when the terminal is opened first.
    Terminal,
    #[default]
    Later,
}

/// Bytes after brotli: to the first interaction, fetched right after it, and for the terminal.
#[derive(Debug)]
pub(crate) struct Totals {
    first: u64,
    next: u64,
    terminal: u64,
}

/// Prints the table.
pub(crate) fn report(dist: &Path) -> Outcome<Totals> {
    let weights = weigh(dist)?;
    println!("      {:<52} {:>10} {:>10} {:>10}", "bytes to first interaction", "raw", "gzip", "brotli");
    let at = |when| weights.iter().filter(move |weight| weight.when == when);
    at(When::First).for_each(print_row);
    let total = sum("total to first interaction", at(When::First));
    print_row(&total);
    println!("      budget: {BUDGET} bytes of brotli; {} % used", total.brotli * 100 / BUDGET);
    let next = sum("fetched right after", at(When::Next));
    print_row(&next);
    let terminal = sum("fetched for the terminal", at(When::Terminal));
    print_row(&terminal);
    print_row(&sum("fetched later, if ever", at(When::Later)));
    Ok(Totals { first: total.brotli, next: next.brotli, terminal: terminal.brotli })
}

/// Fails over what is held.
pub(crate) fn check(dist: &Path) -> Outcome {
    let Totals { first, next, terminal } = report(dist)?;
    if first > HELD {
        return fail(format!("{} bytes over the {HELD} that are held to the first interaction", first - HELD));
    }
    if next > HELD_NEXT {
        return fail(format!("{} bytes over the {HELD_NEXT} that are held right after", next - HELD_NEXT));
    }
    if terminal > HELD_TERMINAL {
        return fail(format!(
            "{} bytes over the {HELD_TERMINAL} that are held for the terminal",
            terminal - HELD_TERMINAL
        ));
    }
    Ok(())
}

fn print_row(weight: &Weight) {
    let Weight { name, raw, gzip, brotli, .. } = weight;
    println!("      {name:<52} {raw:>10} {gzip:>10} {brotli:>10}");
}

fn sum<'a>(name: &str, weights: impl Iterator<Item = &'a Weight>) -> Weight {
    let nothing = Weight { name: name.to_owned(), ..Weight::default() };
    weights.fold(nothing, |mut sum, weight| {
        sum.raw += weight.raw;
        sum.gzip += weight.gzip;
        sum.brotli += weight.brotli;
        sum
    })
}

fn weigh(dist: &Path) -> Outcome<Vec<Weight>> {
    let Some(node) = paths::program("node") else {
        return fail("no node here: install Node.js 20 or later, then try again");
    };
    let mut script = Command::new(node);
    let table = ask(script.args(["--input-type=module", "--eval", SCRIPT, "--"]).arg(dist));
    let table = table.ok_or_else(|| Failure(format!("{}: could not be weighed", dist.display())))?;
    let pages = first_pages(dist)?;
    let held = held_back(&pages);
    Ok(table.lines().filter_map(|line| parse(line, &pages, &held)).collect())
}

/// Text that names the files fetched first: the page, and the loader that it names.
fn first_pages(dist: &Path) -> Outcome<String> {
    let page = dist.join("index.html");
    let mut text = at(&page, fs::read_to_string(&page))?;
    for entry in at(dist, fs::read_dir(dist))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("boot-") && text.contains(name) {
            text += &at(&path, fs::read_to_string(&path))?;
        }
    }
    Ok(text)
}

/// The tags of the style sheets that the app asks for when the first screen stands.
fn held_back(page: &str) -> String {
    page.split_inclusive('>').filter(|tag| tag.contains("rel=\"later\"")).collect()
}

fn parse(line: &str, pages: &str, held: &str) -> Option<Weight> {
    let mut cells = line.split('\t');
    let name = cells.next()?.to_owned();
    let mut number = || cells.next()?.parse().ok();
    let (raw, gzip, brotli) = (number()?, number()?, number()?);
    let when = if held.contains(&name) { When::Next } else { when(&name, pages) };
    Some(Weight { name, raw, gzip, brotli, when })
}

fn when(name: &str, pages: &str) -> When {
    if is_first(name, pages) {
        return When::First;
    }
    match name {
        late if LATE.iter().any(|begins| late.starts_with(begins)) => When::Next,
        terminal if terminal.starts_with(TERMINAL) => When::Terminal,
        _ => When::Later,
    }
}

fn is_first(name: &str, pages: &str) -> bool {
    let counts = ["html", "js", "mjs", "css", "wasm", "ftl", "woff2"].contains(&name.rsplit('.').next().unwrap_or(""));
    counts && (name == "index.html" || name.starts_with(FIRST_TEXTS) || pages.contains(name))
}

#[cfg(test)]
mod tests {
    use super::{When, held_back, parse, when};

    #[test]
    fn knows_what_comes_first() {
        let pages = "<link href=\"./app-1.css\"><script src=\"./boot-2.js\">import init from './web-3.js'";
        for first in ["index.html", "app-1.css", "boot-2.js", "web-3.js", "i18n/en/ui.ftl"] {
            assert_eq!(when(first, pages), When::First, "{first}");
        }
        assert_eq!(when("panels-4.wasm", pages), When::Next);
        assert_eq!(when("shared-5.wasm", pages), When::Next);
        assert_eq!(when("terminals-6.wasm", pages), When::Terminal);
        for later in ["embed.js", "i18n/zh-CN/ui.ftl", "icon.svg"] {
            assert_eq!(when(later, pages), When::Later, "{later}");
        }
    }

    #[test]
    fn what_is_held_back_comes_right_after() {
        let page = "<link rel=\"stylesheet\" href=\"./app-1.css\"><link rel=\"later\" href=\"./build-2.css\">";
        let held = held_back(page);
        let when = |name: &str| parse(&format!("{name}\t3\t2\t1"), page, &held).unwrap().when;
        assert_eq!((when("app-1.css"), when("build-2.css")), (When::First, When::Next));
    }

    #[test]
    fn reads_a_line() {
        let weight = parse("index.html\t30\t20\t10", "", "").unwrap();
        assert_eq!((weight.raw, weight.gzip, weight.brotli, weight.when), (30, 20, 10, When::First));
    }
}
