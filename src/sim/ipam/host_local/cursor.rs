//! The order in which host-local tries addresses.
//! Source: containernetworking/plugins `plugins/ipam/host-local/backend/allocator/allocator.go` (`RangeIter`).

use super::Start;
use super::range::{Range, RangeSet, next};
use std::net::IpAddr;

/// The round of a range set: to the end of a range, then to the start of the next, until it meets its first address
/// again.
pub(super) struct Cursor<'a> {
    ranges: &'a [Range],
    range: usize,
    at: Option<IpAddr>,
    first: Option<IpAddr>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(set: &'a RangeSet, last: Option<IpAddr>) -> (Self, Start) {
        let fresh = Self { ranges: set.ranges(), range: 0, at: None, first: None };
        match last {
            None => (fresh, Start::RangeStart),
            Some(last) => match set.position(last) {
                Some(range) => (Self { range, at: Some(last), ..fresh }, Start::AfterLast(last)),
                None => (fresh, Start::LastOutside(last)),
            },
        }
    }

    /// The next candidate with its range, gateways included; `None` when the round is over.
    pub(super) fn advance(&mut self) -> Option<(&'a Range, IpAddr)> {
        let address = match self.at {
            None => self.ranges[self.range].start,
            Some(at) if at == self.ranges[self.range].end => {
                self.range = (self.range + 1) % self.ranges.len();
                self.ranges[self.range].start
            }
            Some(at) => next(at),
        };
        self.at = Some(address);
        if self.first == Some(address) {
            return None;
        }
        self.first.get_or_insert(address);
        Some((&self.ranges[self.range], address))
    }
}
