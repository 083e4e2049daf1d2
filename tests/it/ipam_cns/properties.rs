//! What holds after any sequence of pods, passes and updates.

use super::*;
use podhop::sim::ipam::cns::{ApiServer, IpState, NncSpec, Signals};
use std::collections::BTreeMap;

/// A node in a small subnet, with what its pods were told.
struct Run {
    cns: Cns,
    subnet: Subnet,
    pods: BTreeMap<String, Ipv4Addr>,
    rng: Rng,
    now: Time,
}

impl Run {
    fn new(seed: u64, monitor: MonitorVersion) -> Self {
        let mut rng = Rng::new(seed);
        let number = |rng: &mut Rng, high| u32::try_from(rng.between(1, high)).unwrap();
        let scaler = scaler(number(&mut rng, 20), number(&mut rng, 100), number(&mut rng, 250), number(&mut rng, 100));
        let cns = Cns::new(scaler.clamped(), monitor, NncSpec::default());
        Self { cns, subnet: Subnet::new(25), pods: BTreeMap::new(), rng, now: NOW }
    }

    fn step(&mut self) {
        self.now = Time(self.now.0 + 1);
        let key = pod(u32::try_from(self.rng.below(60)).unwrap());
        match self.rng.below(12) {
            0..=4 => self.add(&key),
            5..=6 => assert_eq!(self.cns.release(&key, self.now), self.pods.remove(&key)),
            7..=8 => self.pass(ApiServer::Answers),
            9 => self.pass(ApiServer::Fails),
            10 => drop(self.subnet.serve(&mut self.cns)),
            _ => self.take_away(),
        }
    }

    fn add(&mut self, key: &str) {
        let before = self.cns.clone();
        let available = before.counts().available;
        let order = if self.rng.below(2) == 0 { AddressOrder::Random } else { AddressOrder::Lowest };
        match self.cns.request(key, &mut self.rng, order, self.now) {
            Ok(granted) => {
                assert_eq!(granted.available_before, available);
                assert_eq!(granted.again.then_some(granted.address), self.pods.get(key).copied());
                if !granted.again {
                    assert_eq!(before.ip(granted.address).unwrap().state, IpState::Available);
                    assert_eq!(self.cns.ip(granted.address).unwrap().since, self.now);
                }
                self.pods.insert(key.to_owned(), granted.address);
            }
            Err(error) => {
                assert_eq!(matches!(error, RequestError::NoNetworkContainer), before.network_container().is_none());
                assert_eq!((available, self.pods.get(key)), (0, None));
                assert_eq!(self.cns, before);
            }
        }
    }

    fn pass(&mut self, api_server: ApiServer) {
        let (exhausted, demand) = (self.rng.below(8) == 0, u32::try_from(self.pods.len()).unwrap());
        let before = self.cns.spec().clone();
        self.cns.pass(Signals { exhausted, demand, api_server }, self.now);
        assert!(api_server == ApiServer::Answers || *self.cns.spec() == before);
    }

    /// An update that forgets half of the addresses is refused if a pod holds one of them.
    fn take_away(&mut self) {
        let Some(nc) = self.cns.network_container().cloned() else { return };
        let (kept, gone): (Vec<_>, Vec<_>) = held(&self.cns).into_iter().partition(|_| self.rng.below(2) == 0);
        let before = self.cns.clone();
        let in_use = gone.iter().find(|address| self.pods.values().any(|held| held == *address));
        match self.cns.apply(nc, &kept, self.now) {
            Ok(delta) => {
                assert_eq!((&delta.removed, in_use), (&gone, None));
                self.subnet.free.extend(gone);
            }
            Err(refused) => assert_eq!((Some(&refused.address), &self.cns), (in_use, &before)),
        }
    }

    fn check(&self) {
        let (counts, all) = (self.cns.counts(), held(&self.cns));
        let sum = counts.available + counts.assigned + counts.pending_programming + counts.pending_release;
        assert_eq!(u32::try_from(all.len()).unwrap(), sum);
        assert_eq!(counts.secondary(), sum);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "in address order, none twice");
        assert_eq!(all.len() + self.subnet.free.len(), 123, "no address is lost");
        assert!(all.iter().all(|address| !self.subnet.free.contains(address)), "none has two owners");
        let holders = self.cns.ips().filter_map(|(address, ip)| Some((ip.state.pod()?.to_string(), address)));
        let holders: Vec<(String, Ipv4Addr)> = holders.collect();
        assert_eq!(holders.len(), self.pods.len(), "no pod has two");
        assert_eq!(holders.into_iter().collect::<BTreeMap<_, _>>(), self.pods);
        let spec = self.cns.spec();
        assert!(spec.requested <= self.cns.scaler().max_ip_count);
        assert!(spec.not_in_use.iter().all(|address| !self.pods.values().any(|held| held == address)));
    }
}

#[test]
fn whatever_happens_every_address_has_one_state_and_every_pod_one_address() {
    for seed in 0..40 {
        for monitor in BOTH {
            let mut run = Run::new(seed, monitor);
            for _ in 0..300 {
                run.step();
                run.check();
            }
        }
    }
}

#[test]
fn a_node_left_alone_comes_to_rest_between_its_thresholds() {
    for seed in 0..40 {
        let mut run = Run::new(seed, MonitorVersion::V1);
        for _ in 0..300 {
            run.step();
        }
        for _ in 0..200 {
            run.cns.pass(Signals::default(), NOW);
            run.subnet.serve(&mut run.cns);
        }
        let before = run.cns.clone();
        run.cns.pass(Signals::default(), NOW);
        assert!(!run.subnet.serve(&mut run.cns));
        assert_eq!(run.cns, before, "seed {seed}");
        let (thresholds, free) = (run.cns.scaler().thresholds(false), run.cns.counts().current());
        assert!(free < thresholds.max_free, "seed {seed}");
        assert!(free >= thresholds.min_free || before.spec().requested == thresholds.max, "seed {seed}");
    }
}
