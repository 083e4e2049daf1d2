//! Keeps the sitting, and shows what there is to tell that nobody asked for, until it is dismissed.

use crate::app::dom::html;
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::use_text;
use crate::app::platform::Notice;
use crate::app::platform::storage::{Mark, use_autosave};
use crate::app::state::Store;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
    /// What the sitting was when it opened.
    pub untouched: Mark,
    /// What there was to tell when it opened.
    pub first: Option<Notice>,
}

/// Keeps the sitting. Shows the bar with the notice, or nothing where there is none.
#[component]
pub fn Keeper(props: &Props) -> Html {
    let text = use_text();
    let notice = use_autosave(&props.store, props.untouched).or_else(|| props.first.clone());
    let dismissed = use_state_eq(|| None::<Notice>);
    let Some(notice) = notice.filter(|notice| dismissed.as_ref() != Some(notice)) else {
        return Html::default();
    };
    let words = notice.words(&text);
    html! {
        <div class="notice" role="alert">
            <p>{ words }</p>
            <button type="button" class="chip"
                onclick={move |_| dismissed.set(Some(notice.clone()))}>{ text.get("dismiss") }</button>
        </div>
    }
}
