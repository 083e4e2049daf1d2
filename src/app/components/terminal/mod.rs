//! Terminals on the one session: tabs, screens, the line that is typed.

mod desk;
mod input;
mod page;
mod screen;
mod spoken;
mod tabs;

use crate::app::dom::html;
use crate::app::hooks::kept::{use_memo, use_state, use_state_eq};
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::shell;
use crate::text::Text;
use desk::Desk;
use input::{Line, scroll_down};
use screen::Screen;
use std::rc::Rc;
use tabs::Head;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Words of the terminal, which come with its file.
const WORDS: &str = include_str!("../../../../static/i18n/en/terminal.ftl");

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
    pub open: bool,
    pub close: Callback<()>,
}

/// All terminals, with the words that only they say.
#[component]
pub fn Terminals(props: &Props) -> Html {
    let text = use_text();
    let context = use_memo(text, |text| shell::words(&text.with(&[WORDS])));
    let context = (*context).clone();
    let panel = yew::html! { <Panel ..props.clone() /> };
    yew::html! { <ContextProvider<Text> {context}>{ panel }</ContextProvider<Text>> }
}

/// The panel of the terminals.
#[component]
fn Panel(props: &Props) -> Html {
    let text = use_text();
    let changes = use_state(|| ());
    let store = &props.store;
    let desk = {
        let (dispatch, changed) = (store.dispatcher(), changes.setter());
        use_memo(text.clone(), move |text| Rc::new(Desk::new(text.clone(), dispatch, changed)))
    };
    let desk = Rc::clone(&desk);
    desk.see(store);
    let tall = use_state_eq(|| false);
    let listing = use_state_eq(|| false);
    {
        // What waits for steps goes on when they have happened.
        let desk = Rc::clone(&desk);
        use_effect_with(store.revision, move |_| desk.pump());
    }
    {
        let desk = Rc::clone(&desk);
        use_effect_with(props.open, move |open| {
            if *open {
                desk.focus();
            } else {
                give_back();
            }
        });
    }
    let (number, seen, mark) = (desk.current(), desk.seen(store), desk.mark());
    {
        let desk = Rc::clone(&desk);
        use_effect_with((seen.clone(), mark.clone(), *listing), move |_| scroll_down(&desk));
    }
    let list = {
        let listing = listing.clone();
        Callback::from(move |()| listing.set(!*listing))
    };
    let taller = {
        let tall = tall.clone();
        Callback::from(move |()| tall.set(!*tall))
    };
    html! {
        <div class={if *tall { "terminals tall" } else { "terminals" }}>
            { yew::html! { <Head desk={Shared(Rc::clone(&desk))} mark={mark.clone()} close={props.close.clone()} tall={*tall} {taller} listing={*listing} list={list.clone()} /> } }
            <div class="screen" role="tabpanel" id={format!("term-panel-{number}")} aria-labelledby={format!("term-tab-{number}")}
                hidden={*listing} onclick={let_type(&desk)}>
                if seen.is_empty() {
                    <p class="follows">{ text.get("term-begin") }</p>
                }
                { yew::html! { <Screen blocks={seen} /> } }
                { yew::html! { <Line desk={Shared(Rc::clone(&desk))} {mark} /> } }
            </div>
            if *listing {
                { yew::html! { <page::Page desk={Shared(Rc::clone(&desk))} store={store.clone()} done={list} /> } }
            }
            { yew::html! { <spoken::Spoken last={desk.last(store)} /> } }
        </div>
    }
}

/// What was used in the drawer is gone with it: the button that opens it has the focus then.
fn give_back() {
    let document = gloo::utils::document();
    let active = document.active_element();
    let gone =
        active.is_none_or(|at| at.tag_name() == "BODY" || at.closest("#terminal").is_ok_and(|in_it| in_it.is_some()));
    let opener = document.query_selector(".top button[aria-expanded]").ok().flatten();
    if let Some(opener) = opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()).filter(|_| gone) {
        // It fails only for an element that has just gone.
        let _ = opener.focus();
    }
}

/// A press on the screen leads to the line, unless it marks something to copy.
fn let_type(desk: &Rc<Desk>) -> Callback<MouseEvent> {
    let desk = Rc::clone(desk);
    Callback::from(move |_| {
        let marked = gloo::utils::window().get_selection().ok().flatten();
        if marked.is_none_or(|marked| marked.is_collapsed()) {
            desk.focus();
        }
    })
}

/// The desk as components share it: always the same one.
#[derive(Clone)]
struct Shared(Rc<Desk>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
