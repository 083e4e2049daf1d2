//! The first monitor against `cns/ipampool/monitor_test.go`.

use super::*;
use podhop::sim::ipam::cns::{ApiServer, Basis, NncSpec, PATCH_TRIES, Pass, PassAction, Publish, Signals, Thresholds};

/// A step of a vector, with what must be there after it.
#[derive(Clone, Copy, Debug)]
enum Do {
    /// The monitor runs; then the spec says `requestedIPCount` and so many `ipsNotInUse`.
    Pass(u32, usize),
    /// So many pods have an address.
    Assigned(u32),
    /// The controller of the component's tests adds what is missing and removes what is not in use; then so many
    /// addresses are there.
    Dnc(usize),
    /// It adds, but removes nothing.
    DncKeeps(usize),
}
use Do::{Assigned, Dnc, DncKeeps, Pass as Run};

/// The node of the component's tests: all addresses programmed at once, the scaler not clamped.
#[derive(Clone)]
struct Node {
    cns: Cns,
    signals: Signals,
}

impl Node {
    fn new(allocated: u32, assigned: u32, scaler: Scaler) -> Self {
        Self::with(allocated, assigned, scaler, allocated, 0)
    }

    fn with(allocated: u32, assigned: u32, scaler: Scaler, requested: u32, pending_release: u32) -> Self {
        let spec = NncSpec { requested, not_in_use: Vec::new() };
        let mut cns = Cns::new(scaler, MonitorVersion::V1, spec);
        cns.sync_host_version(0, NOW);
        cns.apply(nc(0), &ips(0..allocated), NOW).unwrap();
        assign(&mut cns, assigned);
        cns.mark_pending_release(pending_release, NOW);
        Self { cns, signals: Signals::default() }
    }

    fn exhausted(mut self) -> Self {
        self.signals.exhausted = true;
        self
    }

    fn pass(&mut self) -> Pass {
        self.cns.pass(self.signals, NOW)
    }

    /// Addresses pending release count as held, so the fake adds fewer than the real one would.
    fn dnc(&mut self, removes: bool) {
        let mut all = held(&self.cns);
        let next = all.last().map_or(0, |last| u32::from(*last) - u32::from(ip(0)) + 1);
        let missing = self.cns.spec().requested.saturating_sub(u32::try_from(all.len()).unwrap());
        all.extend(ips(next..next + missing));
        all.retain(|address| !(removes && self.cns.spec().not_in_use.contains(address)));
        self.cns.apply(nc(0), &all, NOW).unwrap();
    }

    fn run(&mut self, vector: u32, script: &[Do]) {
        for (step, action) in script.iter().enumerate() {
            let place = format!("vector {vector}, step {step}: {action:?}");
            match *action {
                Run(requested, not_in_use) => {
                    self.pass();
                    let spec = self.cns.spec();
                    assert_eq!((spec.requested, spec.not_in_use.len()), (requested, not_in_use), "{place}");
                }
                Assigned(pods) => assign(&mut self.cns, pods),
                Dnc(total) | DncKeeps(total) => {
                    self.dnc(matches!(action, Dnc(_)));
                    assert_eq!(self.cns.ips().count(), total, "{place}");
                }
            }
        }
    }
}

#[test]
fn vectors_1_to_7_the_pool_grows() {
    let check = |vector, mut node: Node, script: &[Do]| node.run(vector, script);
    check(1, Node::new(10, 8, scaler(10, 50, 150, 30)), &[Run(20, 0), Dnc(20), Run(20, 0)]);
    check(2, Node::new(10, 10, scaler(3, 50, 150, 30)), &[Run(12, 0), Dnc(12), Run(12, 0)]);
    check(3, Node::new(10, 8, scaler(10, 50, 150, 30)).exhausted(), &[Run(9, 1), Dnc(9), Run(9, 0)]);
    let in_progress = [Run(20, 0), Assigned(9), Run(20, 0), Dnc(20), Run(20, 0)];
    check(4, Node::new(10, 8, scaler(10, 30, 150, 30)), &in_progress);
    check(5, Node::new(10, 8, scaler(10, 30, 150, 30)), &[Run(20, 0), Run(20, 0)]);
    check(6, Node::new(16, 9, scaler(16, 50, 150, 30)), &[Run(30, 0)]);
    check(7, Node::new(16, 16, scaler(50, 50, 150, 30)), &[Run(30, 0)]);
}

#[test]
fn vectors_8_to_12_the_pool_shrinks() {
    let check = |vector, mut node: Node, script: &[Do]| node.run(vector, script);
    check(8, Node::with(32, 16, scaler(16, 50, 150, 250), 32, 16), &[Run(32, 16), Dnc(16), Run(32, 0)]);
    check(9, Node::new(20, 15, scaler(10, 50, 150, 30)), &[Assigned(5), Run(10, 10), Dnc(10)]);
    check(10, Node::new(21, 19, scaler(3, 50, 150, 30)), &[Assigned(15), Run(18, 3), Dnc(18)]);
    let one_by_one = [Run(19, 1), Run(18, 2), Run(17, 3), Run(16, 4), Run(16, 4), Dnc(16)];
    check(11, Node::new(20, 15, scaler(10, 50, 150, 30)).exhausted(), &one_by_one);
    let requested = [Run(10, 10), Assigned(6), Run(10, 10), Dnc(10), Run(10, 0)];
    check(12, Node::new(20, 5, scaler(10, 30, 100, 30)), &requested);
}

#[test]
fn vectors_13_to_16_and_18_down_and_up_again() {
    let check = |vector, mut node: Node, script: &[Do]| node.run(vector, script);
    let same_count = [
        Run(20, 0),
        Dnc(20),
        Assigned(0),
        Run(10, 10),
        Assigned(7),
        Run(20, 10),
        DncKeeps(20),
        Run(20, 10),
        Dnc(10),
        Run(20, 0),
        Run(20, 0),
    ];
    check(13, Node::new(10, 7, scaler(10, 50, 150, 30)), &same_count);
    let very_low = [Run(30, 0), Assigned(3), Run(20, 10), Run(10, 20), Dnc(10), Run(10, 0)];
    check(14, Node::new(30, 23, scaler(10, 30, 100, 30)), &very_low);
    check(15, Node::new(30, 20, scaler(16, 50, 150, 30)), &[Run(30, 0), Assigned(5), Run(16, 14)]);
    let pending = [Run(64, 8), Assigned(40), Run(64, 8), Assigned(30), Run(48, 24)];
    check(16, Node::with(64, 46, scaler(16, 50, 150, 250), 48, 8), &pending);
    check(18, Node::new(30, 30, scaler(31, 50, 150, 30)), &[Run(30, 0), Assigned(1), Run(30, 0)]);
}

#[test]
fn vector_17_a_smaller_pool_that_cannot_be_published_ends_the_process() {
    let mut node = Node::new(64, 46, scaler(16, 50, 150, 250));
    node.signals.api_server = ApiServer::Fails;
    assert_eq!(node.pass().publish, Publish::NotNeeded);
    assign(&mut node.cns, 40);
    let before = node.cns.clone();
    let pass = node.pass();
    assert!(matches!(&pass.action, PassAction::Shrink { from: 64, to: 48, marked } if marked.len() == 16));
    assert_eq!(pass.publish, Publish::Crashed { tries: 5 });
    assert_eq!(PATCH_TRIES, 5);
    assert_eq!(node.cns, before, "the new process reads the old spec");
    node.signals.api_server = ApiServer::Answers;
    node.run(17, &[Run(48, 16)]);
}

#[test]
fn other_specs_that_cannot_be_published_wait_for_the_next_pass() {
    let check = |mut node: Node, action: PassAction, then: Do| {
        node.signals.api_server = ApiServer::Fails;
        let before = node.cns.clone();
        let pass = node.pass();
        assert_eq!((&pass.action, pass.publish), (&action, Publish::Failed));
        assert_eq!(node.cns, before);
        node.signals.api_server = ApiServer::Answers;
        node.run(0, &[then]);
    };
    check(Node::new(10, 8, scaler(10, 50, 150, 30)), PassAction::Grow { from: 10, to: 20 }, Run(20, 0));
    check(Node::with(32, 16, scaler(16, 50, 150, 250), 32, 16), PassAction::CleanUp, Run(32, 16));
}

#[test]
fn thresholds_of_a_scaler() {
    let check = |(batch, request, release), exhausted, expected: (u32, u32, u32)| {
        let found = scaler(batch, request, release, 250).thresholds(exhausted);
        assert_eq!((found.batch, found.min_free, found.max_free), expected, "{batch} {request}/{release}");
    };
    check((16, 50, 150), false, (16, 8, 24));
    check((16, 100, 200), false, (16, 16, 32));
    check((3, 50, 150), false, (3, 2, 5));
    check((1, 50, 150), false, (1, 1, 2));
    check((16, 50, 150), true, (1, 1, 2));
}

#[test]
fn a_scaler_is_clamped_on_receipt() {
    let check = |(b, q, r, max), (b2, q2, r2, max2)| {
        assert_eq!(scaler(b, q, r, max).clamped(), scaler(b2, q2, r2, max2), "{b} {q}/{r} {max}");
    };
    check((16, 50, 150, 250), (16, 50, 150, 250));
    check((0, 50, 150, 30), (1, 50, 150, 30));
    check((50, 50, 150, 30), (30, 50, 150, 30));
    check((16, 50, 150, 0), (16, 50, 150, 250));
    check((16, 0, 150, 250), (16, 1, 150, 250));
    check((16, 101, 250, 250), (16, 100, 250, 250));
    check((16, 50, 149, 250), (16, 50, 150, 250));
    check((0, 0, 0, 0), (1, 1, 101, 250));
    assert_eq!(Scaler::default(), scaler(16, 50, 150, 250));
}

#[test]
fn evidence_says_which_branch_was_taken_and_by_which_numbers() {
    let sixteen = scaler(16, 50, 150, 48);
    let check = |mut node: Node, current, expected, action: PassAction| {
        let before = node.cns.counts();
        let pass = node.pass();
        let usual = Thresholds { batch: 16, min_free: 8, max_free: 24, max: 48 };
        assert_eq!(pass.basis, Basis::Thresholds(usual));
        assert_eq!(pass.pool.counts, before);
        assert_eq!((pass.pool.counts.current(), pass.pool.expected()), (current, expected), "{action:?}");
        let needs_none = matches!(action, PassAction::AtMax | PassAction::Nothing);
        assert_eq!(pass.publish, if needs_none { Publish::NotNeeded } else { Publish::Done });
        assert_eq!(pass.action, action);
    };
    check(Node::new(16, 8, sixteen), 8, 8, PassAction::Nothing);
    check(Node::new(16, 9, sixteen), 7, 7, PassAction::Grow { from: 16, to: 32 });
    check(Node::new(48, 48, sixteen), 0, 0, PassAction::AtMax);
    check(Node::with(48, 48, sixteen, 40, 0), 0, -8, PassAction::Grow { from: 40, to: 48 });
    check(Node::new(48, 25, sixteen), 23, 23, PassAction::Nothing);
    let marked = ips(32..48).into_iter().rev().collect();
    check(Node::new(48, 24, sixteen), 24, 24, PassAction::Shrink { from: 48, to: 32, marked });
    check(Node::with(32, 8, sixteen, 32, 16), 8, 24, PassAction::CleanUp);
}

#[test]
fn addresses_that_are_not_programmed_yet_count_as_free_and_go_first() {
    let mut node = Node::with(16, 8, scaler(16, 50, 150, 48), 32, 0);
    node.cns.apply(nc(1), &ips(0..32), NOW).unwrap();
    assert_eq!(node.cns.counts(), counts(8, 8, 16, 0));
    let marked = ips(16..32).into_iter().rev().collect();
    assert_eq!(node.pass().action, PassAction::Shrink { from: 32, to: 16, marked });
}
