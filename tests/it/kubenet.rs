use crate::fixture::*;

#[test]
fn look() {
    let mut s = article();
    let w = s.world();
    for n in w.nodes.values() {
        println!("{} {:?} {:?} {:?}", n.name, n.phase, n.pod_cidr, n.registered);
    }
    for p in w.pods.values() {
        println!("{} {:?} {:?} {:?}", p.name, p.node, p.phase, p.address);
    }
    for t in w.route_tables.values() {
        for r in t.routes() {
            println!("{r:?}");
        }
    }
    s.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let r = &s.turns().last().unwrap().record;
    for st in &r.steps {
        println!("{:>12} {:?} {:?} {} {:?}", st.time.0, st.at, st.dev, st.decision.code(), st.after.as_ref().and_then(|f| f.body.packet()).map(|p| p.ttl));
    }
    println!("{:?}", outcome(&s));
    panic!();
}
