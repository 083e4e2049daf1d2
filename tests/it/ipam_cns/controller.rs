//! The controller's side, and both sides together (azure.md 6.1; T28 to T32).

use super::*;
use podhop::sim::ipam::cns::controller::{self, Change, exhausted};
use podhop::sim::ipam::cns::{NncSpec, PassAction, Signals};

fn node(monitor: MonitorVersion) -> Cns {
    Cns::new(Scaler::default(), monitor, NncSpec::default())
}

fn signals(cns: &Cns, exhausted: bool) -> Signals {
    Signals { exhausted, demand: cns.counts().assigned, ..Signals::default() }
}

/// Passes and answers in turn until nothing changes; returns what the monitor did.
fn settle(cns: &mut Cns, subnet: &mut Subnet, exhausted: bool) -> Vec<PassAction> {
    let mut actions = Vec::new();
    loop {
        let pass = cns.pass(signals(cns, exhausted), NOW);
        let quiet = matches!(pass.action, PassAction::AtMax | PassAction::Nothing);
        actions.push(pass.action);
        if !subnet.serve(cns) && quiet {
            return actions;
        }
    }
}

/// A node that has come to rest with so many pods.
fn with_pods(monitor: MonitorVersion, subnet: &mut Subnet, pods: u32) -> Cns {
    let mut cns = node(monitor);
    for pods in 0..=pods {
        settle(&mut cns, subnet, false);
        assign(&mut cns, pods);
    }
    settle(&mut cns, subnet, false);
    cns
}

fn total(cns: &Cns) -> u32 {
    cns.counts().secondary()
}

#[test]
fn t28_and_t30_addresses_of_a_node_by_its_pods() {
    let check = |pods, expected| {
        for monitor in BOTH {
            let found = total(&with_pods(monitor, &mut Subnet::new(22), pods));
            assert_eq!(found, expected, "{pods} pods, {monitor:?}");
        }
    };
    check(0, 16);
    check(8, 16);
    check(9, 32);
    check(24, 32);
    check(25, 48);
    check(40, 48);
    check(41, 64);
    check(232, 240);
    check(233, 250);
    check(240, 250);
    check(250, 250);
}

#[test]
fn t29_a_batch_goes_back_when_24_are_free() {
    for monitor in BOTH {
        let mut subnet = Subnet::new(22);
        let mut cns = with_pods(monitor, &mut subnet, 25);
        assert_eq!((total(&cns), subnet.free()), (48, 1019 - 48));
        assert_eq!(settle(&mut cns, &mut subnet, false), [PassAction::Nothing], "25 pods keep 48");
        assign(&mut cns, 24);
        let first = settle(&mut cns, &mut subnet, false).remove(0);
        assert!(matches!(first, PassAction::Shrink { from: 48, to: 32, .. }));
        assert_eq!((total(&cns), subnet.free()), (32, 1019 - 32));
    }
}

#[test]
fn the_first_monitor_steps_and_the_second_leaps() {
    let sizes = |monitor, pods| {
        let mut subnet = Subnet::new(22);
        let mut cns = with_pods(monitor, &mut subnet, 100);
        assign(&mut cns, pods);
        let actions = settle(&mut cns, &mut subnet, false);
        let size = |action: &PassAction| match action {
            PassAction::Shrink { to, .. } => Some(*to),
            _ => None,
        };
        actions.iter().filter_map(size).collect::<Vec<_>>()
    };
    assert_eq!(sizes(MonitorVersion::V1, 20), [96, 80, 64, 48, 32]);
    assert_eq!(sizes(MonitorVersion::V2, 20), [32]);
}

#[test]
fn t31_a_24_holds_15_idle_nodes() {
    for monitor in BOTH {
        let mut subnet = Subnet::new(24);
        let mut held = Vec::new();
        for _ in 0..16 {
            let mut cns = node(monitor);
            settle(&mut cns, &mut subnet, false);
            held.push((total(&cns), cns.network_container().unwrap().status));
        }
        assert_eq!(held[..15], [(16, NcStatus::Success); 15]);
        assert_eq!(held[15], (0, NcStatus::SubnetFull));
        assert_eq!((subnet.free(), subnet.unmet), (11, true));
    }
}

#[test]
fn t32_in_an_exhausted_subnet_one_address_stays_free() {
    let mut subnet = Subnet::new(24);
    let mut cns = with_pods(MonitorVersion::V1, &mut subnet, 8);
    let actions = settle(&mut cns, &mut subnet, true);
    let shrunk: Vec<(u32, u32)> = actions.iter().filter_map(step).collect();
    assert_eq!(shrunk, [(16, 15), (15, 14), (14, 13), (13, 12), (12, 11), (11, 10), (10, 9)]);
    assert_eq!(cns.counts(), counts(1, 8, 0, 0));
    assign(&mut cns, 9);
    let grown = settle(&mut cns, &mut subnet, true);
    assert_eq!(grown[0], PassAction::Grow { from: 9, to: 10 }, "none free asks for one");
    assert_eq!(cns.counts(), counts(1, 9, 0, 0));

    let mut leap = with_pods(MonitorVersion::V2, &mut subnet, 8);
    let leaps: Vec<(u32, u32)> = settle(&mut leap, &mut subnet, true).iter().filter_map(step).collect();
    assert_eq!((leaps, leap.counts()), (vec![(16, 9)], counts(1, 8, 0, 0)));
}

fn step(action: &PassAction) -> Option<(u32, u32)> {
    match action {
        PassAction::Shrink { from, to, .. } => Some((*from, *to)),
        _ => None,
    }
}

#[test]
fn the_controller_adds_what_is_missing_and_takes_what_is_not_in_use() {
    let check = |requested, not_in_use: &[u32], assigned, free, (add, remove, status): (u32, &[u32], NcStatus)| {
        let list = |numbers: &[u32]| numbers.iter().copied().map(ip).collect();
        let spec = NncSpec { requested, not_in_use: list(not_in_use) };
        let expected = Change { add, remove: list(remove), status };
        assert_eq!(reconcile(&spec, &ips(0..assigned), free), expected, "{spec:?}");
    };
    let (success, full) = (NcStatus::Success, NcStatus::SubnetFull);
    check(16, &[], 0, 100, (16, &[], success));
    check(16, &[], 16, 100, (0, &[], success));
    check(3, &[3], 4, 100, (0, &[3], success));
    check(4, &[3], 4, 100, (1, &[3], success));
    check(4, &[3, 9], 4, 100, (1, &[3], success));
    check(2, &[], 4, 100, (0, &[], success));
    check(16, &[], 0, 16, (16, &[], success));
    check(16, &[], 0, 15, (0, &[], full));
    check(16, &[2], 4, 12, (0, &[2], full));
    check(4, &[], 4, 0, (0, &[], success));
}

#[test]
fn exhaustion_is_set_by_an_unmet_request_and_cleared_with_a_batch_to_spare() {
    let check = |before, unmet, free, shortfall, expected| {
        let subnet = controller::Subnet { free, shortfall, batch: 16, unmet };
        assert_eq!(exhausted(before, &subnet), expected, "{before} {subnet:?}");
    };
    check(false, false, 0, 0, false);
    check(false, true, 11, 16, true);
    check(true, true, 1000, 0, true);
    check(true, false, 15, 0, true);
    check(true, false, 16, 0, false);
    check(true, false, 55, 40, true);
    check(true, false, 56, 40, false);
    check(false, false, 1, 40, false);
    check(true, false, 16, u64::MAX, true);
}

/// The nodes work on, the controller looks; how often exhaustion changed.
fn changes(nodes: &mut [Cns], subnet: &mut Subnet, flag: &mut bool) -> u32 {
    let mut changes = 0;
    for _ in 0..100 {
        for cns in &mut *nodes {
            cns.pass(signals(cns, *flag), NOW);
            subnet.serve(cns);
        }
        let short = |cns: &Cns| {
            let counts = cns.counts();
            u64::from(cns.scaler().target(counts.assigned, false).size.saturating_sub(counts.held()))
        };
        let shortfall = nodes.iter().map(short).sum();
        let unmet = std::mem::take(&mut subnet.unmet);
        let after = exhausted(*flag, &controller::Subnet { free: subnet.free(), shortfall, batch: 16, unmet });
        changes += u32::from(after != *flag);
        *flag = after;
    }
    changes
}

#[test]
fn exhaustion_does_not_swing() {
    for monitor in BOTH {
        // 59 addresses: three idle nodes fit, four do not.
        let (mut subnet, mut flag) = (Subnet::new(26), false);
        let mut nodes = vec![node(monitor); 4];
        assert_eq!(changes(&mut nodes, &mut subnet, &mut flag), 1);
        assert_eq!((flag, subnet.free()), (true, 55), "each keeps one free");
        for cns in &mut nodes {
            assign(cns, 1);
        }
        assert_eq!((changes(&mut nodes, &mut subnet, &mut flag), flag, subnet.free()), (0, true, 51));
        for remaining in [3, 2] {
            let gone = nodes.remove(remaining);
            subnet.free.extend(held(&gone));
            let cleared = remaining == 2;
            assert_eq!(changes(&mut nodes, &mut subnet, &mut flag), u32::from(cleared), "{remaining} nodes");
            assert_eq!(flag, !cleared);
        }
        assert_eq!(nodes.iter().map(total).collect::<Vec<_>>(), [16, 16]);
    }
}
