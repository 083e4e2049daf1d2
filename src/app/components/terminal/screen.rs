//! What was typed and printed. Text only: nothing that a command prints is read as anything else.

use super::desk::Seen;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::text::Args;
use yew::prelude::*;

/// Lines that are laid out together, so that only what is in view costs.
const TOGETHER: usize = 200;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) blocks: Vec<Seen>,
}

/// The screen, without the line that is typed.
#[component]
pub(super) fn Screen(props: &Props) -> Html {
    let text = use_text();
    html! {
        <div class="output" role="log" aria-live="off" aria-label={text.get("term-output")}>
            { for props.blocks.iter().map(|seen| yew::html! { <One key={seen.block.number} seen={seen.clone()} /> }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct OneProps {
    seen: Seen,
}

/// A line that was typed, and what it printed.
#[component]
fn One(props: &OneProps) -> Html {
    let text = use_text();
    let Seen { block, shown } = &props.seen;
    let parts: Vec<&str> = block
        .pieces
        .iter()
        .zip(&shown.pieces)
        .map(|(piece, shown)| piece.text.get(shown.clone()).unwrap_or(""))
        .flat_map(together)
        .collect();
    let long = parts.len() > 8;
    html! {
        <div class="block">
            <div class="typed"><span class="prompt">{ &block.prompt }</span><span class="words">{ &block.typed }</span></div>
            if block.dropped > 0 {
                <p class="dropped">{ text.format("term-dropped", &Args::new().count("n", block.dropped)) }</p>
            }
            { for parts.into_iter().map(|part| html! { <pre class={long.then_some("long")}>{ part }</pre> }) }
            if let Some(waiting) = &shown.waiting {
                <pre>{ waiting }</pre>
            }
        </div>
    }
}

/// A text in parts of so many lines.
fn together(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut lines) = (0, 0);
    for (at, _) in text.match_indices('\n') {
        lines += 1;
        if lines == TOGETHER {
            parts.extend(text.get(from..at));
            (from, lines) = (at + 1, 0);
        }
    }
    let rest = text.get(from..).unwrap_or("");
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    if !rest.is_empty() || lines > 0 {
        parts.push(rest);
    }
    parts
}
