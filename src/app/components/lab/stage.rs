//! The middle of the page: the drawing, the transport, and what is told of the step.

use super::drawing::Drawing;
use super::hop_bar::HopBar;
use super::motion::Previous;
use super::packet::Moving;
use super::transport::Transport;
use crate::app::dom::html;
use crate::app::hooks::kept::use_memo;
use crate::app::hooks::screen::{bring_into_view, use_columns};
use crate::app::hooks::use_text;
use crate::app::state::{State, Store};
use crate::session::Turn;
use crate::view::scene::Scene;
use crate::view::scene::overlay::{At, Overlay, overlay};
use crate::view::scene::way::{Way, shown, walks, way};
use crate::view::target::Target;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
    /// What is told of the step.
    pub telling: Html,
}

/// What the drawing depends on. While a packet walks, none of it changes.
#[derive(Clone)]
struct Ground {
    turn: Option<Rc<Turn>>,
    /// Steps done, in turns in which things come and go.
    step: Option<usize>,
    selected: Option<Target>,
    columns: usize,
}

impl PartialEq for Ground {
    fn eq(&self, other: &Self) -> bool {
        let same_turn = match (&self.turn, &other.turn) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_turn && (self.step, self.selected, self.columns) == (other.step, other.selected, other.columns)
    }
}

impl Ground {
    fn of(state: &State, columns: usize) -> Self {
        let turn = state.session.turn().cloned();
        let step = (!turn.as_deref().is_some_and(walks)).then(|| state.session.cursor().step);
        Self { turn, step, selected: state.selection, columns }
    }

    fn draw(&self, state: &State) -> Scene {
        shown(self.turn.as_deref(), state.session.world_at_cursor(), self.selected, self.columns)
    }
}

/// Where the packet's steps are in this drawing.
#[derive(Clone)]
struct Walk {
    scene: Rc<Scene>,
    line: Rc<Vec<usize>>,
}

impl PartialEq for Walk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scene, &other.scene) && (Rc::ptr_eq(&self.line, &other.line) || self.line == other.line)
    }
}

fn overlay_of(state: &State, scene: &Scene, way: &Way, before: usize) -> Overlay {
    let at = At { position: state.line_position(), before, detail: state.detail };
    state.session.turn().map_or_else(Overlay::default, |turn| overlay(scene, way, turn, &state.line, at))
}

/// Where the drawing is larger than what is around it: its middle, and the packet.
fn show_packet(canvas: &Element) {
    canvas.set_scroll_left((canvas.scroll_width() - canvas.client_width()) / 2);
    if let Ok(Some(place)) = canvas.query_selector(".place") {
        bring_into_view(&place);
    }
}

/// The middle column.
#[component]
pub fn Stage(props: &Props) -> Html {
    let text = use_text();
    let columns = use_columns();
    let store = &props.store;
    let scene = use_memo(Ground::of(store, columns), |ground| ground.draw(store));
    let walk = Walk { scene: Rc::clone(&scene), line: Rc::clone(&store.line) };
    let way = use_memo(walk, |walk| {
        store.session.turn().map_or_else(Way::default, |turn| way(&walk.scene.net, turn, &walk.line))
    });
    let previous = use_memo((), |()| Previous::default());
    let before = previous.before(store);
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(store.zoom, move |_| {
            if let Some(canvas) = canvas.cast::<Element>() {
                show_packet(&canvas);
            }
        });
    }
    let overlay = Rc::new(overlay_of(store, &scene, &way, before));
    html! {
        <section id="stage" class="column stage" aria-label={text.get("lab-stage")} tabindex="-1">
            <div ref={canvas} class={if store.zoom == 0 { "canvas" } else { "canvas zoomed" }} data-zoom={store.zoom.to_string()}>
                if scene.shapes.is_empty() {
                    <p class="empty">{ text.get("lab-empty") }</p>
                }
                <svg class="scene" viewBox={format!("0 0 {} {}", scene.width, scene.height)} role="group"
                    aria-label={text.get("lab-drawing")}>
                    { yew::html! { <Drawing scene={Rc::clone(&scene)} selected={store.selection} dispatch={store.dispatcher()} /> } }
                    { yew::html! { <Moving {overlay} position={store.line_position()} /> } }
                </svg>
            </div>
            { yew::html! { <Transport store={store.clone()} /> } }
            { yew::html! { <HopBar store={store.clone()} /> } }
            { props.telling.clone() }
        </section>
    }
}
