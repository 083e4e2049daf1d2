//! The world as lists, which say in words what the drawing shows.

use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::view::outline::{Item, outline};
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// The outline, closed until it is asked for.
#[component]
pub fn Outline(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let world = store.session.world_at_cursor();
    html! {
        <details class="outline">
            <summary>{ text.get("lab-outline") }</summary>
            { list(store, &outline(world, store.selection)) }
        </details>
    }
}

fn list(store: &Store, items: &[Item]) -> Html {
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <ul>
            { for items.iter().map(|item| html! {
                <li>
                    <button class={classes!("name", (store.selection == Some(item.target)).then_some("picked"))}
                        onclick={sends(store, Msg::Select(Some(item.target)))}>{ &*item.name }</button>
                    { " " }<code>{ &item.detail }</code>
                    { list(store, &item.inside) }
                </li>
            }) }
        </ul>
    }
}
