//! The terminal's drawer. What only `TERMINALS` reaches, all commands among it, is a wasm file of its own, fetched when
//! the drawer is opened first; `split` is the seam.

use crate::app::components::terminal::{Props, Terminals};
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::app::late::{Late, Part, use_late};
use crate::app::split::{self, NotFetched};
use yew::prelude::{Html, component};

pub use crate::app::components::terminal::Props as DrawerProps;

/// What the file with the commands has.
#[derive(Debug)]
pub struct Commands {
    pub terminals: fn(Props) -> Html,
}

/// Named by the seam alone.
pub(super) static TERMINALS: Commands = Commands { terminals: |props| yew::html! { <Terminals ..props /> } };

impl Part for Commands {
    async fn fetch() -> Result<&'static Self, NotFetched> {
        split::terminals().await
    }
}

/// The drawer, from its first opening on.
#[component]
pub fn Drawer(props: &Props) -> Html {
    let text = use_text();
    let late: Late<Commands> = use_late();
    let waiting = || late.waiting("late-failed");
    html! {
        <section id="terminal" class="terminal" aria-label={text.get("terminal")} hidden={!props.open}>
            { late.show(waiting, |commands| (commands.terminals)(props.clone())) }
        </section>
    }
}
