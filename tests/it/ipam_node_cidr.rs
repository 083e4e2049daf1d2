//! Pod CIDRs of nodes (azure.md 4.3 to 4.5; T20 to T22).

use ipnet::Ipv4Net;
use podhop::sim::ipam::node_cidr::{EXHAUSTED, NodeCidr, NodeCidrError, NodeCidrSet};

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn set(cluster: &str) -> NodeCidrSet {
    NodeCidrSet::new(net(cluster), 24).unwrap()
}

enum Do {
    Allocate(&'static str),
    Release(&'static str),
    Occupy(&'static str),
    Restart,
    Full,
}

/// Runs a script; `Allocate` and `Full` say what must come out.
fn check(name: &str, cluster: &str, script: &[Do]) {
    let mut set = set(cluster);
    for (step, action) in script.iter().enumerate() {
        match action {
            Do::Allocate(expected) => {
                assert_eq!(set.allocate().map(|block| block.net), Ok(net(expected)), "{name}, step {step}");
            }
            Do::Release(block) => drop(set.release(net(block)).unwrap()),
            Do::Occupy(block) => drop(set.occupy(net(block)).unwrap()),
            Do::Restart => set.restart(),
            Do::Full => {
                let text = set.allocate().map_err(|error| error.text());
                assert_eq!(text, Err(Some(EXHAUSTED.to_owned())), "{name}, step {step}");
            }
        }
    }
}

#[test]
fn blocks_go_out_in_order_of_registration() {
    use Do::{Allocate, Full, Occupy, Release, Restart};
    check("T20", "10.244.0.0/16", &[Allocate("10.244.0.0/24"), Allocate("10.244.1.0/24"), Allocate("10.244.2.0/24")]);
    let three = [Allocate("10.244.0.0/24"), Allocate("10.244.1.0/24"), Allocate("10.244.2.0/24")];
    let mut reuse = Vec::from(three);
    reuse.extend([Release("10.244.1.0/24"), Allocate("10.244.3.0/24")]);
    check("T21", "10.244.0.0/16", &reuse);
    let three = [Allocate("10.244.0.0/24"), Allocate("10.244.1.0/24"), Allocate("10.244.2.0/24")];
    let mut restart = Vec::from(three);
    restart.extend([Release("10.244.1.0/24"), Restart, Allocate("10.244.1.0/24"), Allocate("10.244.3.0/24")]);
    check("T21 with a restart", "10.244.0.0/16", &restart);
    let wrap = [
        Allocate("10.244.0.0/24"),
        Allocate("10.244.1.0/24"),
        Release("10.244.0.0/24"),
        Allocate("10.244.2.0/24"),
        Allocate("10.244.3.0/24"),
        Allocate("10.244.0.0/24"),
        Full,
    ];
    check("a released block comes again when the cursor has come round", "10.244.0.0/22", &wrap);
    let held = [Occupy("10.244.0.0/24"), Occupy("10.244.2.0/24"), Allocate("10.244.1.0/24"), Allocate("10.244.3.0/24")];
    check("blocks that nodes hold already", "10.244.0.0/22", &held);
    check("a service CIDR inside", "10.244.0.0/21", &[Occupy("10.244.0.0/22"), Allocate("10.244.4.0/24")]);
    check(
        "a smaller one takes its whole block",
        "10.244.0.0/22",
        &[Occupy("10.244.0.16/28"), Allocate("10.244.1.0/24")],
    );
    check(
        "a larger one takes all",
        "10.244.0.0/22",
        &[Occupy("10.0.0.0/8"), Full, Release("10.0.0.0/8"), Allocate("10.244.0.0/24")],
    );
}

#[test]
fn t22_the_257th_node_of_a_16_finds_no_block() {
    let check = |cluster, nodes: u32| {
        let mut set = set(cluster);
        assert_eq!(std::iter::from_fn(|| set.allocate().ok()).count(), nodes as usize, "{cluster}");
        assert_eq!((set.blocks(), set.used(), set.free()), (nodes, nodes, 0));
        assert_eq!(set.allocate(), Err(NodeCidrError::Exhausted { blocks: nodes }));
    };
    check("10.244.0.0/16", 256);
    check("10.244.0.0/15", 512);
    check("10.244.0.0/24", 1);
}

#[test]
fn evidence_counts_the_blocks_passed() {
    let mut set = set("10.244.0.0/16");
    for block in ["10.244.0.0/24", "10.244.1.0/24", "10.244.3.0/24"] {
        assert_eq!(set.occupy(net(block)), Ok(1));
        assert_eq!(set.occupy(net(block)), Ok(0), "twice is no error");
    }
    assert_eq!(set.allocate(), Ok(NodeCidr { net: net("10.244.2.0/24"), index: 2, passed: 2 }));
    assert_eq!(set.allocate(), Ok(NodeCidr { net: net("10.244.4.0/24"), index: 4, passed: 1 }));
    assert_eq!(set.release(net("10.244.2.0/24")), Ok(1));
    assert_eq!(set.release(net("10.244.2.0/24")), Ok(0), "twice is no error");
    assert_eq!((set.used(), set.cursor()), (4, 5));
}

#[test]
fn refused() {
    let mut set = set("10.244.0.0/16");
    let outside = set.occupy(net("10.245.0.0/24")).unwrap_err();
    assert_eq!(outside.text().unwrap(), "cidr 10.245.0.0/24 is out the range of cluster cidr 10.244.0.0/16");
    assert_eq!(set.release(net("10.245.0.0/24")), Err(outside));
    let cluster = net("10.244.0.0/16");
    for node_mask in [15, 33] {
        assert_eq!(NodeCidrSet::new(cluster, node_mask), Err(NodeCidrError::MaskOutOfRange { cluster, node_mask }));
    }
    assert_eq!(set.net(255), Some(net("10.244.255.0/24")));
    assert_eq!(set.net(256), None);
}
