//! What comes after the first screen: all that stepping a packet does not need. What only `PANELS` reaches is a wasm
//! file of its own, fetched as soon as the first screen stands; `split` is the seam.

use crate::app::components::build::{BuildPanel, Keeper, KeeperProps};
use crate::app::components::lab::help::{Help, Props as HelpProps};
use crate::app::components::lab::inspector::Inspector;
use crate::app::components::lab::telling::Telling;
use crate::app::dom::html;
use crate::app::hooks::kept::use_state;
use crate::app::hooks::use_text;
use crate::app::platform::{Notice, storage};
use crate::app::state::{State, Store};
use crate::app::{split, start};
use crate::text::Text;
use gloo::timers::callback::Timeout;
use yew::prelude::{Callback, Html, Properties, component, hook, use_effect_with};

/// What comes later, as plain functions, so that a call is all that leads there.
#[derive(Debug)]
pub struct Panels {
    /// All words.
    pub text: fn() -> Text,
    /// The sitting that was kept.
    pub open: fn(&Text) -> (State, Option<Notice>),
    /// What keeps it from now on.
    pub keeper: fn(KeeperProps) -> Html,
    pub build: fn(Store) -> Html,
    pub telling: fn(Store) -> Html,
    pub inspector: fn(Store) -> Html,
    pub help: fn(HelpProps) -> Html,
}

/// Named by the seam alone: a second name would bring all of it into the first file.
pub(super) static PANELS: Panels = Panels {
    text: Text::english,
    open: |text| storage::first_state(text, start::session),
    keeper: |props| yew::html! { <Keeper ..props /> },
    build: |store| yew::html! { <BuildPanel {store} /> },
    telling: |store| yew::html! { <Telling {store} /> },
    inspector: |store| yew::html! { <Inspector {store} /> },
    help: |props| yew::html! { <Help ..props /> },
};

/// How far the panels have come.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    Coming,
    Failed,
    There(&'static Panels),
}

/// The panels, or what there is to do until they are there.
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
    /// The panels, if they have come.
    pub fn panels(&self) -> Option<&'static Panels> {
        match self.arrival {
            Arrival::There(panels) => Some(panels),
            Arrival::Coming | Arrival::Failed => None,
        }
    }

    /// A panel, or what stands in its place.
    pub fn show(&self, waiting: impl FnOnce() -> Html, panel: impl FnOnce(&Panels) -> Html) -> Html {
        self.panels().map_or_else(waiting, panel)
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
    /// Id of what is said when it cannot come.
    pub failed: &'static str,
}

/// What stands in the place of a panel that has not come.
#[component]
pub fn Waiting(props: &Props) -> Html {
    let text = use_text();
    let Late { arrival, again } = &props.late;
    if matches!(arrival, Arrival::Failed) {
        return html! {
            <div class="late" role="alert">
                <p>{ text.get(props.failed) }</p>
                <button type="button" class="chip" onclick={again.reform(|_| ())}>{ text.get("late-again") }</button>
            </div>
        };
    }
    html! { <p class="late" role="status">{ text.get("late-coming") }</p> }
}
