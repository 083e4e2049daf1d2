//! Cuts the wasm file of a release: what the first screen needs, what comes after it, what only the terminal needs, and
//! what these two share. Trunk runs the first `wasm-bindgen` in `PATH`. For a release that is this very program under that name: it cuts what the compiler made,
//! and hands the first part on to the real one. What else the cut made is brought to Trunk's files afterwards.

use super::content_hash;
use crate::paths;
use crate::run::{Failure, Outcome, Output, at, fail, run};
use crate::tools::cargo_tool;
use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How the names of the files begin that are fetched right after the first screen.
pub(crate) const LATE: [&str; 2] = ["panels-", "shared-"];
/// How the name of the file begins that is fetched when the terminal is opened first.
pub(crate) const TERMINAL: &str = "terminals-";
const STAND_IN: &str = "wasm-bindgen";
const REAL: &str = "PODHOP_WASM_BINDGEN";
const CUTTER: &str = "PODHOP_WASM_SPLIT";
/// Folder of what the cut makes, in that of what wasm-bindgen makes.
const FOLDER: &str = "split";
/// Names that the tool gives, and that wasm-bindgen gives to its loader.
const LINK: &str = "__wasm_split.js";
const PARTS: [(&str, &str); 2] = [("split_", ""), ("chunk_", "shared")];
const LOADER: &str = "web.js";
/// What the compiler makes use of: the second part no longer says it itself.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-extended-const",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
const LIMIT: Duration = Duration::from_mins(10);

/// Makes Trunk find this program as its wasm-bindgen; gives the folder that has to come first in `PATH`.
pub(crate) fn stand_in(trunk: &mut Command) -> Outcome<PathBuf> {
    let folder = paths::in_root("target/stand-in");
    at(&folder, fs::create_dir_all(&folder))?;
    let program = folder.join(format!("{STAND_IN}{EXE_SUFFIX}"));
    at(&program, fs::copy(env::current_exe()?, &program))?;
    trunk.env(REAL, cargo_tool::wasm_bindgen()?.join(format!("{STAND_IN}{EXE_SUFFIX}")));
    trunk.env(CUTTER, cargo_tool::wasm_split()?.join(format!("wasm-split-cli{EXE_SUFFIX}")));
    Ok(folder)
}

/// Whether this process is what Trunk takes for wasm-bindgen.
pub(crate) fn is_stand_in() -> bool {
    let name = env::args_os().next().map(PathBuf::from);
    name.is_some_and(|name| name.file_stem().is_some_and(|stem| stem == STAND_IN))
}

/// Does what wasm-bindgen does, for the first part of the file that it is given.
pub(crate) fn bind(words: &[String]) -> Outcome {
    let given = |name: &str| env::var_os(name).ok_or_else(|| Failure(format!("{name} is not set")));
    let mut real = Command::new(given(REAL)?);
    if let Some((folder, input)) = what_to_cut(words) {
        if folder.exists() {
            at(&folder, fs::remove_dir_all(&folder))?;
        }
        let stem = LOADER.trim_end_matches(".js");
        let mut cutter = Command::new(given(CUTTER)?);
        cutter.arg(input).arg(&folder).args(["--target", "web", "--out-name", stem]);
        run(&mut cutter, &Output::Terminal, LIMIT)?;
        // The second part finds the memory and the table of functions by the linker's exports.
        real.arg("--keep-lld-exports").arg(folder.join(format!("{stem}.wasm")));
        real.args(words.iter().filter(|word| *word != input));
    } else {
        real.args(words);
    }
    run(&mut real, &Output::Terminal, LIMIT)
}

/// Where what the cut makes goes, and the file to cut; nothing if only the version is asked for.
fn what_to_cut(words: &[String]) -> Option<(PathBuf, &String)> {
    let out = words.iter().find_map(|word| word.strip_prefix("--out-dir="))?;
    let input = words.iter().find(|word| Path::new(word).extension().is_some_and(|end| end == "wasm"))?;
    Some((Path::new(out).join(FOLDER), input))
}

/// Brings the second part, and the script that links it to the first, to the files of the app, with hashes in their
/// names. `target` is Cargo's target folder, `bin` holds wasm-opt.
pub(crate) fn add(dist: &Path, target: &Path, bin: &Path, output: &Output) -> Outcome {
    let made = target.join("wasm-bindgen/release").join(FOLDER);
    let loader = find_loader(dist)?;
    let loader_name = loader.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut link = replace(&at(&made, fs::read_to_string(made.join(LINK)))?, LOADER, loader_name)?;
    for (part, begins) in parts(&made)? {
        let small = shrink(&made, &part, bin, output)?;
        let name = format!("{begins}-{}.wasm", content_hash(&small));
        link = replace(&link, &part, &name)?;
        at(dist, fs::write(dist.join(&name), small))?;
    }
    let link_name = format!("link-{}.js", content_hash(link.as_bytes()));
    at(dist, fs::write(dist.join(&link_name), link))?;

    let script = at(&loader, fs::read_to_string(&loader))?;
    // Once in the import; the other place is the name by which the wasm file knows the script.
    let script = replace(&script, &format!("from \"./{LINK}\""), &format!("from \"./{link_name}\""))?;
    at(&loader, fs::write(&loader, script))?;
    let page = dist.join("index.html");
    let html = at(&page, fs::read_to_string(&page))?;
    let hint = format!("<link rel=\"modulepreload\" href=\"./{link_name}\"></head>");
    at(&page, fs::write(&page, replace(&html, "</head>", &hint)?))
}

/// The files besides the first part, each with how its name begins in the app.
fn parts(made: &Path) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in at(made, fs::read_dir(made))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        found.extend(part(&name).map(|begins| (name.clone(), begins)));
    }
    found.sort();
    Ok(found)
}

fn part(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".wasm")?;
    PARTS.iter().find_map(|(made, ours)| {
        let own = stem.strip_prefix(made)?;
        Some(if ours.is_empty() { own.to_owned() } else { (*ours).to_owned() })
    })
}

/// A part, as small as wasm-opt makes it.
fn shrink(made: &Path, part: &str, bin: &Path, output: &Output) -> Outcome<Vec<u8>> {
    let small = made.join("small");
    let mut wasm_opt = Command::new(bin.join("wasm-opt"));
    wasm_opt.args(["-Oz", "--output"]).arg(&small).arg(made.join(part)).args(FEATURES);
    let source = paths::in_root("static/index.html");
    wasm_opt.args(options(&at(&source, fs::read_to_string(&source))?));
    run(&mut wasm_opt, output, LIMIT)?;
    at(&small, fs::read(&small))
}

/// What the page asks of wasm-opt for the first part, which holds for the second too.
fn options(page: &str) -> impl Iterator<Item = &str> {
    let after = page.split_once("data-wasm-opt-params=\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default().split_whitespace()
}

/// Whether the app in that folder was cut in two.
pub(crate) fn is_split(dist: &Path) -> Outcome<bool> {
    Ok(find(dist, LATE[0], "wasm")?.is_some())
}

/// The loader that wasm-bindgen made, as Trunk has named it.
fn find_loader(dist: &Path) -> Outcome<PathBuf> {
    find(dist, "web-", "js")?.ok_or_else(|| Failure(format!("{}: no web-….js, which Trunk makes", dist.display())))
}

fn find(folder: &Path, begins: &str, ends: &str) -> Outcome<Option<PathBuf>> {
    for entry in at(folder, fs::read_dir(folder))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(begins) && path.extension().is_some_and(|end| end == ends) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Fails if there is nothing to replace.
fn replace(text: &str, from: &str, to: &str) -> Outcome<String> {
    if text.contains(from) { Ok(text.replace(from, to)) } else { fail(format!("{from} was to be in a built file")) }
}

#[cfg(test)]
mod tests {
    use super::{options, part, replace, what_to_cut};
    use std::path::Path;

    #[test]
    fn cuts_only_where_something_is_built() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(what_to_cut(&words("--version")), None);
        let call = words("--target=web --out-dir=/o --out-name=web /in/web.wasm --no-typescript");
        let (folder, input) = what_to_cut(&call).unwrap();
        assert_eq!((folder.as_path(), input.as_str()), (Path::new("/o/split"), "/in/web.wasm"));
    }

    #[test]
    fn names_the_parts() {
        assert_eq!(part("split_terminals.wasm").as_deref(), Some("terminals"));
        assert_eq!(part("chunk_2.wasm").as_deref(), Some("shared"));
        assert_eq!((part("web.wasm"), part("__wasm_split.js")), (None, None));
    }

    #[test]
    fn reads_the_options_of_the_page() {
        let page = "<link data-wasm-opt=\"z\" data-wasm-opt-params=\"--a=1 --b\" data-x>";
        assert_eq!(options(page).collect::<Vec<_>>(), ["--a=1", "--b"]);
        assert_eq!(options("<link>").count(), 0);
    }

    #[test]
    fn misses_nothing_in_silence() {
        assert_eq!(replace("a b", "b", "c").unwrap(), "a c");
        assert!(replace("a b", "d", "c").is_err());
    }
}
