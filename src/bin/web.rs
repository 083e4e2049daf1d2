//! Mounts the app in the page.

use yew::prelude::*;

#[component]
fn Placeholder() -> Html {
    html! { <main><h1>{ "podhop" }</h1></main> }
}

fn main() {
    yew::Renderer::<Placeholder>::new().render();
}
