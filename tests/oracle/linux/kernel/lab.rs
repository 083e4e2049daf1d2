//! A whole scenario in real namespaces: every host, the network between them, the programs that listen.

use super::capture::{Capture, Seen};
use super::fabric::Fabric;
use super::guest;
use super::netns::Netns;
use super::plugin;
use super::probe::{Icmp, Sent, Shot, Verdict, send};
use super::tables;
use nix::poll::{PollFd, PollFlags, poll};
use podhop::sim::host::Host;
use podhop::sim::ids::HostId;
use podhop::sim::packet::Protocol;
use podhop::sim::world::World;
use std::collections::BTreeMap;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// Frames at every interface, in order, by host and name of the interface.
pub(crate) type Frames = BTreeMap<(HostId, String), Vec<Seen>>;

/// How long to wait for a frame that the simulator promised: longer than all ARP requests of one address take.
const PATIENCE: Duration = Duration::from_millis(3 * guest::RETRANSMIT_MS as u64 + 150);
/// How long to wait for frames beyond those.
const GRACE: Duration = Duration::from_millis(4);

#[derive(Debug)]
pub(crate) struct Lab {
    netns: BTreeMap<HostId, Netns>,
    programs: BTreeMap<HostId, Programs>,
    pub(crate) fabric: Fabric,
    /// Sockets of earlier probes: closing one would send frames.
    open: Vec<Sent>,
    /// Longer waits, for a second look at a difference.
    pub(crate) patient: bool,
    /// Where what the plugins made differs from the simulated tables.
    pub(crate) attached: Vec<String>,
}

/// What runs on one host.
#[derive(Debug)]
struct Programs {
    capture: Capture,
    icmp: Icmp,
    echo: Vec<UdpSocket>,
    _listeners: Vec<TcpListener>,
}

impl Programs {
    fn start(netns: &Netns, host: &Host) -> Self {
        let listening: Vec<(Protocol, u16)> = host.sockets.listening.keys().copied().collect();
        let addresses: Vec<_> = host.local.keys().copied().collect();
        let (echo, listeners) = netns.run(move || {
            let ports = |of: Protocol| listening.iter().filter(move |(p, _)| *p == of).map(|(_, port)| *port);
            let udp = ports(Protocol::Udp).flat_map(|port| addresses.iter().map(move |a| (*a, port)));
            let echo: Vec<UdpSocket> = udp.map(|at| UdpSocket::bind(at).unwrap()).collect();
            for socket in &echo {
                socket.set_nonblocking(true).unwrap();
            }
            (echo, ports(Protocol::Tcp).map(|port| TcpListener::bind(("0.0.0.0", port)).unwrap()).collect())
        });
        Self { capture: Capture::begin(netns), icmp: Icmp::open(netns), echo, _listeners: listeners }
    }

    /// Sends datagrams back to where they came from.
    fn echo(&self) {
        let mut buffer = vec![0; 65_536];
        for socket in &self.echo {
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                let _ = socket.send_to(&buffer[..length], from);
            }
        }
    }
}

impl Lab {
    /// Builds the world. With `plugins`, the pods of nodes that have a CNI configuration are attached by the real
    /// plugins, and whatever else the world says is left to them.
    pub(crate) fn build(world: &World, plugins: bool) -> Self {
        let netns: BTreeMap<HostId, Netns> = world.hosts.iter().map(|(id, _)| (id, Netns::new())).collect();
        for (id, host) in world.hosts.iter() {
            guest::prepare(&netns[&id], host);
        }
        let attach = if plugins { plugin::plan(world) } else { plugin::Plan::default() };
        for (id, _) in world.hosts.iter().filter(|(id, _)| !attach.covers(*id)) {
            guest::add_links(id, world, &netns, &attach.made(id, world.hosts.get(id).unwrap()));
        }
        let fabric = Fabric::build(world, &netns);
        for (id, host) in world.hosts.iter().filter(|(id, _)| !attach.covers(*id)) {
            guest::configure(&netns[&id], host, &attach.made(id, host));
        }
        let attached = attach.run(world, &netns);
        for (id, netns) in netns.iter().filter(|(id, _)| world.hosts.get(**id).is_some_and(|h| !h.bridges.is_empty())) {
            tables::wait_for_ports(world, *id, netns);
        }
        let programs = world.hosts.iter().map(|(id, host)| (id, Programs::start(&netns[&id], host))).collect();
        Self { netns, programs, fabric, open: Vec::new(), patient: false, attached }
    }

    pub(crate) fn netns(&self, host: HostId) -> &Netns {
        &self.netns[&host]
    }

    pub(crate) fn hosts(&self) -> impl Iterator<Item = (HostId, &Netns)> {
        self.netns.iter().map(|(id, netns)| (*id, netns))
    }

    /// Sends one packet; waits for as many frames as the simulator saw, and a little for more.
    pub(crate) fn shoot(&mut self, host: HostId, shot: Shot, expected: usize) -> (Frames, Verdict) {
        self.drain();
        let programs = self.programs.get_mut(&host).unwrap();
        programs.icmp.take();
        let sent = send(&self.netns[&host], &programs.icmp, shot);
        let frames = self.watch(expected);
        let heard = self.programs.get_mut(&host).unwrap().icmp.take();
        let verdict = sent.verdict(&heard);
        if verdict == Verdict::Answered {
            self.open.push(sent);
        }
        (frames, verdict)
    }

    fn drain(&self) {
        for programs in self.programs.values() {
            programs.echo();
            programs.capture.take();
        }
    }

    fn watch(&self, expected: usize) -> Frames {
        let mut frames = Frames::new();
        let mut last = Instant::now();
        loop {
            let count: usize = frames.values().map(Vec::len).sum();
            let limit = if count < expected || self.patient { PATIENCE } else { GRACE };
            let Some(left) = limit.checked_sub(last.elapsed()) else { return frames };
            self.wait(left);
            for (id, programs) in &self.programs {
                programs.echo();
                for (name, seen) in programs.capture.take() {
                    frames.entry((*id, name)).or_default().push(seen);
                    last = Instant::now();
                }
            }
        }
    }

    fn wait(&self, left: Duration) {
        let captures = self.programs.values().map(|p| p.capture.fd());
        let sockets = self.programs.values().flat_map(|p| p.echo.iter().map(AsFd::as_fd));
        let mut fds: Vec<PollFd<'_>> = captures.chain(sockets).map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
        let ms = u16::try_from(left.as_millis() + 1).unwrap_or(u16::MAX);
        let _ = poll(&mut fds, ms);
    }
}
