//! The virtual clock. Nothing in the simulation reads a real one.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Nanoseconds since the world began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(pub u64);

/// A length of virtual time in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span(pub u64);

impl Span {
    pub const fn nanos(n: u64) -> Self {
        Self(n)
    }
    pub const fn micros(n: u64) -> Self {
        Self(n * 1_000)
    }
    pub const fn millis(n: u64) -> Self {
        Self(n * 1_000_000)
    }
    pub const fn secs(n: u64) -> Self {
        Self(n * 1_000_000_000)
    }
    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, rhs: Span) -> Time {
        Time(self.0.saturating_add(rhs.0))
    }
}

impl Sub for Time {
    type Output = Span;
    /// Zero when `rhs` is later.
    fn sub(self, rhs: Time) -> Span {
        Span(self.0.saturating_sub(rhs.0))
    }
}
