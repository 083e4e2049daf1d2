//! Mounts the app in the page.

fn main() {
    podhop::app::hooks::theme::restore();
    yew::Renderer::<podhop::app::shell::App>::new().render();
}
