//! The files that a node and a pod show, made from the state of the simulation whenever one is opened.

use super::{Context, Output, Shell};
use crate::sim::cluster::{Ipam, Node};
use crate::sim::host::Role;
use crate::sim::ids::{HostId, NodeId};
use crate::sim::mode::container_id;
use crate::sim::mode::kubenet::ADDRESS_STORE;
use crate::sim::world::World;

/// Where a node's files are in the container that `kubectl debug` starts.
const HOST_ROOT: &str = "/host";

/// What is where: a path with its content.
type File = (String, String);

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

pub(super) fn run(shell: &mut Shell, name: &str, args: &[String]) -> Output {
    match name {
        "pwd" => Output::ok(format!("{}\n", shell.dir())),
        "cd" => cd(shell, args.first().map_or("/root", String::as_str)),
        "ls" => ls(shell, args),
        "tar" => tar(args),
        _ => copy(shell, args),
    }
}

/// A path as it is from the root.
fn absolute(dir: &str, path: &str) -> String {
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

fn cd(shell: &mut Shell, to: &str) -> Output {
    let path = absolute(shell.dir(), to);
    let below = format!("{}/", path.trim_end_matches('/'));
    let files = all(shell);
    if files.iter().any(|(name, _)| *name == path) {
        return Output::fail(1, format!("bash: cd: {to}: Not a directory"));
    }
    if path != "/" && !files.iter().any(|(name, _)| name.starts_with(&below)) && !is_standard(&path) {
        return Output::fail(1, format!("bash: cd: {to}: No such file or directory"));
    }
    shell.set_dir(path);
    Output::default()
}

fn is_standard(path: &str) -> bool {
    matches!(path, "/root" | "/tmp" | "/host" | "/usr/local/bin" | "/home")
}

fn ls(shell: &Shell, args: &[String]) -> Output {
    let long = args.iter().any(|a| a.starts_with('-') && a.contains('l'));
    let given = args.iter().find(|a| !a.starts_with('-'));
    let path = absolute(shell.dir(), given.map_or(".", String::as_str));
    let there = all(shell);
    if let Some((_, text)) = there.iter().find(|(name, _)| *name == path) {
        return Output::ok(entry(long, given.map_or("", String::as_str), Some(text.len())));
    }
    let below = format!("{}/", path.trim_end_matches('/'));
    let mut names: Vec<(String, Option<usize>)> = Vec::new();
    for (name, text) in &there {
        let Some(rest) = name.strip_prefix(&below) else { continue };
        let (head, size) = rest.split_once('/').map_or((rest, Some(text.len())), |(dir, _)| (dir, None));
        if !names.iter().any(|(n, _)| n == head) {
            names.push((head.to_owned(), size));
        }
    }
    if names.is_empty() && path != "/" && !is_standard(&path) {
        let shown = given.map_or(path.as_str(), String::as_str);
        return Output::fail(2, format!("ls: cannot access '{shown}': No such file or directory"));
    }
    names.sort();
    Output::ok(names.iter().map(|(name, size)| entry(long, name, *size)).collect::<String>())
}

fn entry(long: bool, name: &str, size: Option<usize>) -> String {
    match (long, size) {
        (false, _) => format!("{name}\n"),
        (true, Some(size)) => format!("-rw-r--r-- 1 root root {size:>6} Jan  1 00:00 {name}\n"),
        (true, None) => format!("drwxr-xr-x 2 root root   4096 Jan  1 00:00 {name}\n"),
    }
}

/// `tar vxf crictl-VERSION.tar.gz` as the article types it: crictl is there then.
fn tar(args: &[String]) -> Output {
    match args.iter().find(|a| a.ends_with(".tar.gz")) {
        Some(archive) if archive.contains("crictl-") => Output::ok("crictl\n"),
        Some(archive) => Output::fail(2, format!("tar: {archive}: Cannot open: No such file or directory")),
        None => Output::fail(2, "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"),
    }
}

fn copy(shell: &Shell, args: &[String]) -> Output {
    match args {
        [from, _] if from == "crictl" || read(shell, from).is_ok() => Output::default(),
        [from, _] => Output::fail(1, format!("cp: cannot stat '{from}': No such file or directory")),
        _ => Output::fail(1, "cp: missing file operand"),
    }
}

/// Every file of the place where one is, by path.
fn all(shell: &Shell) -> Vec<File> {
    let world = shell.session().world();
    match shell.context() {
        Context::Workstation => Vec::new(),
        Context::Node(host) => {
            let own = common(world, host).into_iter();
            let node = node_of(world, host).map_or_else(Vec::new, |(id, node)| of_node(world, id, node));
            let under_root =
                common(world, host).into_iter().chain(node).map(|(path, text)| (HOST_ROOT.to_owned() + &path, text));
            own.chain(under_root).collect()
        }
        Context::Pod(host) => common(world, host),
    }
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
    for interface in host.interfaces.values() {
        let path = format!("/proc/sys/net/ipv4/conf/{}/proxy_arp", interface.name);
        files.push((path, flag(interface.proxy_arp)));
        files.push((format!("/sys/class/net/{}/address", interface.name), format!("{}\n", interface.mac)));
        files.push((format!("/sys/class/net/{}/mtu", interface.name), format!("{}\n", interface.mtu)));
    }
    files
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
    let mut files = Vec::new();
    if let Some(cluster) = world.clusters.get(node.cluster)
        && let Some(file) = cluster.network.recipe().cni_file(cluster, node)
    {
        files.push((file.name.to_owned(), file.text + "\n"));
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
            container_id(pod_id)
        );
        let route = host.fib.routes().iter().find(|r| r.dst.prefix_len() == 32 && r.dst.addr() == address);
        if let Some(dev) = route.and_then(|r| host.interface(r.dev()?)) {
            log += &format!("[net] Adding route {address}/32 dev {}\n", dev.name);
        }
    }
    log
}
