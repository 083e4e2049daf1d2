//! What `tcpdump` prints of the captures that podhop writes, and what podhop's own prints at the same interfaces: the same
//! text to the last letter, times included.

use super::{assert_none, installed, piped};
use crate::azure::{bridge, lowest, part_b, part_c, transparent};
use crate::fixture::article;
use podhop::session::Session;
use podhop::shell::{Output, Shell, Terminal};
use podhop::sim::action::Action;
use podhop::sim::addr::Mac;
use podhop::sim::capture::{ETHERNET_HEADER_BYTES, encode, pcap};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::host::{Host, Role};
use podhop::sim::ids::InterfaceId;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::packet::{Body, Frame};
use podhop::sim::record::seen::Seen;
use podhop::sim::time::Time;

/// A session with a terminal open at its nodes and at some of its pods.
struct Scene {
    mode: &'static str,
    session: Session,
    terminals: Vec<Terminal>,
}

/// Two pods on different nodes.
fn ends(session: &Session) -> [String; 2] {
    let world = session.world();
    let pods: Vec<_> = world.pods.values().filter(|p| !p.host_network && p.address.is_some()).collect();
    let from = pods[0];
    let to = pods.iter().find(|p| p.node != from.node).expect("a pod on another node");
    [from.key(), to.key()]
}

fn scene(mode: &'static str, session: Session) -> Scene {
    let nodes: Vec<String> = session.world().nodes.values().take(2).map(|n| n.name.to_string()).collect();
    let pods = ends(&session);
    let mut terminals = Vec::new();
    let mut session = session;
    let into_nodes = nodes.iter().map(|name| format!("kubectl debug node/{name} -it --image=x"));
    let into_pods = pods.iter().map(|key| {
        let (namespace, name) = key.split_once('/').unwrap();
        format!("kubectl exec -n {namespace} -it {name} -- sh")
    });
    for line in into_nodes.chain(into_pods) {
        let mut shell = Shell::new(session);
        shell.run(&line);
        let (terminal, back) = shell.off();
        terminals.push(terminal);
        session = back;
    }
    Scene { mode, session, terminals }
}

fn scenes() -> Vec<Scene> {
    vec![
        scene("kubenet", article()),
        scene("transparent", part_b(lowest(&transparent(PluginVersion::default())))),
        scene("bridge", part_b(lowest(&bridge()))),
        scene("pod subnet", part_c()),
    ]
}

/// What is sent: every kind of packet and of answer that is simulated.
fn probes(session: &Session) -> Vec<(&'static str, Action)> {
    let [from, to] = ends(session);
    let address = |key: &str| {
        let world = session.world();
        world.pods.values().find(|p| p.key() == key).and_then(|p| p.address).unwrap().to_string()
    };
    let to = address(&to);
    let nobody = address(&from).rsplit_once('.').map(|(net, _)| format!("{net}.250")).unwrap();
    let send = |to: &str, protocol, ttl, len, count| {
        let probe = Probe { protocol, ttl, len, from_port: None, ..Probe::ping() };
        Action::Send { from: format!("pod/{from}"), to: to.to_owned(), probe, count }
    };
    let (udp, tcp) = (|port| ProbeProtocol::Udp { port }, |port| ProbeProtocol::Tcp { port });
    vec![
        ("ping", send(&to, ProbeProtocol::Icmp, 64, 56, 2)),
        ("ping without time", send(&to, ProbeProtocol::Icmp, 64, 0, 1)),
        ("TTL of 1", send(&to, udp(33_434), 1, 32, 1)),
        ("TTL of 1, ping", send(&to, ProbeProtocol::Icmp, 1, 56, 1)),
        ("TTL of 2, TCP", send(&to, tcp(80), 1, 0, 1)),
        ("closed port, UDP", send(&to, udp(33_440), 64, 32, 1)),
        ("DNS", send(&to, udp(53), 64, 32, 1)),
        ("open port", send(&to, tcp(80), 64, 0, 1)),
        ("closed port, TCP", send(&to, tcp(81), 64, 0, 1)),
        ("nobody there", send(&nobody, ProbeProtocol::Icmp, 64, 56, 1)),
        ("no way", send("10.99.0.1", ProbeProtocol::Icmp, 64, 1400, 1)),
    ]
}

/// Frames of the last turn at the interfaces of a host: of one, or of all.
fn captured(session: &Session, host: &Host, dev: Option<&str>) -> Vec<(u32, Seen)> {
    let world = session.world();
    let (id, _) = world.hosts.iter().find(|(_, h)| h.name == host.name).unwrap();
    let record = &session.turns().last().unwrap().record;
    let own = host.interfaces.values().filter(|i| dev.is_none_or(|name| i.name.as_ref() == name));
    let mut seen: Vec<(u32, Seen)> = Vec::new();
    for interface in own {
        let at = InterfaceId { host: id, index: interface.index };
        seen.extend(record.seen_at(at).into_iter().map(|s| (interface.index.0, s)));
    }
    seen.sort_by_key(|(_, s)| s.step);
    seen
}

/// Bytes of a capture at all interfaces. Source: `LINKTYPE_LINUX_SLL2` of tcpdump.org.
fn cooked(host: &Host, seen: &[(u32, Seen)]) -> Vec<u8> {
    let nothing: [(Time, &Frame); 0] = [];
    let mut out = pcap::file(nothing);
    let link_type: u32 = 276;
    let at = out.len() - 4;
    out[at..].copy_from_slice(&link_type.to_le_bytes());
    for (index, Seen { time, outgoing, frame, .. }) in seen {
        let own = host.interfaces.values().find(|i| i.index.0 == *index).map(|i| i.mac);
        let kind: u8 = match (*outgoing, frame.dst) {
            (true, _) => 4,
            (false, Mac::BROADCAST) => 1,
            (false, dst) if Some(dst) == own => 0,
            _ => 3,
        };
        let bytes = encode(frame);
        let mut packet = bytes[12..14].to_vec();
        packet.extend([0, 0]);
        packet.extend(index.to_be_bytes());
        packet.extend([0, 1, kind, 6]);
        packet.extend(frame.src.0);
        packet.extend([0, 0]);
        packet.extend(&bytes[ETHERNET_HEADER_BYTES..]);
        let len = u32::try_from(packet.len()).unwrap();
        for field in
            [u32::try_from(time.0 / 1_000_000_000).unwrap(), u32::try_from(time.0 % 1_000_000_000).unwrap(), len, len]
        {
            out.extend(field.to_le_bytes());
        }
        out.extend(packet);
    }
    out
}

/// The text with the names of interfaces out of it, where a machine that reads a capture does not have them.
fn nameless(text: &str) -> String {
    let name = regex_lite::Regex::new(r"\S+ +(In|Out|B|P) ").unwrap();
    name.replace_all(text, "? $1 ").into_owned()
}

/// What a capture in the background prints of an action.
fn ours(terminal: &Terminal, before: &Session, line: &str, action: &Action) -> Output {
    let mut shell = terminal.clone().on(before.clone());
    let begun = shell.run(&format!("{line} &"));
    if begun.status != 0 {
        return begun;
    }
    let (terminal, mut session) = shell.off();
    session.act(action.clone()).unwrap();
    terminal.on(session).run("fg")
}

/// Compares at one interface, or at all.
fn compare(
    scene: &Scene,
    (what, action): (&str, &Action),
    terminal: &Terminal,
    session: &Session,
    dev: Option<&str>,
    found: &mut Vec<String>,
) {
    let place = terminal.place();
    let world = session.world();
    let host = world.hosts.values().find(|h| h.name.as_ref() == place).unwrap();
    let seen = captured(session, host, dev);
    if seen.is_empty() {
        return;
    }
    let file = match dev {
        Some(_) => pcap::file(seen.iter().map(|(_, s)| (s.time, &s.frame))),
        None => cooked(host, &seen),
    };
    for options in ["-n", "-nev", "-ntvvS", "-neqttt", "-nttq"] {
        let real = piped("tcpdump", &["-r", "-", options], &file);
        let real = String::from_utf8_lossy(&real.stdout).into_owned();
        let line = format!("tcpdump {options} -i {}", dev.unwrap_or("any"));
        let ours = ours(terminal, &scene.session, &line, action).out;
        let (ours, real) = if dev.is_none() { (nameless(&ours), nameless(&real)) } else { (ours, real) };
        for (ours, real) in ours.lines().zip(real.lines()).filter(|(a, b)| a != b) {
            found.push(format!("{}, {what}, {place} {dev:?} {options}\n  real {real}\n  ours {ours}", scene.mode));
        }
        if ours.lines().count() != real.lines().count() {
            found.push(format!(
                "{}, {what}, {place} {dev:?} {options}: other lines\n  real {real}\n  ours {ours}",
                scene.mode
            ));
        }
    }
}

#[test]
fn captures_of_all_modes() {
    if !installed("tcpdump") {
        return;
    }
    let mut found = Vec::new();
    let mut protocols = std::collections::BTreeSet::new();
    for scene in scenes() {
        for (what, action) in probes(&scene.session) {
            let mut session = scene.session.clone();
            session.act(action.clone()).unwrap_or_else(|error| panic!("{} {what}: {error:?}", scene.mode));
            for terminal in &scene.terminals {
                let world = session.world();
                let host = world.hosts.values().find(|h| h.name.as_ref() == terminal.place()).unwrap();
                let devs: Vec<String> = match host.role {
                    Role::Node(_) => host.interfaces.values().map(|i| i.name.to_string()).collect(),
                    Role::Pod(_) | Role::Vm => vec!["eth0".to_owned()],
                };
                for (_, seen) in captured(&session, host, None) {
                    protocols.insert(match &seen.frame.body {
                        Body::Arp(arp) => format!("{:?}", arp.op),
                        Body::Ip(packet) => format!("{:?}", packet.payload).chars().take(18).collect(),
                    });
                }
                for dev in devs {
                    compare(&scene, (what, &action), terminal, &session, Some(&dev), &mut found);
                }
                compare(&scene, (what, &action), terminal, &session, None, &mut found);
            }
        }
    }
    assert!(protocols.len() >= 9, "{protocols:?}");
    assert_none(&found);
}

/// What is typed behind the options; words in braces stand for addresses of the scene.
const FILTERS: &[&str] = &[
    "",
    "icmp",
    "arp",
    "ip",
    "tcp or udp",
    "not icmp and not arp",
    "! arp",
    "host {from}",
    "host {from} and {to}",
    "{from}",
    "src {to}",
    "src host {to} and icmp",
    "dst {from} or dst {to}",
    "src or dst host {to}",
    "src and dst host {to}",
    "arp or icmp and host {to}",
    "icmp and host {to} or arp",
    "(arp or tcp) and host {from}",
    "arp host {from}",
    "ip host {from}",
    "net 10.244.1.0/24",
    "net 10.244.1",
    "src net 10.244.0.0/24 and not port 80",
    "port 80",
    "tcp port 80 or 81",
    "udp port 53",
    "src port 80",
    "udp and dst portrange 33434-33500",
    "port http",
    "ether broadcast",
    "broadcast",
    "ether host {mac}",
    "ether src 9a:74:ca:c7:21:40",
    "host nowhere",
    "net nowhere",
    "port",
    "host 10.0.0.300",
    "tcp port 80 or",
    "not",
    "(icmp",
    "portrange 1-x",
    "src",
    "tcp host 1.2.3.4",
    "icmp net 1.2.3.0/24",
    "ether host zz",
    "host 10.0.0.0/24",
    "net 10.0.0.1/24",
    "net 10.0.0.0/33",
    "and",
    "icmp arp",
    "port 99999",
    "port nosuch",
    "nowhere",
];

/// Filters, and what is wrong with them, in the words of the real tool.
#[test]
fn filters_of_captures() {
    if !installed("tcpdump") {
        return;
    }
    let scene = scene("kubenet", article());
    let session = &scene.session;
    let world = session.world();
    let terminal = &scene.terminals[0];
    let host = world.hosts.values().find(|h| h.name.as_ref() == terminal.place()).unwrap();
    let [from, to] = ends(session)
        .map(|key| world.pods.values().find(|p| p.key() == key).and_then(|p| p.address).unwrap().to_string());
    let mac = host.interface_named("eth0").unwrap().mac;
    let (at, _) = world.hosts.iter().find(|(_, h)| h.name == host.name).unwrap();
    let at = InterfaceId { host: at, index: host.interface_named("cbr0").unwrap().index };
    let turns: Vec<(Action, Vec<u8>)> = probes(&scene.session)
        .into_iter()
        .map(|(_, action)| {
            let mut there = scene.session.clone();
            there.act(action.clone()).unwrap();
            let seen = there.turns().last().unwrap().record.seen_at(at);
            let file = pcap::file(seen.iter().map(|s| (s.time, &s.frame)));
            (action, file)
        })
        .collect();
    let mut found = Vec::new();
    let mut passed = 0;
    for filter in FILTERS {
        let filter = filter.replace("{from}", &from).replace("{to}", &to).replace("{mac}", &mac.to_string());
        for (action, file) in &turns {
            let mut args = vec!["-r", "-", "-n"];
            args.extend(filter.split_whitespace());
            let real = piped("tcpdump", &args, file);
            let words = filter.replace('(', "\\(").replace(')', "\\)").replace('!', "\\!");
            let ours = ours(terminal, session, &format!("tcpdump -n -i cbr0 {words}"), action);
            passed += ours.out.lines().count();
            let said = String::from_utf8_lossy(&real.stderr).into_owned();
            let said: String = said.split_inclusive('\n').filter(|l| l.starts_with("tcpdump: ")).collect();
            let wrong = if ours.status == 0 { String::new() } else { ours.err.clone() };
            if ours.out != String::from_utf8_lossy(&real.stdout) || wrong != said {
                found.push(format!(
                    "{filter}\n  real {}{said}\n  ours {}{wrong}",
                    String::from_utf8_lossy(&real.stdout),
                    ours.out
                ));
            }
        }
    }
    assert!(passed > 100, "{passed}");
    assert_none(&found);
}
