//! Captures of a sending.

use crate::cli::failure::{Failure, Usage};
use crate::session::Turn;
use crate::sim::action::endpoint::resolve;
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::capture::{pcap, points};
use crate::sim::ids::InterfaceId;
use crate::sim::record::seen::Seen;
use crate::sim::world::World;

/// Every interface.
const ANY: &str = "any";
/// The interface of a sender.
const DEFAULT_DEVICE: &str = "eth0";

/// A capture file: of `HOST:DEV` or `any` when that was asked for, else of the sender's `eth0`.
pub(super) fn capture(point: &str, asked: bool, turn: &Turn) -> Result<Vec<u8>, Failure> {
    let seen: Vec<Seen> = if asked && point == ANY {
        points::everywhere(&turn.record, &turn.world).into_iter().map(|(_, seen)| seen).collect()
    } else {
        let (host, dev) = if asked { split(point)? } else { (point, DEFAULT_DEVICE) };
        turn.record.seen_at(interface(&turn.world, host, dev)?)
    };
    Ok(pcap::file(seen.iter().map(|s| (s.time, &s.frame))))
}

fn split(point: &str) -> Result<(&str, &str), Usage> {
    let named = point.rsplit_once(':').filter(|(host, dev)| !host.is_empty() && !dev.is_empty());
    named.ok_or_else(|| Usage::BadPoint { value: point.to_owned() })
}

fn interface(world: &World, host: &str, dev: &str) -> Result<InterfaceId, Failure> {
    let no_point = |error| Failure::NoSuchPoint { error, world: Box::new(world.clone()) };
    let id = resolve(world, host).map_err(no_point)?.host;
    let state = id.and_then(|id| world.hosts.get(id).map(|h| (id, h)));
    let Some((id, state)) = state else {
        return Err(no_point(ActionError::NotFound { kind: Kind::Host, name: host.to_owned() }));
    };
    let found = state.interface_named(dev).map(|i| InterfaceId { host: id, index: i.index });
    found.ok_or_else(|| Failure::NoSuchDevice {
        host: host.to_owned(),
        dev: dev.to_owned(),
        there: state.interfaces.values().map(|i| i.name.to_string()).collect(),
    })
}
