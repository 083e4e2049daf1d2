//! The rules of a bridge (`ebtables`).

use super::Words;
use super::host::MAX_ROWS;
use crate::sim::host::ebtables::{EbChain, EbHit, EbMatch, EbTarget};
use crate::sim::packet::{ArpOp, Body, Frame};
use crate::text::args::Args;
use crate::text::reasons::bridge_miss_words;
use crate::text::scene::Scene;
use std::net::Ipv4Addr;

pub(super) fn bridge_rule(scene: &Scene<'_>, chain: EbChain, hit: &EbHit) -> Words {
    let args = scene.args().text("table", chain.table()).code("chain", chain.name()).text("number", hit.number);
    let args = address(scene, hit).map_or(args.clone(), |address| args.code("address", address));
    let before = scene.step.before.as_ref();
    let words = match hit.rule.target {
        EbTarget::Snat { mac, arp } => {
            let args = before.map_or(args.clone(), |frame| args.code("from", frame.src)).code("mac", mac);
            let same = before.is_some_and(|frame| frame.src == mac);
            Words::new(if same { "bridge-rule.source-same" } else { "bridge-rule.source" }, args)
                .also("bridge-rule.source-why")
                .also_if(arp && before.is_some_and(|f| matches!(f.body, Body::Arp(_))), "bridge-rule.source-arp")
        }
        EbTarget::Dnat(mac) if mac.is_group() => {
            Words::new("bridge-rule.everybody", args).also("bridge-rule.everybody-why")
        }
        EbTarget::Dnat(mac) => Words::new("bridge-rule", args.code("mac", mac)).also("bridge-rule.pod-why"),
        EbTarget::ArpReply(mac) => {
            Words::new("bridge-rule.answer", args.code("mac", mac)).also("bridge-rule.answer-why")
        }
        EbTarget::Redirect => Words::new("bridge-rule.redirect", args).also("bridge-rule.redirect-why"),
    };
    missed(scene, words, &hit.missed)
}

/// The IP address that the rule speaks of, else that of the frame.
fn address(scene: &Scene<'_>, hit: &EbHit) -> Option<Ipv4Addr> {
    let named = hit.rule.matches.iter().find_map(|condition| match condition {
        EbMatch::Arp { target, .. } => *target,
        EbMatch::IpTo(address) => Some(*address),
        EbMatch::In(_) | EbMatch::Out(_) | EbMatch::UnicastSource => None,
    });
    named.or_else(|| match &scene.frame()?.body {
        Body::Ip(packet) => Some(packet.dst),
        Body::Arp(arp) => Some(arp.target_ip),
    })
}

/// One fact for each rule that was read before.
fn missed(scene: &Scene<'_>, words: Words, missed: &[EbMatch]) -> Words {
    let rows = missed.iter().zip(1u32..).take(MAX_ROWS).map(|(condition, number)| {
        let (id, args) = bridge_miss_words(*condition, |dev| scene.dev_name(dev).unwrap_or_default());
        ("bridge-rule.missed", args.number("number", number).word("why", id))
    });
    let more = missed.len().checked_sub(MAX_ROWS).filter(|n| *n > 0);
    words.facts(rows).facts(more.map(|n| ("bridge-rule.more", Args::new().count("n", n))))
}

/// Whether a frame is an answer of ARP.
pub(super) fn is_arp_answer(frame: &Frame) -> bool {
    matches!(&frame.body, Body::Arp(arp) if arp.op == ArpOp::Reply)
}
