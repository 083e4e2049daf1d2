//! The panel: the clock, and four tabs.

use super::breaks::Breaks;
use super::clock::Clock;
use super::examples;
use super::history::History;
use super::send::Send;
use super::tabs::Tabs;
use super::things::Things;
use crate::app::dom::html;
use crate::app::hooks::kept::{use_callback, use_state_eq};
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::text::Args;
use crate::view::form::Values;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

const TABS: [&str; 4] = ["things", "send", "break", "history"];

/// What a learner builds, sends, breaks and did.
#[component]
pub fn BuildPanel(props: &Props) -> Html {
    let text = use_text();
    let current = use_state_eq(|| "things");
    let packet = use_state_eq(Values::default);
    let pick = {
        let set = current.setter();
        use_callback((), move |code: &'static str, ()| set.set(code))
    };
    let change_packet = {
        let set = packet.setter();
        use_callback((), move |values: Values, ()| set.set(values))
    };
    // A row of the inventory names one end of the packet; the other one stays.
    let send = {
        let (packet, pick) = (packet.clone(), pick.clone());
        Callback::from(move |preset: Values| {
            let mut values = (*packet).clone();
            preset.iter().for_each(|(id, value)| values.set(id, value));
            packet.set(values);
            pick.emit("send");
        })
    };
    let store = props.store.clone();
    let tabs = TABS.iter().map(|code| (*code, text.get(&format!("build-tab-{code}")))).collect::<Vec<_>>();
    html! {
        <section class="build" aria-label={text.get("builder")}>
            { yew::html! { <Clock store={store.clone()} /> } }
            { past(&store, &text) }
            { examples::before(&store, &text) }
            { yew::html! { <Tabs label={text.get("builder")} prefix="build" {tabs} current={*current} {pick} /> } }
            <div class="tab-panel" role="tabpanel" id={format!("build-panel-{}", *current)}
                aria-labelledby={format!("build-tab-{}", *current)}>
                { match *current {
                    "send" => yew::html! { <Send {store} packet={(*packet).clone()} change={change_packet} /> },
                    "break" => yew::html! { <Breaks {store} /> },
                    "history" => yew::html! { <History {store} /> },
                    _ => yew::html! { <Things {store} {send} /> },
                } }
            </div>
        </section>
    }
}

/// What is done is added at the end of the history, so whoever looks at the past is told.
fn past(store: &Store, text: &crate::text::Text) -> Html {
    let (turn, turns) = (store.session.cursor().turn + 1, store.session.turns().len());
    if turn >= turns {
        return Html::default();
    }
    let words = text.format("build-past", &Args::new().count("turn", turn).count("turns", turns));
    html! {
        <p class="past" role="status">
            { words }
            <button type="button" class="chip" onclick={sends(store, Msg::Seek(store.session.end()))}>
                { text.get("build-to-end") }
            </button>
        </p>
    }
}
