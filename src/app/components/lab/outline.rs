//! The world as lists, which say in words what the drawing shows.

use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{use_callback, use_state_eq};
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::view::outline::{Item, outline};
use wasm_bindgen::JsCast;
use web_sys::Element;
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
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.setter();
        use_callback((), move |event: Event, ()| {
            let details = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            open.set(details.is_some_and(|d| d.has_attribute("open")));
        })
    };
    // Nothing is listed before somebody looks: a big world has thousands of rows.
    let items = if *open { outline(store.session.world_at_cursor(), store.selection) } else { Vec::new() };
    html! {
        <details class="outline" ontoggle={toggle}>
            <summary>{ text.get("lab-outline") }</summary>
            { list(store, &items) }
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
