//! A host's routing table (FIB): longest prefix match that keeps every candidate.

use crate::sim::ids::IfIndex;
use crate::sim::order::sort_by_key;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// One route, as `ip route` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    pub dst: Ipv4Net,
    pub kind: RouteKind,
    pub proto: RouteProto,
    pub scope: RouteScope,
    /// Preferred source address.
    pub src: Option<Ipv4Addr>,
    pub metric: u32,
}

/// What a route does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// Out of `dev`, straight to the destination or to the router `via`.
    Unicast {
        dev: IfIndex,
        via: Option<Ipv4Addr>,
    },
    Unreachable,
    Blackhole,
}

/// Who made a route. Source: ip-route(8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteProto {
    Boot,
    Kernel,
    Static,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteScope {
    Global,
    Link,
}

impl Route {
    /// `default via GATEWAY dev DEV`.
    pub fn default_via(via: Ipv4Addr, dev: IfIndex) -> Self {
        Self::to(Ipv4Net::default(), dev, Some(via))
    }

    /// `DST via VIA dev DEV`.
    pub fn to(dst: Ipv4Net, dev: IfIndex, via: Option<Ipv4Addr>) -> Self {
        let scope = if via.is_some() { RouteScope::Global } else { RouteScope::Link };
        Self { dst, kind: RouteKind::Unicast { dev, via }, proto: RouteProto::Boot, scope, src: None, metric: 0 }
    }

    /// The route that the kernel adds with an address.
    pub fn connected(net: Ipv4Net, dev: IfIndex) -> Self {
        Self { proto: RouteProto::Kernel, src: Some(net.addr()), ..Self::to(net.trunc(), dev, None) }
    }

    pub const fn dev(&self) -> Option<IfIndex> {
        match self.kind {
            RouteKind::Unicast { dev, .. } => Some(dev),
            RouteKind::Unreachable | RouteKind::Blackhole => None,
        }
    }
}

/// Why a route whose prefix holds the destination was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteLost {
    ShorterPrefix { winner: u8 },
    HigherMetric { winner: u32 },
}

/// The lookup with its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FibChoice {
    pub won: Option<Route>,
    /// Every other route that holds the destination, in the order of preference. All other routes of the table do
    /// not hold it.
    pub lost: Vec<(Route, RouteLost)>,
}

/// Routes of the main table in the order in which `ip route` prints them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fib(Rc<Vec<Route>>);

/// A route is there already with the same prefix and metric (`RTNETLINK answers: File exists`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteExists;

impl Fib {
    pub fn routes(&self) -> &[Route] {
        &self.0
    }

    /// By network address; of one address the longest prefix first. Source: Linux `net/ipv4/fib_trie.c`
    /// (`fib_find_alias`: by suffix length).
    fn key(route: &Route) -> (u32, u8, u32) {
        (route.dst.network().into(), 32 - route.dst.prefix_len(), route.metric)
    }

    pub fn add(&mut self, route: Route) -> Result<(), RouteExists> {
        match self.0.binary_search_by_key(&Self::key(&route), Self::key) {
            Ok(_) => Err(RouteExists),
            Err(at) => {
                Rc::make_mut(&mut self.0).insert(at, route);
                Ok(())
            }
        }
    }

    /// Removes the cheapest route of a prefix, or the one of a metric.
    pub fn remove(&mut self, dst: Ipv4Net, metric: Option<u32>) -> Option<Route> {
        let at = self.0.iter().position(|r| r.dst == dst.trunc() && metric.is_none_or(|m| r.metric == m))?;
        Some(Rc::make_mut(&mut self.0).remove(at))
    }

    /// Drops every route out of an interface that is gone.
    pub fn remove_dev(&mut self, dev: IfIndex) {
        if self.0.iter().any(|r| r.dev() == Some(dev)) {
            Rc::make_mut(&mut self.0).retain(|r| r.dev() != Some(dev));
        }
    }

    /// The winning route without evidence: longest prefix, then lowest metric.
    /// Source: Linux `Documentation/networking/fib_trie.rst`.
    pub fn best(&self, dst: Ipv4Addr) -> Option<&Route> {
        self.0.iter().filter(|r| r.dst.contains(&dst)).min_by_key(|r| (32 - r.dst.prefix_len(), r.metric))
    }

    /// The winning route and every one that lost.
    pub fn choose(&self, dst: Ipv4Addr) -> FibChoice {
        let mut candidates: Vec<Route> = self.0.iter().filter(|r| r.dst.contains(&dst)).copied().collect();
        sort_by_key(&mut candidates, |r| (32 - r.dst.prefix_len(), r.metric));
        let mut candidates = candidates.into_iter();
        let won = candidates.next();
        let lost = won.map_or_else(Vec::new, |winner| candidates.map(|r| (r, why_lost(&r, &winner))).collect());
        FibChoice { won, lost }
    }
}

fn why_lost(loser: &Route, winner: &Route) -> RouteLost {
    if loser.dst.prefix_len() < winner.dst.prefix_len() {
        RouteLost::ShorterPrefix { winner: winner.dst.prefix_len() }
    } else {
        RouteLost::HigherMetric { winner: winner.metric }
    }
}
