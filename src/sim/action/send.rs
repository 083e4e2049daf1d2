//! Sending packets.

use super::MAX_WAIT_MS;
use super::endpoint::resolve;
use super::error::{ActionError, Kind};
use super::network::not_found;
use crate::sim::engine::probe::Probe;
use crate::sim::engine::{Engine, TRAFFIC_LIMIT, Until};
use crate::sim::time::Span;

/// Most packets of one action.
pub const MAX_COUNT: u16 = 100;
/// Most bytes behind the transport header: what fits an IPv4 packet. Source: ping(8).
pub const MAX_LEN: u16 = 65_507;
/// From one packet to the next, as `ping` sends.
const INTERVAL_MS: u64 = 1000;

pub(super) fn send(engine: &mut Engine, from: &str, to: &str, probe: Probe, count: u16) -> Result<(), ActionError> {
    check(probe, count)?;
    let host = resolve(&engine.world, from)?.host.ok_or_else(|| not_found(Kind::Endpoint, from))?;
    let dst = resolve(&engine.world, to)?.address.ok_or_else(|| not_found(Kind::Endpoint, to))?;
    let interval = Span::millis(probe.interval_ms.unwrap_or(INTERVAL_MS));
    let ident = engine.echo_ident();
    let mut begun = engine.world.now;
    for seq in 1..=count {
        begun = engine.world.now;
        engine.send_probe(host, dst, probe, ident, seq);
        if seq < count && !engine.run_within(TRAFFIC_LIMIT, Until::Time(begun + interval)) {
            return Err(ActionError::NeverSettles);
        }
    }
    let waited = begun + Span::millis(probe.wait_ms.unwrap_or(0));
    if engine.run_within(TRAFFIC_LIMIT, Until::Quiet) && engine.run_within(TRAFFIC_LIMIT, Until::Time(waited)) {
        Ok(())
    } else {
        Err(ActionError::NeverSettles)
    }
}

fn check(probe: Probe, count: u16) -> Result<(), ActionError> {
    if count == 0 || count > MAX_COUNT {
        return Err(ActionError::Count { found: count, limit: MAX_COUNT });
    }
    let ms = probe.interval_ms.max(probe.wait_ms).unwrap_or(0);
    if ms > MAX_WAIT_MS {
        return Err(ActionError::WaitTooLong { ms, limit: MAX_WAIT_MS });
    }
    if probe.ttl == 0 {
        return Err(ActionError::Ttl);
    }
    if probe.len > MAX_LEN {
        return Err(ActionError::ProbeLength { found: probe.len, limit: MAX_LEN });
    }
    Ok(())
}
