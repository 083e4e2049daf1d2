//! What comes as a wasm file of its own: whether it is there, and what stands in its place until then.

use crate::app::dom::html;
use crate::app::hooks::kept::use_state;
use crate::app::hooks::use_text;
use crate::app::split::NotFetched;
use gloo::timers::callback::Timeout;
use std::future::Future;
use yew::prelude::{Callback, Html, Properties, component, hook, use_effect_with};

/// A part of the app that is fetched.
pub trait Part: 'static {
    /// The part, once its file is there.
    fn fetch() -> impl Future<Output = Result<&'static Self, NotFetched>>;
}

/// How far a part has come.
#[derive(Debug)]
enum Arrival<P: 'static> {
    Coming,
    Failed,
    There(&'static P),
}

impl<P> Clone for Arrival<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Arrival<P> {}

/// A part, or what there is to do until it is there.
#[derive(Debug)]
pub struct Late<P: 'static> {
    arrival: Arrival<P>,
    again: Callback<()>,
}

impl<P> Clone for Late<P> {
    fn clone(&self) -> Self {
        Self { arrival: self.arrival, again: self.again.clone() }
    }
}

impl<P> PartialEq for Late<P> {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.arrival) == std::mem::discriminant(&other.arrival)
    }
}

impl<P> Late<P> {
    /// The part, if it has come.
    pub const fn part(&self) -> Option<&'static P> {
        match self.arrival {
            Arrival::There(part) => Some(part),
            Arrival::Coming | Arrival::Failed => None,
        }
    }

    /// What it shows, or what stands in its place.
    pub fn show(&self, waiting: impl FnOnce() -> Html, show: impl FnOnce(&P) -> Html) -> Html {
        self.part().map_or_else(waiting, show)
    }

    /// What stands in its place; `failed` is the id of what is said when it cannot come.
    pub fn waiting(&self, failed: &'static str) -> Html {
        let failed = matches!(self.arrival, Arrival::Failed).then_some(failed);
        yew::html! { <Waiting {failed} again={self.again.clone()} /> }
    }
}

/// Fetches a part once the screen stands.
#[hook]
pub fn use_late<P: Part>() -> Late<P> {
    let arrival = use_state(|| Arrival::<P>::Coming);
    let attempt = use_state(|| 0_u32);
    {
        let arrival = arrival.setter();
        use_effect_with(*attempt, move |_| {
            // A turn of the browser's loop later the screen is painted.
            let timer = Timeout::new(0, move || {
                yew::platform::spawn_local(async move {
                    arrival.set(P::fetch().await.map_or(Arrival::Failed, Arrival::There));
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
struct Props {
    failed: Option<&'static str>,
    again: Callback<()>,
}

/// What stands in the place of a part that has not come.
#[component]
fn Waiting(props: &Props) -> Html {
    let text = use_text();
    if let Some(failed) = props.failed {
        return html! {
            <div class="late" role="alert">
                <p>{ text.get(failed) }</p>
                <button type="button" class="chip" onclick={props.again.reform(|_| ())}>{ text.get("late-again") }</button>
            </div>
        };
    }
    html! { <p class="late" role="status">{ text.get("late-coming") }</p> }
}
