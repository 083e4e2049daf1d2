//! Links that go down and come up again.

use super::send;
use crate::fixture::*;
use crate::kubenet::{after, dev, error, host, pod_host, record};
use podhop::session::Session;
use podhop::sim::action::{Action, FlushTable};
use podhop::sim::capture::points;
use podhop::sim::engine::probe::ProbeProtocol;
use podhop::sim::host::interface::InterfaceKind;
use podhop::sim::packet::Unreachable;
use podhop::sim::record::decision::{Decision, DropReason, Origin};
use podhop::sim::record::trace::{ErrorKind, Outcome};

/// A pair carries frames only while both of its ends are up; the bridge above forgets what it had learned there.
#[test]
fn a_link_needs_both_ends() {
    let session = after(&article(), ping("10.244.1.3", "10.244.1.2"));
    let pod = pod_host(&session, "10.244.1.2");
    let mac = session.world().hosts.get(pod).unwrap().interface_named("eth0").unwrap().mac;
    let down = after(&session, Action::SetLink { host: "10.244.1.2".into(), dev: "eth0".into(), up: false });
    let cbr0 = dev(&down, "vmss000000", "cbr0");
    let node = down.world().hosts.get(host(&down, "vmss000000")).unwrap();
    assert_eq!(node.bridges.get(&cbr0.index).unwrap().fdb.get(&mac), None);
    let flushed = after(&down, Action::Flush { host: "10.244.1.3".into(), table: FlushTable::Neighbors });
    let done = after(&flushed, ping("10.244.1.3", "10.244.1.2"));
    assert_eq!(error(&done), (ErrorKind::Unreachable(Unreachable::Host), "10.244.1.3".to_owned()));
    let seen = points::everywhere(record(&done), done.world());
    assert!(seen.iter().all(|(at, _)| at.host != pod), "nothing gets to the pod");
    let pod_down = after(&down, ping("10.244.1.2", "10.244.1.3"));
    assert!(matches!(outcome(&pod_down), Outcome::Lost { .. } | Outcome::Error { .. }));
}

/// A pod whose link comes up again announces itself (`arp_notify`), all in one action, but before the bridge has noticed
/// the carrier: its port drops that frame, and takes the next. What only the other end did is not announced.
#[test]
fn a_link_that_comes_up_is_announced_to_a_port_that_is_not_enabled_yet() {
    let session = article();
    let pod = pod_host(&session, "10.244.1.2");
    let eth0 = session.world().hosts.get(pod).unwrap().interface_named("eth0").unwrap().clone();
    let InterfaceKind::Veth { peer } = eth0.kind else { panic!("a pair") };
    let node = session.world().hosts.get(peer.host).unwrap();
    let (veth, bridge) = (node.interface(peer.index).unwrap(), node.interface(peer.index).unwrap().master.unwrap());
    for (on, dev, announced) in [("10.244.1.2", "eth0", true), ("10.0.0.4", veth.name.as_ref(), false)] {
        let link = |up| Action::SetLink { host: on.into(), dev: dev.into(), up };
        assert_eq!(record(&after(&session, link(true))).steps.len(), 0, "{dev}: it is up");
        let up = after(&after(&session, link(false)), link(true));
        let steps = &up.turns().last().unwrap().record.steps;
        let has = |wanted: &dyn Fn(&Decision) -> bool| steps.iter().any(|step| wanted(&step.decision));
        assert_eq!(has(&|d| matches!(d, Decision::Originate(Origin::ArpAnnounce { .. }))), announced, "{dev}");
        assert_eq!(has(&|d| *d == Decision::Drop(DropReason::PortDisabled)), announced, "{dev}");
        assert!(!up.world().queue.has_traffic(), "{dev}: nothing is left for the next action");
        let knows = |session: &Session| {
            let node = session.world().hosts.get(peer.host).unwrap();
            node.bridges.get(&bridge).unwrap().fdb.get(&eth0.mac).is_some()
        };
        assert!(!knows(&up), "{dev}");
        assert!(knows(&after(&up, send("10.244.1.2", "10.244.1.3", ProbeProtocol::Icmp, 64))), "{dev}");
    }
}
