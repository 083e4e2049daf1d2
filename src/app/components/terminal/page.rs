//! The page of commands: every row of the catalogue, with a line that runs by a click.

use super::Shared;
use crate::app::dom::html;
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::shell::catalog::{Command, commands};
use crate::text::{Args, Text};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) desk: Shared,
    pub(super) store: Store,
    /// Leads back to the screen.
    pub(super) done: Callback<()>,
}

/// The page of commands.
#[component]
pub(super) fn Page(props: &Props) -> Html {
    let text = use_text();
    let sought = use_state_eq(String::new);
    let oninput = {
        let set = sought.setter();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            set.set(input.map_or_else(String::new, |input| input.value()));
        })
    };
    let fits = |c: &&'static Command| {
        let part = sought.trim().to_lowercase();
        c.path.contains(&part) || text.get(&c.summary()).to_lowercase().contains(&part)
    };
    let found: Vec<&'static Command> = commands().filter(fits).collect();
    let mut families: Vec<&'static str> = Vec::new();
    for command in &found {
        if !families.contains(&group(command)) {
            families.push(group(command));
        }
    }
    let count = text.format("term-commands-count", &Args::new().count("n", found.len()));
    html! {
        <div class="commands">
            <div class="find">
                <input type="search" aria-label={text.get("term-commands-find")} placeholder={text.get("term-commands-find")} {oninput} />
                <span role="status">{ count }</span>
            </div>
            { for families.into_iter().map(|family| html! {
                <section aria-label={family}>
                    <h3>{ family_name(&text, family) }</h3>
                    <ul>{ for found.iter().filter(|c| group(c) == family).map(|c| row(props, &text, c)) }</ul>
                </section>
            }) }
        </div>
    }
}

/// Tools without commands of their own stand together.
fn group(command: &Command) -> &'static str {
    match command.family() {
        family @ ("az" | "kubectl" | "crictl" | "ip" | "bridge" | "brctl") => family,
        _ => "",
    }
}

fn family_name(text: &Text, family: &'static str) -> String {
    if family.is_empty() { text.get("term-commands-others") } else { family.to_owned() }
}

fn row(props: &Props, text: &Text, command: &'static Command) -> Html {
    let example = &command.example;
    let lines = example.lines(props.store.session.world());
    let (Shared(desk), done) = (props.desk.clone(), props.done.clone());
    let shown = lines.as_ref().and_then(|lines| match lines.as_slice() {
        [_, line, _] | [line] => Some(line.clone()),
        _ => None,
    });
    let shown = shown.unwrap_or_else(|| example.shown());
    let name = text.format("term-commands-run", &Args::new().text("line", &shown));
    let off = lines.is_none();
    let run = Callback::from(move |_: MouseEvent| {
        if let Some(lines) = &lines {
            desk.show_off(&lines.join("\n"));
            done.emit(());
        }
    });
    html! {
        <li key={command.path}>
            <div><code class="path">{ command.path }</code>{ " " }<code class="operands">{ command.operands }</code></div>
            <p>{ text.get(&command.summary()) }</p>
            <button type="button" class="example" aria-label={name} disabled={off} onclick={run}>
                <span aria-hidden="true">{ "▶ " }</span><code>{ shown }</code>
            </button>
            if let Some(needs) = example.needs {
                <p class="needs">{ text.get(needs) }</p>
            }
        </li>
    }
}
