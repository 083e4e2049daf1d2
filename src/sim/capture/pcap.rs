//! Capture files. Source: Internet draft draft-ietf-opsawg-pcap.

use super::encode;
use crate::sim::packet::Frame;
use crate::sim::time::Time;

/// Says that the time of a record is in nanoseconds.
const MAGIC_NANOSECONDS: u32 = 0xa1b2_3c4d;
const VERSION: (u16, u16) = (2, 4);
/// As tcpdump writes it; above the longest frame.
const SNAP_LEN: u32 = 262_144;
const LINKTYPE_ETHERNET: u32 = 1;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A capture file, in the byte order of x86-64. Times are those of the virtual clock, which begins in 1970.
pub fn file<'a>(frames: impl IntoIterator<Item = (Time, &'a Frame)>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC_NANOSECONDS.to_le_bytes());
    out.extend_from_slice(&VERSION.0.to_le_bytes());
    out.extend_from_slice(&VERSION.1.to_le_bytes());
    // Two fields that are always zero.
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&SNAP_LEN.to_le_bytes());
    out.extend_from_slice(&LINKTYPE_ETHERNET.to_le_bytes());
    for (time, frame) in frames {
        record(&mut out, time, &encode(frame));
    }
    out
}

fn record(out: &mut Vec<u8>, time: Time, bytes: &[u8]) {
    let len = low_half(bytes.len() as u64);
    let fields = [low_half(time.0 / NANOS_PER_SECOND), low_half(time.0 % NANOS_PER_SECOND), len, len];
    for field in fields {
        out.extend_from_slice(&field.to_le_bytes());
    }
    out.extend_from_slice(bytes);
}

/// Seconds end in 2106; the virtual clock never runs that long.
fn low_half(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
