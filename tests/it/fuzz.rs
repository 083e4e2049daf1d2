//! The kept inputs of the fuzz targets, once more.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        target(&fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}

#[test]
fn kept_inputs() {
    replay("scenario", targets::scenario);
    replay("form", targets::form);
    replay("address", targets::address);
    replay("engine", targets::engine);
    replay("shell", targets::shell);
}
