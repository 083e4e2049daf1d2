//! A fingerprint of a record: equal records have equal ones on every machine.

use super::Record;
use std::hash::{Hash, Hasher};

/// FNV-1a, 64 bits, with every number written in the same width and order everywhere.
/// Source: Internet draft draft-eastlake-fnv.
#[derive(Clone, Copy, Debug)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn write_u16(&mut self, i: u16) {
        self.write(&i.to_le_bytes());
    }

    fn write_u32(&mut self, i: u32) {
        self.write(&i.to_le_bytes());
    }

    fn write_u64(&mut self, i: u64) {
        self.write(&i.to_le_bytes());
    }

    fn write_usize(&mut self, i: usize) {
        self.write_u64(i as u64);
    }

    fn write_isize(&mut self, i: isize) {
        self.write_u64((i as i64).cast_unsigned());
    }
}

impl Record {
    /// Fingerprint of all steps: times, places, decisions with their evidence, frames before and after.
    pub fn digest(&self) -> u64 {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        for step in &self.steps {
            (step.time, step.at, step.dev, step.frame).hash(&mut hasher);
            (&step.decision, &step.before, &step.after).hash(&mut hasher);
        }
        hasher.finish()
    }
}
