//! What is said of a command's output: its first lines and how many follow, once.

use super::desk::Seen;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::text::Args;
use yew::prelude::*;

/// Lines that are read out.
const LINES: usize = 3;
/// Characters of a line that are read out.
const CHARS: usize = 160;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) last: Option<Seen>,
}

#[component]
pub(super) fn Spoken(props: &Props) -> Html {
    let text = use_text();
    let printed = props.last.as_ref().map_or_else(String::new, seen);
    let all = printed.lines().filter(|line| !line.trim().is_empty());
    let count = all.clone().count();
    let first: Vec<String> = all.take(LINES).map(|line| line.chars().take(CHARS).collect()).collect();
    let mut words = first.join("\n");
    if count > LINES {
        words.push('\n');
        words += &text.format("term-more-lines", &Args::new().count("n", count - LINES));
    }
    html! { <p class="spoken" role="status">{ words }</p> }
}

fn seen(last: &Seen) -> String {
    let parts = last.block.pieces.iter().zip(&last.shown.pieces);
    parts.map(|(piece, shown)| piece.text.get(shown.clone()).unwrap_or_default()).collect()
}
