//! What a Linux bridge does with a frame: learn, look up, send on, flood, hand up.
//! Source: Linux `net/bridge/br_input.c` (`br_handle_frame_finish`), `br_device.c` (`br_dev_xmit`), `br_forward.c`,
//! `br_netfilter_hooks.c`.

use super::Engine;
use super::output::way_out;
use super::skb::Skb;
use crate::sim::host::bridge::FdbLookup;
use crate::sim::host::interface::Interface;
use crate::sim::host::neighbor::Resolution;
use crate::sim::host::netfilter::Hook;
use crate::sim::ids::{HostId, IfIndex};
use crate::sim::packet::{Body, Frame};
use crate::sim::record::decision::{Accept, Decision, DropReason};

/// Where a bridge sends one frame.
struct Targets {
    ports: Vec<IfIndex>,
    up: bool,
    same_port: bool,
}

impl Engine {
    /// A frame came in at a port.
    pub(super) fn bridge_input(&mut self, host: HostId, bridge: IfIndex, port: IfIndex, mut frame: Frame) {
        if self.host(host).and_then(|h| h.interface(bridge)).is_none_or(|i| !i.up) {
            return self.drop_frame(host, port, &frame, DropReason::InterfaceDown);
        }
        if self.host(host).and_then(|h| h.interface(port)).is_none_or(|p| !p.port_enabled) {
            return self.drop_frame(host, port, &frame, DropReason::PortDisabled);
        }
        let Some(taken) = self.bridge_rules_in(host, port, frame) else { return };
        frame = taken;
        let now = self.world.now;
        let Some(table) = self.host_mut(host).and_then(|h| h.bridges.get_mut(&bridge)) else { return };
        let learning = table.learn(frame.src, port, now);
        let mac = frame.src;
        self.note_frame(host, port, &frame, || Decision::Learn { bridge, port, mac, learning });
        let mut tracked = None;
        if self.calls_iptables(host, &frame) {
            let Some(skb) = self.bridge_prerouting(host, bridge, port, &frame) else { return };
            frame = skb.frame();
            tracked = Some(skb);
        }
        let lookup = self.fdb_lookup(host, bridge, &frame);
        let targets = self.targets(host, bridge, Some(port), lookup);
        self.note_forward(host, bridge, port, &frame, lookup, &targets);
        if targets.same_port {
            return self.drop_frame(host, port, &frame, DropReason::SamePort);
        }
        self.send_to(host, bridge, &frame, &targets, tracked);
    }

    /// The host itself sends out of its bridge.
    pub(super) fn bridge_output(&mut self, host: HostId, bridge: IfIndex, frame: &Frame) {
        let lookup = self.fdb_lookup(host, bridge, frame);
        let mut targets = self.targets(host, bridge, None, lookup);
        targets.up = false;
        self.note_forward(host, bridge, bridge, frame, lookup, &targets);
        self.send_to(host, bridge, frame, &targets, None);
    }

    fn fdb_lookup(&self, host: HostId, bridge: IfIndex, frame: &Frame) -> FdbLookup {
        let table = self.host(host).and_then(|h| h.bridges.get(&bridge));
        table.map_or(FdbLookup::Unknown { aged_out: false }, |t| t.lookup(frame.dst, self.world.now))
    }

    fn targets(&self, id: HostId, bridge: IfIndex, from: Option<IfIndex>, lookup: FdbLookup) -> Targets {
        let Some(host) = self.host(id) else { return Targets { ports: Vec::new(), up: false, same_port: false } };
        let promiscuous = host.interface(bridge).is_some_and(|i| i.promiscuous);
        let may_return = |port: &Interface| Some(port.index) != from || port.hairpin;
        match lookup {
            FdbLookup::Local => Targets { ports: Vec::new(), up: true, same_port: false },
            FdbLookup::Port(port) if !host.interface(port).is_none_or(may_return) => {
                Targets { ports: Vec::new(), up: promiscuous, same_port: true }
            }
            FdbLookup::Port(port) => Targets { ports: vec![port], up: promiscuous, same_port: false },
            FdbLookup::Group | FdbLookup::Unknown { .. } => Targets {
                ports: host
                    .ports(bridge)
                    .filter(|p| may_return(p) && p.is_running() && p.port_enabled)
                    .map(|p| p.index)
                    .collect(),
                up: promiscuous || lookup == FdbLookup::Group,
                same_port: false,
            },
        }
    }

    fn note_forward(
        &mut self,
        host: HostId,
        bridge: IfIndex,
        dev: IfIndex,
        frame: &Frame,
        lookup: FdbLookup,
        to: &Targets,
    ) {
        self.note_frame(host, dev, frame, || Decision::BridgeForward {
            bridge,
            dst: frame.dst,
            lookup,
            to: to.ports.clone(),
            up: to.up,
        });
    }

    /// Sends copies out of the ports, and one up to the host. They share their flow: what the rules decide for the
    /// first is decided for all.
    fn send_to(&mut self, host: HostId, bridge: IfIndex, frame: &Frame, targets: &Targets, mut tracked: Option<Skb>) {
        let copies = targets.ports.len() + usize::from(targets.up);
        for &port in &targets.ports {
            let copy = self.copy_of(frame, copies);
            self.send_to_port(host, port, copy, tracked.as_mut());
        }
        if targets.up {
            let copy = self.copy_of(frame, copies);
            self.hand_up(host, bridge, &copy, tracked);
        }
    }

    /// The frame itself when it goes one way only, else a copy with an id of its own.
    fn copy_of(&mut self, frame: &Frame, copies: usize) -> Frame {
        let mut copy = frame.clone();
        if copies > 1 {
            copy.id = self.new_frame(frame.lineage, Some(frame.id));
        }
        copy
    }

    /// The rules of `ebtables` come before the POSTROUTING of iptables.
    /// Source: Linux `netfilter_bridge.h` (`NF_BR_PRI_NAT_SRC` against `NF_BR_PRI_LAST`).
    fn send_to_port(&mut self, host: HostId, port: IfIndex, frame: Frame, tracked: Option<&mut Skb>) {
        let Some(shared) = tracked else {
            let frame = self.bridge_rules_out(host, port, frame);
            return self.transmit(host, port, frame);
        };
        let mut skb = Skb { frame: frame.id, ..shared.clone() };
        if !self.pass(&mut skb, Hook::Forward, Some(port)) {
            return;
        }
        let ruled = self.bridge_rules_out(host, port, skb.frame());
        (skb.src, skb.dst) = (ruled.src, ruled.dst);
        if !self.pass(&mut skb, Hook::Postrouting, Some(port)) {
            return;
        }
        shared.tracked = skb.tracked;
        self.transmit(host, port, skb.frame());
    }

    /// The bridge hands a frame to the host's own stack.
    fn hand_up(&mut self, host: HostId, bridge: IfIndex, frame: &Frame, tracked: Option<Skb>) {
        let own = self.host(host).and_then(|h| h.interface(bridge)).map(|i| i.mac);
        if !frame.dst.is_group() && Some(frame.dst) != own {
            // A promiscuous bridge sees every frame; the stack ignores those of others.
            return self.drop_frame(host, bridge, frame, DropReason::NotForMe);
        }
        let accept = if frame.dst.is_group() { Accept::Broadcast } else { Accept::Unicast };
        self.note_frame(host, bridge, frame, || Decision::Receive(accept));
        match tracked {
            Some(skb) => self.ip_input(Skb { dev: Some(bridge), arrived: Some(bridge), frame: frame.id, ..skb }),
            None => self.network_input(host, bridge, frame),
        }
    }

    /// Whether bridged IP packets pass the rules of iptables (`bridge-nf-call-iptables`).
    fn calls_iptables(&self, host: HostId, frame: &Frame) -> bool {
        matches!(frame.body, Body::Ip(_))
            && self.host(host).is_some_and(|h| h.sysctl.bridge_nf_call_iptables && h.has_hooks())
    }

    fn bridge_prerouting(&mut self, host: HostId, bridge: IfIndex, port: IfIndex, frame: &Frame) -> Option<Skb> {
        let packet = frame.body.packet()?.clone();
        let before = packet.dst;
        let mut skb = Skb::arriving(host, port, frame, packet);
        skb.prerouted = true;
        let passed = self.pass(&mut skb, Hook::Prerouting, None);
        if passed && skb.packet.dst != before {
            self.follow_translation(bridge, &mut skb);
        }
        passed.then_some(skb)
    }

    /// A packet that has another destination now is bridged on to the neighbour of that, where the neighbour is behind
    /// the same bridge and known; else it is for the host's own stack.
    /// Source: Linux `br_netfilter_hooks.c` (`br_nf_pre_routing_finish`, `bridged_dnat`).
    fn follow_translation(&mut self, bridge: IfIndex, skb: &mut Skb) {
        let Some(lookup) = self.look_up(skb.host, skb.packet.dst, true) else { return };
        let before = self.before(skb);
        let now = self.world.now;
        let Some(host) = self.world.hosts.get_mut(skb.host) else { return };
        skb.dst = host.interface(bridge).map_or(skb.dst, |i| i.mac);
        let Some((_, next_hop)) = way_out(&lookup).filter(|(dev, _)| *dev == bridge) else { return };
        if host.neighbors.get(bridge, next_hop).is_none_or(|n| n.mac.is_none()) {
            return;
        }
        let resolution = host.neighbors.resolve(bridge, next_hop, now);
        if let Resolution::Known { mac, check_later, .. } = resolution {
            skb.dst = mac;
            self.note_change(before, skb, || Decision::Resolve { dev: bridge, next_hop, resolution });
            if check_later {
                self.set_neighbor_timer(skb, bridge, next_hop);
            }
        }
    }
}
