//! Tests that run as wasm in Node.js: `cargo xtask test wasm`. Elsewhere this file is empty.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn runs_as_wasm() {
    assert_eq!(size_of::<usize>(), 4);
}
