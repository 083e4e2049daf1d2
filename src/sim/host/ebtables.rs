//! The bridge rules of a host (`ebtables`): the chains that Azure's plugin fills, and their evaluation.
//! Source: ebtables(8), ebtables-extensions; Azure/azure-container-networking `ebtables/ebtables.go`.

use crate::sim::addr::Mac;
use crate::sim::ids::IfIndex;
use crate::sim::packet::{ArpOp, Body, Frame};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// The chains. A copy shares the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ebtables {
    broute: Rc<Vec<EbRule>>,
    prerouting: Rc<Vec<EbRule>>,
    postrouting: Rc<Vec<EbRule>>,
}

/// A built-in chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EbChain {
    /// `BROUTING` of table `broute`: whether a frame is bridged at all.
    Brouting,
    /// Of table `nat`: as a frame comes in at a port.
    Prerouting,
    /// Of table `nat`: as a frame goes out of a port.
    Postrouting,
}

impl EbChain {
    pub const ALL: [EbChain; 3] = [EbChain::Brouting, EbChain::Prerouting, EbChain::Postrouting];

    pub const fn table(self) -> &'static str {
        match self {
            EbChain::Brouting => "broute",
            EbChain::Prerouting | EbChain::Postrouting => "nat",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            EbChain::Brouting => "BROUTING",
            EbChain::Prerouting => "PREROUTING",
            EbChain::Postrouting => "POSTROUTING",
        }
    }
}

/// A rule applies when all of its conditions hold; then its target ends the walk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EbRule {
    pub matches: Vec<EbMatch>,
    pub target: EbTarget,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EbMatch {
    /// `-i`
    In(IfIndex),
    /// `-o`
    Out(IfIndex),
    /// `-s unicast`
    UnicastSource,
    /// `-p ARP --arp-op`, and `--arp-ip-dst` where it is given.
    Arp { op: ArpOp, target: Option<Ipv4Addr> },
    /// `-p IPv4 --ip-dst`
    IpTo(Ipv4Addr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EbTarget {
    /// `snat --to-source`: another source address, with `--snat-arp` also in what an ARP message says.
    Snat { mac: Mac, arp: bool },
    /// `dnat --to-destination`
    Dnat(Mac),
    /// `arpreply --arpreply-mac`: answers the request and drops it.
    ArpReply(Mac),
    /// `redirect`: not bridged, but handed to the host's own stack.
    Redirect,
}

/// What the walk of one chain found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EbHit {
    pub rule: EbRule,
    /// Position in the chain, from 1.
    pub number: u16,
    /// For each rule before it, the first condition that did not hold.
    pub missed: Vec<EbMatch>,
}

impl Ebtables {
    pub fn is_empty(&self) -> bool {
        EbChain::ALL.iter().all(|chain| self.chain(*chain).is_empty())
    }

    pub fn chain(&self, chain: EbChain) -> &[EbRule] {
        match chain {
            EbChain::Brouting => &self.broute,
            EbChain::Prerouting => &self.prerouting,
            EbChain::Postrouting => &self.postrouting,
        }
    }

    fn chain_mut(&mut self, chain: EbChain) -> &mut Vec<EbRule> {
        Rc::make_mut(match chain {
            EbChain::Brouting => &mut self.broute,
            EbChain::Prerouting => &mut self.prerouting,
            EbChain::Postrouting => &mut self.postrouting,
        })
    }

    /// `ebtables -A`
    pub fn append(&mut self, chain: EbChain, rule: EbRule) {
        self.chain_mut(chain).push(rule);
    }

    /// `ebtables -D`: takes the first rule that is the same out of a chain. `false` where there is none.
    pub fn delete(&mut self, chain: EbChain, rule: &EbRule) -> bool {
        let Some(at) = self.chain(chain).iter().position(|r| r == rule) else { return false };
        self.chain_mut(chain).remove(at);
        true
    }

    /// Takes the rule with this number (from 1) out of a chain.
    pub fn delete_number(&mut self, chain: EbChain, number: usize) -> Option<EbRule> {
        (1..=self.chain(chain).len()).contains(&number).then(|| self.chain_mut(chain).remove(number - 1))
    }

    /// The first rule of a chain that applies to a frame at a port.
    pub fn find(&self, chain: EbChain, port: IfIndex, frame: &Frame) -> Option<EbHit> {
        let mut missed = Vec::new();
        for (rule, number) in self.chain(chain).iter().zip(1u16..) {
            match rule.matches.iter().find(|m| !m.holds(port, frame)) {
                None => return Some(EbHit { rule: rule.clone(), number, missed }),
                Some(condition) => missed.push(*condition),
            }
        }
        None
    }
}

impl EbMatch {
    /// Whether the condition holds for a frame at the port by which it came in, or is to go out.
    fn holds(self, port: IfIndex, frame: &Frame) -> bool {
        match self {
            EbMatch::In(wanted) | EbMatch::Out(wanted) => wanted == port,
            EbMatch::UnicastSource => !frame.src.is_group(),
            EbMatch::Arp { op, target } => match &frame.body {
                Body::Arp(arp) => arp.op == op && target.is_none_or(|ip| arp.target_ip == ip),
                Body::Ip(_) => false,
            },
            EbMatch::IpTo(address) => frame.body.packet().is_some_and(|p| p.dst == address),
        }
    }
}

impl EbTarget {
    /// The frame as the target leaves it, where it rewrites one.
    pub fn rewrite(self, frame: &Frame) -> Option<Frame> {
        let mut frame = frame.clone();
        match self {
            EbTarget::Snat { mac, arp } => {
                frame.src = mac;
                if let (true, Body::Arp(message)) = (arp, &mut frame.body) {
                    message.sender_mac = mac;
                }
            }
            EbTarget::Dnat(mac) => frame.dst = mac,
            EbTarget::ArpReply(_) | EbTarget::Redirect => return None,
        }
        Some(frame)
    }
}
