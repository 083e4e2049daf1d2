//! The bar on top: name, undo and redo, theme, help.

use crate::app::dom::html;
use crate::app::hooks::{let_go, sends, theme::use_toggle_theme, use_text};
use crate::app::state::{Msg, Store, ZOOMS};
use crate::text::Args;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
    pub help: Callback<()>,
    /// Whether the terminal is open.
    pub open: bool,
    pub terminal: Callback<()>,
}

/// The bar on top.
#[component]
pub fn TopBar(props: &Props) -> Html {
    let text = use_text();
    let theme = use_toggle_theme();
    let store = &props.store;
    let (help, terminal) = (props.help.clone(), props.terminal.clone());
    let size = ZOOMS.get(store.zoom).copied().unwrap_or_default();
    let zoom = text.format("lab-zoom", &Args::new().text("size", size));
    let (undo, redo) = (text.get("undo"), text.get("redo"));
    html! {
        <header class="top" onclick={|event: MouseEvent| let_go(&event)}>
            <h1 class="logo">{ "pod" }<b>{ "hop" }</b></h1>
            <span class="tagline">{ text.get("lab-tagline") }</span>
            <div class="tools">
                <button class="tool wide" aria-expanded={props.open.to_string()} onclick={move |_| terminal.emit(())}>
                    <span class="sign" aria-hidden="true">{ ">_" }</span>{ text.get("terminal") }<kbd>{ "T" }</kbd>
                </button>
                <button class="tool" title={undo.clone()} aria-label={undo} disabled={!store.session.can_undo()}
                    onclick={sends(store, Msg::Undo)}>{ "↶" }</button>
                <button class="tool" title={redo.clone()} aria-label={redo} disabled={!store.session.can_redo()}
                    onclick={sends(store, Msg::Redo)}>{ "↷" }</button>
                <button class="tool zoom" title={zoom.clone()} aria-label={zoom} onclick={sends(store, Msg::Zoom)}>{ size }</button>
                <button class="tool" title={text.get("theme")} aria-label={text.get("theme")}
                    onclick={move |_| theme.emit(())}>{ "◐" }</button>
                <button class="tool wide" aria-label={text.get("help")} onclick={move |_| help.emit(())}>
                    { text.get("help") }<kbd>{ "?" }</kbd>
                </button>
            </div>
        </header>
    }
}
