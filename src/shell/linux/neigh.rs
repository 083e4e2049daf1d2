//! `ip neigh`. Source: iproute2 6.1 `ip/ipneigh.c`; what the real command printed.

use super::ip::{done, is_show, no_device, word_after};
use super::{dev_name, here, json, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, FlushTable};
use crate::sim::addr::Mac;
use crate::sim::host::neighbor::Neighbor;
use crate::sim::ids::IfIndex;
use std::net::Ipv4Addr;

/// What is said of the entries to show.
#[derive(Default)]
struct Wanted<'a> {
    dev: Option<&'a str>,
    to: Option<Ipv4Addr>,
    state: Option<String>,
}

fn wanted<'a>(words: &[&'a str]) -> Result<Wanted<'a>, Output> {
    let mut wanted = Wanted::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "dev" => wanted.dev = rest.next().copied(),
            "nud" => wanted.state = rest.next().map(|s| s.to_uppercase()),
            "to" => {}
            address => {
                let said =
                    || Output::fail(1, format!("Error: any valid prefix is expected rather than \"{address}\"."));
                wanted.to = Some(address.parse().map_err(|_| said())?);
            }
        }
    }
    Ok(wanted)
}

pub(super) fn neighbors(shell: &mut Shell, line: &Line) -> Output {
    if let Err(output) = is_show(line, "neigh") {
        return output;
    }
    let words: Vec<&str> = line.words().into_iter().skip(1).collect();
    shown(shell, line, &words).unwrap_or_else(|output| output)
}

/// One entry, by its address and interface.
pub(super) fn get(shell: &mut Shell, line: &Line) -> Output {
    let words = line.words();
    if words.is_empty() || word_after(&words, "dev").is_none() {
        return Output::fail(255, "Device and address are required arguments.");
    }
    match shown(shell, line, &words) {
        Ok(output) if output.out.is_empty() => Output::fail(2, "Error: Neighbour entry not found."),
        // The interface is said here.
        Ok(output) => {
            let dev = word_after(&words, "dev").unwrap_or_default();
            Output::ok(output.out.replacen(' ', &format!(" dev {dev} "), 1))
        }
        Err(output) => output,
    }
}

fn shown(shell: &Shell, line: &Line, words: &[&str]) -> Result<Output, Output> {
    let host = here(shell)?;
    let wanted = wanted(words)?;
    let only = wanted.dev.and_then(|dev| host.interface_named(dev)).map(|i| i.index);
    if let (Some(name), None) = (wanted.dev, only) {
        return Err(Output::fail(1, format!("Cannot find device \"{name}\"")));
    }
    let now = shell.session().world().now;
    let holds = |(dev, ip, entry): &(IfIndex, Ipv4Addr, &Neighbor)| {
        let state = entry.state_at(now).code();
        only.is_none_or(|o| o == *dev)
            && wanted.to.is_none_or(|to| to == *ip)
            && wanted.state.as_ref().is_none_or(|s| s == "ALL" || s == state)
    };
    let dev_of = |dev| only.is_none().then(|| dev_name(host, dev));
    let rows = host.neighbors.iter().filter(holds);
    if line.has("-json") {
        let object = |(dev, ip, entry): (IfIndex, Ipv4Addr, &Neighbor)| {
            json::object(&[
                ("dst", Some(json::text(&ip.to_string()))),
                ("dev", dev_of(dev).map(|d| json::text(&d))),
                ("lladdr", entry.mac.map(|mac| json::text(&mac.to_string()))),
                ("state", Some(format!("[\"{}\"]", entry.state_at(now).code()))),
            ])
        };
        return Ok(Output::ok(json::list(rows.map(object))));
    }
    let text = |(dev, ip, entry): (IfIndex, Ipv4Addr, &Neighbor)| {
        let state = entry.state_at(now).code();
        let dev = dev_of(dev).map_or_else(String::new, |dev| format!(" dev {dev}"));
        let mac = entry.mac.map_or_else(String::new, |mac| format!(" lladdr {mac}"));
        format!("{ip}{dev}{mac} {state} \n")
    };
    Ok(Output::ok(rows.map(text).collect::<String>()))
}

/// Address, interface and hardware address of an entry.
fn neighbor_of(shell: &Shell, line: &Line) -> Result<(Ipv4Addr, String, Option<Mac>), Output> {
    let words = line.words();
    let after = |word: &str| words.iter().position(|w| *w == word).and_then(|at| words.get(at + 1)).copied();
    let Some(address) = words.first() else {
        return Err(Output::fail(255, "Device and destination are required arguments."));
    };
    let Some(dev) = after("dev") else {
        return Err(Output::fail(255, "Device and destination are required arguments."));
    };
    if let Some(output) = no_device(shell, dev) {
        return Err(output);
    }
    let Ok(ip) = address.parse() else {
        return Err(Output::fail(1, format!("Error: any valid address is expected rather than \"{address}\".")));
    };
    let mac = match after("lladdr") {
        None => None,
        Some(text) => match text.parse() {
            Ok(mac) => Some(mac),
            Err(()) => return Err(Output::fail(1, format!("\"{text}\" is invalid lladdr."))),
        },
    };
    Ok((ip, dev.to_owned(), mac))
}

/// `add`: what is there already stays.
pub(super) fn add(shell: &mut Shell, line: &Line) -> Output {
    set(shell, line, |there| if there { Some("RTNETLINK answers: File exists") } else { None })
}

pub(super) fn replace(shell: &mut Shell, line: &Line) -> Output {
    set(shell, line, |_| None)
}

pub(super) fn change(shell: &mut Shell, line: &Line) -> Output {
    set(shell, line, |there| if there { None } else { Some("RTNETLINK answers: No such file or directory") })
}

fn set(shell: &mut Shell, line: &Line, refused: impl Fn(bool) -> Option<&'static str>) -> Output {
    let (address, dev, mac) = match neighbor_of(shell, line) {
        Ok((_, _, None)) => return Output::fail(2, "Error: No link layer address given."),
        Ok(found) => found,
        Err(output) => return output,
    };
    let words = line.words();
    if let Some(state) = word_after(&words, "nud").filter(|s| *s != "permanent") {
        let said = format!("podhop: an entry of the state {state} cannot be written here; nearest: nud permanent");
        return Output::fail(2, said);
    }
    let there = shell.here().is_some_and(|(_, host)| {
        let index = host.interface_named(&dev).map(|i| i.index);
        host.neighbors.iter().any(|(on, ip, _)| Some(on) == index && ip == address)
    });
    match refused(there) {
        Some(why) => Output::fail(2, why),
        None => done(shell, Action::SetNeighbor { host: name_here(shell), dev, address, mac }),
    }
}

pub(super) fn del(shell: &mut Shell, line: &Line) -> Output {
    match neighbor_of(shell, line) {
        Ok((address, dev, _)) => done(shell, Action::SetNeighbor { host: name_here(shell), dev, address, mac: None }),
        Err(output) => output,
    }
}

/// All that was learned, or that of one interface: entries that somebody wrote stay unless they are named.
pub(super) fn flush(shell: &mut Shell, line: &Line) -> Output {
    let words = line.words();
    if words.is_empty() {
        return Output::fail(1, "Flush requires arguments.");
    }
    if words == ["all"] {
        return done(shell, Action::Flush { host: name_here(shell), table: FlushTable::Neighbors });
    }
    let found = match wanted(&words) {
        Ok(found) => found,
        Err(output) => return output,
    };
    if let Some(output) = found.dev.and_then(|dev| no_device(shell, dev)) {
        return output;
    }
    let Some((_, host)) = shell.here() else { return Output::fail(1, "") };
    let now = shell.session().world().now;
    let picked = |dev: IfIndex, ip: Ipv4Addr, state: &str| {
        let named = found.state.is_some() || found.to.is_some();
        found.dev.is_none_or(|d| dev_name(host, dev) == d)
            && found.to.is_none_or(|to| to == ip)
            && found.state.as_deref().is_none_or(|s| s == "ALL" || s == state)
            && (named || !matches!(state, "PERMANENT" | "NOARP"))
    };
    let gone: Vec<(String, Ipv4Addr)> = host
        .neighbors
        .iter()
        .filter(|(dev, ip, entry)| picked(*dev, *ip, entry.state_at(now).code()))
        .map(|(dev, ip, _)| (dev_name(host, dev), ip))
        .collect();
    if gone.is_empty() {
        return Output::ok("Nothing to flush.\n");
    }
    for (dev, address) in gone {
        let output = done(shell, Action::SetNeighbor { host: name_here(shell), dev, address, mac: None });
        if output.status != 0 {
            return output;
        }
    }
    Output::default()
}
