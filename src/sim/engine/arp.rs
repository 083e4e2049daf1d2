//! ARP as Linux speaks it. Source: RFC 826; Linux net/ipv4/arp.c (`arp_process`, `arp_solicit`).

use super::Engine;
use super::queue::Event;
use super::skb::Skb;
use crate::sim::addr::Mac;
use crate::sim::host::fib::Route;
use crate::sim::host::neighbor::{NeighborState, REACHABLE_MS, RETRANSMIT, Resolution, TimerOutcome};
use crate::sim::ids::{HostId, IfIndex, LineageId};
use crate::sim::packet::{Arp, ArpOp, Body, Frame};
use crate::sim::record::Cause;
use crate::sim::record::decision::{ArpAnswer, ArpNote, ArpSilence, Decision, Delivery, DropReason, Origin};
use crate::sim::time::Span;
use std::net::Ipv4Addr;

/// Most milliseconds before a host answers for another (`proxy_delay` 80 hundredths of a second).
const PROXY_DELAY_MS: u64 = 800;

impl Engine {
    /// Sends the first request for an address on whose answer a packet waits.
    pub(super) fn ask_for(
        &mut self,
        host: HostId,
        dev: IfIndex,
        ip: Ipv4Addr,
        tell: Ipv4Addr,
        cause: Option<LineageId>,
    ) {
        let generation = self.host_mut(host).map_or(0, |h| h.neighbors.asked(dev, ip));
        self.send_request(host, dev, ip, Some(tell), None, cause);
        self.after(RETRANSMIT, Event::NeighborTimer { host, dev, ip, generation, resolving: true });
    }

    /// Sends one request, by broadcast or to a known address.
    fn send_request(
        &mut self,
        host: HostId,
        dev: IfIndex,
        target: Ipv4Addr,
        tell: Option<Ipv4Addr>,
        to: Option<Mac>,
        cause: Option<LineageId>,
    ) {
        let Some((mac, sender)) = self.sender(host, dev, target, tell) else { return };
        let arp =
            Arp { op: ArpOp::Request, sender_mac: mac, sender_ip: sender, target_mac: Mac::ZERO, target_ip: target };
        let lineage = self.new_lineage(cause.map_or(Cause::Timer, Cause::ResolvingFor));
        let origin = Origin::ArpRequest { dev, target, probe: to.is_some() };
        self.send_arp(host, dev, lineage, to.unwrap_or(Mac::BROADCAST), arp, origin);
    }

    /// The addresses that a request carries: the source of the waiting packet where it is this host's own, else an
    /// address of the interface, else of another (`arp_announce` 0).
    fn sender(&self, host: HostId, dev: IfIndex, target: Ipv4Addr, tell: Option<Ipv4Addr>) -> Option<(Mac, Ipv4Addr)> {
        let host = self.host(host)?;
        let interface = host.interface(dev)?;
        let sender = tell
            .filter(|ip| host.is_local(*ip))
            .or_else(|| interface.address_toward(target))
            .or_else(|| host.first_address())?;
        Some((interface.mac, sender))
    }

    fn send_arp(&mut self, host: HostId, dev: IfIndex, lineage: LineageId, dst: Mac, arp: Arp, origin: Origin) {
        let id = self.new_frame(lineage, None);
        let frame = Frame { id, lineage, src: arp.sender_mac, dst, body: Body::Arp(arp) };
        self.note_frame(host, dev, &frame, || Decision::Originate(origin));
        self.transmit(host, dev, frame);
    }

    /// An interface that came up tells its neighbours its address (`arp_notify`).
    pub(crate) fn announce(&mut self, host: HostId, dev: IfIndex) {
        let Some(interface) = self.host(host).and_then(|h| h.interface(dev)) else { return };
        let Some(ip) = interface.addresses.first().map(|a| a.net.addr()) else { return };
        let mac = interface.mac;
        let arp = Arp { op: ArpOp::Request, sender_mac: mac, sender_ip: ip, target_mac: Mac::ZERO, target_ip: ip };
        let lineage = self.new_lineage(Cause::Timer);
        self.send_arp(host, dev, lineage, Mac::BROADCAST, arp, Origin::ArpAnnounce { dev });
    }

    pub(super) fn arp_input(&mut self, host: HostId, dev: IfIndex, frame: &Frame, arp: &Arp) {
        match arp.op {
            ArpOp::Reply => self.arp_reply(host, dev, frame, arp),
            ArpOp::Request => self.arp_request(host, dev, frame, arp),
        }
    }

    fn arp_reply(&mut self, host: HostId, dev: IfIndex, frame: &Frame, arp: &Arp) {
        let trusted_for = self.reachable_time();
        let now = self.world.now;
        let Some(table) = self.host_mut(host).map(|h| &mut h.neighbors) else { return };
        let how = match table.get(dev, arp.sender_ip) {
            None => ArpNote::Ignored,
            Some(entry) if entry.is_kept_from(arp.sender_mac, now) => ArpNote::Kept,
            Some(_) => ArpNote::Confirmed,
        };
        let waiting = table.confirm(dev, arp.sender_ip, arp.sender_mac, now, trusted_for);
        self.note_arp(host, dev, frame, arp, how);
        self.note_frame(host, dev, frame, || Decision::Deliver(Delivery::Arp));
        self.flush(host, dev, arp, waiting);
    }

    fn arp_request(&mut self, host: HostId, dev: IfIndex, frame: &Frame, arp: &Arp) {
        let answer = self.arp_answer(host, dev, arp);
        let now = self.world.now;
        let answers = !matches!(answer, ArpAnswer::Silent(_));
        let known = answers || self.host(host).is_some_and(|h| h.neighbors.get(dev, arp.sender_ip).is_some());
        let mut waiting = Vec::new();
        // Most who hear a broadcast have nothing to note: their host is not touched, so its tables stay shared.
        if known && let Some(host) = self.host_mut(host) {
            waiting = host.neighbors.observe(dev, arp.sender_ip, arp.sender_mac, now, answers);
        }
        let how = if known { ArpNote::Observed } else { ArpNote::Ignored };
        self.note_arp(host, dev, frame, arp, how);
        self.note_frame(host, dev, frame, || Decision::ArpAnswer(answer.clone()));
        self.note_frame(host, dev, frame, || end_of_request(&answer));
        match answer {
            ArpAnswer::Own { mac } => self.send_reply(host, dev, frame.lineage, mac, arp),
            ArpAnswer::Proxy { mac, .. } if frame.dst == mac => self.send_reply(host, dev, frame.lineage, mac, arp),
            ArpAnswer::Proxy { .. } => self.reply_later(host, dev, frame.lineage, arp),
            ArpAnswer::Fabric { .. } | ArpAnswer::Silent(_) => {}
        }
        self.flush(host, dev, arp, waiting);
    }

    fn note_arp(&mut self, host: HostId, dev: IfIndex, frame: &Frame, arp: &Arp, how: ArpNote) {
        let (ip, mac) = (arp.sender_ip, arp.sender_mac);
        self.note_frame(host, dev, frame, || Decision::Neighbor { ip, mac, how });
    }

    /// Whether this host answers: for an address of its own on any interface (`arp_ignore` 0), or for one that it
    /// routes out of another interface when the interface is told to (`proxy_arp`).
    fn arp_answer(&self, id: HostId, dev: IfIndex, arp: &Arp) -> ArpAnswer {
        if arp.is_gratuitous() {
            return ArpAnswer::Silent(ArpSilence::Announcement);
        }
        let Some((host, interface)) = self.host(id).and_then(|h| h.interface(dev).map(|i| (h, i))) else {
            return ArpAnswer::Silent(ArpSilence::NotMine);
        };
        let mac = interface.mac;
        if host.is_local(arp.target_ip) {
            return ArpAnswer::Own { mac };
        }
        let route = || host.fib.best(arp.target_ip).and_then(Route::dev);
        let proxies = interface.proxy_arp && host.sysctl.ip_forward;
        match proxies.then(route).flatten() {
            Some(out) if out != dev => ArpAnswer::Proxy { mac, out },
            _ => ArpAnswer::Silent(ArpSilence::NotMine),
        }
    }

    pub(super) fn send_reply(&mut self, host: HostId, dev: IfIndex, request: LineageId, mac: Mac, to: &Arp) {
        let arp = Arp {
            op: ArpOp::Reply,
            sender_mac: mac,
            sender_ip: to.target_ip,
            target_mac: to.sender_mac,
            target_ip: to.sender_ip,
        };
        let lineage = self.new_lineage(Cause::AnswerTo(request));
        self.send_arp(host, dev, lineage, to.sender_mac, arp, Origin::ArpReply { dev });
    }

    /// A request that went to everybody is answered for another only after a random delay, so that the owner, if it
    /// hears the request too, is first. Source: Linux net/ipv4/arp.c (`pneigh_enqueue`), `proxy_delay`.
    fn reply_later(&mut self, host: HostId, dev: IfIndex, request: LineageId, arp: &Arp) {
        let delay = Span::millis(self.world.rng.below(PROXY_DELAY_MS));
        self.after(delay, Event::ProxyReply { host, dev, request, arp: arp.clone() });
    }

    pub(super) fn proxy_reply(&mut self, host: HostId, dev: IfIndex, request: LineageId, arp: &Arp) {
        // By now the interface may be gone, or no longer answer.
        if let ArpAnswer::Proxy { mac, .. } = self.arp_answer(host, dev, arp) {
            self.send_reply(host, dev, request, mac, arp);
        }
    }

    /// Sends the packets that waited for an address.
    fn flush(&mut self, host: HostId, dev: IfIndex, arp: &Arp, waiting: Vec<Frame>) {
        if waiting.is_empty() {
            return;
        }
        let (next_hop, mac) = (arp.sender_ip, arp.sender_mac);
        let now = self.world.now;
        let state = self.host(host).and_then(|h| h.neighbors.get(dev, next_hop)).map(|n| n.state_at(now));
        let resolution = Resolution::Known { mac, state: state.unwrap_or(NeighborState::Stale), check_later: false };
        for frame in waiting {
            let sent = Frame { dst: mac, ..frame.clone() };
            self.note_frame_change(host, dev, &frame, &sent, || Decision::Resolve { dev, next_hop, resolution });
            self.transmit(host, dev, sent);
        }
    }

    fn reachable_time(&mut self) -> Span {
        let (low, high) = REACHABLE_MS;
        Span::millis(self.world.rng.between(low, high))
    }

    pub(super) fn neighbor_timer(&mut self, host: HostId, dev: IfIndex, ip: Ipv4Addr, generation: u32) {
        let now = self.world.now;
        let Some(table) = self.host_mut(host).map(|h| &mut h.neighbors) else { return };
        let first =
            table.get(dev, ip).and_then(|n| n.queue.first()).map(|f| (f.lineage, f.body.packet().map(|p| p.src)));
        let outcome = table.timer(dev, ip, generation, now);
        let generation = table.generation(dev, ip);
        let (lineage, source) = first.map_or((None, None), |(l, s)| (Some(l), s));
        let again = match outcome {
            TimerOutcome::Nothing => None,
            TimerOutcome::Ask => {
                self.send_request(host, dev, ip, source, None, lineage);
                Some(true)
            }
            TimerOutcome::Probe(mac) => {
                self.send_request(host, dev, ip, None, Some(mac), None);
                Some(false)
            }
            TimerOutcome::Failed(queue) => {
                self.fail(host, dev, queue);
                None
            }
        };
        if let Some(resolving) = again {
            self.after(RETRANSMIT, Event::NeighborTimer { host, dev, ip, generation, resolving });
        }
    }

    fn fail(&mut self, host: HostId, dev: IfIndex, queue: Vec<Frame>) {
        for frame in queue {
            if let Body::Ip(packet) = &frame.body {
                let skb = Skb::arriving(host, dev, &frame, packet.clone());
                self.give_up(&skb);
            }
        }
    }
}

/// Whether a request has reached somebody whom it concerns.
pub(super) const fn end_of_request(answer: &ArpAnswer) -> Decision {
    match answer {
        ArpAnswer::Silent(ArpSilence::NotMine | ArpSilence::AskersOwn) => Decision::Drop(DropReason::ArpNotMine),
        _ => Decision::Deliver(Delivery::Arp),
    }
}
