//! What is fuzzed: every reader of foreign text, and the engine under random actions. A target panics when it finds
//! something. The fast tests feed it the kept inputs (`tests/it/fuzz.rs`).

use podhop::session::Session;
use podhop::shell::catalog::commands;
use podhop::shell::{Shell, Terminal, words as with_words};
use podhop::sim::action::{self, Action, FlushTable, HostRoute, HostRouteTarget, SubnetName, SysctlName, endpoint};
use podhop::sim::engine::Engine;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::route_table::UserRoute;
use podhop::sim::host::ebtables::EbChain;
use podhop::sim::host::netfilter::TableName;
use podhop::sim::host::netfilter::edit::ChainEdit;
use podhop::sim::mode::Network;
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::mode::pod_subnet::PodSubnet;
use podhop::sim::record::trace::Disposition;
use podhop::sim::record::{Keep, Record};
use podhop::sim::scenario::Scenario;
use podhop::sim::world::World;
use podhop::text::Text;
use podhop::view::form::{FormKind, Values, check};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// A settled cluster of two nodes with a VM: small, so that an execution is short.
const CLUSTER: &str = include_str!("cluster.json");

thread_local! {
    static BASE: Session = Session::load(&Scenario::parse(CLUSTER).expect("a scenario")).expect("it can be done");
    static WORLDS: Vec<World> = worlds();
}

/// The cluster in every mode, settled.
fn worlds() -> Vec<World> {
    let pods = SubnetName { vnet: "vnet01".into(), subnet: "pods".into() };
    let mode = |network: Network| {
        let mut scenario = Scenario::parse(CLUSTER).expect("a scenario");
        let (vnet, name, prefix) = (pods.vnet.clone(), pods.subnet.clone(), "10.0.8.0/24".parse().expect("a prefix"));
        scenario.actions.insert(1, Action::CreateSubnet { vnet, name, prefix });
        for action in &mut scenario.actions {
            if let Action::CreateCluster(new) = action {
                new.pod_subnet = matches!(network, Network::PodSubnet(_)).then(|| pods.clone());
                new.network = network.clone();
            }
        }
        Session::load(&scenario).expect("it can be done").world().clone()
    };
    let kubenet =
        Kubenet { pod_cidr: "10.244.0.0/16".parse().expect("a prefix"), masquerade: MasqueradeRange::PodCidr };
    let all: [Network; 4] = [
        kubenet.into(),
        AzureBridge::default().into(),
        AzureTransparent::default().into(),
        PodSubnet::default().into(),
    ];
    all.into_iter().map(mode).collect()
}

/// A scenario file: what is read can be written and read again.
pub(crate) fn scenario(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(scenario) = Scenario::parse(text) {
        for written in [scenario.to_text(), scenario.to_compact()] {
            assert_eq!(Scenario::parse(&written).as_ref(), Ok(&scenario));
        }
    }
}

/// A form with any text in its fields: an action that it gives is one that a file can hold.
pub(crate) fn form(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    let kind = FormKind::ALL[usize::from(kind) % FormKind::ALL.len()];
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.split('\n');
    let values: Values = kind.fields().iter().filter_map(|f| Some((f.id, lines.next()?.to_owned()))).collect();
    BASE.with(|session| {
        if let Some(action) = check(session, kind, &values).action {
            let written = Scenario::new(0, vec![action.clone()]);
            assert_eq!(Scenario::parse(&written.to_text()).expect("it is read again").actions, [action]);
        }
    });
}

/// A place as a person names it, and a prefix.
pub(crate) fn address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = text.parse::<ipnet::Ipv4Net>();
    BASE.with(|session| {
        let world = session.world();
        if let Ok(place) = endpoint::resolve(world, text) {
            assert!(place.host.is_none_or(|host| world.hosts.get(host).is_some()));
        }
    });
}

/// Random actions on a cluster of the mode that the first byte says, four bytes each; after each the world and the
/// record must be sound.
pub(crate) fn engine(data: &[u8]) {
    const MOST: usize = 4;
    let Some((&mode, rest)) = data.split_first() else { return };
    let Some(mut world) = WORLDS.with(|worlds| pick(worlds, mode)) else { return };
    for bytes in rest.chunks_exact(4).take(MOST) {
        let action = action_of(&world, bytes);
        let mut engine = Engine::new(world.clone(), Keep::Steps);
        if action::apply(&mut engine, &action).is_ok() {
            check_record(&engine.record, &action);
            world = engine.world;
            check_world(&world, &action);
        }
    }
}

fn pick<T: Clone>(from: &[T], byte: u8) -> Option<T> {
    from.get(usize::from(byte).checked_rem(from.len())?).cloned()
}

fn action_of(world: &World, bytes: &[u8]) -> Action {
    let [kind, a, b, c] = *bytes else { return Action::Settle };
    let addresses: Vec<Ipv4Addr> =
        world.hosts.values().flat_map(|h| h.local.keys().copied()).filter(|a| !a.is_loopback()).collect();
    let near = Ipv4Addr::new(10, [0, 244][usize::from(b & 1)], b >> 6, c);
    let from = pick(&addresses, a).unwrap_or(near).to_string();
    let to = if b & 2 == 0 { pick(&addresses, b >> 2).unwrap_or(near) } else { near };
    let devs: Vec<String> = world
        .host_at(from.parse().unwrap_or(near))
        .and_then(|h| world.hosts.get(h))
        .map_or_else(Vec::new, |h| h.interfaces.values().map(|i| i.name.to_string()).collect());
    let dev = pick(&devs, b).unwrap_or_default();
    let prefix = ipnet::Ipv4Net::new(to, 32 - (c & 15)).map(|n| n.trunc()).unwrap_or_default();
    let table = world.route_tables.values().next().map(|t| t.name.to_string()).unwrap_or_default();
    match kind % 14 {
        0..=3 => {
            let protocol = match kind / 13 % 3 {
                0 => ProbeProtocol::Icmp,
                1 => ProbeProtocol::Udp { port: [53, 9][usize::from(c & 1)] },
                _ => ProbeProtocol::Tcp { port: [80, 22, 81][usize::from(c % 3)] },
            };
            let probe = Probe { protocol, ttl: if c & 128 == 0 { 64 } else { c & 7 }, len: 56, ..Probe::ping() };
            Action::Send { from, to: to.to_string(), probe, count: 1 }
        }
        4 => Action::SetLink { host: from, dev, up: c & 1 == 1 },
        5 => Action::SetSysctl {
            host: from,
            name: [SysctlName::IpForward, SysctlName::BridgeNfCallIptables][usize::from(c & 1)],
            on: c & 2 == 2,
        },
        6 => Action::AddHostRoute {
            host: from,
            route: HostRoute::new(prefix, HostRouteTarget::Dev { dev, via: (c & 16 == 16).then_some(near) }),
        },
        7 => Action::DeleteHostRoute { host: from, dst: prefix, metric: None },
        8 => Action::PutRoute {
            table,
            route: UserRoute {
                name: format!("r{}", c & 3).into(),
                prefix,
                next_hop: UserNextHop::VirtualAppliance(pick(&addresses, a).unwrap_or(near)),
            },
        },
        9 => Action::SetIpForwarding {
            nic: pick(&world.nics.values().map(|n| n.name.to_string()).collect::<Vec<_>>(), a).unwrap_or_default(),
            on: c & 1 == 1,
        },
        10 => Action::SetMasquerade { cluster: "aks01".into(), keep: vec![prefix] },
        11 => Action::DeleteBridgeRule {
            host: from,
            chain: EbChain::ALL[usize::from(b) % EbChain::ALL.len()],
            number: usize::from(c & 15),
        },
        12 => edit_chain(from, [a, b, c]),
        _ => Action::Flush {
            host: from,
            table: [FlushTable::Neighbors, FlushTable::Fdb, FlushTable::Conntrack][usize::from(c % 3)],
        },
    }
}

/// A change of a chain, with rules that jump to each other.
fn edit_chain(host: String, [a, b, c]: [u8; 3]) -> Action {
    const RULES: &[&str] = &[
        "-j DROP",
        "-p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable",
        "-m conntrack --ctstate NEW -j A",
        "! -i eth0 -j B",
        "-j MASQUERADE",
        "-p udp -j DNAT --to-destination 10.244.0.2:53",
        "-o cbr0 -j SNAT --to-source 10.0.0.4",
        "-p icmp -m icmp --icmp-type 8 -j RETURN",
    ];
    let chain = ["INPUT", "FORWARD", "OUTPUT", "POSTROUTING", "PREROUTING", "A", "B", "IP-MASQ-AGENT"];
    let number = usize::from(b & 7);
    let edit = match c >> 4 {
        0 => ChainEdit::Flush,
        1 => ChainEdit::Delete { number },
        2 => ChainEdit::Policy { accept: b & 1 == 1 },
        3 => ChainEdit::Remove,
        4..=6 => ChainEdit::Create,
        7 => ChainEdit::Zero,
        _ => {
            let rule = pick(RULES, b >> 3).expect("there are some").parse().expect("a rule");
            ChainEdit::Insert { number: (number > 0).then_some(number), rule }
        }
    };
    let table = [TableName::Nat, TableName::Filter][usize::from(a & 1)];
    Action::EditChain { host, table, chain: chain[usize::from(c & 7)].to_owned(), edit }
}

/// Most bytes of a text that is typed, and most commands of it: what is longer is slower and finds no more.
const TYPED_BYTES: usize = 240;
const TYPED_COMMANDS: usize = 6;
/// Most bytes that a command on a small cluster may print: its loops stop after a megabyte, and the last error in them may
/// repeat all the words that a command may have.
const PRINTED_BYTES: usize = (3 << 20) + (1 << 16);

thread_local! {
    /// A terminal on the workstation, in a debug pod on a node, and in a pod.
    static TERMINALS: [(Terminal, Session); 3] = {
        let begun = |line: &str| {
            let mut shell = BASE.with(|session| Terminal::new(with_words(&Text::english())).on(session.clone()));
            let done = shell.run(line);
            assert_eq!(done.status, 0, "{line}: {}", done.err);
            shell.off()
        };
        [
            begun("true"),
            begun("kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x"),
            begun("kubectl run box --image=x >/dev/null; kubectl exec -it box -- sh"),
        ]
    };
    /// The words that commands are made of.
    static WORDS: Vec<String> = words();
}

/// Words of the shell's grammar.
const GRAMMAR: &[&str] = &[
    "for", "in", "while", "until", "do", "done", "if", "then", "elif", "else", "fi", "case", "esac", ";;", ";&", ";;&",
    "a)", "*)", "function", "f", "f()", "{", "}", "(", "!", "<<EOF\n", "EOF\n", "$1", "$#", "\"$@\"", "${1:-x}", "$((",
    "))", "((", "[[", "]]", "=~", "<", "+=", "a=(", "${a[@]}", "a[1]=", "i++", "for ((", "export", "bash", "-c",
];

fn words() -> Vec<String> {
    let mut words: Vec<String> = commands()
        .flat_map(|c| c.example.shown().split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .chain(commands().flat_map(|c| c.path.split(' ').map(str::to_owned).collect::<Vec<_>>()))
        .chain(
            commands()
                .flat_map(|c| c.all_flags().flat_map(|f| [f.long.to_owned(), f.short.to_owned()]).collect::<Vec<_>>()),
        )
        .chain(["|", ";", "&&", "||", "$(", ")", "'", "\"", "=", "/", "0", "1", "2", "-", "--", "*"].map(str::to_owned))
        .chain(GRAMMAR.iter().map(|word| (*word).to_owned()))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words.dedup();
    words
}

/// What somebody types or pastes. The first byte says where; by its fourth bit the others are text, or each two are a
/// word or a whole example of the catalogue.
pub(crate) fn shell(data: &[u8]) {
    let Some((&place, rest)) = data.split_first() else { return };
    let text = if place & 8 == 0 {
        let rest = &rest[..rest.len().min(TYPED_BYTES)];
        String::from_utf8_lossy(rest).into_owned()
    } else {
        typed(rest)
    };
    if is_slow(&text) {
        return;
    }
    let Ok(script) = Shell::commands(&text) else { return };
    let (terminal, session) = TERMINALS.with(|all| all[usize::from(place) % 3].clone());
    let turns = session.turns().len();
    let mut shell = terminal.on(session);
    for item in script.0.iter().take(TYPED_COMMANDS) {
        let output = shell.run_item(item);
        assert!(output.out.len() + output.err.len() < PRINTED_BYTES, "{text:?} prints too much");
    }
    assert!(shell.session().turns().len() >= turns, "{text:?} took something back");
}

/// Words of the catalogue by their numbers.
fn typed(bytes: &[u8]) -> String {
    const MOST: usize = 24;
    let examples = commands().count();
    let pairs = bytes.chunks_exact(2).take(MOST).map(|pair| usize::from(u16::from_le_bytes([pair[0], pair[1]])));
    let word = |number: usize| {
        WORDS.with(|words| {
            if number & 0x8000 == 0 {
                return words[number % words.len()].clone();
            }
            let example = commands().nth(number % examples).map(|c| c.example.shown());
            format!("{}\n", example.unwrap_or_default())
        })
    };
    pairs.map(word).collect::<Vec<_>>().join(" ")
}

/// A number of three digits or more that is no part of an address: so many packets, pods or seconds only take time, and
/// so do nodes, pods and many packets in every round of a loop, or in a function that calls itself.
fn is_slow(text: &str) -> bool {
    let many = text.split(|c: char| !c.is_ascii_digit() && c != '.').any(|n| n.len() > 2 && !n.contains('.'));
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let loops = text.contains("()") || ["while", "until", "for", "function"].iter().any(|word| words.contains(word));
    let slow = ["create", "add", "scale", "run", "debug", "drain", "ping", "traceroute"];
    let slow = slow.iter().any(|word| words.contains(word));
    many || (loops && slow) || text.matches("create").count() + text.matches("add").count() > 2
}

/// Every packet has an end, and time runs forward.
fn check_record(record: &Record, action: &Action) {
    for probe in record.probes() {
        assert!(record.trace(probe).disposition != Disposition::Unfinished, "{action:?}: {probe:?}");
    }
    assert!(record.steps.windows(2).all(|pair| pair[0].time <= pair[1].time), "{action:?}: time runs forward");
}

/// Every address has one owner.
fn check_world(world: &World, action: &Action) {
    let mut seen = BTreeSet::new();
    for host in world.hosts.values() {
        for address in host.local.keys().filter(|a| !a.is_loopback()) {
            assert!(seen.insert(*address), "{action:?}: {address} twice");
        }
    }
}
