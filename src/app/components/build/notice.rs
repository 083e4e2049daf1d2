//! Something to tell that nobody asked for, until it is dismissed.

use crate::app::dom::html;
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::use_text;
use crate::app::platform::Notice;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub notice: Option<Notice>,
}

/// The bar with the notice; nothing where there is none.
#[component]
pub fn NoticeBar(props: &Props) -> Html {
    let text = use_text();
    let dismissed = use_state_eq(|| None::<Notice>);
    let Some(notice) = props.notice.clone().filter(|notice| dismissed.as_ref() != Some(notice)) else {
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
