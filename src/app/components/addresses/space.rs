//! Which range is looked at.

use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::sim::ids::{NodeId, SubnetId};
use crate::sim::world::World;
use crate::view::address_map::{Space, of_pods, spaces};
use crate::view::target::Target;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Nodes in the list; those beyond are reached by picking the node itself.
const LISTED: usize = 400;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
    pub(super) space: Space,
    pub(super) pick: Callback<Space>,
}

/// The list of ranges.
#[component]
pub(super) fn SpacePicker(props: &Props) -> Html {
    let text = use_text();
    let all = spaces(props.store.session.world(), LISTED);
    let onchange = props.pick.clone();
    let onchange = move |event: Event| {
        let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        if let Some(space) = select.and_then(|s| parse(&s.value())) {
            onchange.emit(space);
        }
    };
    let options = |of_subnets: bool| {
        let wanted = all.iter().filter(move |(space, ..)| matches!(space, Space::Subnet(_)) == of_subnets);
        wanted.map(|(space, name, prefix)| {
            let (value, words) = (code(*space), format!("{name} · {prefix}"));
            html! { <option key={value.clone()} {value} selected={*space == props.space}>{ words }</option> }
        })
    };
    let has_blocks = all.iter().any(|(space, ..)| matches!(space, Space::Block(_)));
    html! {
        <div class="field">
            <label for="addr-space">{ text.get("addr-space") }</label>
            <select id="addr-space" {onchange}>
                <optgroup label={text.get("addr-subnets")}>{ for options(true) }</optgroup>
                if has_blocks {
                    <optgroup label={text.get("addr-blocks")}>{ for options(false) }</optgroup>
                }
            </select>
        </div>
    }
}

fn code(space: Space) -> String {
    match space {
        Space::Subnet(id) => format!("s{}", id.0),
        Space::Block(id) => format!("b{}", id.0),
    }
}

fn parse(code: &str) -> Option<Space> {
    let number = |prefix| code.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
    number('s').map(|n| Space::Subnet(SubnetId(n))).or_else(|| number('b').map(|n| Space::Block(NodeId(n))))
}

/// The range that belongs to a thing.
pub(super) fn space_of(world: &World, target: Target) -> Option<Space> {
    match target {
        Target::Subnet(id) => Some(Space::Subnet(id)),
        Target::Vnet(id) => world.subnets.iter().find(|(_, s)| s.vnet == id).map(|(id, _)| Space::Subnet(id)),
        Target::Nic(id) => world.nics.get(id).map(|n| Space::Subnet(n.subnet)),
        Target::Node(id) | Target::Pods(id) => of_pods(world, id),
        Target::Pod(id) => of_pods(world, world.pods.get(id).filter(|p| !p.host_network)?.node?),
        _ => None,
    }
}
