//! The virtual clock, and ways to let time pass.

use super::doing;
use crate::app::dom::{classes, html};
use crate::app::hooks::{sends, use_text};
use crate::app::state::Store;
use crate::sim::action::Action;
use crate::sim::cluster::PodPhase;
use crate::text::Args;
use crate::view::history::clock;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
}

/// Waits that have a button: their length in milliseconds, and the message.
const WAITS: [(u64, &str); 2] = [(10_000, "build-wait-10"), (60_000, "build-wait-60")];

/// The row with the clock.
#[component]
pub(super) fn Clock(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let world = store.session.world();
    let (busy, seen) = (world.queue.has_control(), store.session.world_at_cursor());
    // They are tried again after a while, and perhaps for ever: that is no work to wait for.
    let waiting = seen.pods.values().filter(|pod| pod.phase != PodPhase::Running && !pod.has_ended()).count();
    let works = seen.queue.has_control();
    let state = match (works, waiting) {
        (true, _) => text.get("build-busy"),
        (false, 0) => text.get("build-settled"),
        (false, n) => text.format("build-waiting", &Args::new().count("n", n)),
    };
    html! {
        <div class="clock" role="group" aria-label={text.get("build-clock")}>
            <span class="now">
                <time>{ clock(seen.now) }</time>
                if seen.now != world.now { <time class="end">{ "/ " }{ clock(world.now) }</time> }
                <span class={classes!("work", (works || waiting > 0).then_some("busy"))}>{ state }</span>
            </span>
            { for WAITS.iter().map(|(ms, id)| html! {
                <button key={*id} type="button" class="chip"
                    onclick={sends(store, doing(vec![Action::Wait { ms: *ms }]))}>
                    { text.get(id) }
                </button>
            }) }
            <button type="button" class={classes!("chip", busy.then_some("next"))} title={text.get("build-settle-note")}
                onclick={sends(store, doing(vec![Action::Settle]))}>
                { text.get("build-settle") }
            </button>
        </div>
    }
}
