//! `ip route` and `ip rule`. Source: iproute2 6.1 `ip/iproute.c`, `iprule.c`; Linux `net/ipv4/fib_semantics.c` (errors);
//! what the real command printed.

mod input;
mod local;

use super::ip::{done, is_show, no_device, word_after};
use super::{dev_name, here, json, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, HostRoute, HostRouteTarget};
use crate::sim::host::Host;
use crate::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Which routes are shown.
struct Picked<'a> {
    dev: Option<&'a str>,
    dst: Option<Ipv4Net>,
    proto: Option<&'a str>,
    via: Option<&'a str>,
    kind: Option<&'a str>,
    /// Whether those of the tables main and local.
    tables: (bool, bool),
}

fn picked<'a>(words: &[&'a str]) -> Result<Picked<'a>, Output> {
    let mut picked = Picked { dev: None, dst: None, proto: None, via: None, kind: None, tables: (true, false) };
    let mut rest = words.iter().copied().skip(1);
    while let Some(word) = rest.next() {
        match word {
            "dev" => picked.dev = rest.next(),
            "proto" | "protocol" => picked.proto = rest.next(),
            "via" => picked.via = rest.next(),
            "table" => match rest.next() {
                Some("main" | "254") => {}
                Some("local" | "255") => picked.tables = (false, true),
                Some("all" | "0") => picked.tables = (true, true),
                _ => return Err(Output::fail(2, "Error: ipv4: FIB table does not exist.\nDump terminated")),
            },
            "type" => picked.kind = rest.next(),
            "exact" | "to" => {}
            "match" | "root" => {
                let said = format!("podhop: {word} of ip route show is not simulated; nearest: ip route get");
                return Err(Output::fail(2, said));
            }
            other => {
                let said = || Output::fail(1, format!("Error: any valid prefix is expected rather than \"{other}\"."));
                picked.dst = Some(prefix(other).ok_or_else(said)?);
            }
        }
    }
    Ok(picked)
}

/// `ip route`, as far as `show` picks routes: of an interface, of a prefix, of who made them.
pub(super) fn routes(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    if let Err(output) = is_show(line, "route") {
        return output;
    }
    let words = line.words();
    let Picked { dev, dst, proto, via, kind, tables } = match picked(&words) {
        Ok(picked) => picked,
        Err(output) => return output,
    };
    if let Some(output) = dev.and_then(|dev| no_device(shell, dev)) {
        return output;
    }
    let index = dev.and_then(|dev| host.interface_named(dev)).map(|i| i.index);
    let wanted = |r: &&Route| {
        let gateway = if let RouteKind::Unicast { via, .. } = r.kind { via } else { None };
        tables.0
            && kind.is_none_or(|k| k == word_of(r.kind))
            && dst.is_none_or(|d| r.dst == d)
            && (index.is_none() || r.dev() == index)
            && proto.is_none_or(|p| p == made_by(r.proto))
            && via.is_none_or(|v| gateway.is_some_and(|g| g.to_string() == v))
    };
    let shown: Vec<&Route> = host.fib.routes().iter().filter(wanted).collect();
    let is_wanted = |l: &local::Local| {
        tables.1
            && kind.is_none_or(|k| k == l.kind)
            && dst.is_none_or(|d| l.dst == d)
            && dev.is_none_or(|d| l.dev == d)
            && proto.is_none_or(|p| p == "kernel")
            && via.is_none()
    };
    let locals = local::table(host).into_iter().filter(is_wanted);
    if line.has("-json") {
        let locals = locals.map(|l| l.of_json(dev.is_none(), tables.0));
        return Output::ok(json::list(shown.into_iter().map(|r| of_json(host, r, dev.is_some())).chain(locals)));
    }
    // What all lines have in common is left out.
    let cut: Vec<String> = [
        dev.map(|dev| format!(" dev {dev}")),
        proto.map(|proto| format!(" proto {proto}")),
        via.map(|via| format!(" via {via}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let detailed = line.has("-details");
    let text = |r: &Route| cut.iter().fold(self::line(host, r, detailed), |text, cut| text.replacen(cut, "", 1));
    let cut_proto = usize::from(proto.is_some());
    let locals = locals.map(|l| l.line(dev.is_none(), tables.0).replacen(" proto kernel", "", cut_proto));
    Output::ok(shown.into_iter().map(text).chain(locals).collect::<String>())
}

pub(super) fn prefix(text: &str) -> Option<Ipv4Net> {
    match text {
        "default" => Some(Ipv4Net::default()),
        text => text.parse().ok().or_else(|| text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from)),
    }
}

fn destination(net: Ipv4Net) -> String {
    match net.prefix_len() {
        0 => "default".to_owned(),
        32 => net.addr().to_string(),
        _ => net.to_string(),
    }
}

const fn made_by(proto: RouteProto) -> &'static str {
    match proto {
        RouteProto::Boot => "boot",
        RouteProto::Kernel => "kernel",
        RouteProto::Static => "static",
    }
}

/// One line; each ends with a blank. With details, what is usual is said too.
fn line(host: &Host, route: &Route, detailed: bool) -> String {
    let (kind, dev, via) = match route.kind {
        RouteKind::Unreachable => ("unreachable ", None, None),
        RouteKind::Blackhole => ("blackhole ", None, None),
        RouteKind::Unicast { dev, via } => (if detailed { "unicast " } else { "" }, Some(dev), via),
    };
    let mut text = format!("{kind}{}", destination(route.dst));
    text += &via.map_or_else(String::new, |via| format!(" via {via}"));
    text += &dev.map_or_else(String::new, |dev| format!(" dev {}", dev_name(host, dev)));
    if detailed || route.proto != RouteProto::Boot {
        text += &format!(" proto {}", made_by(route.proto));
    }
    match route.scope {
        RouteScope::Link => text += " scope link",
        RouteScope::Global if detailed => text += " scope global",
        RouteScope::Global => {}
    }
    text += &route.src.map_or_else(String::new, |src| format!(" src {src}"));
    if route.metric > 0 {
        text += &format!(" metric {}", route.metric);
    }
    text + " \n"
}

fn of_json(host: &Host, route: &Route, of_dev: bool) -> String {
    let (kind, dev, via) = match route.kind {
        RouteKind::Unreachable => (Some("unreachable"), None, None),
        RouteKind::Blackhole => (Some("blackhole"), None, None),
        RouteKind::Unicast { dev, via } => (None, Some(dev), via),
    };
    let text = |text: Option<String>| text.map(|t| json::text(&t));
    json::object(&[
        ("type", text(kind.map(str::to_owned))),
        ("dst", text(Some(destination(route.dst)))),
        ("gateway", text(via.map(|v| v.to_string()))),
        ("dev", text(dev.filter(|_| !of_dev).map(|dev| dev_name(host, dev)))),
        ("protocol", text((route.proto != RouteProto::Boot).then(|| made_by(route.proto).to_owned()))),
        ("scope", text((route.scope == RouteScope::Link).then(|| "link".to_owned()))),
        ("prefsrc", text(route.src.map(|s| s.to_string()))),
        ("metric", (route.metric > 0).then(|| route.metric.to_string())),
        ("flags", Some("[]".to_owned())),
    ])
}

pub(super) fn get(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let words = line.words();
    let Some(to) = words.iter().find(|w| **w != "to") else {
        return Output::fail(1, "need at least a destination address");
    };
    let Ok(dst) = to.parse::<Ipv4Addr>() else {
        return Output::fail(1, format!("Error: any valid prefix is expected rather than \"{to}\"."));
    };
    let from = word_after(&words, "from");
    if let Some(came_in) = word_after(&words, "iif") {
        return input::get(host, dst, from.and_then(|text| text.parse().ok()), came_in);
    }
    if let Some(text) = from {
        match text.parse::<Ipv4Addr>() {
            Err(_) => return Output::fail(1, format!("Error: any valid prefix is expected rather than \"{text}\".")),
            // Nobody sends from what is another's.
            Ok(from) if !host.is_local(from) => return Output::fail(2, "RTNETLINK answers: Network is unreachable"),
            Ok(_) => {}
        }
    }
    let (found, dev, via, source) = if host.is_local(dst) {
        ("local ", "lo".to_owned(), None, Some(dst))
    } else if let Some(all) = local::table(host).into_iter().find(|l| l.kind == "broadcast" && l.dst == dst.into()) {
        ("broadcast ", all.dev, None, Some(all.src))
    } else {
        let Some(route) = host.fib.best(dst) else {
            return Output::fail(2, "RTNETLINK answers: Network is unreachable");
        };
        match route.kind {
            RouteKind::Unreachable => return Output::fail(2, "RTNETLINK answers: No route to host"),
            RouteKind::Blackhole => return Output::fail(2, "RTNETLINK answers: Invalid argument"),
            RouteKind::Unicast { dev, via } => {
                ("", dev_name(host, dev), via, host.source_address(route, dev, via.unwrap_or(dst)))
            }
        }
    };
    let source = source.filter(|_| from.is_none());
    if line.has("-json") {
        let text = |text: Option<String>| text.map(|t| json::text(&t));
        let cache = match found {
            "" => "[]",
            "local " => "[\"local\"]",
            _ => "[\"local\",\"brd\"]",
        };
        return Output::ok(json::list(std::iter::once(json::object(&[
            ("type", text((!found.is_empty()).then(|| found.trim_end().to_owned()))),
            ("dst", text(Some(dst.to_string()))),
            ("from", text(from.map(str::to_owned))),
            ("gateway", text(via.map(|v| v.to_string()))),
            ("dev", text(Some(dev))),
            ("prefsrc", text(source.map(|s| s.to_string()))),
            ("flags", Some("[]".to_owned())),
            ("uid", Some("0".to_owned())),
            ("cache", Some(cache.to_owned())),
        ]))));
    }
    let from = from.map_or_else(String::new, |from| format!(" from {from}"));
    let via = via.map_or_else(String::new, |via| format!(" via {via}"));
    let source = source.map_or_else(String::new, |src| format!(" src {src}"));
    let cache = match found {
        "" => "",
        "local " => "<local> ",
        _ => "<local,brd> ",
    };
    Output::ok(format!("{found}{dst}{from}{via} dev {dev}{source} uid 0 \n    cache {cache}\n"))
}

pub(super) fn add(shell: &mut Shell, line: &Line) -> Output {
    route_of(shell, line).map_or_else(|output| output, |route| added(shell, route))
}

fn added(shell: &mut Shell, route: HostRoute) -> Output {
    done(shell, Action::AddHostRoute { host: name_here(shell), route })
}

/// Beside a route of that prefix there may be another only if it costs something else.
pub(super) fn append(shell: &mut Shell, line: &Line) -> Output {
    match route_of(shell, line) {
        Ok(route) if there(shell, &route) => Output::fail(
            2,
            "podhop: two routes of one prefix and metric are not simulated; nearest: ip route add PREFIX metric N",
        ),
        Ok(route) => added(shell, route),
        Err(output) => output,
    }
}

fn there(shell: &Shell, route: &HostRoute) -> bool {
    shell.here().is_some_and(|(_, host)| {
        host.fib.routes().iter().any(|r| r.dst == route.dst.trunc() && r.metric == route.metric)
    })
}

/// Takes the place of the route of that prefix and metric, if there is one.
pub(super) fn replace(shell: &mut Shell, line: &Line) -> Output {
    let route = match route_of(shell, line) {
        Ok(route) => route,
        Err(output) => return output,
    };
    if there(shell, &route) {
        let (host, metric) = (name_here(shell), Some(route.metric));
        let gone = done(shell, Action::DeleteHostRoute { host, dst: route.dst, metric });
        if gone.status != 0 {
            return gone;
        }
    }
    added(shell, route)
}

pub(super) fn change(shell: &mut Shell, line: &Line) -> Output {
    match route_of(shell, line) {
        Ok(route) if there(shell, &route) => replace(shell, line),
        Ok(_) => Output::fail(2, "RTNETLINK answers: No such file or directory"),
        Err(output) => output,
    }
}

/// The first route that has all that was said of it.
pub(super) fn del(shell: &mut Shell, line: &Line) -> Output {
    let words: Vec<&str> = line.words();
    let (kind, words) = kind_of(&words);
    let Some(word) = words.first() else { return Output::fail(2, "\"ip route del\" requires arguments.") };
    let Some(dst) = prefix(word) else {
        return Output::fail(1, format!("Error: any valid prefix is expected rather than \"{word}\"."));
    };
    if let Some(output) = word_after(words, "dev").and_then(|dev| no_device(shell, dev)) {
        return output;
    }
    let Some((_, host)) = shell.here() else { return Output::fail(1, "") };
    let fits = |r: &&Route| {
        let (dev, via) = match r.kind {
            RouteKind::Unicast { dev, via } => (Some(dev_name(host, dev)), via),
            RouteKind::Unreachable | RouteKind::Blackhole => (None, None),
        };
        r.dst == dst.trunc()
            && kind.is_none_or(|k| k == word_of(r.kind))
            && word_after(words, "dev").is_none_or(|d| dev.as_deref() == Some(d))
            && word_after(words, "via").is_none_or(|v| via.is_some_and(|via| via.to_string() == v))
            && word_after(words, "metric").is_none_or(|m| r.metric.to_string() == m)
            && word_after(words, "src").is_none_or(|s| r.src.is_some_and(|src| src.to_string() == s))
            && word_after(words, "proto").is_none_or(|p| p == made_by(r.proto))
    };
    let Some(metric) = host.fib.routes().iter().find(fits).map(|r| r.metric) else {
        return Output::fail(2, "RTNETLINK answers: No such process");
    };
    done(shell, Action::DeleteHostRoute { host: name_here(shell), dst, metric: (metric > 0).then_some(metric) })
}

const fn word_of(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Unicast { .. } => "unicast",
        RouteKind::Unreachable => "unreachable",
        RouteKind::Blackhole => "blackhole",
    }
}

/// The kind of route that words begin with, and the rest.
fn kind_of<'a>(words: &'a [&'a str]) -> (Option<&'a str>, &'a [&'a str]) {
    match words {
        [kind @ ("unreachable" | "blackhole" | "unicast" | "prohibit" | "throw"), rest @ ..] => (Some(*kind), rest),
        rest => (None, rest),
    }
}

/// The route that words describe.
fn route_of(shell: &Shell, line: &Line) -> Result<HostRoute, Output> {
    let words = line.words();
    let (kind, spec) = kind_of(&words);
    if let Some(kind @ ("prohibit" | "throw")) = kind {
        let said = format!("podhop: a route of the kind {kind} is not simulated; nearest: ip route add unreachable");
        return Err(Output::fail(2, said));
    }
    let Some(word) = spec.first() else { return Err(Output::fail(2, "\"ip route add\" requires arguments.")) };
    let Some(dst) = prefix(word) else {
        return Err(Output::fail(1, format!("Error: any valid prefix is expected rather than \"{word}\".")));
    };
    if dst.trunc() != dst {
        return Err(Output::fail(2, "Error: Invalid prefix for given prefix length."));
    }
    known_words(spec)?;
    let address = |name: &str, what: &str| match word_after(spec, name).map(|v| (v, v.parse::<Ipv4Addr>())) {
        None => Ok(None),
        Some((_, Ok(address))) => Ok(Some(address)),
        Some((text, Err(_))) => Err(Output::fail(1, format!("Error: {what} is expected rather than \"{text}\"."))),
    };
    let (via, src) = (address("via", "inet address")?, address("src", "inet address")?);
    let metric = match word_after(spec, "metric").map(|m| (m, m.parse::<u32>())) {
        None => 0,
        Some((_, Ok(metric))) => metric,
        Some((text, Err(_))) => {
            return Err(Output::fail(
                255,
                format!("Error: argument \"{text}\" is wrong: \"metric\" value is invalid\n"),
            ));
        }
    };
    let host = shell.here().map(|(_, host)| host);
    if src.is_some_and(|src| host.is_none_or(|h| !h.is_local(src))) {
        return Err(Output::fail(2, "Error: Invalid prefsrc address."));
    }
    let target = match kind {
        Some("unreachable") => HostRouteTarget::Unreachable,
        Some("blackhole") => HostRouteTarget::Blackhole,
        _ => out_of(shell, spec, via)?,
    };
    Ok(HostRoute { src, metric, ..HostRoute::new(dst, target) })
}

/// Words of a route that are not known are said, as the real command does.
fn known_words(spec: &[&str]) -> Result<(), Output> {
    let mut rest = spec.iter().skip(1);
    while let Some(word) = rest.next() {
        match *word {
            "via" | "dev" | "src" | "metric" => {
                rest.next().ok_or_else(|| Output::fail(255, "Command line is not complete. Try option \"help\""))?;
            }
            "onlink" => {}
            "proto" | "protocol" | "scope" | "table" | "mtu" | "advmss" | "nexthop" | "preference" | "tos" => {
                let said =
                    format!("podhop: {word} of a route is not simulated; nearest: ip route add PREFIX via ADDRESS");
                return Err(Output::fail(2, said));
            }
            other => {
                let said = format!("Error: either \"to\" is duplicate, or \"{other}\" is a garbage.");
                return Err(Output::fail(255, said));
            }
        }
    }
    Ok(())
}

/// Where a route leads. A gateway is one hop away, unless the route says that it is on the link all the same; a link
/// that is down leads nowhere.
fn out_of(shell: &Shell, spec: &[&str], via: Option<Ipv4Addr>) -> Result<HostRouteTarget, Output> {
    let said = word_after(spec, "dev");
    if let Some(output) = said.and_then(|dev| no_device(shell, dev)) {
        return Err(output);
    }
    let host = here(shell)?;
    let near = via.and_then(|via| host.fib.best(via)).filter(|r| r.scope == RouteScope::Link).and_then(Route::dev);
    let toward = near.map(|dev| dev_name(host, dev));
    let onlink = spec.contains(&"onlink");
    let invalid = || Output::fail(2, "Error: Nexthop has invalid gateway.");
    let dev = match (said, via) {
        (None, None) => return Err(Output::fail(2, "RTNETLINK answers: No such device")),
        (None, Some(_)) => toward.ok_or_else(invalid)?,
        (Some(dev), None) => dev.to_owned(),
        (Some(dev), Some(_)) if onlink || toward.as_deref() == Some(dev) => dev.to_owned(),
        (Some(_), Some(_)) => return Err(invalid()),
    };
    match host.interface_named(&dev) {
        Some(interface) if interface.up => Ok(HostRouteTarget::Dev { dev, via }),
        _ => Err(Output::fail(2, "Error: Device for nexthop is not up.")),
    }
}

/// Policy routing is not simulated: these are the kernel's own.
pub(super) fn rules(_: &mut Shell, line: &Line) -> Output {
    const RULES: [(u32, &str); 3] = [(0, "local"), (32_766, "main"), (32_767, "default")];
    if line.has("-json") {
        let rule = |(priority, table): &(u32, &str)| {
            json::object(&[
                ("priority", Some(priority.to_string())),
                ("src", Some(json::text("all"))),
                ("table", Some(json::text(table))),
            ])
        };
        return Output::ok(json::list(RULES.iter().map(rule)));
    }
    match line.word(0) {
        Some(word) if !"show".starts_with(word) && !"list".starts_with(word) => Output::fail(
            1,
            format!("podhop: ip rule {word} is not simulated: a host has one table here; nearest: ip route"),
        ),
        _ => Output::ok(
            RULES.iter().map(|(priority, table)| format!("{priority}:\tfrom all lookup {table}\n")).collect::<String>(),
        ),
    }
}
