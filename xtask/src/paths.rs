//! Where things are: the work tree, its target folders, the cache of tools.

use std::env;
use std::path::{Path, PathBuf};

/// Root of the work tree.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

/// A path in the work tree.
pub(crate) fn in_root(path: &str) -> PathBuf {
    root().join(path)
}

/// The cache of tools: `PODHOP_TOOLS`, or `~/.cache/podhop`. One folder a tool and version.
pub(crate) fn tools() -> PathBuf {
    if let Some(chosen) = env::var_os("PODHOP_TOOLS").filter(|chosen| !chosen.is_empty()) {
        return PathBuf::from(chosen);
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home =
        || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(|home| Path::new(&home).join(".cache"));
    cache.or_else(home).map_or_else(|| in_root("target/tools"), |cache| cache.join("podhop"))
}

/// First program of that name in `PATH`.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}
