//! Wireshark reads the capture of every interface of a scenario: nothing malformed, every checksum right, and no
//! complaint but those that follow from the scenario.

use crate::linux::args::Args;
use crate::linux::draw;
use crate::linux::judge;
use crate::linux::report::Report;
use podhop::sim::capture::pcap;
use podhop::sim::packet::Frame;
use podhop::sim::time::Time;
use std::fs;
use std::process::Command;

/// What tshark tells of each frame, one column each.
const FIELDS: [&str; 6] = [
    "frame.number",
    "_ws.malformed",
    "ip.checksum.status",
    "icmp.checksum.status",
    "udp.checksum.status",
    "tcp.checksum.status",
];

/// Complaints that the scenarios bring about: a TTL that ends, a port that is closed, an answer that is lost, the same
/// packet at several interfaces, data to port 53 that is no DNS. All others are differences.
const EXPECTED: [&str; 13] = [
    "Duplicate ACK",
    "DNS query retransmission",
    "DNS response",
    "Extraneous data",
    "\"Time To Live\" only",
    "Connection establish request (SYN)",
    "Connection establish acknowledge (SYN+ACK)",
    "Connection reset (RST)",
    "No response seen to ICMP request",
    "This frame is a (suspected) ",
    "TCP port numbers reused",
    "Duplicate IP address configured",
    "ACKed segment that wasn't captured",
];

pub(crate) fn run(args: &Args, report: &mut Report) {
    let path = std::env::temp_dir().join(format!("podhop-{}.pcap", std::process::id()));
    for number in 0..args.count {
        let seed = args.seed + number;
        let frames = judge::captured(&draw::scenario(seed, args.probes, args.mode.as_deref()));
        fs::write(&path, pcap::file(frames.iter().map(|(time, frame): &(Time, Frame)| (*time, frame)))).unwrap();
        report.count("captures", 1);
        report.count("frames that tshark read", frames.len() as u64);
        for problem in problems(&path.to_string_lossy(), frames.len()) {
            report.difference("tshark", &format!("seed {seed}: {problem}"));
        }
    }
    let _ = fs::remove_file(path);
}

fn tshark(words: &[&str]) -> String {
    let output = Command::new("tshark").args(words).output().unwrap_or_else(|e| panic!("tshark: {e}"));
    assert!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn problems(path: &str, frames: usize) -> Vec<String> {
    let checks = ["ip.check_checksum:TRUE", "udp.check_checksum:TRUE", "tcp.check_checksum:TRUE"];
    let mut words = vec!["-r", path, "-T", "fields"];
    words.extend(FIELDS.iter().flat_map(|field| ["-e", field]));
    words.extend(checks.iter().flat_map(|check| ["-o", check]));
    let text = tshark(&words);
    let mut all = Vec::new();
    if text.lines().count() != frames {
        all.push(format!("{} frames written, {} read", frames, text.lines().count()));
    }
    for line in text.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let malformed = columns.get(1).is_some_and(|c| !c.is_empty());
        // 0 is bad, 1 good, 2 not checked; a quoted packet has its own after a comma.
        let bad = columns[2..].iter().any(|c| c.split(',').any(|status| status == "0"));
        if malformed || bad {
            all.push(format!("frame {line}"));
        }
    }
    all.extend(complaints(path));
    all
}

/// Expert information that is not expected.
fn complaints(path: &str) -> Vec<String> {
    let words = ["-r", path, "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message", "-Y", "_ws.expert"];
    let expected = |line: &&str| EXPECTED.iter().any(|message| line.contains(message));
    tshark(&words).lines().filter(|line| !expected(line)).map(str::to_owned).collect()
}
