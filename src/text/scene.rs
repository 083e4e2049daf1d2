//! A step with the world around it, and the values that all sentences about it share.

use super::args::{Arg, Args};
use super::names::{host_link, interface_link, link};
use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, IfIndex, NicId, NodeId, SubnetId};
use crate::sim::packet::{Arp, Body, Frame, Icmp, Packet, Payload, Protocol, TcpFlags};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use crate::view::target::Target;

#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) step: &'a Step,
    /// The world after the step.
    pub(super) world: &'a World,
}

impl<'a> Scene<'a> {
    /// A step that kept its world is told of that world, else of the one given.
    pub(super) fn new(step: &'a Step, world: &'a World) -> Self {
        Self { step, world: step.world.as_deref().unwrap_or(world) }
    }

    pub(super) fn host_id(&self) -> Option<HostId> {
        match self.step.at {
            Place::Host(host) => Some(host),
            Place::Port(_) | Place::Control => None,
        }
    }

    pub(super) fn host(&self) -> Option<&'a Host> {
        self.world.hosts.get(self.host_id()?)
    }

    /// The node whose network namespace the step is in.
    pub(super) fn node(&self) -> Option<NodeId> {
        match self.host()?.role {
            Role::Node(node) => Some(node),
            Role::Pod(_) | Role::Vm => None,
        }
    }

    /// Whether the pods of a node have a range of their own: the cluster gives each node a block of it.
    pub(super) fn has_node_blocks(&self, node: NodeId) -> bool {
        let cluster = self.world.nodes.get(node).and_then(|n| self.world.clusters.get(n.cluster));
        cluster.is_some_and(|c| c.node_cidrs.is_some())
    }

    pub(super) const fn nic(&self) -> Option<NicId> {
        match self.step.at {
            Place::Port(nic) => Some(nic),
            Place::Host(_) | Place::Control => None,
        }
    }

    /// The subnet whose routes and rules count for what leaves the NIC at whose port the step is.
    pub(super) fn subnet(&self) -> Option<SubnetId> {
        let nic = self.world.nics.get(self.nic()?)?;
        Some(self.packet().map_or(nic.subnet, |packet| nic.container(packet.src).subnet))
    }

    pub(super) fn frame(&self) -> Option<&'a Frame> {
        self.step.after.as_ref().or(self.step.before.as_ref())
    }

    pub(super) fn packet(&self) -> Option<&'a Packet> {
        self.frame()?.body.packet()
    }

    /// An interface of the host at which the step is.
    pub(super) fn dev(&self, index: IfIndex) -> Arg {
        self.host_id().map_or(Arg::Word("gone"), |host| interface_link(self.world, host, index))
    }

    /// Name of an interface of the host at which the step is.
    pub(super) fn dev_name(&self, index: IfIndex) -> Option<&'a str> {
        Some(&self.host()?.interface(index)?.name)
    }

    pub(super) fn target(&self, target: Target) -> Arg {
        link(self.world, target)
    }

    /// The place, the frame and the packet.
    pub(super) fn args(&self) -> Args {
        let mut args = Args::new();
        match self.step.at {
            Place::Host(host) => args = args.with("host", host_link(self.world, host)),
            Place::Port(nic) => args = args.with("nic", self.target(Target::Nic(nic))),
            Place::Control => {}
        }
        if let Some(dev) = self.step.dev {
            args = args.with("dev", self.dev(dev));
        }
        match self.frame() {
            Some(frame) => frame_args(args, frame),
            None => args,
        }
    }
}

fn frame_args(args: Args, frame: &Frame) -> Args {
    let args = args.code("smac", frame.src).code("dmac", frame.dst).text("kind", kind(&frame.body));
    match &frame.body {
        Body::Ip(packet) => args.code("src", packet.src).code("dst", packet.dst).number("ttl", packet.ttl),
        Body::Arp(Arp { sender_ip, target_ip, .. }) => args.code("sender", sender_ip).code("target", target_ip),
    }
}

/// Kind of a packet, as messages choose by it.
fn kind(body: &Body) -> &'static str {
    let Body::Ip(packet) = body else { return "arp" };
    match &packet.payload {
        Payload::Icmp(Icmp::EchoRequest { .. }) => "echo-request",
        Payload::Icmp(Icmp::EchoReply { .. }) => "echo-reply",
        Payload::Icmp(Icmp::TimeExceeded { .. }) => "time-exceeded",
        Payload::Icmp(Icmp::Unreachable { .. }) => "unreachable",
        Payload::Udp { .. } => "udp",
        Payload::Tcp { flags, .. } => match flags {
            TcpFlags::Syn => "syn",
            TcpFlags::SynAck => "syn-ack",
            TcpFlags::Ack => "ack",
            TcpFlags::Rst | TcpFlags::RstAck => "rst",
        },
    }
}

/// Name of a protocol, the same in every language.
pub(super) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "ICMP",
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}
