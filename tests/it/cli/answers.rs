//! Answers in every format.

use super::{Temp, exists, podhop, trace};
use crate::fixture::ping;
use podhop::cli::Status;
use podhop::sim::action::{Action, NsgTarget};
use podhop::sim::fabric::nsg::{Access, AddressMatch, Direction, PortMatch, RuleProtocol, SecurityRule};
use podhop::view::svg::{DARK, LIGHT};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// An NSG that lets nothing into the subnet.
fn closed_subnet() -> Vec<Action> {
    let rule = SecurityRule {
        name: "no-entry".into(),
        priority: 100,
        direction: Direction::Inbound,
        access: Access::Deny,
        protocol: RuleProtocol::Any,
        source: AddressMatch::Any,
        source_ports: PortMatch::Any,
        destination: AddressMatch::Any,
        destination_ports: PortMatch::Any,
    };
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "vlan01".into() };
    vec![
        Action::CreateNsg { name: "guard".into(), resource_group: None },
        Action::PutNsgRule { nsg: "guard".into(), rule },
        Action::AttachNsg { to, nsg: Some("guard".into()) },
    ]
}

#[test]
fn a_trace_says_what_was_decided_and_why() {
    let done = trace(&Temp::scenario([]), &[]);
    assert_eq!((done.status, done.err.as_str()), (Status::Done, ""));
    let text = done.text();
    for part in [
        "ICMP echo from 10.244.1.3 to 10.244.0.6, TTL 64\n",
        "\nPacket 1: IP 10.244.1.3 > 10.244.0.6: ICMP echo request, id ",
        "  Pod nginx-",
        "  Azure at aks-nodepool1-",
        "Azure picks the next hop [effective-route]",
        "        TTL: 64 → 63\n",
        "        ✓ User Active 10.244.0.0/24 VirtualAppliance 10.0.0.5\n",
        "        ✗ Default Active 0.0.0.0/0 Internet (Shorter prefix: /24 won)\n",
        "        ✓ 10.244.0.0/24 dev cbr0 proto kernel scope link src 10.244.0.1\n",
        "        ✓ IP-MASQ-AGENT 1 -d 10.244.0.0/16 -j RETURN\n",
        "with TTL 62.\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(!text.contains("{$") && !text.contains("cli-") && !text.contains("[receive]"), "{text}");
}

/// Lines of `tcpdump -nS`, without the time.
#[test]
fn packets_are_summed_up_as_tcpdump_does() {
    let scenario = Temp::scenario([]);
    let check = |options: &str, lines: &[&str]| {
        let options: Vec<&str> = options.split(' ').chain(["--every"]).collect();
        let done = trace(&scenario, &options);
        for line in lines {
            assert!(done.text().contains(&format!(": {line}\n")), "{line} is not in\n{}", done.text());
        }
    };
    let (there, back) = ("IP 10.244.1.3.32768 > 10.244.0.6", "IP 10.244.0.6");
    let connected = [
        format!("{there}.80: Flags [S], seq 0, win 64240, length 0"),
        format!("{back}.80 > 10.244.1.3.32768: Flags [S.], seq 1000000, ack 1, win 64240, length 0"),
        format!("{there}.80: Flags [.], ack 1000001, win 64240, length 0"),
    ];
    check("--proto tcp --dport 80", &connected.each_ref().map(String::as_str));
    check(
        "--proto tcp --dport 81",
        &["IP 10.244.0.6.81 > 10.244.1.3.32768: Flags [R.], seq 0, ack 1, win 0, length 0"],
    );
    check("--proto udp --dport 9", &["IP 10.244.0.6 > 10.244.1.3: ICMP 10.244.0.6 udp port 9 unreachable, length 92"]);
    let arp = "ARP, Request who-has 10.244.1.1 tell 10.244.1.3, length 28";
    check("--ttl 1", &[arp, "IP 10.244.1.1 > 10.244.1.3: ICMP time exceeded in-transit, length 92"]);
}

#[test]
fn every_step_has_arp_and_copies_too() {
    let every = trace(&Temp::scenario([Action::Wait { ms: 400_000 }]), &["--every"]);
    for part in ["[receive]", "[arp-request]", "[bridge-learn]", "[transmit]", ", to find the address for "] {
        assert!(every.text().contains(part), "{part}");
    }
}

#[test]
fn the_json_of_a_trace_keeps_its_shape() {
    let done = trace(&Temp::scenario([]), &["--format", "json"]);
    let report = json(done.text());
    let top = ["delivered", "every", "format", "from", "packets", "probes", "protocol", "to", "ttl", "version"];
    assert_eq!(keys(&report), top);
    assert_eq!((report["format"].as_str(), report["version"].as_u64()), (Some("podhop.trace"), Some(1)));
    let probe = &report["probes"][0];
    assert_eq!(keys(probe), ["delivered", "outcome", "packet", "reply", "round_trip_ns", "sentence"]);
    assert_eq!(probe["outcome"], "answered");
    let packets = report["packets"].as_array().unwrap();
    assert_eq!(packets.len(), 2);
    assert_eq!(keys(&packets[1]), ["cause", "disposition", "hops", "id", "of", "summary"]);
    assert_eq!((&packets[1]["cause"], &packets[1]["of"]), (&Value::from("answer-to"), &probe["packet"]));
    assert_eq!(packets[0]["disposition"], serde_json::json!({ "kind": "delivered", "code": "echo" }));
    let steps: Vec<&Value> =
        packets[0]["hops"].as_array().unwrap().iter().flat_map(|h| h["steps"].as_array().unwrap()).collect();
    let route = steps.iter().find(|s| s["code"] == "effective-route").unwrap();
    assert_eq!(keys(route), ["code", "decides", "evidence", "header", "number", "sentence", "time_ns", "title"]);
    assert_eq!(route["evidence"]["won"]["columns"]["next-hop-ip"], "10.0.0.5");
    assert_eq!(route["evidence"]["lost"][0]["why"]["code"], "shorter-prefix");
    let forward = steps.iter().find(|s| s["code"] == "forward").unwrap();
    assert_eq!(forward["changes"], serde_json::json!([{ "field": "ip-ttl", "before": "64", "after": "63" }]));
    assert!(!done.text().contains("Some("), "debug output");
}

/// Exit status by protocol, port, TTL and expectation.
#[test]
fn expectations_decide_the_exit_status() {
    let open = Temp::scenario([]);
    let closed = Temp::scenario(closed_subnet());
    let check = |scenario: &Temp, options: &str, delivered: bool| {
        let options: Vec<&str> = options.split_whitespace().collect();
        let status = |holds| if holds { Status::Done } else { Status::No };
        for (expect, wanted) in [("delivered", status(delivered)), ("dropped", status(!delivered))] {
            let done = trace(scenario, &[&options[..], &["--expect", expect]].concat());
            assert_eq!(done.status, wanted, "{options:?} {expect}: {}", done.text());
        }
        assert_eq!(trace(scenario, &options).status, Status::Done);
    };
    check(&open, "", true);
    check(&open, "--count 3", true);
    check(&open, "--proto tcp --dport 80", true);
    check(&open, "--proto tcp --dport 81", true);
    check(&open, "--proto udp --dport 9", true);
    check(&open, "--ttl 2", false);
    check(&closed, "", false);
    check(&closed, "--proto tcp --dport 80", false);
}

#[test]
fn a_loss_names_its_reason_and_the_rule() {
    let done = trace(&Temp::scenario(closed_subnet()), &["--format", "json"]);
    let report = json(done.text());
    let probe = &report["probes"][0];
    assert_eq!((&probe["outcome"], &probe["reason"]), (&Value::from("lost"), &Value::from("nsg-denied")));
    assert_eq!(report["packets"][0]["disposition"], serde_json::json!({ "kind": "dropped", "code": "nsg-denied" }));
    assert!(done.text().contains(r#""row": "100 no-entry Inbound Deny * * * * *""#), "{}", done.text());
    let text = trace(&Temp::scenario(closed_subnet()), &[]);
    assert!(text.text().contains("[drop nsg-denied]"));
}

/// Number of frames in a capture file.
fn frames(file: &[u8]) -> usize {
    assert_eq!(file[..4], [0x4d, 0x3c, 0xb2, 0xa1]);
    let (mut at, mut count) = (24, 0);
    while at < file.len() {
        let len = u32::from_le_bytes(file[at + 8..at + 12].try_into().unwrap());
        at += 16 + usize::try_from(len).unwrap();
        count += 1;
    }
    count
}

#[test]
fn captures_at_every_point() {
    // Sent once before, so that every address is known and nobody asks.
    let scenario = Temp::scenario([ping("10.244.1.3", "10.244.0.6")]);
    let at = |more: &[&str]| frames(&trace(&scenario, &[&["--format", "pcap"], more].concat()).out);
    assert_eq!(at(&[]), 2);
    assert_eq!(at(&["--at", "10.244.1.3:eth0"]), 2);
    assert_eq!(at(&["--at", "10.0.0.4:eth0"]), 2);
    assert_eq!(at(&["--at", "deploy/nginx/1:lo"]), 0);
    assert_eq!(at(&["--at", "any"]), 16);
    assert_eq!(at(&["--at", "any", "--count", "2"]), 32);
}

#[test]
fn mermaid_draws_places_and_crossings() {
    let done = trace(&Temp::scenario([]), &["--format", "mermaid"]);
    let lines: Vec<&str> = done.text().lines().map(str::trim).collect();
    assert_eq!(lines[0], "sequenceDiagram");
    assert_eq!(lines.iter().filter(|l| l.starts_with("participant ")).count(), 6);
    let arrows: Vec<&str> = lines.iter().filter(|l| l.contains("->>")).map(|l| &l[..7]).collect();
    let there = ["p0->>p1", "p1->>p2", "p2->>p3", "p3->>p4", "p4->>p5"];
    let back = ["p5->>p4", "p4->>p3", "p3->>p2", "p2->>p1", "p1->>p0"];
    assert_eq!(arrows, [there, back].concat());
    let lost = trace(&Temp::scenario(closed_subnet()), &["--format", "mermaid"]);
    assert!(lost.text().contains("p3-xp3: "), "{}", lost.text());
}

#[test]
fn the_ledger_is_the_same_in_every_format() {
    let scenario = Temp::scenario([]);
    let ledger = |format: &str| podhop(&["ledger", "--scenario", scenario.path(), "--format", format]);
    let parsed = json(ledger("json").text());
    let pools = parsed["pools"].as_array().unwrap();
    let all: usize = pools.iter().map(|p| p["addresses"].as_array().unwrap().len()).sum();
    for pool in pools {
        let counts: u64 = pool["counts"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        let listed: u64 = pool["addresses"].as_array().unwrap().iter().map(|a| a["count"].as_u64().unwrap()).sum();
        assert_eq!((counts, listed), (pool["size"].as_u64().unwrap(), pool["size"].as_u64().unwrap()));
    }
    let csv = ledger("csv");
    assert_eq!(csv.text().lines().count(), all + 1);
    assert!(csv.text().lines().all(|line| line.split(',').count() == 11), "{}", csv.text());
    let text = ledger("text");
    assert_eq!(text.text().lines().filter(|l| l.starts_with("  1")).count(), all + 2);
    assert!(
        text.text()
            .starts_with("Subnet vlan01 10.0.0.0/22: 1,024 addresses\n  5 reserved by Azure + 2 node + 1,017 free\n")
    );
}

#[test]
fn a_step_is_drawn() {
    let scenario = Temp::scenario([ping("10.244.1.3", "10.244.0.6")]);
    let render = |more: &[&str]| podhop(&[&["render", "--scenario", scenario.path()], more].concat());
    let last = render(&[]);
    assert_eq!((last.status, last.err.as_str()), (Status::Done, ""));
    let svg = last.text();
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
    assert!(!svg.contains("lab-") && !svg.contains("{$"), "a word is missing: {svg}");
    assert!(["VNet vnet01", "cbr0", LIGHT.packet, LIGHT.good].iter().all(|part| svg.contains(part)), "{svg}");
    let dark = render(&["--theme", "dark", "--step", "1"]);
    assert!(dark.text().contains(DARK.bg) && !dark.text().contains(LIGHT.bg));
    assert!(dark.text().contains("<title>A packet begins</title>"));
    assert!(render(&["--step", "first"]).text().contains("<title>Before the first step</title>"));
    assert_eq!(render(&["--step", "last"]).out, last.out);
    assert_eq!(trace(&Temp::scenario([]), &["--format", "svg"]).text().len(), svg.len());
}

/// A drawing of every step, of every turn, even where nothing walks.
#[test]
fn every_step_of_the_article_can_be_drawn() {
    let actions = crate::fixture::article_actions();
    for count in 0..=actions.len() {
        let text = podhop::sim::scenario::Scenario::new(2186, actions[..count].to_vec()).to_text();
        let scenario = Temp::new("part.json", &text);
        let mut step = 0;
        loop {
            step += 7;
            let number = step.to_string();
            let done = podhop(&["render", "--scenario", scenario.path(), "--every", "--step", &number]);
            if done.status != Status::Done {
                break;
            }
            assert!(step < 500 && done.text().ends_with("</svg>\n"));
        }
        assert_eq!(podhop(&["render", "--scenario", scenario.path()]).status, Status::Done);
    }
}

#[test]
fn answers_go_to_files() {
    let scenario = Temp::scenario([]);
    let target = Temp::new("out.pcap", "what was there before");
    let done = trace(&scenario, &["--format", "pcap", "-o", target.path()]);
    assert_eq!((done.status, done.out.len()), (Status::Done, 0));
    assert_eq!(frames(&fs::read(&target.0).unwrap()), 4, "ARP and the ping, both ways");
    let nowhere = trace(&scenario, &["--output", "/nowhere/at/all"]);
    assert_eq!(nowhere.status, Status::Bad);
    assert!(nowhere.err.starts_with("podhop: /nowhere/at/all cannot be written: "), "{}", nowhere.err);
    assert!(!exists(Path::new("/nowhere")));
}

/// The palette is that of the app's style sheet.
#[test]
fn drawings_have_the_colours_of_the_app() {
    let css = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/app.css")).unwrap();
    for ((name, light), (_, dark)) in LIGHT.properties().into_iter().zip(DARK.properties()) {
        let wanted = format!("{name}: light-dark({light}, {dark});");
        assert!(css.contains(&wanted), "the style sheet has not {wanted}");
    }
}
