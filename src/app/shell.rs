//! The frame of the app: what is on top, the three columns, and what all of them share.

use crate::app::components::build::KeeperProps;
use crate::app::components::lab::help::Props as HelpProps;
use crate::app::components::lab::stage::Stage;
use crate::app::components::lab::telling::ready;
use crate::app::components::lab::top_bar::TopBar;
use crate::app::dom::html;
use crate::app::hooks::kept::{Setter, use_callback, use_memo, use_state};
use crate::app::hooks::keys::{self, Command, use_keys};
use crate::app::hooks::{let_go, theme, use_text};
use crate::app::late::{self, use_late};
use crate::app::panels::Panels;
use crate::app::platform::storage;
use crate::app::start;
use crate::app::state::{State, Store};
use crate::app::terminal::DrawerProps;
use crate::text::Text;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// The whole app.
#[component]
pub fn App() -> Html {
    let late: Late = use_late();
    let text = use_memo(late.clone(), |late| late.part().map_or_else(Text::first, |panels| (panels.text)()));
    // What was kept is opened by what comes later; without it the first screen stands at once.
    let kept = use_memo((), |()| storage::holds_sitting());
    let context = (*text).clone();
    let page = if *kept && late.part().is_none() {
        let waiting = late.waiting("late-failed-kept");
        html! { <main class="column stage">{ waiting }</main> }
    } else {
        yew::html! { <Page {late} /> }
    };
    yew::html! { <ContextProvider<Text> {context}>{ page }</ContextProvider<Text>> }
}

type Late = late::Late<Panels>;

#[derive(Debug, PartialEq, Properties)]
struct Props {
    late: Late,
}

/// The page of a sitting.
#[component]
fn Page(props: &Props) -> Html {
    let text = use_text();
    let late = &props.late;
    let first = use_memo((), |()| {
        let opened = late.part().map(|panels| (panels.open)(&text));
        opened.unwrap_or_else(|| (State::new(start::session()), None))
    });
    let store = use_reducer(|| first.0.clone());
    let help = use_state(|| false);
    let letters = use_state(keys::letters);
    let terminal = use_terminal();
    let other = {
        let (help, terminal) = (help.setter(), terminal.clone());
        use_callback((), move |command: Command, ()| match command {
            Command::Help => help.set(true),
            Command::Terminal => terminal.turn(),
            _ => theme::toggle(),
        })
    };
    use_keys(&store, *letters, &other);
    let open_help = {
        let help = help.setter();
        use_callback((), move |(), ()| help.set(true))
    };
    let close = {
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
    let keeper =
        KeeperProps { store: store.clone(), untouched: (first.0.revision, first.0.detail), first: first.1.clone() };
    let dialog = HelpProps { close, letters: *letters, set_letters };
    html! {
        <a class="skip" href="#stage">{ text.get("lab-skip") }</a>
        { late.show(Html::default, |panels| (panels.keeper)(keeper)) }
        { yew::html! { <TopBar store={store.clone()} help={open_help} open={terminal.open} terminal={terminal.toggle()} /> } }
        { columns(late, &text, &store, &terminal) }
        if *help {
            { late.show(|| waiting(late), |panels| (panels.help)(dialog)) }
        }
    }
}

fn columns(late: &Late, text: &Text, store: &Store, terminal: &Terminal) -> Html {
    let here = || store.clone();
    let telling = late.show(|| untold(late, text, store), |panels| (panels.telling)(here()));
    html! {
        <main class={if terminal.open { "columns with-terminal" } else { "columns" }} onclick={|event: MouseEvent| let_go(&event)}>
            <aside class="column left" aria-label={text.get("lab-left")}>
                { late.show(|| waiting(late), |panels| (panels.build)(here())) }
            </aside>
            { yew::html! { <Stage store={here()} {telling} /> } }
            if terminal.used {
                { late.show(Html::default, |panels| (panels.terminal)(terminal.drawer(here()))) }
            }
            { late.show(|| no_inspector(late, text), |panels| (panels.inspector)(here())) }
        </main>
    }
}

fn waiting(late: &Late) -> Html {
    late.waiting("late-failed")
}

fn no_inspector(late: &Late, text: &Text) -> Html {
    html! { <aside class="column right" aria-label={text.get("inspector")}>{ waiting(late) }</aside> }
}

/// What stands below the drawing while no step can be told.
fn untold(late: &Late, text: &Text, store: &Store) -> Html {
    if store.step().is_some() {
        return waiting(late);
    }
    html! {
        <p class="fields none"></p>
        <p class="sentence">{ ready(text, store) }</p>
    }
}

/// Whether the terminal is open, and was ever: what is in it stays while it is closed.
#[derive(Clone)]
struct Terminal {
    open: bool,
    used: bool,
    now: Rc<Cell<bool>>,
    set: Setter<(bool, bool)>,
}

#[hook]
fn use_terminal() -> Terminal {
    let state = use_state(|| (false, false));
    let now = use_memo((), |()| Rc::new(Cell::new(false)));
    let (open, used) = *state;
    Terminal { open, used, now: Rc::clone(&now), set: state.setter() }
}

impl Terminal {
    fn turn(&self) {
        let open = !self.now.get();
        self.now.set(open);
        self.set.set((open, true));
    }

    fn toggle(&self) -> Callback<()> {
        let own = self.clone();
        Callback::from(move |()| own.turn())
    }

    fn drawer(&self, store: Store) -> DrawerProps {
        DrawerProps { store, open: self.open, close: self.toggle() }
    }
}
