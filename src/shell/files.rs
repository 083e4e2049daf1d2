//! The files that a node and a pod show, made from the state of the simulation whenever one is opened.

use super::catalog::{At, Command, Example, Flag, Place, Run};
use super::line::Line;
use super::{Context, Output, Shell, crictl, linux};
use crate::sim::action::{Action, SysctlName};
use crate::sim::addr::Mac;
use crate::sim::cluster::{Ipam, NODE_IMAGE, Node};
use crate::sim::host::bridge::AGEING_TIME;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::host::neighbor::NeighborState;
use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, NodeId};
use crate::sim::mode::kubenet::ADDRESS_STORE;
use crate::sim::world::World;
use std::collections::BTreeMap;

/// Where a node's files are in the container that `kubectl debug` starts.
pub(super) const HOST_ROOT: &str = "/host";

/// What is where: a path with its content.
pub(super) type File = (String, String);

/// The text of a file, or why there is none.
pub(super) fn read(shell: &Shell, path: &str) -> Result<String, &'static str> {
    let path = absolute(shell.dir(), path);
    let files = all(shell);
    if let Some((_, text)) = files.iter().find(|(name, _)| *name == path) {
        return Ok(text.clone());
    }
    let below = format!("{}/", path.trim_end_matches('/'));
    Err(if files.iter().any(|(name, _)| name.starts_with(&below)) {
        "Is a directory"
    } else {
        "No such file or directory"
    })
}

/// Most bytes and files that are kept of what was written.
const MAX_WRITTEN: (usize, usize) = (1 << 20, 100);

/// Why a file cannot be written. What is made from the state of the simulation is not, but for the kernel's switches.
pub(super) fn writable(shell: &Shell, name: &str) -> Result<(), &'static str> {
    let path = absolute(shell.dir(), name);
    let there = all(shell);
    let (dir, _) = path.rsplit_once('/').unwrap_or(("", ""));
    let below = format!("{}/", path.trim_end_matches('/'));
    let own = |path: &str| {
        let path = kept(shell, path);
        shell.own.written.iter().any(|((place, p), _)| *place == shell.own.place() && *p == path)
    };
    if path == "/" || is_standard(shell, &path) || there.iter().any(|(p, _)| p.starts_with(&below)) {
        return Err("Is a directory");
    }
    if !own(&path) && there.iter().any(|(p, _)| *p == path) && switch(&path).is_none() {
        return Err("Read-only file system");
    }
    let inside = format!("{dir}/");
    if !(dir.is_empty() || is_standard(shell, dir) || there.iter().any(|(p, _)| p.starts_with(&inside))) {
        return Err("No such file or directory");
    }
    Ok(())
}

/// The kernel's setting that is behind a file.
fn switch(path: &str) -> Option<SysctlName> {
    match path.strip_prefix("/proc/sys/net/")? {
        "ipv4/ip_forward" => Some(SysctlName::IpForward),
        "bridge/bridge-nf-call-iptables" => Some(SysctlName::BridgeNfCallIptables),
        _ => None,
    }
}

/// The path under which a file that is written is kept: that of the debug container, where a node has two.
fn kept(shell: &Shell, path: &str) -> String {
    if shell.is_in_root() { format!("{HOST_ROOT}{path}") } else { path.to_owned() }
}

/// Writes to a file that is [`writable`], or to the end of it.
pub(super) fn write(shell: &mut Shell, name: &str, text: &str, append: bool) {
    let path = absolute(shell.dir(), name);
    if name == "/dev/null" {
        return;
    }
    if let Some(setting) = switch(&path) {
        if !text.trim().is_empty() {
            let action = Action::SetSysctl { host: linux::name_here(shell), name: setting, on: text.trim() != "0" };
            // The host is the one where somebody types.
            let _ = shell.act(action);
        }
        return;
    }
    let key = (shell.own.place(), kept(shell, &path));
    let bytes: usize = shell.own.written.iter().map(|(_, text)| text.len()).sum();
    let room = shell.own.written.len() < MAX_WRITTEN.1;
    let text = if bytes + text.len() > MAX_WRITTEN.0 { "" } else { text };
    match shell.own.written.iter_mut().find(|(own, _)| *own == key) {
        Some((_, old)) if append => old.push_str(text),
        Some((_, old)) => text.clone_into(old),
        None if room => shell.own.written.push((key, text.to_owned())),
        None => {}
    }
}

const fn row(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Output,
) -> Command {
    Command::new(path, Place::Anywhere, flags, Example::on(At::Node, example), Run::Tool(run)).with(operands)
}

/// Rows of the commands on files.
pub(super) const COMMANDS: &[Command] = &[
    row(
        "ls",
        "[FILE]...",
        &[
            Flag::on("-l", "", "sh-flag-long"),
            Flag::on("--all", "-a", "sh-flag-hidden"),
            Flag::on("-1", "", "sh-flag-no-effect"),
            Flag::on("-h", "", "sh-flag-no-effect"),
        ],
        "ls /host/etc/cni/net.d",
        ls,
    ),
    row("cd", "[DIR]", &[], "cd /host/etc/cni/net.d", cd),
    row("pwd", "", &[], "pwd", |shell, _| Output::ok(format!("{}\n", shell.dir()))),
    Command::new(
        "tar",
        Place::Anywhere,
        &[],
        Example::on(At::Node, "tar vxf crictl-v1.22.0-linux-amd64.tar.gz"),
        Run::Words(tar),
    )
    .with("ARCHIVE"),
    row("cp", "SOURCE TARGET", &[Flag::on("-r", "-R", "sh-flag-no-effect")], "cp crictl /usr/local/bin", copy),
];

/// A path as it is from the root.
pub(super) fn absolute(dir: &str, path: &str) -> String {
    let joined = if path.starts_with('/') { path.to_owned() } else { format!("{dir}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn cd(shell: &mut Shell, line: &Line) -> Output {
    let to = line.word(0).unwrap_or("/root");
    let path = absolute(shell.dir(), to);
    let below = format!("{}/", path.trim_end_matches('/'));
    let files = all(shell);
    if files.iter().any(|(name, _)| *name == path) {
        return Output::fail(1, format!("bash: cd: {to}: Not a directory"));
    }
    if path != "/" && !files.iter().any(|(name, _)| name.starts_with(&below)) && !is_standard(shell, &path) {
        return Output::fail(1, format!("bash: cd: {to}: No such file or directory"));
    }
    shell.set_dir(path);
    Output::default()
}

fn is_standard(shell: &Shell, path: &str) -> bool {
    matches!(path, "/root" | "/tmp" | "/usr/local/bin" | "/home") || (path == HOST_ROOT && !shell.is_in_root())
}

fn ls(shell: &mut Shell, line: &Line) -> Output {
    let there = all(shell);
    let given: Vec<Option<&str>> =
        if line.words.is_empty() { vec![None] } else { line.words.iter().map(|w| Some(w.as_str())).collect() };
    let several = given.len() > 1;
    let mut output = Output::default();
    for word in given {
        match listing(shell, &there, word, line.has("-l")) {
            Ok((text, dir)) => {
                if several && dir {
                    let gap = if output.out.is_empty() { "" } else { "\n" };
                    output.out += &format!("{gap}{}:\n", word.unwrap_or_default());
                }
                output.out += &text;
            }
            Err(shown) => {
                output.err += &format!("ls: cannot access '{shown}': No such file or directory\n");
                output.status = 2;
            }
        }
    }
    output
}

/// What one word names, and whether it is a directory; the name itself where there is nothing.
fn listing(shell: &Shell, there: &[File], word: Option<&str>, long: bool) -> Result<(String, bool), String> {
    let path = absolute(shell.dir(), word.unwrap_or("."));
    if let Some((_, text)) = there.iter().find(|(name, _)| *name == path) {
        return Ok((entry(long, word.unwrap_or(""), Some(text.len())), false));
    }
    let below = format!("{}/", path.trim_end_matches('/'));
    let mut names: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (name, text) in there {
        let Some(rest) = name.strip_prefix(&below) else { continue };
        let (head, size) = rest.split_once('/').map_or((rest, Some(text.len())), |(dir, _)| (dir, None));
        names.insert(head, size);
    }
    if names.is_empty() && path != "/" && !is_standard(shell, &path) {
        return Err(word.unwrap_or(&path).to_owned());
    }
    Ok((names.iter().map(|(name, size)| entry(long, name, *size)).collect::<String>(), true))
}

fn entry(long: bool, name: &str, size: Option<usize>) -> String {
    match (long, size) {
        (false, _) => format!("{name}\n"),
        (true, Some(size)) => format!("-rw-r--r-- 1 root root {size:>6} Jan  1 00:00 {name}\n"),
        (true, None) => format!("drwxr-xr-x 2 root root   4096 Jan  1 00:00 {name}\n"),
    }
}

/// `tar vxf crictl-VERSION.tar.gz` as the article types it: crictl is there then.
fn tar(_: &mut Shell, args: &[String]) -> Output {
    match args.iter().find(|a| a.ends_with(".tar.gz")) {
        Some(archive) if archive.contains("crictl-") => Output::ok("crictl\n"),
        Some(archive) => Output::fail(2, format!("tar: {archive}: Cannot open: No such file or directory")),
        None => Output::fail(2, "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"),
    }
}

fn copy(shell: &mut Shell, line: &Line) -> Output {
    match line.words.as_slice() {
        [from, _] if from == "crictl" || read(shell, from).is_ok() => Output::default(),
        [from, _] => Output::fail(1, format!("cp: cannot stat '{from}': No such file or directory")),
        [from] => Output::fail(1, format!("cp: missing destination file operand after '{from}'")),
        _ => Output::fail(1, "cp: missing file operand"),
    }
}

/// Every file of the place where one is, by path.
pub(super) fn all(shell: &Shell) -> Vec<File> {
    let world = shell.session().world();
    let place = shell.own.place();
    let written = shell.own.written.iter().filter(|((own, _), _)| *own == place);
    let in_root = shell.is_in_root();
    let seen =
        |path: &String| if in_root { path.strip_prefix(HOST_ROOT).map(str::to_owned) } else { Some(path.clone()) };
    let written = written.filter_map(|((_, path), text)| Some((seen(path)?, text.clone())));
    let mut files: Vec<File> = match shell.context() {
        Context::Workstation => Vec::new(),
        Context::Node(host) => {
            let own = common(world, host).into_iter();
            let node = node_of(world, host).map_or_else(Vec::new, |(id, node)| of_node(world, id, node));
            if in_root {
                return own.chain(node).chain(written).collect();
            }
            let under_root =
                common(world, host).into_iter().chain(node).map(|(path, text)| (HOST_ROOT.to_owned() + &path, text));
            own.chain(under_root).collect()
        }
        Context::Pod(host) => common(world, host),
    };
    files.extend(written);
    files
}

fn node_of(world: &World, host: HostId) -> Option<(NodeId, &Node)> {
    let Role::Node(id) = world.hosts.get(host)?.role else { return None };
    Some((id, world.nodes.get(id)?))
}

fn common(world: &World, id: HostId) -> Vec<File> {
    let Some(host) = world.hosts.get(id) else { return Vec::new() };
    let flag = |on: bool| format!("{}\n", u8::from(on));
    let mut files = vec![
        ("/etc/hostname".to_owned(), format!("{}\n", host.name)),
        ("/proc/sys/net/ipv4/ip_forward".to_owned(), flag(host.sysctl.ip_forward)),
        ("/proc/sys/net/bridge/bridge-nf-call-iptables".to_owned(), flag(host.sysctl.bridge_nf_call_iptables)),
        ("/etc/resolv.conf".to_owned(), resolv_conf(world, id)),
    ];
    files.extend(of_kernel(world, host));
    files.push(("/etc/hosts".to_owned(), hosts(host)));
    for interface in host.interfaces.values() {
        let path = format!("/proc/sys/net/ipv4/conf/{}/proxy_arp", interface.name);
        files.push((path, flag(interface.proxy_arp)));
        files.push((format!("/sys/class/net/{}/address", interface.name), format!("{}\n", interface.mac)));
        files.push((format!("/sys/class/net/{}/mtu", interface.name), format!("{}\n", interface.mtu)));
    }
    files
}

/// What the kernel shows of its tables. Source: Linux `net/ipv4/arp.c` (`arp_format_neigh_entry`), `net/bridge/br_sysfs_br.c`.
fn of_kernel(world: &World, host: &Host) -> Vec<File> {
    let mut arp = String::from("IP address       HW type     Flags       HW address            Mask     Device\n");
    for (dev, ip, entry) in host.neighbors.iter() {
        let name = host.interface(dev).map_or("", |i| &i.name);
        let (flags, mac) = match (entry.mac, entry.state_at(world.now)) {
            (Some(mac), NeighborState::Permanent) => ("0x6", mac),
            (Some(mac), _) => ("0x2", mac),
            (None, _) => ("0x0", Mac::ZERO),
        };
        arp += &format!("{:<16} 0x1         {flags:<12}{mac}     *        {name}\n", ip.to_string());
    }
    let mut files = vec![
        ("/proc/net/arp".to_owned(), arp),
        ("/proc/sys/kernel/osrelease".to_owned(), format!("{}\n", NODE_IMAGE.kernel)),
        ("/proc/sys/kernel/hostname".to_owned(), format!("{}\n", host.name)),
    ];
    for interface in host.interfaces.values() {
        let dir = format!("/sys/class/net/{}", interface.name);
        if interface.kind == InterfaceKind::Bridge {
            let hundredths = AGEING_TIME.as_millis() / 10;
            files.push((format!("{dir}/bridge/ageing_time"), format!("{hundredths}\n")));
        }
        if interface.master.is_some() {
            files.push((format!("{dir}/brport/hairpin_mode"), format!("{}\n", u8::from(interface.hairpin))));
        }
        let state = if interface.up { "up\n" } else { "down\n" };
        files.push((format!("{dir}/operstate"), state.to_owned()));
    }
    files
}

fn hosts(host: &Host) -> String {
    let own = host.first_address().map_or_else(String::new, |a| format!("{a}\t{}\n", host.name));
    format!("127.0.0.1\tlocalhost\n{own}")
}

/// A pod asks the cluster's DNS service, a machine asks Azure.
fn resolv_conf(world: &World, id: HostId) -> String {
    let pod = world.hosts.get(id).and_then(|h| match h.role {
        Role::Pod(pod) => world.pods.get(pod),
        Role::Node(_) | Role::Vm => None,
    });
    match pod.and_then(|p| Some((p, world.clusters.get(p.cluster)?))) {
        Some((pod, cluster)) => format!(
            "nameserver {}\nsearch {}.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n",
            cluster.dns_service_ip, pod.namespace
        ),
        None => "nameserver 168.63.129.16\n".to_owned(),
    }
}

fn of_node(world: &World, id: NodeId, node: &Node) -> Vec<File> {
    let (name, version) = NODE_IMAGE.os.split_once(' ').unwrap_or((NODE_IMAGE.os, ""));
    let release = format!("NAME=\"{name}\"\nVERSION=\"{version}\"\nPRETTY_NAME=\"{}\"\n", NODE_IMAGE.os);
    let mut files = vec![("/etc/os-release".to_owned(), release)];
    if let Some(cluster) = world.clusters.get(node.cluster)
        && let Some(file) = cluster.recipe.cni_file(cluster, node)
    {
        files.push((file.name().to_owned(), file.text() + "\n"));
    }
    match &node.ipam {
        Ipam::HostLocal(store) => {
            for (address, owner) in store.reservations() {
                files.push((format!("{ADDRESS_STORE}/{address}"), format!("{}\r\neth0", owner.container())));
            }
            if let Some(last) = store.last_reserved(0) {
                files.push((format!("{ADDRESS_STORE}/last_reserved_ip.0"), last.to_string()));
            }
            files.push((format!("{ADDRESS_STORE}/lock"), String::new()));
        }
        Ipam::AzureVnet(pool) => files.push(("/var/log/azure-vnet-ipam.log".to_owned(), ipam_log(pool))),
        Ipam::Cns(_) | Ipam::None => {}
    }
    if node.azure_vnet().is_some() || node.cns().is_some() {
        files.push(("/var/log/azure-vnet.log".to_owned(), vnet_log(world, id)));
    }
    files
}

/// The pool as the plugin logs it: Go's `%+v`, with the addresses in the order of their text.
/// Source: Azure/azure-container-networking `ipam/pool.go`.
fn ipam_log(pool: &crate::sim::ipam::azure_vnet_ipam::AzureVnetIpam) -> String {
    let held = |address| pool.records().find(|(a, _)| *a == address).and_then(|(_, id)| id).cloned();
    let records: Vec<String> = pool
        .log_order()
        .into_iter()
        .map(|address| {
            let (id, used) = held(address).map_or((String::new(), false), |id| (id.to_string(), true));
            format!("{address}:{{ID:{id} Addr:{address} InUse:{used}}}")
        })
        .collect();
    format!(
        "[ipam] Address space Local: pool {subnet} {{Id:{subnet} IfName:eth0 Subnet:{subnet} Gateway:{gateway} Addresses:map[{records}] IsIPv6:false Priority:0}}\n",
        subnet = pool.subnet(),
        gateway = pool.gateway(),
        records = records.join(" "),
    )
}

/// What the plugin did for each pod: the address it got and the route to it.
fn vnet_log(world: &World, id: NodeId) -> String {
    let mut log = String::new();
    let Some(host) = world.nodes.get(id).and_then(|n| world.hosts.get(n.host)) else { return log };
    for (pod_id, pod) in world.pods.iter().filter(|(_, p)| p.node == Some(id) && !p.host_network) {
        let Some(address) = pod.address else { continue };
        log += &format!(
            "[cni-net] ADD command completed for pod {}/{} container {} with result: IP {address}\n",
            pod.namespace,
            pod.name,
            crictl::sandbox_id(pod_id)
        );
        let route = host.fib.routes().iter().find(|r| r.dst.prefix_len() == 32 && r.dst.addr() == address);
        if let Some(dev) = route.and_then(|r| host.interface(r.dev()?)) {
            log += &format!("[net] Adding route {address}/32 dev {}\n", dev.name);
        }
    }
    log
}
