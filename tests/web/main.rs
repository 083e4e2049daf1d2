//! Tests that run as wasm in Node.js: `cargo xtask test wasm`. Elsewhere this file is empty.
#![cfg(target_arch = "wasm32")]
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test says what is wrong by failing, and uses a part of what it shares with others"
)]

#[path = "../bench/cases.rs"]
mod cases;
#[path = "../it/fixture.rs"]
mod fixture;

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn runs_as_wasm() {
    assert_eq!(size_of::<usize>(), 4);
}

/// The native test `session::the_record_has_its_fingerprint` has the same figure.
#[wasm_bindgen_test]
fn the_record_is_the_same_as_native() {
    let mut session = fixture::article();
    session.act(fixture::ping("10.244.1.3", "10.244.0.6")).unwrap();
    assert_eq!(session.turns().last().unwrap().record.digest(), fixture::ARTICLE_PING_DIGEST);
}

/// The benchmark's figures in wasm; `cargo xtask bench` shows them, from an optimised build.
#[wasm_bindgen_test]
fn bench() {
    let clock: cases::Clock = js_sys::Date::now;
    let worlds = [2, 100, 400].map(|nodes| (nodes, cases::built(cases::Mode::Kubenet, nodes)));
    for (nodes, world) in &worlds {
        let ms = cases::ping_ms(clock, world, 20);
        console_log!("ping across, action to record, {nodes} nodes: {:.1} us", ms * 1000.0);
    }
    let pages = || core::arch::wasm32::memory_size(0);
    let before = pages();
    let engine = cases::recorded(&worlds[2].1, 1000);
    let steps = engine.record.steps.len();
    console_log!("memory of {steps} recorded steps, 400 nodes: {:.1} MB", (pages() - before) as f64 / 16.0);
    assert!((pages() - before) / 16 < 64);
    console_log!(
        "build 400 nodes with 30 pods each: {:.0} ms",
        cases::fastest(clock, 3, || drop(cases::built(cases::Mode::Kubenet, 400)))
    );
    console_log!(
        "forwarding steps a second, all kept: {:.0}",
        cases::steps_per_second(clock, cases::Mode::Kubenet, 500)
    );
    let (ms, count) = cases::all_pairs_ms(clock);
    console_log!("ping all {count} pairs of 30 pods: {ms:.1} ms");
}
