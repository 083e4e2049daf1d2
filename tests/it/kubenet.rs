//! The article's part A and the kubenet rows of the facts, computed.

mod article;
mod limits;
mod links;
mod packets;

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::sim::ids::{HostId, InterfaceId};
use podhop::sim::record::Record;
use podhop::sim::record::decision::DropReason;
use podhop::sim::record::trace::{ErrorKind, Outcome};

pub(crate) fn record(session: &Session) -> &Record {
    &session.turns().last().unwrap().record
}

pub(crate) fn host(session: &Session, name: &str) -> HostId {
    let world = session.world();
    world.hosts.iter().find(|(_, h)| h.name.contains(name)).map_or_else(|| panic!("{name}"), |(id, _)| id)
}

pub(crate) fn dev(session: &Session, name: &str, dev: &str) -> InterfaceId {
    let host = host(session, name);
    let index = session.world().hosts.get(host).unwrap().interface_named(dev).unwrap().index;
    InterfaceId { host, index }
}

pub(crate) fn pod_host(session: &Session, address: &str) -> HostId {
    session.world().host_at(address.parse().unwrap()).unwrap()
}

/// TTL of the answer as the sender sees it.
pub(crate) fn ttl_seen(session: &Session) -> Option<u8> {
    let record = record(session);
    let Outcome::Answered { reply } = outcome(session) else { return None };
    let last = *record.path(reply).last().unwrap();
    record.steps[last].after.as_ref().unwrap().body.packet().map(|p| p.ttl)
}

pub(crate) fn after(session: &Session, action: Action) -> Session {
    let mut session = session.clone();
    let what = format!("{action:?}");
    session.act(action).unwrap_or_else(|e| panic!("{what}: {e:?}"));
    session
}

pub(crate) fn error(session: &Session) -> (ErrorKind, String) {
    match outcome(session) {
        Outcome::Error { from, kind, .. } => (kind, from.to_string()),
        other => panic!("{other:?}"),
    }
}

/// Why the probe of the last turn was lost, and whether it was the answer that was.
pub(crate) fn lost(session: &Session) -> (DropReason, bool) {
    match outcome(session) {
        Outcome::Lost { lineage, reason, .. } => (reason, Some(lineage) != record(session).probes().next()),
        other => panic!("{other:?}"),
    }
}
