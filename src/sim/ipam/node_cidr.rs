//! Pod CIDRs of nodes as the controller manager cuts them from the cluster CIDR.
//! Source: kubernetes/kubernetes `pkg/controller/nodeipam/ipam/cidrset/cidr_set.go`.

use crate::sim::ordered::Ordered;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// What the controller manager says when no block is left.
/// Source: kubernetes/kubernetes `pkg/controller/nodeipam/ipam/cidrset/cidr_set.go` (`ErrCIDRRangeNoCIDRsRemaining`).
pub const EXHAUSTED: &str =
    "CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range";

/// The blocks of one cluster CIDR, numbered from 0 in address order, with those in use and the cursor. Copies share
/// the set of used blocks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeCidrSet {
    cluster: Ipv4Net,
    node_mask: u8,
    used: Ordered<u32, ()>,
    next: u32,
}

/// A block that was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeCidr {
    pub net: Ipv4Net,
    /// Number of the block, from 0.
    pub index: u32,
    /// Used blocks that the cursor passed on the way.
    pub passed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeCidrError {
    /// A node's mask is shorter than the cluster's or longer than 32.
    MaskOutOfRange { cluster: Ipv4Net, node_mask: u8 },
    /// Every block is in use.
    Exhausted { blocks: u32 },
    /// The prefix shares no address with the cluster CIDR.
    OutOfRange { net: Ipv4Net, cluster: Ipv4Net },
}

impl NodeCidrError {
    /// The controller manager's own words; it has none for a wrong mask.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::MaskOutOfRange { .. } => None,
            Self::Exhausted { .. } => Some(EXHAUSTED.to_owned()),
            Self::OutOfRange { net, cluster } => Some(format!("cidr {net} is out the range of cluster cidr {cluster}")),
        }
    }
}

impl NodeCidrSet {
    /// All blocks of length `node_mask` in `cluster`, none in use; the cursor stands at the first.
    pub fn new(cluster: Ipv4Net, node_mask: u8) -> Result<Self, NodeCidrError> {
        let cluster = cluster.trunc();
        if node_mask < cluster.prefix_len() || node_mask > 32 || cluster.prefix_len() == 0 {
            return Err(NodeCidrError::MaskOutOfRange { cluster, node_mask });
        }
        Ok(Self { cluster, node_mask, used: Ordered::default(), next: 0 })
    }

    pub fn cluster(&self) -> Ipv4Net {
        self.cluster
    }

    /// Prefix length of every block.
    pub fn node_mask(&self) -> u8 {
        self.node_mask
    }

    /// Number of blocks, 2^(node mask - cluster mask).
    pub fn blocks(&self) -> u32 {
        1 << (self.node_mask - self.cluster.prefix_len())
    }

    /// Number of blocks in use.
    pub fn used(&self) -> u32 {
        u32::try_from(self.used.len()).unwrap_or(u32::MAX)
    }

    pub fn free(&self) -> u32 {
        self.blocks() - self.used()
    }

    /// Number of the block that the cursor tries next.
    pub fn cursor(&self) -> u32 {
        self.next
    }

    pub fn is_used(&self, index: u32) -> bool {
        self.used.get(&index).is_some()
    }

    /// The prefix of a block; `None` beyond the last.
    pub fn net(&self, index: u32) -> Option<Ipv4Net> {
        if index >= self.blocks() {
            return None;
        }
        let offset = u64::from(index) << (32 - u32::from(self.node_mask));
        let address = u32::from(self.cluster.network()).checked_add(u32::try_from(offset).ok()?)?;
        Ipv4Net::new(Ipv4Addr::from(address), self.node_mask).ok()
    }

    /// Hands out the first free block at or behind the cursor, round the whole set, and sets the cursor behind it.
    /// So blocks go out in the order in which nodes register, and a released one only after the cursor came round.
    pub fn allocate(&mut self) -> Result<NodeCidr, NodeCidrError> {
        let blocks = self.blocks();
        let exhausted = NodeCidrError::Exhausted { blocks };
        if self.used() == blocks {
            return Err(exhausted);
        }
        let mut index = self.next;
        let mut passed = 0;
        while self.is_used(index) {
            index = (index + 1) % blocks;
            passed += 1;
        }
        let net = self.net(index).ok_or(exhausted)?;
        self.next = (index + 1) % blocks;
        self.used.insert(index, ());
        Ok(NodeCidr { net, index, passed })
    }

    /// Frees every block that the prefix touches; returns how many were in use. The cursor stays.
    pub fn release(&mut self, net: Ipv4Net) -> Result<u32, NodeCidrError> {
        let touched = self.indices(net)?;
        Ok(touched.map(|index| u32::from(self.used.remove(&index))).sum())
    }

    /// Marks every block that the prefix touches as used (a node that has its CIDR already, a service CIDR inside
    /// the cluster CIDR); returns how many were free. The cursor stays.
    pub fn occupy(&mut self, net: Ipv4Net) -> Result<u32, NodeCidrError> {
        let before = self.used();
        for index in self.indices(net)? {
            self.used.insert(index, ());
        }
        Ok(self.used() - before)
    }

    /// The controller manager starts anew: it occupies what its nodes hold, and the cursor is back at the first
    /// block.
    pub fn restart(&mut self) {
        self.next = 0;
    }

    /// Numbers of the blocks that share an address with a prefix.
    fn indices(&self, net: Ipv4Net) -> Result<RangeInclusive<u32>, NodeCidrError> {
        if net.contains(&self.cluster) {
            return Ok(0..=self.blocks() - 1);
        }
        if !self.cluster.contains(&net) {
            return Err(NodeCidrError::OutOfRange { net, cluster: self.cluster });
        }
        Ok(self.index_of(net.network())..=self.index_of(net.broadcast()))
    }

    fn index_of(&self, address: Ipv4Addr) -> u32 {
        let offset = u64::from(u32::from(address) - u32::from(self.cluster.network()));
        u32::try_from(offset >> (32 - u32::from(self.node_mask))).unwrap_or(u32::MAX)
    }
}
