//! The frame of the app: what is on top, the three columns, and what all of them share.

use crate::app::components::build::{BuildPanel, NoticeBar};
use crate::app::components::lab::help::Help;
use crate::app::components::lab::inspector::Inspector;
use crate::app::components::lab::stage::Stage;
use crate::app::components::lab::top_bar::TopBar;
use crate::app::dom::html;
use crate::app::hooks::kept::{use_callback, use_memo, use_state};
use crate::app::hooks::keys::{self, Command, use_keys};
use crate::app::hooks::theme;
use crate::app::platform::storage;
use crate::app::start;
use crate::text::Text;
use yew::prelude::*;

/// The whole app.
#[component]
pub fn App() -> Html {
    let text = use_memo((), |()| Text::english());
    let first = use_memo((), |()| storage::first_state(&text, start::session));
    let store = use_reducer(|| first.0.clone());
    let notice = storage::use_autosave(&store).or_else(|| first.1.clone());
    let help = use_state(|| false);
    let letters = use_state(keys::letters);
    let other = {
        let help = help.setter();
        use_callback((), move |command: Command, ()| match command {
            Command::Help => help.set(true),
            _ => theme::toggle(),
        })
    };
    use_keys(&store, *letters, &other);
    let open_help = {
        let help = help.setter();
        use_callback((), move |(), ()| help.set(true))
    };
    let close_help = {
        let help = help.setter();
        use_callback((), move |(), ()| help.set(false))
    };
    let set_letters = {
        let letters = letters.setter();
        use_callback((), move |on: bool, ()| {
            keys::keep_letters(on);
            letters.set(on);
        })
    };
    let context = (*text).clone();
    let page = html! {
        <a class="skip" href="#stage">{ text.get("lab-skip") }</a>
        { yew::html! { <NoticeBar {notice} /> } }
        { yew::html! { <TopBar store={store.clone()} help={open_help} /> } }
        <main class="columns">
            <aside class="column left" aria-label={text.get("lab-left")}>
                { yew::html! { <BuildPanel store={store.clone()} /> } }
            </aside>
            { yew::html! { <Stage store={store.clone()} /> } }
            { yew::html! { <Inspector {store} /> } }
        </main>
        if *help {
            { yew::html! { <Help close={close_help} letters={*letters} {set_letters} /> } }
        }
    };
    yew::html! { <ContextProvider<Text> {context}>{ page }</ContextProvider<Text>> }
}
