//! The IPAM plugin `azure-vnet-ipam`: it hands out the secondary addresses that a node's NIC has.
//! Source: Azure/azure-container-networking `ipam/pool.go`, `ipam/manager.go`, `ipam/azure.go`.

use super::address_order::AddressOrder;
use crate::sim::addr::nth_address;
use crate::sim::order::sort_by_key;
use crate::sim::rng::Rng;
use crate::sim::sorted::Sorted;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// The pool of one subnet on one node, with a record for each secondary address of the NIC. The primary address is
/// the node's own and has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AzureVnetIpam {
    /// Prefix of the subnet: also the id of the pool.
    subnet: Ipv4Net,
    /// Who holds each address: the endpoint's id, if any.
    records: Sorted<Ipv4Addr, Option<Rc<str>>>,
}

/// An address that was given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VnetGrant {
    pub address: Ipv4Net,
    pub gateway: Ipv4Addr,
    pub order: AddressOrder,
    /// Free records that it was chosen from; 0 when the endpoint had the address already.
    pub free: u32,
    pub records: u32,
}

/// Why the plugin gives none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VnetIpamError {
    NoAvailableAddresses { records: u32 },
    AddressNotFound { address: Ipv4Addr },
    AddressInUse { address: Ipv4Addr },
}

impl VnetIpamError {
    /// As the plugin prints it.
    pub const fn text(&self) -> &'static str {
        match self {
            Self::NoAvailableAddresses { .. } => "No available addresses",
            Self::AddressNotFound { .. } => "Address not found",
            Self::AddressInUse { .. } => "Address already in use",
        }
    }
}

impl AzureVnetIpam {
    /// A pool with these addresses, all free.
    pub fn new(subnet: Ipv4Net, addresses: impl IntoIterator<Item = Ipv4Addr>) -> Self {
        let mut records = Sorted::default();
        for address in addresses {
            records.insert(address, None);
        }
        Self { subnet: subnet.trunc(), records }
    }

    pub const fn subnet(&self) -> Ipv4Net {
        self.subnet
    }

    /// The first address of the subnet. Source: `ipam/azure.go` takes it for every subnet.
    pub fn gateway(&self) -> Ipv4Addr {
        nth_address(self.subnet, 1).unwrap_or(self.subnet.network())
    }

    /// Addresses with their holders, in ascending order.
    pub fn records(&self) -> impl Iterator<Item = (Ipv4Addr, Option<&Rc<str>>)> {
        self.records.iter().map(|(address, id)| (*address, id.as_ref()))
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub fn in_use(&self) -> usize {
        self.records.values().flatten().count()
    }

    /// The addresses as the plugin's log lists them: Go prints a map in the order of its keys as text.
    pub fn log_order(&self) -> Vec<Ipv4Addr> {
        let mut addresses: Vec<Ipv4Addr> = self.records.keys().copied().collect();
        sort_by_key(&mut addresses, ToString::to_string);
        addresses
    }

    /// Gives the endpoint `id` an address: a wanted one; else the one it has; else any free one.
    pub fn request(
        &mut self,
        id: &str,
        wanted: Option<Ipv4Addr>,
        order: AddressOrder,
        rng: &mut Rng,
    ) -> Result<VnetGrant, VnetIpamError> {
        if let Some(address) = wanted {
            self.check_wanted(address, id)?;
            return Ok(self.grant(address, id, order, 0));
        }
        let held = self.records().find(|(_, holder)| holder.is_some_and(|h| h.as_ref() == id));
        if let Some((address, _)) = held {
            return Ok(self.grant(address, id, order, 0));
        }
        let free: Vec<Ipv4Addr> = self.records().filter(|(_, holder)| holder.is_none()).map(|(a, _)| a).collect();
        let count = u32::try_from(free.len()).unwrap_or(u32::MAX);
        let address = order.pick(free.len(), rng).and_then(|at| free.get(at)).copied();
        match address {
            Some(address) => Ok(self.grant(address, id, order, count)),
            None => Err(VnetIpamError::NoAvailableAddresses { records: self.size() }),
        }
    }

    fn check_wanted(&self, address: Ipv4Addr, id: &str) -> Result<(), VnetIpamError> {
        match self.records.get(&address) {
            None => Err(VnetIpamError::AddressNotFound { address }),
            Some(Some(holder)) if holder.as_ref() != id => Err(VnetIpamError::AddressInUse { address }),
            Some(_) => Ok(()),
        }
    }

    fn size(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    fn grant(&mut self, address: Ipv4Addr, id: &str, order: AddressOrder, free: u32) -> VnetGrant {
        self.records.insert(address, Some(id.into()));
        let length = self.subnet.prefix_len();
        // The length is that of a prefix already.
        let with_length = Ipv4Net::new(address, length).unwrap_or(self.subnet);
        VnetGrant { address: with_length, gateway: self.gateway(), order, free, records: self.size() }
    }

    /// Takes the address of an endpoint back; an endpoint without one is no error.
    pub fn release(&mut self, id: &str) -> Option<Ipv4Addr> {
        let (address, _) = self.records().find(|(_, holder)| holder.is_some_and(|h| h.as_ref() == id))?;
        self.records.insert(address, None);
        Some(address)
    }
}
