//! The flows that a host tracks, as `conntrack -L` lists them, without timeouts.

use super::netns::Netns;
use podhop::sim::host::conntrack::{Flow, TcpState};
use podhop::sim::packet::{Protocol, Tuple};

/// The flows of a simulated host.
pub(crate) fn listed<'a>(flows: impl Iterator<Item = &'a Flow>) -> Vec<String> {
    let mut all: Vec<String> = flows.map(line).collect();
    all.sort();
    all
}

fn line(flow: &Flow) -> String {
    let (name, number, state) = match (flow.original.protocol, flow.tcp) {
        (Protocol::Icmp, _) => ("icmp", 1, ""),
        (Protocol::Udp, _) => ("udp", 17, ""),
        (Protocol::Tcp, TcpState::None) => ("tcp", 6, "NONE "),
        (Protocol::Tcp, TcpState::SynSent) => ("tcp", 6, "SYN_SENT "),
        (Protocol::Tcp, TcpState::SynRecv) => ("tcp", 6, "SYN_RECV "),
        (Protocol::Tcp, TcpState::Established) => ("tcp", 6, "ESTABLISHED "),
        (Protocol::Tcp, TcpState::Close) => ("tcp", 6, "CLOSE "),
    };
    let seen = if flow.seen_reply { "" } else { "[UNREPLIED] " };
    let assured = if flow.assured { " [ASSURED]" } else { "" };
    format!("{name} {number} {state}{} {seen}{}{assured}", ends(flow.original, 8), ends(flow.reply, 0))
}

fn ends(tuple: Tuple, icmp: u8) -> String {
    let addresses = format!("src={} dst={}", tuple.src, tuple.dst);
    match tuple.protocol {
        Protocol::Icmp => format!("{addresses} type={icmp} code=0 id={}", tuple.src_port),
        Protocol::Tcp | Protocol::Udp => format!("{addresses} sport={} dport={}", tuple.src_port, tuple.dst_port),
    }
}

/// The flows of a real one; those of IGMP, which the simulator has not, are left out.
pub(crate) fn real(netns: &Netns) -> Vec<String> {
    let text = netns.output("conntrack", &["-L"]);
    let left_out = |word: &&str| !word.starts_with("mark=") && !word.starts_with("use=");
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().filter(left_out).collect();
        // The third word is the time that is left.
        words.iter().enumerate().filter(|(at, _)| *at != 2).map(|(_, w)| *w).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = text.lines().filter(|l| !l.starts_with("unknown")).map(line).collect();
    all.sort();
    all
}
