//! The second monitor against `cns/ipampool/v2/{math,monitor}_test.go`.

use super::*;
use podhop::sim::ipam::cns::{ApiServer, Basis, NncSpec, Pass, PassAction, Publish, Signals, Target};

#[test]
fn vectors_target() {
    let check = |demand, batch, buffer, max, expected| {
        let found = scaler(batch, buffer, 150, max).target(demand, false).size;
        assert_eq!(found, expected, "{demand} pods, batches of {batch}, buffer {buffer} %");
    };
    check(0, 16, 50, 250, 16);
    check(8, 16, 50, 250, 16);
    check(16, 16, 50, 250, 32);
    check(32, 16, 50, 250, 48);
    check(48, 16, 50, 250, 64);
    check(10, 1, 50, 250, 11);
    check(10, 16, 0, 250, 16);
    check(13, 1, 0, 250, 13);
    check(500, 16, 50, 250, 250);
    check(25, 16, 50, 250, 48);
}

#[test]
fn the_target_has_its_own_bounds() {
    let check = |scaler: Scaler, demand, exhausted, (batch, buffer_percent, max, size)| {
        assert_eq!(scaler.target(demand, exhausted), Target { demand, batch, buffer_percent, max, size });
    };
    check(scaler(16, 50, 150, 1000), 500, false, (16, 50, 250, 250));
    check(scaler(16, 50, 150, 30), 20, false, (16, 50, 30, 30));
    check(scaler(50, 50, 150, 30), 1, false, (30, 50, 30, 30));
    check(scaler(0, 50, 150, 250), 5, false, (1, 50, 250, 6));
    check(scaler(16, 50, 150, 250), 8, true, (1, 100, 250, 9));
    check(scaler(16, 50, 150, 250), u32::MAX, false, (16, 50, 250, 250));
}

/// A node that asked for so many addresses, has them, and has more that are pending release.
fn node(requested: u32, pending_release: u32) -> Cns {
    let spec = NncSpec { requested, not_in_use: Vec::new() };
    let mut cns = Cns::new(scaler(16, 50, 150, 250), MonitorVersion::V2, spec);
    cns.sync_host_version(0, NOW);
    cns.apply(nc(0), &ips(0..requested + pending_release), NOW).unwrap();
    cns.mark_pending_release(pending_release, NOW);
    cns
}

fn pass(cns: &mut Cns, demand: u32, api_server: ApiServer) -> Pass {
    cns.pass(Signals { exhausted: false, demand, api_server }, NOW)
}

#[test]
fn vectors_reconcile() {
    let check = |demand, (request, pending), (requested, pending_release)| {
        let mut cns = node(request, pending);
        let pass = pass(&mut cns, demand, ApiServer::Answers);
        let place = format!("{demand} pods, {request} requested, {pending} pending release");
        assert_eq!((cns.spec().requested, cns.counts().pending_release), (requested, pending_release), "{place}");
        let published = if pass.publish == Publish::Done { cns.spec().not_in_use.len() } else { 0 };
        assert_eq!(published, usize::try_from(pending_release).unwrap(), "{place}");
    };
    check(5, (16, 0), (16, 0));
    check(15, (16, 0), (32, 0));
    check(75, (16, 0), (96, 0));
    check(300, (16, 0), (250, 0));
    check(5, (32, 0), (16, 16));
    check(5, (128, 0), (16, 112));
    check(0, (32, 0), (16, 16));
    check(15, (3, 0), (32, 0));
    check(5, (37, 0), (16, 21));
    check(20, (16, 16), (32, 16));
    check(5, (32, 16), (16, 32));
}

#[test]
fn vector_fail_to_release_all_or_nothing() {
    let mut cns = node(32, 0);
    assign(&mut cns, 17);
    let before = cns.clone();
    let failed = pass(&mut cns, 6, ApiServer::Answers);
    assert_eq!((&failed.action, failed.publish), (&PassAction::CannotRelease { wanted: 16 }, Publish::NotNeeded));
    assert_eq!(cns, before);
    cns.release(&pod(16), NOW);
    let marked = ips(16..32).into_iter().rev().collect();
    assert_eq!(pass(&mut cns, 6, ApiServer::Answers).action, PassAction::Shrink { from: 32, to: 16, marked });
}

#[test]
fn vector_fail_to_patch_is_tried_again() {
    let mut cns = node(16, 0);
    let failed = pass(&mut cns, 20, ApiServer::Fails);
    assert_eq!((failed.action, failed.publish), (PassAction::Grow { from: 16, to: 32 }, Publish::Failed));
    assert_eq!(cns.spec().requested, 16);
    assert_eq!(pass(&mut cns, 20, ApiServer::Answers).publish, Publish::Done);
    assert_eq!(cns.spec().requested, 32);

    let mut cns = node(48, 0);
    assert_eq!(pass(&mut cns, 5, ApiServer::Fails).publish, Publish::Failed);
    assert_eq!((cns.spec().requested, cns.counts()), (48, counts(16, 0, 0, 32)), "the marks stay");
    let again = pass(&mut cns, 5, ApiServer::Answers).action;
    assert_eq!(again, PassAction::CannotRelease { wanted: 32 }, "and it wants to mark as many once more");
}

#[test]
fn pods_without_an_address_count_as_demand() {
    let mut cns = node(16, 0);
    assign(&mut cns, 16);
    let pass = pass(&mut cns, 60, ApiServer::Answers);
    assert_eq!(pass.action, PassAction::Grow { from: 16, to: 80 }, "one step, whatever the distance");
    assert!(matches!(pass.basis, Basis::Target(Target { demand: 60, size: 80, .. })));
}

#[test]
fn the_list_of_a_spec_stays_until_the_size_changes() {
    let mut cns = node(32, 0);
    pass(&mut cns, 5, ApiServer::Answers);
    cns.apply(nc(1), &ips(0..16), NOW).unwrap();
    assert_eq!(pass(&mut cns, 5, ApiServer::Answers).action, PassAction::Nothing);
    assert_eq!(cns.spec().not_in_use, ips(16..32));
    assert_eq!(pass(&mut cns, 15, ApiServer::Answers).action, PassAction::Grow { from: 16, to: 32 });
    assert!(cns.spec().not_in_use.is_empty());
}
