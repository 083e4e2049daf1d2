//! An Azure route table: the user-defined routes of the subnets that it is attached to.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md.

use super::next_hop::UserNextHop;
use super::prefix_map::PrefixMap;
use crate::sim::ordered::Ordered;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Most routes of one table. Source: MicrosoftDocs/azure-docs, includes/azure-virtual-network-limits.md; it is also
/// why kubenet ends at 400 nodes (MicrosoftDocs/azure-aks-docs, articles/aks/configure-kubenet.md).
pub const MAX_ROUTES: usize = 400;

/// One user-defined route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRoute {
    /// Unique in its table.
    pub name: Rc<str>,
    pub prefix: Ipv4Net,
    pub next_hop: UserNextHop,
}

/// A route table. A copy shares the routes; a change copies one path of the trees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteTable {
    pub name: Rc<str>,
    /// Keeps routes of gateways away from the table's subnets. Source: MicrosoftDocs/azure-docs,
    /// articles/virtual-network/virtual-networks-udr-overview.md, "Border gateway protocol".
    pub disable_bgp_propagation: bool,
    /// By number of creation.
    routes: Ordered<u32, UserRoute>,
    by_name: Ordered<Rc<str>, u32>,
    by_prefix: PrefixMap<u32>,
    next: u32,
}

/// Why a route is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RouteTableError {
    /// The table has as many routes as it may have.
    Full { limit: usize },
    /// Another route has the same prefix. Source: kubernetes-sigs/cloud-provider-azure issue #657.
    RouteConflict { route: Rc<str>, existing: Rc<str>, prefix: Ipv4Net },
    /// The prefix has host bits.
    Unaligned { prefix: Ipv4Net, aligned: Ipv4Net },
}

impl RouteTableError {
    /// `RouteConflict` is Azure's code; the others are ours.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "RouteTableFull",
            Self::RouteConflict { .. } => "RouteConflict",
            Self::Unaligned { .. } => "RoutePrefixUnaligned",
        }
    }
}

impl RouteTable {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            disable_bgp_propagation: false,
            routes: Ordered::default(),
            by_name: Ordered::default(),
            by_prefix: PrefixMap::default(),
            next: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.routes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// Routes in the order in which they were created.
    pub fn routes(&self) -> impl Iterator<Item = &UserRoute> {
        self.routes.values()
    }

    pub fn get(&self, name: &str) -> Option<&UserRoute> {
        self.routes.get(self.by_name.get(name)?)
    }

    /// The route of exactly this prefix.
    pub fn with_prefix(&self, prefix: Ipv4Net) -> Option<&UserRoute> {
        self.routes.get(self.by_prefix.get(prefix)?)
    }

    /// Routes whose prefix holds the address, longest prefix first. The cost does not grow with the table.
    pub fn candidates(&self, address: Ipv4Addr) -> impl Iterator<Item = &UserRoute> {
        self.by_prefix.candidates(address).filter_map(|(_, number)| self.routes.get(number))
    }

    /// Creates the route, or changes the one that has its name, which keeps its place; returns that one.
    pub fn put(&mut self, route: UserRoute) -> Result<Option<UserRoute>, RouteTableError> {
        let old = self.get(&route.name).cloned();
        self.check(&route, old.is_some())?;
        let number = self.by_name.get(&route.name).copied().unwrap_or(self.next);
        self.next = self.next.max(number + 1);
        if let Some(old) = &old {
            self.by_prefix.remove(old.prefix);
        }
        self.by_prefix.insert(route.prefix, number);
        self.by_name.insert(route.name.clone(), number);
        self.routes.insert(number, route);
        Ok(old)
    }

    pub fn remove(&mut self, name: &str) -> Option<UserRoute> {
        let number = *self.by_name.get(name)?;
        let route = self.routes.get(&number).cloned()?;
        self.by_name.remove(name);
        self.by_prefix.remove(route.prefix);
        self.routes.remove(&number);
        Some(route)
    }

    fn check(&self, route: &UserRoute, replaces: bool) -> Result<(), RouteTableError> {
        let (prefix, aligned) = (route.prefix, route.prefix.trunc());
        if prefix != aligned {
            return Err(RouteTableError::Unaligned { prefix, aligned });
        }
        if let Some(other) = self.with_prefix(prefix).filter(|other| other.name != route.name) {
            let (route, existing) = (route.name.clone(), other.name.clone());
            return Err(RouteTableError::RouteConflict { route, existing, prefix });
        }
        if !replaces && self.len() >= MAX_ROUTES {
            return Err(RouteTableError::Full { limit: MAX_ROUTES });
        }
        Ok(())
    }
}
