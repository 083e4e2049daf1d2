//! What stands still: wires and boxes. One stop of the Tab key; within it arrows move from box to box.

use super::packet::path_data;
use super::shape::{class, outline, words};
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::{let_go, use_text};
use crate::app::state::{Msg, State};
use crate::text::{Args, Text};
use crate::view::scene::shape::{Kind, Shape};
use crate::view::scene::{Direction, Scene};
use crate::view::target::Target;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::SvgElement;
use yew::prelude::*;

#[derive(Debug, Properties)]
pub struct Props {
    pub scene: Rc<Scene>,
    pub selected: Option<Target>,
    pub dispatch: UseReducerDispatcher<State>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.scene, &other.scene) && self.selected == other.selected
    }
}

/// Wires and boxes.
#[component]
pub fn Drawing(props: &Props) -> Html {
    let text = use_text();
    let scene = &props.scene;
    let here = use_state_eq(|| 0_usize);
    let stop = (*here).min(scene.shapes.len().saturating_sub(1));
    let keydown = {
        let (scene, here) = (Rc::clone(scene), here.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = moved(&scene, stop, &event.key()) {
                event.prevent_default();
                here.set(next);
                focus(next);
            }
        })
    };
    let pick = {
        let (scene, here, dispatch) = (Rc::clone(scene), here.clone(), props.dispatch.clone());
        Callback::from(move |number: usize| {
            here.set(number);
            let target = scene.shapes.get(number).and_then(|s| s.target);
            dispatch.dispatch(Msg::Select(target));
        })
    };
    html! {
        <g class="still" data-own-keys="" onkeydown={keydown}>
            { for scene.shapes.iter().enumerate().map(|(n, shape)| object(&text, shape, n, n == stop, props.selected, &pick)) }
            <g class="wires" aria-hidden="true">
                { for scene.net.wires().iter().map(|wire| html! {
                    <path class={if wire.down { "down" } else { "" }} d={path_data(&wire.way)} />
                }) }
            </g>
            <g class="wire-names" aria-hidden="true">
                { for scene.labels.iter().map(|l| html! {
                    <text class={if l.down { "down" } else { "" }} x={l.at.x.to_string()} y={l.at.y.to_string()}>
                        { if l.down { "✕ " } else { "" } }{ &*l.text }
                    </text>
                }) }
            </g>
        </g>
    }
}

fn object(
    text: &Text,
    shape: &Shape,
    number: usize,
    stop: bool,
    selected: Option<Target>,
    pick: &Callback<usize>,
) -> Html {
    let kind = class(shape.kind);
    // What is shortened shows in full under the pointer.
    let full = (shape.name != shape.full).then(|| html! { <title>{ &*shape.full }</title> });
    let inside =
        html! { <>{ for full }{ outline(shape) }<g class="words" aria-hidden="true">{ words(text, shape) }</g></> };
    if shape.target.is_none() {
        return html! { <g key={number} class={kind}>{ inside }</g> };
    }
    let picked = selected.is_some() && selected == shape.target;
    let onclick = pick.reform(move |event: MouseEvent| {
        event.stop_propagation();
        let_go(&event);
        number
    });
    let onkeydown = {
        let pick = pick.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                pick.emit(number);
            }
        })
    };
    html! {
        <g key={number} id={format!("o{number}")} class={classes!("object", kind, picked.then_some("picked"))} role="button"
            tabindex={if stop { "0" } else { "-1" }} aria-label={spoken(text, shape)} aria-pressed={picked.to_string()}
            {onclick} {onkeydown}>
            { inside }
        </g>
    }
}

/// The name of a box for those who do not see it.
fn spoken(text: &Text, shape: &Shape) -> String {
    let id = match shape.kind {
        Kind::Vnet => "lab-vnet",
        Kind::Subnet { .. } => "lab-subnet",
        Kind::Node { .. } | Kind::Cell { .. } => "lab-say-node",
        Kind::Vm => "lab-say-vm",
        Kind::Pod { .. } | Kind::HostPod => "lab-say-pod",
        Kind::MorePods { count } => return format!("+{count} {}", text.get("lab-more-pods")),
        Kind::PodPort { .. } | Kind::Nic { .. } => "lab-say-interface",
        Kind::Bridge => "lab-say-bridge",
        Kind::Stack { .. } => return text.get("lab-stack"),
        Kind::Vfp { .. } => "lab-say-vfp",
        Kind::Fabric => return text.get("lab-fabric"),
        Kind::RouteTable { .. } => "lab-say-route-table",
        Kind::SystemRoutes => return text.get("lab-system-routes"),
        Kind::Internet => return text.get("lab-internet"),
    };
    let mut name = text.format(id, &Args::new().text("name", &shape.full));
    if !shape.detail.is_empty() {
        name.push_str(", ");
        name.push_str(&shape.detail);
    }
    if matches!(shape.kind, Kind::PodPort { up: false } | Kind::Nic { up: false }) {
        name.push_str(", ");
        name.push_str(&text.get("lab-down"));
    }
    name
}

/// The box to which a key leads.
fn moved(scene: &Scene, from: usize, key: &str) -> Option<usize> {
    let can = |n: &usize| scene.shapes.get(*n).is_some_and(|s| s.target.is_some());
    let all = scene.shapes.len();
    let direction = match key {
        "ArrowRight" => Some(Direction::Right),
        "ArrowDown" => Some(Direction::Down),
        "ArrowLeft" => Some(Direction::Left),
        "ArrowUp" => Some(Direction::Up),
        _ => None,
    };
    if let Some(direction) = direction {
        return scene.toward(from, direction);
    }
    match key {
        "Home" => (0..all).find(can),
        "End" => (0..all).rev().find(can),
        _ => None,
    }
}

fn focus(number: usize) {
    let element = gloo::utils::document().get_element_by_id(&format!("o{number}"));
    if let Some(element) = element.and_then(|e| e.dyn_into::<SvgElement>().ok()) {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
