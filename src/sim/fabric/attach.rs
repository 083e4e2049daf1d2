//! Guests come and go: a host with a NIC in a subnet, its address, and the mapping by which Azure delivers to it.

use super::nic::{AddressOwner, FlowTable, IpConfig, Nic};
use crate::sim::addr::Mac;
use crate::sim::host::fib::Route;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, NicId, SubnetId};
use crate::sim::ipam::subnet_pool::{LeaseState, PoolError, Reserved};
use crate::sim::rng::Rng;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// A guest to create.
#[derive(Clone, Copy, Debug)]
pub struct NewGuest<'a> {
    pub name: &'a str,
    pub role: Role,
    pub subnet: SubnetId,
    pub lease: LeaseState,
    /// A static address; the lowest free one without.
    pub address: Option<Ipv4Addr>,
}

/// Creates a host with `lo` and `eth0`, its NIC with one address, and the mapping to it. `None` where there is no such
/// subnet; nothing changes then, nor on an error.
pub fn create_guest(world: &mut World, new: NewGuest<'_>) -> Result<Option<(HostId, NicId)>, PoolError<AddressOwner>> {
    let nic_id = world.nics.next_id();
    let now = world.now;
    let Some(subnet) = world.subnets.get_mut(new.subnet) else { return Ok(None) };
    let owner = AddressOwner::Nic(nic_id);
    let address = match new.address {
        Some(address) => subnet.pool.request(address, owner, new.lease, now).map(|()| address)?,
        None => subnet.pool.allocate(owner, new.lease, now)?,
    };
    let (prefix, gateway, vnet) = (subnet.pool.prefix(), subnet.pool.reserved(Reserved::Gateway), subnet.vnet);
    let mac = azure_mac(&mut world.rng);
    let host = guest_host(new, nic_id, mac, address, prefix, gateway);
    let dev = host.interface_named("eth0").map_or(crate::sim::ids::IfIndex(2), |i| i.index);
    let host = world.hosts.add(host);
    if let Some(vnet) = world.vnets.get_mut(vnet) {
        vnet.mappings.insert(address, nic_id);
    }
    let nic = world.nics.add(Nic {
        name: format!("{}-nic", new.name).into(),
        host,
        dev,
        mac,
        subnet: new.subnet,
        configs: Rc::new(vec![IpConfig { name: "ipconfig1".into(), address, primary: true, subnet: new.subnet }]),
        ip_forwarding: false,
        nsg: None,
        flows: FlowTable::default(),
    });
    Ok(Some((host, nic)))
}

fn guest_host(new: NewGuest<'_>, nic: NicId, mac: Mac, address: Ipv4Addr, subnet: Ipv4Net, gateway: Ipv4Addr) -> Host {
    let mut host = Host::new(new.name, new.role);
    let eth0 = host.add_interface("eth0", mac, InterfaceKind::Nic(nic));
    if let Ok(net) = Ipv4Net::new(address, subnet.prefix_len()) {
        host.add_address(eth0, net);
    }
    // Azure's DHCP says it, as no plugin does.
    if let Some(interface) = host.interfaces.get_mut(&eth0) {
        interface.addresses.iter_mut().for_each(|address| address.broadcast = true);
    }
    // The table has only the connected route so far.
    let _ = host.fib.add(Route::default_via(gateway, eth0));
    host
}

/// A MAC of the range that Azure gives to NICs. Source: IEEE OUI 00-0D-3A (Microsoft Corporation).
fn azure_mac(rng: &mut Rng) -> Mac {
    let [a, b, c, ..] = rng.bits().to_le_bytes();
    Mac([0x00, 0x0d, 0x3a, a, b, c])
}

/// Deletes a guest's host, NIC, address and mapping. Returns its primary address.
pub fn delete_guest(world: &mut World, nic_id: NicId) -> Option<Ipv4Addr> {
    let nic = world.nics.remove(nic_id)?;
    world.hosts.remove(nic.host);
    for config in nic.configs.iter() {
        free(world, config);
    }
    nic.primary()
}

/// Gives a NIC more addresses of a subnet of its VNet, the lowest free ones, or none if there are fewer.
pub fn add_addresses(
    world: &mut World,
    nic_id: NicId,
    subnet_id: SubnetId,
    count: u32,
    lease: LeaseState,
) -> Result<Vec<Ipv4Addr>, PoolError<AddressOwner>> {
    let now = world.now;
    let Some(subnet) = world.subnets.get_mut(subnet_id) else { return Ok(Vec::new()) };
    let addresses = subnet.pool.allocate_block(count, &AddressOwner::Nic(nic_id), lease, now)?;
    let vnet = subnet.vnet;
    if let Some(vnet) = world.vnets.get_mut(vnet) {
        for address in &addresses {
            vnet.mappings.insert(*address, nic_id);
        }
    }
    if let Some(nic) = world.nics.get_mut(nic_id) {
        let configs = Rc::make_mut(&mut nic.configs);
        for address in &addresses {
            let name = format!("ipconfig{}", configs.len() + 1).into();
            configs.push(IpConfig { name, address: *address, primary: false, subnet: subnet_id });
        }
    }
    Ok(addresses)
}

/// Takes an address that is not the primary one from a NIC; it is free at once.
pub fn remove_address(world: &mut World, nic_id: NicId, address: Ipv4Addr) {
    let Some(nic) = world.nics.get_mut(nic_id) else { return };
    let configs = Rc::make_mut(&mut nic.configs);
    let Some(at) = configs.iter().position(|c| c.address == address && !c.primary) else { return };
    let gone = configs.remove(at);
    world.policy_changed();
    free(world, &gone);
}

/// Ends the lease of an address and the mapping to it.
fn free(world: &mut World, config: &IpConfig) {
    let Some(subnet) = world.subnets.get_mut(config.subnet) else { return };
    subnet.pool.release(config.address);
    let vnet = subnet.vnet;
    if let Some(vnet) = world.vnets.get_mut(vnet) {
        vnet.mappings.remove(&config.address);
    }
}

/// Notes what an address of a NIC is used for now.
pub fn set_lease(world: &mut World, subnet: SubnetId, address: Ipv4Addr, state: LeaseState) {
    let now = world.now;
    if let Some(subnet) = world.subnets.get_mut(subnet) {
        subnet.pool.set_state(address, state, now);
    }
}
