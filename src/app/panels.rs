//! The panels that come after the first screen: all that stepping a packet does not need. What only [`PANELS`] reaches
//! is a wasm file of its own, fetched as soon as the first screen stands; `split` has the seam.

use crate::app::components::build::BuildPanel;
use crate::app::components::lab::inspector::Inspector;
use crate::app::hooks::use_text;
use crate::app::split;
use crate::app::state::Store;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// The panels, as plain functions, so that a call is all that leads there.
#[derive(Debug)]
pub struct Panels {
    pub build: fn(&Store) -> Html,
    pub inspector: fn(&Store) -> Html,
}

/// Named by the seam alone: a second name would bring all panels into the first file.
pub(super) static PANELS: Panels = Panels { build, inspector };

fn build(store: &Store) -> Html {
    html! { <BuildPanel store={store.clone()} /> }
}

fn inspector(store: &Store) -> Html {
    html! { <Inspector store={store.clone()} /> }
}

/// How far the panels have come.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    Coming,
    Failed,
    There(&'static Panels),
}

/// The panels, or what to show and do until they are there.
#[derive(Clone, Debug)]
pub struct Late {
    arrival: Arrival,
    again: Callback<()>,
}

impl PartialEq for Late {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.arrival) == std::mem::discriminant(&other.arrival)
    }
}

impl Late {
    pub fn show(&self, waiting: &Html, panel: impl FnOnce(&Panels) -> Html) -> Html {
        match self.arrival {
            Arrival::There(panels) => panel(panels),
            _ => waiting.clone(),
        }
    }
}

/// Fetches the panels once the first screen stands.
#[hook]
pub fn use_late() -> Late {
    let arrival = use_state(|| Arrival::Coming);
    let attempt = use_state(|| 0_u32);
    {
        let arrival = arrival.setter();
        use_effect_with(*attempt, move |_| {
            // A turn of the browser's loop later the screen is painted.
            let timer = Timeout::new(0, move || {
                yew::platform::spawn_local(async move {
                    arrival.set(split::panels().await.map_or(Arrival::Failed, Arrival::There));
                });
            });
            move || drop(timer)
        });
    }
    let again = {
        let (arrival, attempt) = (arrival.setter(), attempt);
        Callback::from(move |()| {
            arrival.set(Arrival::Coming);
            attempt.set(*attempt + 1);
        })
    };
    Late { arrival: *arrival, again }
}

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub late: Late,
}

/// What stands in the place of a panel that has not come.
#[component]
pub fn Waiting(props: &Props) -> Html {
    let text = use_text();
    let Late { arrival, again } = &props.late;
    if matches!(arrival, Arrival::Coming) {
        return html! { <p class="empty">{ text.get("late-coming") }</p> };
    }
    html! {
        <div class="empty" role="alert">
            <p>{ text.get("late-failed") }</p>
            <button type="button" class="chip" onclick={again.reform(|_| ())}>{ text.get("late-again") }</button>
        </div>
    }
}
