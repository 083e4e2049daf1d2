//! The routes in force for the NICs of one subnet, and which of them a packet takes.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md.

pub use super::next_hop::{NextHop, RouteSource, UserNextHop};
pub use super::route_table::{RouteTable, RouteTableError, UserRoute};
pub use super::system_routes::{GatewayRoute, SystemHop, SystemRoutes};
use crate::sim::order::sort_by_key;

use ipnet::Ipv4Net;
use std::cmp::Reverse;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// `routeTableId` of Network Watcher where no user-defined route decides.
/// Source: learn.microsoft.com/azure/network-watcher/next-hop-overview.
pub const SYSTEM_ROUTE: &str = "System Route";

/// Whether a route can win. Source: learn.microsoft.com azure-mgmt-network, class `EffectiveRoute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteState {
    Active,
    /// A better route stands in its place.
    Invalid,
}

impl RouteState {
    /// As `az network nic show-effective-route-table` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invalid => "Invalid",
        }
    }
}

/// One row of `az network nic show-effective-route-table`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EffectiveRoute {
    pub source: RouteSource,
    pub state: RouteState,
    pub prefix: Ipv4Net,
    pub next_hop: NextHop,
    /// Name of a user-defined route.
    pub name: Option<Rc<str>>,
}

/// Why a route whose prefix holds the destination was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lost {
    /// A longer prefix won; `winner` is its length.
    ShorterPrefix { winner: u8 },
    /// A route of the same prefix from a better source.
    OverriddenBy(RouteSource),
    /// A gateway's route inside the space of the VNet or of a peer: the system route of that space comes first.
    SystemPreferred(Ipv4Net),
}

/// The choice with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteChoice {
    pub won: Option<EffectiveRoute>,
    /// Every other route that holds the destination, longest prefix first. All other routes do not hold it.
    pub lost: Vec<(EffectiveRoute, Lost)>,
}

/// Answer of `az network watcher show-next-hop`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NextHopAnswer {
    pub next_hop: NextHop,
    /// Name of the route table whose route decides; `None` for [`SYSTEM_ROUTE`].
    pub route_table: Option<Rc<str>>,
}

/// The routes of a subnet: those of its VNet and those of the route table attached to it. Shares both, so making one
/// is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EffectiveRoutes {
    pub system: SystemRoutes,
    pub table: Option<RouteTable>,
}

impl EffectiveRoutes {
    /// Of a VNet with this address space, without peers and without gateway.
    pub fn new(vnet: &[Ipv4Net], table: Option<RouteTable>) -> Self {
        Self { system: SystemRoutes::new(vnet, &[], &[]), table }
    }

    /// All routes: system, gateway, then the route table in order of creation.
    pub fn rows(&self) -> Vec<EffectiveRoute> {
        let system = self.system.system().into_iter().map(|(prefix, hop)| self.system_row(prefix, hop));
        let gateway = self.system.gateway().filter(|_| self.propagates()).map(|route| self.gateway_row(route));
        let user = self.table.iter().flat_map(RouteTable::routes).map(user_row);
        system.chain(gateway).chain(user).map(|(row, _)| row).collect()
    }

    /// The route for a destination: the longest prefix among the active routes. Looks at routes that hold the
    /// destination alone, so the cost does not grow with the route table.
    pub fn select(&self, dst: Ipv4Addr) -> RouteChoice {
        let mut rows = self.candidates(dst);
        sort_by_key(&mut rows, |(row, _)| (Reverse(row.prefix.prefix_len()), row.source.rank()));
        let won = rows.iter().position(|(row, _)| row.state == RouteState::Active).map(|at| rows.remove(at).0);
        let winner = won.as_ref().map_or(0, |row| row.prefix.prefix_len());
        let lost = rows.into_iter().map(|(row, why)| (row, why.unwrap_or(Lost::ShorterPrefix { winner })));
        RouteChoice { lost: lost.collect(), won }
    }

    /// What Network Watcher says of a destination. Without any route the packet is dropped.
    pub fn next_hop_answer(&self, dst: Ipv4Addr) -> NextHopAnswer {
        let won = self.select(dst).won;
        let by_user = won.as_ref().is_some_and(|row| row.source == RouteSource::User);
        NextHopAnswer {
            next_hop: won.map_or(NextHop::None, |row| row.next_hop),
            route_table: self.table.as_ref().filter(|_| by_user).map(|table| table.name.clone()),
        }
    }

    fn candidates(&self, dst: Ipv4Addr) -> Vec<(EffectiveRoute, Option<Lost>)> {
        let user = self.table.iter().flat_map(|table| table.candidates(dst)).map(user_row);
        let gateway =
            self.system.gateway_candidates(dst).filter(|_| self.propagates()).map(|route| self.gateway_row(route));
        let system = self.system.system_candidates(dst).map(|(prefix, hop)| self.system_row(prefix, hop));
        user.chain(gateway).chain(system).collect()
    }

    /// A system route gives way to a user's of the same prefix, and to a gateway's unless it is a preferred one.
    fn system_row(&self, prefix: Ipv4Net, hop: SystemHop) -> (EffectiveRoute, Option<Lost>) {
        let why = if self.user_has(prefix) {
            Some(Lost::OverriddenBy(RouteSource::User))
        } else if !hop.is_preferred() && self.propagates() && self.system.has_gateway_route(prefix) {
            Some(Lost::OverriddenBy(RouteSource::VirtualNetworkGateway))
        } else {
            None
        };
        row(RouteSource::Default, prefix, hop.into(), None, why)
    }

    /// A gateway's route gives way to a user's of the same prefix, and to a preferred system route around it that is
    /// active itself.
    fn gateway_row(&self, route: GatewayRoute) -> (EffectiveRoute, Option<Lost>) {
        let preferred = self
            .system
            .system_candidates(route.prefix.network())
            .find(|(prefix, hop)| hop.is_preferred() && prefix.contains(&route.prefix) && !self.user_has(*prefix));
        let why = if self.user_has(route.prefix) {
            Some(Lost::OverriddenBy(RouteSource::User))
        } else {
            preferred.map(|(prefix, _)| Lost::SystemPreferred(prefix))
        };
        let hop = NextHop::VirtualNetworkGateway(route.next_hop);
        row(RouteSource::VirtualNetworkGateway, route.prefix, hop, None, why)
    }

    fn user_has(&self, prefix: Ipv4Net) -> bool {
        self.table.as_ref().is_some_and(|table| table.with_prefix(prefix).is_some())
    }

    fn propagates(&self) -> bool {
        !self.table.as_ref().is_some_and(|table| table.disable_bgp_propagation)
    }
}

impl NextHopAnswer {
    /// `nextHopType`.
    pub const fn next_hop_type(&self) -> &'static str {
        self.next_hop.watcher_code()
    }

    /// `nextHopIpAddress`.
    pub const fn next_hop_ip(&self) -> Option<Ipv4Addr> {
        self.next_hop.ip()
    }

    /// `routeTableId`, with the table's name in the place of its resource id.
    pub fn route_table_id(&self) -> &str {
        self.route_table.as_deref().unwrap_or(SYSTEM_ROUTE)
    }
}

fn user_row(route: &UserRoute) -> (EffectiveRoute, Option<Lost>) {
    row(RouteSource::User, route.prefix, route.next_hop.into(), Some(route.name.clone()), None)
}

/// A row that is active unless there is a reason against it.
fn row(
    source: RouteSource,
    prefix: Ipv4Net,
    next_hop: NextHop,
    name: Option<Rc<str>>,
    why: Option<Lost>,
) -> (EffectiveRoute, Option<Lost>) {
    let state = if why.is_some() { RouteState::Invalid } else { RouteState::Active };
    (EffectiveRoute { source, state, prefix, next_hop, name }, why)
}
