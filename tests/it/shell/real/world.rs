//! A whole simulated world in namespaces, and terminals in both: the same line typed on either side.

use super::kernel::fabric::Fabric;
use super::kernel::netns::Netns;
use super::kernel::{guest, tables};
use podhop::session::Session;
use podhop::shell::{Shell, Terminal};
use podhop::sim::ids::HostId;
use podhop::sim::world::World;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::Read;
use std::process::{Child, Command, Stdio};

/// What a line printed on one side, as a terminal shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub out: String,
    pub status: i32,
}

impl Display for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}status={}", self.out, self.status)
    }
}

/// Seconds after which a real tool that does not end is interrupted.
const LONGEST: &str = "20";

/// What `brctl` reads is that of the namespace, and nobody is asked for names.
const OWN_FILES: &str = "mount -t sysfs sysfs /sys; mount --bind /dev/null /etc/resolv.conf";

/// Both sides.
pub(super) struct Both {
    pub session: Session,
    terminals: BTreeMap<String, Terminal>,
    hosts: BTreeMap<HostId, Netns>,
    _fabric: Fabric,
}

/// Whether namespaces can be made and the tools are there.
pub(super) fn possible(tools: &[&str]) -> bool {
    let root = Command::new("unshare").args(["-n", "true"]).output().is_ok_and(|done| done.status.success());
    if !root {
        eprintln!("no root: nothing is compared with {} here", tools.join(" "));
    }
    let tools: Vec<bool> = ["ip", "iptables-restore", "arptables-restore", "ebtables-restore"]
        .iter()
        .chain(tools)
        .map(|tool| super::installed(tool))
        .collect();
    root && tools.into_iter().all(|found| found)
}

fn build(world: &World) -> (BTreeMap<HostId, Netns>, Fabric) {
    let hosts: BTreeMap<HostId, Netns> = world.hosts.iter().map(|(id, _)| (id, Netns::new())).collect();
    for (id, host) in world.hosts.iter() {
        guest::prepare(&hosts[&id], host);
    }
    for (id, _) in world.hosts.iter() {
        guest::add_links(id, world, &hosts, &[]);
    }
    let fabric = Fabric::build(world, &hosts);
    for (id, host) in world.hosts.iter() {
        guest::configure(&hosts[&id], host, &[]);
        hosts[&id].sysctl(host.interfaces.values().skip(1).flat_map(|i| unhurried(&i.name)).collect());
    }
    for (id, netns) in &hosts {
        tables::wait_for_ports(world, *id, netns);
    }
    (hosts, fabric)
}

/// Neighbours as slow as those of any machine: what is told of them depends on it.
fn unhurried(dev: &str) -> [(String, String); 2] {
    let of = |name: &str, value: &str| (format!("ipv4/neigh/{dev}/{name}"), value.to_owned());
    [of("retrans_time_ms", "1000"), of("proxy_delay", "80")]
}

impl Both {
    /// Builds the world of a session; terminals are opened at its nodes and pods.
    pub(super) fn new(session: Session) -> Self {
        let (hosts, fabric) = build(session.world());
        let world = session.world();
        let nodes = world.nodes.values().map(|n| (n.name.to_string(), format!("debug node/{} -it --image=x", n.name)));
        let pods = world.pods.values().filter(|p| !p.host_network && p.address.is_some());
        let pods = pods.map(|p| {
            let key = p.key();
            let (namespace, name) = key.split_once('/').unwrap();
            (p.address.unwrap().to_string(), format!("exec -n {namespace} -it {name} -- sh"))
        });
        let lines: Vec<(String, String)> = nodes.chain(pods).collect();
        let mut session = session;
        let mut terminals = BTreeMap::new();
        for (place, line) in lines {
            let mut shell = Shell::new(session);
            shell.run(&format!("kubectl {line}"));
            let (terminal, back) = shell.off();
            terminals.insert(place, terminal);
            session = back;
        }
        Self { session, terminals, hosts, _fabric: fabric }
    }

    /// Addresses of the pods.
    pub(super) fn pods(&self) -> Vec<String> {
        self.terminals.keys().filter(|place| place.starts_with("10.")).cloned().collect()
    }

    fn terminal(&self, place: &str) -> &Terminal {
        self.terminals.get(place).unwrap_or_else(|| panic!("no {place}: {:?}", self.terminals.keys()))
    }

    fn netns(&self, place: &str) -> &Netns {
        let world = self.session.world();
        let name = self.terminal(place).place();
        let (id, _) = world.hosts.iter().find(|(_, host)| host.name.as_ref() == name).unwrap();
        &self.hosts[&id]
    }

    /// Types a line on the real side; it goes on by itself.
    fn begin(&self, place: &str, line: &str) -> Child {
        let line = format!("{OWN_FILES}; {{ {line}; }} 2>&1");
        self.netns(place).run(move || {
            let mut command = Command::new("timeout");
            command
                .args(["-s", "INT", LONGEST, "unshare", "-m", "sh", "-c", &line])
                .env("LC_ALL", "C.UTF-8")
                .env("PATH", path());
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
        })
    }

    fn ours(&self, place: &str, line: &str) -> (Said, Session) {
        let mut shell = self.terminal(place).clone().on(self.session.clone());
        let output = shell.run(line);
        (Said { out: output.out + &output.err, status: output.status.into() }, shell.off().1)
    }

    /// Types a line on both sides; what it changes stays.
    pub(super) fn run(&mut self, place: &str, line: &str) -> (Said, Said) {
        let real = end(self.begin(place, line));
        let (ours, session) = self.ours(place, line);
        self.session = session;
        (ours, real)
    }

    /// Does the same on both sides, which both must do in silence.
    pub(super) fn set(&mut self, place: &str, line: &str) {
        let (ours, real) = self.run(place, line);
        let done = Said { out: String::new(), status: 0 };
        assert_eq!((&ours, &real), (&done, &done), "{place}: {line}");
    }

    /// Types lines on both sides, all at once on the real one, each in a world of its own on ours.
    pub(super) fn ask(&self, place: &str, lines: &[&str]) -> Vec<(Said, Said)> {
        let begun: Vec<Child> = lines.iter().map(|line| self.begin(place, line)).collect();
        let ours: Vec<Said> = lines.iter().map(|line| self.ours(place, line).0).collect();
        ours.into_iter().zip(begun.into_iter().map(end)).collect()
    }

    /// Where lines print something else, all asked at once. On a machine that is busy real time may leave a mark: such a
    /// line is asked once more, alone.
    pub(super) fn differences(&self, place: &str, lines: &[&str], masked: impl Fn(&str) -> String) -> Vec<String> {
        let asked = lines.iter().zip(self.ask(place, lines));
        let again = |line: &&str| self.ask(place, &[line]).pop().and_then(|said| differs(place, line, said, &masked));
        asked.filter_map(|(line, said)| differs(place, line, said, &masked).and_then(|_| again(line))).collect()
    }

    /// Where lines print something else, one after another.
    pub(super) fn in_turn(&mut self, place: &str, lines: &[&str], masked: impl Fn(&str) -> String) -> Vec<String> {
        lines.iter().filter_map(|line| differs(place, line, self.run(place, line), &masked)).collect()
    }
}

fn differs(place: &str, line: &str, (ours, real): (Said, Said), masked: impl Fn(&str) -> String) -> Option<String> {
    let (ours, real) = (masked(&ours.to_string()), masked(&real.to_string()));
    (ours != real).then(|| format!("{place}$ {line}\n  real\n{real}\n  ours\n{ours}"))
}

/// Where tools are, which the shell of a container may not look into.
fn path() -> String {
    std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin"
}

fn end(mut child: Child) -> Said {
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    Said { out, status: child.wait().unwrap().code().unwrap_or(-1) }
}
