//! Actions out of JSON, by a table of their fields: what serde derives for so many variants is six times as large.

use super::Action;
use crate::sim::json::{Error, Fields, Value, from_value};

/// Reads every variant with named fields; behind `=` stands the value of a field that may be missing.
macro_rules! actions {
    ($($code:literal $variant:ident { $($field:ident $(= $default:expr)?),* })*) => {
        /// Codes of all actions.
        const CODES: &[&str] = &["create_cluster", "add_pool", "settle", $($code),*];

        /// Reads one action.
        pub(in crate::sim) fn read(value: &Value) -> Result<Action, Error> {
            let (code, content) = value.variant()?;
            match code {
                "create_cluster" => from_value(content).map(Action::CreateCluster),
                "add_pool" => from_value(content).map(Action::AddPool),
                "settle" => content.nothing().map(|()| Action::Settle),
                $($code => {
                    let fields = Fields::of(content, &[$(stringify!($field)),*])?;
                    Ok(Action::$variant { $($field: fields.get(stringify!($field), None $(.or(Some($default)))?)?),* })
                })*
                _ => Err(value.unknown_variant(CODES)),
            }
        }

        /// The code of an action: a variant that is not in the table does not compile.
        #[cfg(test)]
        const fn code(action: &Action) -> &'static str {
            match action {
                Action::CreateCluster(_) => "create_cluster",
                Action::AddPool(_) => "add_pool",
                Action::Settle => "settle",
                $(Action::$variant { .. } => $code,)*
            }
        }
    };
}

actions! {
    "delete_group" DeleteGroup { name }
    "create_group" CreateGroup { name, location }
    "create_vnet" CreateVnet { name, prefixes, resource_group = None }
    "set_address_space" SetAddressSpace { vnet, prefixes }
    "delete_vnet" DeleteVnet { name }
    "create_subnet" CreateSubnet { vnet, name, prefix }
    "delete_subnet" DeleteSubnet { vnet, name }
    "create_vm" CreateVm { name, vnet, subnet, address = None, resource_group = None }
    "delete_vm" DeleteVm { name }
    "create_nsg" CreateNsg { name, resource_group = None }
    "delete_nsg" DeleteNsg { name }
    "put_nsg_rule" PutNsgRule { nsg, rule }
    "delete_nsg_rule" DeleteNsgRule { nsg, name }
    "attach_nsg" AttachNsg { to, nsg = None }
    "create_route_table" CreateRouteTable { name, resource_group = None }
    "delete_route_table" DeleteRouteTable { name }
    "put_route" PutRoute { table, route }
    "delete_route" DeleteRoute { table, name }
    "attach_route_table" AttachRouteTable { vnet, subnet, table = None }
    "set_ip_forwarding" SetIpForwarding { nic, on }
    "delete_cluster" DeleteCluster { name }
    "scale_pool" ScalePool { cluster, pool, count }
    "delete_pool" DeletePool { cluster, pool }
    "set_pool_labels" SetPoolLabels { cluster, pool, labels }
    "delete_node" DeleteNode { name }
    "cordon" Cordon { node, on }
    "set_masquerade" SetMasquerade { cluster, keep }
    "create_deployment" CreateDeployment { cluster, name, image, replicas }
    "scale_deployment" ScaleDeployment { cluster, name, replicas }
    "delete_deployment" DeleteDeployment { cluster, name }
    "delete_pod" DeletePod { name }
    "end_pod" EndPod { name, status = 0 }
    "run_pod" RunPod { cluster, name, image, node = None, host_network = false }
    "set_label" SetLabel { on, key, value = None }
    "set_sysctl" SetSysctl { host, name, on }
    "set_link" SetLink { host, dev, up }
    "add_host_route" AddHostRoute { host, route }
    "delete_host_route" DeleteHostRoute { host, dst, metric = None }
    "set_address" SetAddress { host, dev, address, on }
    "set_neighbor" SetNeighbor { host, dev, address, mac = None }
    "delete_nat_rule" DeleteNatRule { host, chain, number }
    "edit_chain" EditChain { host, table, chain, edit }
    "delete_bridge_rule" DeleteBridgeRule { host, chain, number }
    "flush" Flush { host, table }
    "wait" Wait { ms }
    "send" Send { from, to, probe, count = super::one() }
}

#[cfg(test)]
mod tests {
    use super::{CODES, code, read};
    use crate::sim::action::{Action, Label, NsgTarget, SysctlName};
    use crate::sim::json::{parse, to_compact};

    fn error(text: &str) -> String {
        read(&parse(text).unwrap()).unwrap_err().words(text)
    }

    /// What is written under a code is read under it.
    #[test]
    fn reads_what_is_written() {
        let target = NsgTarget::Nic("n".to_owned());
        let actions = [
            Action::Settle,
            Action::Wait { ms: 5 },
            Action::CreateVm {
                name: "v".into(),
                vnet: "n".into(),
                subnet: "s".into(),
                address: None,
                resource_group: None,
            },
            Action::AttachNsg { to: target, nsg: None },
            Action::SetAddressSpace { vnet: "v".into(), prefixes: vec!["10.0.0.0/16".parse().unwrap()] },
            Action::SetPoolLabels {
                cluster: "c".into(),
                pool: "p".into(),
                labels: vec![Label { key: "a/b".into(), value: String::new() }],
            },
            Action::EndPod { name: "default/p".into(), status: 0 },
            Action::EndPod { name: "default/p".into(), status: 3 },
            Action::SetSysctl { host: "h".into(), name: SysctlName::IpForward, on: true },
        ];
        for action in actions {
            let text = to_compact(&action);
            assert!(text.contains(code(&action)) && CODES.contains(&code(&action)), "{text}");
            assert_eq!(read(&parse(&text).unwrap()), Ok(action), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert_eq!(error(r#"{"wait":{}}"#), "missing field `ms` at line 1 column 10");
        assert_eq!(error(r#"{"wait":{"ms":1,"s":2}}"#), "unknown field `s`, expected `ms` at line 1 column 19");
        assert_eq!(error(r#"{"wait":{"ms":1,"ms":2}}"#), "duplicate field `ms` at line 1 column 20");
        assert_eq!(error(r#"{"wait":{"ms":"x"}}"#), "invalid type: string \"x\", expected u64 at line 1 column 17");
        assert!(error(r#"{"fly":{}}"#).starts_with("unknown variant `fly`, expected one of `create_cluster`, "));
        assert!(error(r#"{"settle":{}}"#).starts_with("invalid type: map, expected unit variant"));
    }
}
