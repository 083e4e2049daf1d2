//! Which of several free addresses a component takes.

use crate::sim::rng::Rng;
use serde::{Deserialize, Serialize};

/// The order in which free addresses go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressOrder {
    /// Any of them: the real components take the first that a walk over a Go map meets, and that order is random.
    /// Source: The Go Programming Language Specification, "For statements with range clause".
    #[default]
    Random,
    /// The lowest first, which no component promises: for worlds that must look the same for every seed.
    Lowest,
}

impl AddressOrder {
    /// Index of one of `n` addresses that stand in address order; `None` when there is none. `Lowest` leaves the
    /// generator alone.
    pub fn pick(self, n: usize, rng: &mut Rng) -> Option<usize> {
        if n == 0 {
            return None;
        }
        Some(match self {
            Self::Random => usize::try_from(rng.below(u64::try_from(n).unwrap_or(u64::MAX))).unwrap_or(0),
            Self::Lowest => 0,
        })
    }
}
