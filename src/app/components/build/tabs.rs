//! Tabs: one stop of the Tab key, arrows between them.

use crate::app::dom::html;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// Name of the list of tabs.
    pub(super) label: String,
    /// Prefix of ids: the tab is `PREFIX-tab-CODE`, its panel `PREFIX-panel-CODE`.
    pub(super) prefix: &'static str,
    /// Code and word of each tab.
    pub(super) tabs: Vec<(&'static str, String)>,
    pub(super) current: &'static str,
    pub(super) pick: Callback<&'static str>,
}

/// The list of tabs. The panel is the owner's.
#[component]
pub(super) fn Tabs(props: &Props) -> Html {
    let codes: Vec<&'static str> = props.tabs.iter().map(|(code, _)| *code).collect();
    let onkeydown = {
        let (pick, current, prefix) = (props.pick.clone(), props.current, props.prefix);
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = moved(&codes, current, &event.key()) {
                event.prevent_default();
                event.stop_propagation();
                pick.emit(next);
                focus(&format!("{prefix}-tab-{next}"));
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for props.tabs.iter().map(|(code, word)| tab(props, code, word)) }
        </div>
    }
}

fn tab(props: &Props, code: &'static str, word: &str) -> Html {
    let (on, pick) = (code == props.current, props.pick.clone());
    html! {
        <button key={code} type="button" role="tab" class="tab" id={format!("{}-tab-{code}", props.prefix)}
            aria-controls={format!("{}-panel-{code}", props.prefix)} aria-selected={on.to_string()}
            tabindex={if on { "0" } else { "-1" }} onclick={move |_| pick.emit(code)}>
            { word }
        </button>
    }
}

/// The tab that a key leads to; it never wraps at the ends.
fn moved(codes: &[&'static str], current: &str, key: &str) -> Option<&'static str> {
    let at = codes.iter().position(|code| *code == current)?;
    let next = match key {
        "ArrowRight" | "ArrowDown" => at + 1,
        "ArrowLeft" | "ArrowUp" => at.checked_sub(1)?,
        "Home" => 0,
        "End" => codes.len().checked_sub(1)?,
        _ => return None,
    };
    codes.get(next).copied()
}

/// Gives an element the focus, if it is there.
pub(super) fn focus(id: &str) {
    let element = gloo::utils::document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // It fails only for an element that has just gone.
        let _ = element.focus();
    }
}
