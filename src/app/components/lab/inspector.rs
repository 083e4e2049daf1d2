//! The right column: why this step was decided so, and the tables of what was picked.

use super::outline::Outline;
use crate::app::state::Store;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// The inspector.
#[component]
pub fn Inspector(props: &Props) -> Html {
    html! {
        <aside class="column right">
            <Outline store={props.store.clone()} />
        </aside>
    }
}
