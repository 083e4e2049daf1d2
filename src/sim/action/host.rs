//! Actions inside a host: what an administrator could type on a node, in a pod or on a VM.

use super::endpoint::{Endpoint, resolve};
use super::error::{ActionError, Kind};
use super::network::{exists, not_found};
use super::{FlushTable, HostRoute, SysctlName};
use crate::sim::addr::Mac;
use crate::sim::engine::{Engine, TRAFFIC_LIMIT, Until};
use crate::sim::host::Host;
use crate::sim::host::ebtables::EbChain;
use crate::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use crate::sim::host::netfilter::TableName;
use crate::sim::host::netfilter::edit::ChainEdit;
use crate::sim::ids::HostId;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

fn host_id(engine: &Engine, name: &str) -> Result<HostId, ActionError> {
    let Endpoint { host, .. } = resolve(&engine.world, name)?;
    host.ok_or_else(|| not_found(Kind::Host, name))
}

fn host_mut<'a>(engine: &'a mut Engine, name: &str) -> Result<&'a mut Host, ActionError> {
    let id = host_id(engine, name)?;
    engine.world.hosts.get_mut(id).ok_or_else(|| not_found(Kind::Host, name))
}

pub(super) fn set_sysctl(engine: &mut Engine, host: &str, name: SysctlName, on: bool) -> Result<(), ActionError> {
    let sysctl = &mut host_mut(engine, host)?.sysctl;
    match name {
        SysctlName::IpForward => sysctl.ip_forward = on,
        SysctlName::BridgeNfCallIptables => sysctl.bridge_nf_call_iptables = on,
    }
    Ok(())
}

pub(super) fn set_link(engine: &mut Engine, host: &str, dev: &str, up: bool) -> Result<(), ActionError> {
    let id = resolve(&engine.world, host)?.host.ok_or_else(|| not_found(Kind::Host, host))?;
    let index = host_mut(engine, host)?.interface_named(dev).map(|i| i.index);
    engine.set_link(id, index.ok_or_else(|| not_found(Kind::Interface, dev))?, up);
    // What it sends and what the bridge notices belong to this action.
    if engine.run_within(TRAFFIC_LIMIT, Until::Quiet) { Ok(()) } else { Err(ActionError::NeverSettles) }
}

pub(super) fn add_route(engine: &mut Engine, host: &str, new: &HostRoute) -> Result<(), ActionError> {
    let host = host_mut(engine, host)?;
    let kind = new.target.kind(|dev| host.interface_named(dev).map(|i| i.index));
    let kind = kind.ok_or_else(|| not_found(Kind::Interface, new.target.dev().unwrap_or_default()))?;
    let scope = match kind {
        RouteKind::Unicast { via: None, .. } => RouteScope::Link,
        _ => RouteScope::Global,
    };
    let route = Route { dst: new.dst.trunc(), kind, proto: RouteProto::Boot, scope, src: new.src, metric: new.metric };
    host.fib.add(route).map_err(|_| ActionError::RouteExists { dst: new.dst })
}

pub(super) fn delete_route(
    engine: &mut Engine,
    host: &str,
    dst: Ipv4Net,
    metric: Option<u32>,
) -> Result<(), ActionError> {
    let gone = host_mut(engine, host)?.fib.remove(dst, metric);
    gone.map(|_| ()).ok_or_else(|| not_found(Kind::Route, &dst.to_string()))
}

/// Addresses name endpoints, so one that a machine has is not given to another.
pub(super) fn set_address(
    engine: &mut Engine,
    host: &str,
    dev: &str,
    address: Ipv4Net,
    on: bool,
) -> Result<(), ActionError> {
    let name = || address.addr().to_string();
    let id = host_id(engine, host)?;
    if on && engine.world.host_at(address.addr()).is_some() {
        return Err(exists(Kind::Address, &name()));
    }
    let hosts = &mut engine.world.hosts;
    let index = hosts.get(id).and_then(|h| h.interface_named(dev)).map(|i| i.index);
    let index = index.ok_or_else(|| not_found(Kind::Interface, dev))?;
    let done = if on { hosts.assign(id, index, address) } else { hosts.withdraw(id, index, address) };
    if done { Ok(()) } else { Err(not_found(Kind::Address, &name())) }
}

pub(super) fn set_neighbor(
    engine: &mut Engine,
    host: &str,
    dev: &str,
    address: Ipv4Addr,
    mac: Option<Mac>,
) -> Result<(), ActionError> {
    let now = engine.world.now;
    let host = host_mut(engine, host)?;
    let index = host.interface_named(dev).map(|i| i.index).ok_or_else(|| not_found(Kind::Interface, dev))?;
    match mac {
        Some(mac) => host.neighbors.set_permanent(index, address, mac, now),
        None if host.neighbors.remove(index, address) => {}
        None => return Err(not_found(Kind::Neighbor, &address.to_string())),
    }
    Ok(())
}

pub(super) fn delete_nat_rule(engine: &mut Engine, host: &str, chain: &str, number: usize) -> Result<(), ActionError> {
    let gone = host_mut(engine, host)?.netfilter.nat.delete(chain, number);
    gone.map(|_| ()).ok_or_else(|| not_found(Kind::Chain, chain))
}

pub(super) fn edit_chain(
    engine: &mut Engine,
    host: &str,
    table: TableName,
    chain: &str,
    edit: &ChainEdit,
) -> Result<(), ActionError> {
    let done = host_mut(engine, host)?.netfilter.table_mut(table).edit(table, chain, edit);
    done.map_err(|problem| ActionError::Chain { chain: chain.to_owned(), problem })
}

pub(super) fn delete_bridge_rule(
    engine: &mut Engine,
    host: &str,
    chain: EbChain,
    number: usize,
) -> Result<(), ActionError> {
    let gone = host_mut(engine, host)?.ebtables.delete_number(chain, number);
    gone.map(|_| ()).ok_or_else(|| not_found(Kind::Chain, chain.name()))
}

pub(super) fn flush(engine: &mut Engine, host: &str, table: FlushTable) -> Result<(), ActionError> {
    let host = host_mut(engine, host)?;
    match table {
        FlushTable::Neighbors => host.neighbors.flush(),
        FlushTable::Conntrack => host.conntrack.flush(),
        FlushTable::Fdb => {
            let bridges: Vec<_> = host.bridges.keys().copied().collect();
            for bridge in bridges {
                if let Some(bridge) = host.bridges.get_mut(&bridge) {
                    bridge.flush();
                }
            }
        }
    }
    Ok(())
}
