//! What `ping` says at its end. Source: iputils 20221126 `ping/ping_common.c` (`finish`).

use super::{Heard, Options};

/// Milliseconds with three decimals below 1, two below 10, one below 100.
pub(super) fn time(nanos: u64) -> String {
    let micros = nanos / 1000;
    match micros {
        0..1000 => format!("0.{micros:03}"),
        1000..10_000 => format!("{}.{:02}", micros / 1000, micros % 1000 / 10),
        10_000..100_000 => format!("{}.{}", micros / 1000, micros % 1000 / 100),
        _ => (micros / 1000).to_string(),
    }
}

pub(super) fn statistics(options: &Options, sent: u16, heard: &Heard, pipe: usize) -> String {
    let sent = u64::from(sent);
    let Heard { received, ref times, errors, .. } = *heard;
    let loss = (sent - received.min(sent)) * 100 / sent.max(1);
    let with_errors = if errors > 0 { format!("+{errors} errors, ") } else { String::new() };
    let whole = heard.first.map_or(0, |first| (heard.last - first).as_millis());
    let mut ends = Vec::new();
    ends.extend(round_trips(times));
    ends.extend((pipe > 1).then(|| format!("pipe {pipe}")));
    format!(
        "\n--- {} ping statistics ---\n{sent} packets transmitted, {received} received, {with_errors}{loss}% packet loss, time {whole}ms\n{}\n",
        options.name,
        ends.join(", ")
    )
}

/// Least, mean, most and deviation of what took so many nanoseconds.
fn round_trips(times: &[u64]) -> Option<String> {
    let count = u64::try_from(times.len()).ok().filter(|count| *count > 0)?;
    let mean = times.iter().sum::<u64>() / count;
    let squares = times.iter().map(|t| u128::from(t.abs_diff(mean)).pow(2)).sum::<u128>() / u128::from(count);
    let three = |nanos: u64| format!("{}.{:03}", nanos / 1_000_000, nanos / 1000 % 1000);
    let (least, most) = (times.iter().min()?, times.iter().max()?);
    let deviation = u64::try_from(squares.isqrt()).unwrap_or(0);
    Some(format!("rtt min/avg/max/mdev = {}/{}/{}/{} ms", three(*least), three(mean), three(*most), three(deviation)))
}
