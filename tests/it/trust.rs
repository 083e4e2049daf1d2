//! How far to trust the simulator: the rows that the app can show, the page of the repository, and the faults by which
//! the oracle itself is tried.

use podhop::text::Text;
use podhop::text::trust::{WORDS, groups};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn oracle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

/// Every word of the rows, in the language of `trust.ftl`.
fn said(text: &Text) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for group in groups(text) {
        said.insert(group.title);
        for row in group.rows {
            assert!(
                row.limit.is_some() || !row.judged_by.is_empty(),
                "{} was judged by nobody, and does not say so",
                row.part
            );
            said.insert(row.part);
            said.extend(row.judged_by);
            said.extend(row.limit);
        }
    }
    said
}

#[test]
fn every_row_has_its_words_and_every_word_its_row() {
    let text = Text::new("en", &[WORDS]).unwrap();
    let said = said(&text);
    let all: BTreeSet<String> =
        WORDS.lines().filter_map(|l| l.split_once(" = ")).map(|(_, words)| words.into()).collect();
    assert_eq!(said, all);
}

#[test]
fn the_page_says_what_the_rows_say() {
    let page = fs::read_to_string(oracle().join("TRUST.md")).unwrap();
    for words in said(&Text::new("en", &[WORDS]).unwrap()) {
        assert!(page.contains(&words), "TRUST.md lacks {words:?}: `cargo xtask oracle page`");
    }
}

/// Every fault is still one that can be made: the lines that its patch takes away stand in the source, once.
#[test]
fn faults_still_fit_the_source() {
    let mut count = 0;
    for entry in fs::read_dir(oracle().join("faults")).unwrap() {
        let patch = fs::read_to_string(entry.unwrap().path()).unwrap();
        let name = patch.lines().find_map(|l| l.strip_prefix("+++ b/")).expect("a patch names its file");
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        for hunk in patch.split("\n@@ ").skip(1) {
            let before: Vec<&str> =
                hunk.lines().skip(1).filter(|l| !l.starts_with('+')).map(|l| l.get(1..).unwrap_or_default()).collect();
            assert_eq!(source.matches(&before.join("\n")).count(), 1, "{name}\n{hunk}");
            count += 1;
        }
    }
    assert!(count >= 12, "{count} faults");
}
