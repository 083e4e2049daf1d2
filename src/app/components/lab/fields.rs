//! The strip with what the packet carries: before, struck through, and after.

use crate::app::dom::{classes, html};
use crate::app::hooks::use_text;
use crate::view::header::Field;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub fields: Rc<Vec<Field>>,
}

/// The strip of header fields.
#[component]
pub fn Fields(props: &Props) -> Html {
    let text = use_text();
    if props.fields.is_empty() {
        return html! { <p class="fields none">{ text.get("lab-no-packet") }</p> };
    }
    html! {
        <dl class="fields" aria-label={text.get("lab-fields")}>
            { for props.fields.iter().map(|field| html! {
                <div key={field.label} class={classes!(field.before.is_some().then_some("changed"))}>
                    <dt>{ text.get(field.label) }
                        if field.before.is_some() {
                            <span class="hidden">{ " " }{ text.get("changed") }</span>
                        }
                    </dt>
                    <dd>
                        if let Some(before) = &field.before {
                            <del>{ before }</del>{ " " }
                        }
                        <ins>{ &field.after }</ins>
                    </dd>
                </div>
            }) }
        </dl>
    }
}
