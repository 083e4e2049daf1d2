//! Where packets begin and end, and how hosts find hardware addresses.

use super::Words;
use crate::sim::addr::Mac;
use crate::sim::host::neighbor::{NeighborState, Resolution};
use crate::sim::ids::IfIndex;
use crate::sim::packet::Protocol;
use crate::sim::record::Place;
use crate::sim::record::decision::{ArpAnswer, ArpNote, ArpSilence, Delivery, Origin};
use crate::text::names::{address_link, host_link};
use crate::text::scene::{self, Scene};
use crate::view::target::Target;
use std::net::Ipv4Addr;

pub(super) fn originate(scene: &Scene<'_>, origin: Origin) -> Words {
    let args = scene.args();
    match origin {
        Origin::Program if scene.packet().is_some_and(|p| p.src.is_unspecified()) => {
            Words::new("originate.no-source", args)
        }
        Origin::Program => Words::new("originate", args).also("originate.ttl"),
        Origin::Answer => Words::new("answer", args).also("originate.ttl"),
        Origin::ArpRequest { probe: true, .. } => Words::new("arp-request.probe", args),
        Origin::ArpRequest { .. } => Words::new("arp-request", args),
        Origin::ArpReply { .. } if matches!(scene.step.at, Place::Port(_)) => Words::new("arp-reply.fabric", args),
        Origin::ArpReply { .. } => Words::new("arp-reply", args),
        Origin::ArpAnnounce { .. } => Words::new("arp-announce", args),
        Origin::IcmpError { .. } => Words::new("icmp-error", args).also("icmp-error.source"),
    }
}

pub(super) fn resolve(scene: &Scene<'_>, dev: IfIndex, next_hop: Ipv4Addr, resolution: Resolution) -> Words {
    let args = scene.args().with("dev", scene.dev(dev)).with("next-hop", address_link(scene.world, next_hop));
    let words = match resolution {
        Resolution::Known { mac, state, check_later } => {
            let id = match state {
                NeighborState::Permanent => "neighbor.permanent",
                _ if check_later => "neighbor.stale",
                _ => "neighbor",
            };
            Words::new(id, args.code("mac", mac).code("state", state.code()))
        }
        Resolution::Ask => Words::new("neighbor.ask", args),
        Resolution::Wait => Words::new("neighbor.wait", args),
    };
    if next_hop.is_link_local() {
        return words.also("neighbor.virtual");
    }
    words.also_if(scene.packet().is_some_and(|p| p.dst != next_hop), "neighbor.gateway")
}

pub(super) fn arp_note(scene: &Scene<'_>, ip: Ipv4Addr, mac: Mac, how: ArpNote) -> Words {
    let args = scene.args().code("ip", ip).code("mac", mac);
    match how {
        ArpNote::Confirmed => Words::new("arp-note", args),
        ArpNote::Observed => Words::new("arp-note.observed", args),
        ArpNote::Ignored => Words::new("arp-note.ignored", args),
        ArpNote::Kept => Words::new("arp-note.kept", args),
    }
}

pub(super) fn arp_answer(scene: &Scene<'_>, answer: &ArpAnswer) -> Words {
    let args = scene.args();
    match answer {
        ArpAnswer::Own { mac } => Words::new("arp-answer", args.code("mac", mac)),
        ArpAnswer::Proxy { mac, out } => {
            Words::new("arp-answer.proxy", args.code("mac", mac).with("out", scene.dev(*out)))
        }
        ArpAnswer::Fabric { mac } => Words::new("arp-answer.fabric", args.code("mac", mac)),
        ArpAnswer::Silent(ArpSilence::NotMine) => {
            let place = match scene.step.at {
                Place::Host(host) => host_link(scene.world, host),
                Place::Port(nic) => scene.target(Target::Nic(nic)),
                Place::Control => crate::text::Arg::Word("gone"),
            };
            Words::new("arp-answer.not-mine", args.with("place", place))
        }
        ArpAnswer::Silent(ArpSilence::Announcement) => Words::new("arp-answer.announcement", args),
        ArpAnswer::Silent(ArpSilence::AskersOwn) => Words::new("arp-answer.askers-own", args),
    }
}

pub(super) fn deliver(scene: &Scene<'_>, delivery: Delivery) -> Words {
    let args = scene.args();
    match delivery {
        Delivery::Echo => Words::new("deliver", args),
        Delivery::Listener { protocol, port } => {
            let args = args.text("protocol", scene::protocol(protocol)).text("port", port);
            Words::new("deliver.listener", args)
        }
        Delivery::Answer { .. } => Words::new("deliver.answer", args),
        Delivery::Error => Words::new("deliver-error", args),
        Delivery::Arp => Words::new("deliver-arp", args),
        Delivery::Closed { protocol: Protocol::Tcp, port } => Words::new("deliver.closed-tcp", args.text("port", port)),
        Delivery::Closed { port, .. } => Words::new("deliver.closed-udp", args.text("port", port)),
        Delivery::Segment => Words::new("deliver.segment", args),
    }
}
