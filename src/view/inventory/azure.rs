//! Rows of Azure's network: VNets, subnets, VMs, route tables, NSGs.

use super::{Deed, Fact, Row, RowKey, RowKind, Tree};
use crate::sim::action::{Action, NsgTarget};
use crate::sim::fabric::network::Subnet;
use crate::sim::fabric::next_hop::NextHop;
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::{AddressMatch, Direction, Nsg, PortMatch, SecurityRule};
use crate::sim::host::{Host, Role};
use crate::sim::ids::{NsgId, RouteTableId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::LeaseState;
use crate::view::form::{FieldId, FormKind};
use crate::view::target::Target;

impl Tree<'_> {
    pub(super) fn vnets(&mut self) {
        let world = self.world;
        for (id, vnet) in world.vnets.iter() {
            let subnets: Vec<_> = world.subnets.iter().filter(|(_, s)| s.vnet == id).collect();
            let name = vnet.name.to_string();
            let mut row = Row::new(RowKey::of(RowKind::Vnet, id.0), 0, &name);
            row.facts = vnet.prefixes.iter().map(|p| Fact::Verbatim(p.to_string())).collect();
            row.target = Some(Target::Vnet(id));
            row.deeds = vec![
                Deed::form(FormKind::Subnet, [(FieldId::Vnet, name.clone())]),
                Deed::now("delete", Action::DeleteVnet { name: name.clone() }),
            ];
            // Subnets are few, and the frame of all else.
            if self.push(row, subnets.len(), true) {
                for (subnet_id, subnet) in subnets {
                    self.subnet(id, &name, subnet_id, subnet);
                }
            }
        }
    }

    fn subnet(&mut self, vnet: VnetId, vnet_name: &str, id: SubnetId, subnet: &Subnet) {
        let world = self.world;
        let key = RowKey { kind: RowKind::Subnet, id: id.0, sub: vnet.0 };
        let counts = subnet.pool.counts();
        let mut row = Row::new(key, 1, &subnet.name);
        row.facts = vec![
            Fact::Verbatim(subnet.pool.prefix().to_string()),
            Fact::Ratio("used", counts.leased(), counts.usable()),
        ];
        row.facts.extend(subnet.delegated.then_some(Fact::State("delegated")));
        row.facts.extend(subnet.exhausted.then_some(Fact::State("exhausted")));
        row.facts.extend(is_shared(subnet).then_some(Fact::State("shared")));
        row.target = Some(Target::Subnet(id));
        row.deeds = self.subnet_deeds(vnet_name, subnet);
        let of_subnet = |n: &&Nic| n.subnet == id && world.hosts.get(n.host).is_some_and(|h| h.role == Role::Vm);
        let vms: Vec<&Nic> = world.nics.values().filter(of_subnet).collect();
        if self.push(row, vms.len(), true) {
            let parent = RowKey::of(RowKind::Subnet, id.0);
            let rows: Vec<Row> = vms.iter().take(self.shown.limit(parent)).filter_map(|nic| self.vm(nic)).collect();
            self.rows.extend(rows);
            self.more(parent, 2, vms.len());
        }
    }

    fn subnet_deeds(&self, vnet: &str, subnet: &Subnet) -> Vec<Deed> {
        let name = subnet.name.to_string();
        let path = format!("{vnet}/{name}");
        let mut deeds = Vec::new();
        if is_shared(subnet) {
            let apart = [(FieldId::Network, "pod-subnet".to_owned())];
            deeds.push(Deed::form(FormKind::Cluster, apart));
        }
        if !subnet.delegated {
            deeds.push(Deed::form(FormKind::Vm, [(FieldId::Subnet, path.clone())]));
        }
        if subnet.route_table.is_some() {
            let detach = Action::AttachRouteTable { vnet: vnet.to_owned(), subnet: name.clone(), table: None };
            deeds.push(Deed::now("detach-table", detach));
        } else if !self.world.route_tables.is_empty() {
            deeds.push(Deed::form(FormKind::AttachTable, [(FieldId::Subnet, path.clone()), self.own_table(subnet)]));
        }
        if subnet.nsg.is_some() {
            let to = NsgTarget::Subnet { vnet: vnet.to_owned(), subnet: name.clone() };
            deeds.push(Deed::now("detach-nsg", Action::AttachNsg { to, nsg: None }));
        } else if let Some(nsg) = self.world.nsgs.values().next() {
            let preset = [(FieldId::Attach, format!("subnet:{path}")), (FieldId::Nsg, nsg.name.to_string())];
            deeds.push(Deed::form(FormKind::AttachNsg, preset));
        }
        deeds.push(Deed::now("delete", Action::DeleteSubnet { vnet: vnet.to_owned(), name }));
        deeds
    }

    /// The table to attach: that of the cluster in the subnet, else the first.
    fn own_table(&self, subnet: &Subnet) -> (FieldId, String) {
        let world = self.world;
        let is_here =
            |s: SubnetId| world.subnets.get(s).is_some_and(|s| s.name == subnet.name && s.vnet == subnet.vnet);
        let own = world.clusters.values().find(|c| c.pools.iter().any(|p| is_here(p.subnet)));
        let own = own.and_then(|c| c.route_table).and_then(|id| world.route_tables.get(id));
        let table = own.or_else(|| world.route_tables.values().next());
        (FieldId::Table, table.map_or_else(String::new, |t| t.name.to_string()))
    }

    pub(super) fn vm_rows(&self) -> impl Iterator<Item = Row> {
        self.world.nics.values().filter_map(|nic| self.vm(nic))
    }

    fn vm(&self, nic: &Nic) -> Option<Row> {
        let host = self.world.hosts.get(nic.host).filter(|h| h.role == Role::Vm)?;
        let endpoint = format!("vm/{}", host.name);
        let mut row = Row::new(RowKey::of(RowKind::Vm, nic.host.0), 2, &host.name);
        row.facts = nic.primary().map(|a| Fact::Verbatim(a.to_string())).into_iter().collect();
        row.target = Some(Target::Host(nic.host));
        row.deeds = send_deeds(&endpoint);
        row.deeds.push(forwarding(nic));
        row.deeds.extend(host_deeds(&endpoint, host));
        row.deeds.push(Deed::now("delete", Action::DeleteVm { name: host.name.to_string() }));
        Some(row)
    }

    pub(super) fn route_tables(&mut self) {
        let world = self.world;
        for (id, table) in world.route_tables.iter() {
            let key = RowKey::of(RowKind::RouteTable, id.0);
            let name = table.name.to_string();
            let mut row = Row::new(key, 0, &name);
            row.facts = vec![Fact::Count("routes", table.len() as u64)];
            row.facts.extend(self.is_detached(id).then_some(Fact::State("detached")));
            row.target = Some(Target::RouteTable(id));
            row.deeds = vec![
                Deed::form(FormKind::Route, [(FieldId::Table, name.clone())]),
                Deed::form(FormKind::AttachTable, [(FieldId::Table, name.clone())]),
                Deed::now("delete", Action::DeleteRouteTable { name: name.clone() }),
            ];
            if self.push(row, table.len(), true) {
                for (route, number) in table.routes().zip(0u32..).take(self.shown.limit(key)) {
                    let hop = NextHop::from(route.next_hop);
                    let to = hop.ip().map_or_else(|| hop.code().to_owned(), |ip| ip.to_string());
                    let key = RowKey { kind: RowKind::Route, id: id.0, sub: number };
                    let mut row = Row::new(key, 1, &route.name);
                    row.facts = vec![Fact::Verbatim(format!("{} → {to}", route.prefix))];
                    row.target = Some(Target::RouteTable(id));
                    row.deeds = route_deeds(&name, route, hop);
                    self.rows.push(row);
                }
                self.more(key, 1, table.len());
            }
        }
    }

    fn is_detached(&self, id: RouteTableId) -> bool {
        self.world.subnets.values().all(|s| s.route_table != Some(id))
    }

    pub(super) fn nsgs(&mut self) {
        let world = self.world;
        for (id, nsg) in world.nsgs.iter() {
            let name = nsg.name.to_string();
            let mut row = Row::new(RowKey::of(RowKind::Nsg, id.0), 0, &name);
            row.facts = vec![Fact::Count("rules", nsg.own_rules() as u64)];
            row.facts.extend(self.is_unused(id).then_some(Fact::State("detached")));
            row.target = Some(Target::Nsg(id));
            row.deeds = vec![
                Deed::form(FormKind::Rule, [(FieldId::Nsg, name.clone())]),
                Deed::form(FormKind::AttachNsg, [(FieldId::Nsg, name.clone())]),
                Deed::now("delete", Action::DeleteNsg { name: name.clone() }),
            ];
            if self.push(row, nsg.own_rules(), true) {
                self.rules(id, &name, nsg);
            }
        }
    }

    fn is_unused(&self, id: NsgId) -> bool {
        self.world.subnets.values().all(|s| s.nsg != Some(id)) && self.world.nics.values().all(|n| n.nsg != Some(id))
    }

    fn rules(&mut self, id: NsgId, nsg_name: &str, nsg: &Nsg) {
        let parent = RowKey::of(RowKind::Nsg, id.0);
        let own = [Direction::Inbound, Direction::Outbound].into_iter().flat_map(|d| nsg.rules(d));
        let own = own.filter(|r| !r.is_default()).zip(0u32..).take(self.shown.limit(parent));
        for (rule, number) in own {
            let mut row = Row::new(RowKey { kind: RowKind::Rule, id: id.0, sub: number }, 1, &rule.name);
            let what =
                format!("{} {} {} {}", rule.priority, rule.access.code(), rule.direction.code(), rule.protocol.code());
            row.facts = vec![Fact::Verbatim(what)];
            row.target = Some(Target::Nsg(id));
            row.deeds = rule_deeds(nsg_name, rule);
            self.rows.push(row);
        }
        self.more(parent, 1, nsg.own_rules());
    }
}

/// Whether nodes and pods have addresses of the same subnet, so that no rule by prefix can tell them apart.
fn is_shared(subnet: &Subnet) -> bool {
    let counts = subnet.pool.counts();
    let pods = [LeaseState::HeldForPods, LeaseState::HeldInBatch, LeaseState::Assigned];
    counts.of(LeaseState::Node) > 0 && pods.iter().any(|state| counts.of(*state) > 0)
}

fn route_deeds(table: &str, route: &crate::sim::fabric::route_table::UserRoute, hop: NextHop) -> Vec<Deed> {
    let preset = [
        (FieldId::Table, table.to_owned()),
        (FieldId::Name, route.name.to_string()),
        (FieldId::Prefix, route.prefix.to_string()),
        (FieldId::NextHop, hop.code().to_owned()),
        (FieldId::NextHopIp, hop.ip().map_or_else(String::new, |ip| ip.to_string())),
    ];
    let delete = Action::DeleteRoute { table: table.to_owned(), name: route.name.to_string() };
    vec![Deed::form(FormKind::Route, preset), Deed::now("delete", delete)]
}

fn rule_deeds(nsg: &str, rule: &SecurityRule) -> Vec<Deed> {
    let mut deeds = Vec::new();
    // A rule that the form can say in full.
    if rule.source_ports == PortMatch::Any {
        let preset = [
            (FieldId::Nsg, nsg.to_owned()),
            (FieldId::Name, rule.name.to_string()),
            (FieldId::Access, rule.access.code().to_owned()),
            (FieldId::Direction, rule.direction.code().to_owned()),
            (FieldId::Protocol, rule.protocol.code().replace('*', "Any")),
            (FieldId::Priority, rule.priority.to_string()),
            (FieldId::Source, addresses(&rule.source)),
            (FieldId::Destination, addresses(&rule.destination)),
            (FieldId::Ports, ports(&rule.destination_ports)),
        ];
        deeds.push(Deed::form(FormKind::Rule, preset));
    }
    deeds.push(Deed::now("delete", Action::DeleteNsgRule { nsg: nsg.to_owned(), name: rule.name.to_string() }));
    deeds
}

fn addresses(addresses: &AddressMatch) -> String {
    match addresses {
        AddressMatch::Any => "*".to_owned(),
        AddressMatch::Prefixes(nets) => nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        AddressMatch::Tag(tag) => tag.code().to_owned(),
    }
}

fn ports(ports: &PortMatch) -> String {
    match ports {
        PortMatch::Any => "*".to_owned(),
        PortMatch::Ranges(ranges) => {
            let one = |r: &crate::sim::fabric::nsg::PortRange| {
                if r.first == r.last { r.first.to_string() } else { format!("{}-{}", r.first, r.last) }
            };
            ranges.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Packets from here and to here.
pub(super) fn send_deeds(endpoint: &str) -> Vec<Deed> {
    vec![
        Deed::form(FormKind::Send, [(FieldId::From, endpoint.to_owned())]),
        Deed::form(FormKind::Send, [(FieldId::To, endpoint.to_owned())]),
    ]
}

pub(super) fn forwarding(nic: &Nic) -> Deed {
    let (code, on) = if nic.ip_forwarding { ("nic-forwarding-off", false) } else { ("nic-forwarding-on", true) };
    Deed::now(code, Action::SetIpForwarding { nic: nic.name.to_string(), on })
}

/// What an administrator of a host can do.
pub(super) fn host_deeds(endpoint: &str, host: &Host) -> Vec<Deed> {
    use crate::sim::action::SysctlName::IpForward;
    let on = !host.sysctl.ip_forward;
    let code = if on { "ip-forward-on" } else { "ip-forward-off" };
    let preset = || [(FieldId::Host, endpoint.to_owned())];
    vec![
        Deed::now(code, Action::SetSysctl { host: endpoint.to_owned(), name: IpForward, on }),
        Deed::form(FormKind::Link, preset()),
        Deed::form(FormKind::HostRoute, preset()),
        Deed::form(FormKind::DeleteHostRoute, preset()),
        Deed::form(FormKind::Flush, preset()),
    ]
}
