//! Makes the scripts and style sheets of a release small. Trunk's own minifier does not know today's JavaScript.

use crate::run::{Outcome, Output, at, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Minifies every `.js` and `.css` below the folder in place; `bin` holds esbuild.
pub(crate) fn minify(dist: &Path, bin: &Path, output: &Output) -> Outcome {
    let mut files = Vec::new();
    find(dist, &mut files)?;
    if files.is_empty() {
        return Ok(());
    }
    let mut esbuild = Command::new(bin.join("esbuild"));
    esbuild.args(["--minify", "--allow-overwrite", "--legal-comments=none", "--log-level=warning", "--target=es2022"]);
    // File by file, each to its own place.
    esbuild.arg(format!("--outdir={}", dist.display())).arg(format!("--outbase={}", dist.display())).args(files);
    run(&mut esbuild, output, Duration::from_mins(2))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    for entry in at(folder, fs::read_dir(folder))? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "js" || end == "css") {
            files.push(path);
        }
    }
    Ok(())
}
