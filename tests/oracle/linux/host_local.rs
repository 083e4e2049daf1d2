//! Random scripts of ADD, DEL and edits of the store, run by the simulator and by the real host-local plugin.

use crate::linux::report::Report;
use crate::linux::scenarios::seed_of;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use podhop::sim::ipam::host_local::{HostLocal, Owner, RangeConfig};
use podhop::sim::rng::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

mod plugin;

pub(crate) use plugin::found;

/// Name of the network, which is also the name of the store's folder.
const NETWORK: &str = "net";

/// A configuration and what happens to its store.
#[derive(Clone, Debug)]
struct Script {
    sets: Vec<Vec<RangeConfig>>,
    /// Whether the first set is written at the top level, as the article's file has it.
    legacy: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Add {
        id: String,
        ifname: &'static str,
        requested: Vec<IpAddr>,
    },
    Del {
        id: String,
        ifname: &'static str,
    },
    /// A file of a version of the plugin that did not write the interface.
    OldFile {
        address: IpAddr,
        id: String,
    },
    RemoveFile {
        address: IpAddr,
    },
    LastReserved {
        set: usize,
        address: IpAddr,
    },
}

/// What a step gave: addresses with their gateways, or the error's text.
type Answer = Result<Vec<(IpNet, IpAddr)>, String>;

/// What is in the folder at the end: file name and content.
type Store = BTreeMap<String, String>;

#[derive(Debug, PartialEq, Eq)]
struct Transcript {
    answers: Vec<Answer>,
    store: Store,
}

/// Runs that many scripts; each difference is made as short as it can be and reported.
pub(crate) fn run(seed: u64, scripts: u64, report: &mut Report) {
    let folder = std::env::temp_dir().join(format!("podhop-host-local-{}", std::process::id()));
    for number in 0..scripts {
        let script = draw(&mut Rng::new(seed_of(seed, number)));
        report.count("host-local scripts", 1);
        report.count("host-local steps", script.steps.len() as u64);
        let real = plugin::run(&script, &folder);
        report.count("host-local refusals", real.answers.iter().filter(|a| a.is_err()).count() as u64);
        if simulated(&script) != real {
            let shortest = shrink(script, &folder);
            let (ours, real) = (simulated(&shortest), plugin::run(&shortest, &folder));
            report.difference(
                "host-local",
                &format!("script {number} of seed {seed}\n{shortest:#?}\nours: {ours:#?}\nreal: {real:#?}"),
            );
        }
    }
    let _ = fs::remove_dir_all(folder);
}

fn differs(script: &Script, folder: &Path) -> bool {
    simulated(script) != plugin::run(script, folder)
}

/// Takes steps away as long as the difference stays.
fn shrink(mut script: Script, folder: &Path) -> Script {
    let mut at = script.steps.len();
    while at > 0 {
        at -= 1;
        let mut fewer = script.clone();
        fewer.steps.remove(at);
        if differs(&fewer, folder) {
            script = fewer;
        }
    }
    script
}

fn simulated(script: &Script) -> Transcript {
    let mut store = match HostLocal::new(&script.sets) {
        Ok(store) => store,
        Err(error) => {
            let asks = |s: &&Step| matches!(s, Step::Add { .. } | Step::Del { .. });
            let answers = script.steps.iter().filter(asks).map(|_| Err(error.text())).collect();
            return Transcript { answers, store: files_put(script) };
        }
    };
    let mut answers = Vec::new();
    for step in &script.steps {
        match step {
            Step::Add { id, ifname, requested } => {
                let given = store.add(id, ifname, requested);
                let pairs = given.map(|all| all.iter().map(|a| (a.address, a.gateway)).collect());
                answers.push(pairs.map_err(|e| e.text()));
            }
            Step::Del { id, ifname } => {
                store.release(id, ifname);
                answers.push(Ok(Vec::new()));
            }
            Step::OldFile { address, id } => {
                store.put_file(*address, Owner::old_format(id));
            }
            Step::RemoveFile { address } => {
                store.remove_file(*address);
            }
            Step::LastReserved { set, address } => store.put_last_reserved(*set, *address),
        }
    }
    let mut files: Store = store.reservations().map(|(a, o)| (a.to_string(), o.text().to_owned())).collect();
    files.extend((0..3).filter_map(|set| Some((last_name(set), store.last_reserved(set)?.to_string()))));
    Transcript { answers, store: files }
}

/// What the edits alone leave in the folder, for a configuration that the plugin refuses.
fn files_put(script: &Script) -> Store {
    let mut files = Store::new();
    for step in &script.steps {
        match step {
            Step::OldFile { address, id } => {
                files.entry(address.to_string()).or_insert_with(|| id.clone());
            }
            Step::RemoveFile { address } => {
                files.remove(&address.to_string());
            }
            Step::LastReserved { set, address } => {
                files.insert(last_name(*set), address.to_string());
            }
            Step::Add { .. } | Step::Del { .. } => {}
        }
    }
    files
}

fn last_name(set: usize) -> String {
    format!("last_reserved_ip.{set}")
}

fn pick<T: Clone>(rng: &mut Rng, from: &[T]) -> T {
    from[usize::try_from(rng.below(from.len() as u64)).unwrap()].clone()
}

fn draw(rng: &mut Rng) -> Script {
    let count = 1 + usize::from(rng.below(4) == 0);
    let sets: Vec<Vec<RangeConfig>> = (0..count).map(|set| draw_set(rng, set)).collect();
    let legacy = sets[0].len() == 1 && rng.below(2) == 0;
    let steps = (0..rng.between(4, 14)).map(|_| draw_step(rng, &sets)).collect();
    Script { sets, legacy, steps }
}

fn draw_set(rng: &mut Rng, set: usize) -> Vec<RangeConfig> {
    let ranges = 1 + rng.below(5) / 4 + rng.below(8) / 7;
    let six = rng.below(6) == 0;
    (0..ranges).map(|range| draw_range(rng, six, set as u64 * 4 + range)).collect()
}

fn draw_range(rng: &mut Rng, six: bool, block: u64) -> RangeConfig {
    // Now and then a block overlaps another or has host bits set: the plugin must refuse in the same words.
    let block = if rng.below(40) == 0 { 0 } else { block };
    let stray = u32::from(rng.below(25) == 0) * u32::try_from(rng.below(9)).unwrap();
    let (subnet, bits): (IpNet, u8) = if six {
        let length = pick(rng, &[120, 124, 125, 126, 126, 127]);
        let base = u128::from(Ipv6Addr::new(0x2001, 0xdb8, u16::try_from(block).unwrap(), 0, 0, 0, 0, 0));
        (Ipv6Net::new(Ipv6Addr::from(base + u128::from(stray)), length).unwrap().into(), 128 - length)
    } else {
        let length = pick(rng, &[22, 24, 27, 28, 29, 29, 29, 30, 30, 31, 32]);
        let base = u32::from(Ipv4Addr::new(192, 168, u8::try_from(block * 4).unwrap(), 0));
        (Ipv4Net::new(Ipv4Addr::from(base + stray), length).unwrap().into(), 32 - length)
    };
    let some = |rng: &mut Rng, one_in: u64| (rng.below(one_in) == 0).then(|| near(rng, subnet, bits));
    let range_start = some(rng, 4);
    let range_end = some(rng, 5);
    let gateway = some(rng, 4);
    RangeConfig { subnet, range_start, range_end, gateway }
}

/// An address of the subnet, or now and then one just outside.
fn near(rng: &mut Rng, subnet: IpNet, bits: u8) -> IpAddr {
    let n = rng.below((1 << bits.min(8)) + 1);
    match subnet {
        IpNet::V4(net) => Ipv4Addr::from(u32::from(net.network()) + u32::try_from(n).unwrap()).into(),
        IpNet::V6(net) => Ipv6Addr::from(u128::from(net.network()) + u128::from(n)).into(),
    }
}

fn draw_step(rng: &mut Rng, sets: &[Vec<RangeConfig>]) -> Step {
    let id = format!("c{}", rng.below(9));
    let ifname = if rng.below(6) == 0 { "net1" } else { "eth0" };
    let set = usize::try_from(rng.below(sets.len() as u64)).unwrap();
    let subnet = pick(rng, &sets[set]).subnet;
    let address = near(rng, subnet, subnet.max_prefix_len() - subnet.prefix_len());
    match rng.below(20) {
        0..=8 => Step::Add { id, ifname, requested: Vec::new() },
        9..=11 => Step::Add { id, ifname, requested: vec![address] },
        12..=16 => Step::Del { id, ifname },
        17 => Step::OldFile { address, id },
        18 => Step::RemoveFile { address },
        _ => Step::LastReserved { set, address },
    }
}

/// The configuration as the plugin reads it.
fn config(script: &Script, folder: &Path, requested: &[IpAddr]) -> Value {
    let mut ipam = json!({ "type": "host-local", "dataDir": folder });
    let mut sets = script.sets.as_slice();
    if script.legacy {
        let first = serde_json::to_value(script.sets[0][0]).unwrap();
        ipam.as_object_mut().unwrap().extend(first.as_object().unwrap().clone());
        sets = &sets[1..];
    }
    if !sets.is_empty() {
        ipam["ranges"] = serde_json::to_value(sets).unwrap();
    }
    let mut config = json!({ "cniVersion": "0.3.1", "name": NETWORK, "ipam": ipam });
    if !requested.is_empty() {
        config["args"] = json!({ "cni": { "ips": requested } });
    }
    config
}

fn store_folder(folder: &Path) -> PathBuf {
    folder.join(NETWORK)
}
