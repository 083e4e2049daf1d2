//! Ranges of addresses as host-local reads them from its configuration.
//! Source: containernetworking/plugins `plugins/ipam/host-local/backend/allocator/{range,range_set,config}.go`.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// One range as it stands in the configuration; what is absent is filled in by [`Range::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RangeConfig {
    pub subnet: IpNet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_start: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_end: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<IpAddr>,
}

impl From<IpNet> for RangeConfig {
    /// A subnet and nothing else, as AKS configures it for each node.
    fn from(subnet: IpNet) -> Self {
        Self { subnet, range_start: None, range_end: None, gateway: None }
    }
}

/// One range with every default filled in. `start` and `end` belong to it. The gateway may lie in the range; the
/// allocator passes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    pub subnet: IpNet,
    pub start: IpAddr,
    pub end: IpAddr,
    pub gateway: IpAddr,
}

/// Ranges that together give one address. Copies share them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RangeSet(Rc<[Range]>);

/// Why a configuration is refused, checked in the plugin's order; the first failure ends the check.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeError {
    NoRangeSets,
    /// `set` is the position of the range set, from 0.
    InvalidSet {
        set: usize,
        fault: RangeFault,
    },
    SetsOverlap {
        first: usize,
        second: usize,
    },
}

/// What is wrong with one range set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeFault {
    Empty,
    /// A prefix with fewer than four addresses.
    TooSmall {
        subnet: IpNet,
    },
    HostBitsSet {
        subnet: IpNet,
    },
    StartOutside {
        start: IpAddr,
        subnet: IpNet,
    },
    EndOutside {
        end: IpAddr,
        subnet: IpNet,
    },
    MixedFamilies,
    Overlap(Box<(Range, Range)>),
}

impl Range {
    /// Fills in the defaults: gateway and start are the first address after the network address (so they coincide),
    /// the end is the last address, less one for IPv4.
    pub fn new(config: &RangeConfig) -> Result<Self, RangeFault> {
        let subnet = config.subnet;
        if subnet.prefix_len() > subnet.max_prefix_len() - 2 {
            return Err(RangeFault::TooSmall { subnet });
        }
        if subnet.addr() != subnet.network() {
            return Err(RangeFault::HostBitsSet { subnet });
        }
        let first = next(subnet.network());
        let start = config.range_start.unwrap_or(first);
        let beyond_end = config.range_end.is_some_and(|end| start > end);
        if config.range_start.is_some() && (!subnet.contains(&start) || beyond_end) {
            return Err(RangeFault::StartOutside { start, subnet });
        }
        let end = config.range_end.unwrap_or_else(|| default_end(subnet));
        if config.range_end.is_some() && (!subnet.contains(&end) || beyond_end) {
            return Err(RangeFault::EndOutside { end, subnet });
        }
        Ok(Self { subnet, start, end, gateway: config.gateway.unwrap_or(first) })
    }

    /// Whether the range holds an address, its gateway included.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.subnet.contains(&address) && self.start <= address && address <= self.end
    }

    fn overlaps(&self, other: &Range) -> bool {
        [other.start, other.end].iter().any(|a| self.contains(*a))
            || [self.start, self.end].iter().any(|a| other.contains(*a))
    }
}

impl RangeSet {
    fn new(configs: &[RangeConfig]) -> Result<Self, RangeFault> {
        let ranges = configs.iter().map(Range::new).collect::<Result<Rc<[Range]>, _>>()?;
        let Some(first) = ranges.first() else { return Err(RangeFault::Empty) };
        if ranges.iter().any(|r| r.start.is_ipv4() != first.start.is_ipv4()) {
            return Err(RangeFault::MixedFamilies);
        }
        match first_pair(&ranges, Range::overlaps) {
            Some((i, j)) => Err(RangeFault::Overlap(Box::new((ranges[i], ranges[j])))),
            None => Ok(Self(ranges)),
        }
    }

    /// Checks all range sets of a configuration.
    pub fn all(configs: &[Vec<RangeConfig>]) -> Result<Rc<[RangeSet]>, RangeError> {
        if configs.is_empty() {
            return Err(RangeError::NoRangeSets);
        }
        let sets = configs
            .iter()
            .enumerate()
            .map(|(set, ranges)| RangeSet::new(ranges).map_err(|fault| RangeError::InvalidSet { set, fault }))
            .collect::<Result<Rc<[RangeSet]>, _>>()?;
        match first_pair(&sets, RangeSet::overlaps) {
            Some((first, second)) => Err(RangeError::SetsOverlap { first, second }),
            None => Ok(sets),
        }
    }

    /// The ranges in the order of the configuration; never empty.
    pub fn ranges(&self) -> &[Range] {
        &self.0
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        self.position(address).is_some()
    }

    /// Position of the range that holds an address.
    pub fn position(&self, address: IpAddr) -> Option<usize> {
        self.0.iter().position(|r| r.contains(address))
    }

    fn overlaps(&self, other: &RangeSet) -> bool {
        self.0.iter().any(|a| other.0.iter().any(|b| a.overlaps(b)))
    }

    /// As the plugin prints it: `192.168.1.1-192.168.1.6`, several ranges joined by a comma.
    pub fn text(&self) -> String {
        self.0.iter().map(Range::text).collect::<Vec<_>>().join(",")
    }
}

impl Range {
    /// As the plugin prints it: `192.168.1.1-192.168.1.6`.
    pub fn text(&self) -> String {
        format!("{}-{}", self.start, self.end)
    }
}

impl RangeError {
    /// The plugin's own words.
    pub fn text(&self) -> String {
        match self {
            Self::NoRangeSets => "no IP ranges specified".to_owned(),
            Self::InvalidSet { set, fault } => format!("invalid range set {set}: {}", fault.text()),
            Self::SetsOverlap { first, second } => format!("range set {first} overlaps with {second}"),
        }
    }
}

impl RangeFault {
    fn text(&self) -> String {
        match self {
            Self::Empty => "empty range set".to_owned(),
            Self::TooSmall { subnet } => format!("Network {subnet} too small to allocate from"),
            Self::HostBitsSet { subnet } => format!(
                "Network has host bits set. For a subnet mask of length {} the network address is {}",
                subnet.prefix_len(),
                subnet.network()
            ),
            Self::StartOutside { start, subnet } => format!("RangeStart {start} not in network {subnet}"),
            Self::EndOutside { end, subnet } => format!("RangeEnd {end} not in network {subnet}"),
            Self::MixedFamilies => "mixed address families".to_owned(),
            Self::Overlap(pair) => format!("subnets {} and {} overlap", pair.0.text(), pair.1.text()),
        }
    }
}

/// The address after; after the last one comes the first.
pub(super) fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(a) => Ipv4Addr::from(u32::from(a).wrapping_add(1)).into(),
        IpAddr::V6(a) => Ipv6Addr::from(u128::from(a).wrapping_add(1)).into(),
    }
}

fn default_end(subnet: IpNet) -> IpAddr {
    match subnet {
        IpNet::V4(net) => Ipv4Addr::from(u32::from(net.broadcast()) - 1).into(),
        IpNet::V6(net) => net.broadcast().into(),
    }
}

/// Positions of the first two items that clash.
fn first_pair<T>(items: &[T], clash: impl Fn(&T, &T) -> bool) -> Option<(usize, usize)> {
    (0..items.len()).find_map(|i| (i + 1..items.len()).find(|&j| clash(&items[i], &items[j])).map(|j| (i, j)))
}
