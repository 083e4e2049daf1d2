//! How many addresses a node keeps ahead of its pods.
//! Source: Azure/azure-container-networking `docs/feature/ipammath/0-background.md`.

/// Most addresses of a node when the controller names no number.
/// Source: Azure/azure-container-networking `cns/ipampool/monitor.go` (`DefaultMaxIPs`).
pub const DEFAULT_MAX_IPS: u32 = 250;

/// The numbers by which a node's pool grows and shrinks, as the controller sends them in `status.scaler`. azure-cns
/// corrects what makes no sense with [`Scaler::clamped`].
/// Source: Azure/azure-container-networking `crd/nodenetworkconfig/api/v1alpha/nodenetworkconfig.go`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scaler {
    /// Addresses of one batch.
    pub batch_size: u32,
    /// Ask for a batch when fewer than this share of one is free, in percent.
    pub request_threshold_percent: u32,
    /// Give a batch back when this share of one or more is free, in percent.
    pub release_threshold_percent: u32,
    /// Most addresses of the node.
    pub max_ip_count: u32,
}

/// The thresholds of one pass of the first monitor, in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thresholds {
    /// Size of one step, at least 1.
    pub batch: u32,
    /// With fewer free addresses than this the pool grows.
    pub min_free: u32,
    /// With this many free addresses or more the pool shrinks.
    pub max_free: u32,
    /// Most addresses of the node.
    pub max: u32,
}

/// The pool size that the second monitor wants, with all it comes from: `batch * ceil(buffer + demand / batch)`, at
/// most `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Pods that need an address.
    pub demand: u32,
    /// At least 1.
    pub batch: u32,
    /// Share of a batch that is kept free, in percent.
    pub buffer_percent: u32,
    /// Most addresses of the node.
    pub max: u32,
    /// The pool size, in addresses.
    pub size: u32,
}

impl Default for Scaler {
    /// What AKS nodes show: batches of 16, thresholds of half a batch and one and a half.
    /// Source: MicrosoftDocs/azure-aks-docs, articles/aks/configure-azure-cni-dynamic-ip-allocation.md.
    fn default() -> Self {
        Self {
            batch_size: 16,
            request_threshold_percent: 50,
            release_threshold_percent: 150,
            max_ip_count: DEFAULT_MAX_IPS,
        }
    }
}

impl Scaler {
    /// The numbers with which the first monitor works after it received these.
    /// Source: Azure/azure-container-networking `cns/ipampool/monitor.go` (`clampScaler`).
    #[must_use]
    pub fn clamped(self) -> Self {
        let max = if self.max_ip_count < 1 { DEFAULT_MAX_IPS } else { self.max_ip_count };
        let request = self.request_threshold_percent.clamp(1, 100);
        Self {
            batch_size: self.batch_size.clamp(1, max),
            request_threshold_percent: request,
            release_threshold_percent: self.release_threshold_percent.max(request + 100),
            max_ip_count: max,
        }
    }

    /// The thresholds of one pass: those of the numbers, halves rounded up, or in an exhausted subnet steps of one.
    /// Source: Azure/azure-container-networking `cns/ipampool/monitor.go` (`CalculateMinFreeIPs`,
    /// `CalculateMaxFreeIPs`, `reconcile`).
    pub fn thresholds(&self, exhausted: bool) -> Thresholds {
        let max = self.max_ip_count;
        if exhausted {
            return Thresholds { batch: 1, min_free: 1, max_free: 2, max };
        }
        let share = |percent| narrow((u64::from(self.batch_size) * u64::from(percent) + 50) / 100);
        Thresholds {
            batch: self.batch_size.max(1),
            min_free: share(self.request_threshold_percent),
            max_free: share(self.release_threshold_percent),
            max,
        }
    }

    /// The pool size for a number of pods; in an exhausted subnet one more than the pods.
    /// Source: Azure/azure-container-networking `cns/ipampool/v2/monitor.go`.
    pub fn target(&self, demand: u32, exhausted: bool) -> Target {
        let max = self.max_ip_count.min(DEFAULT_MAX_IPS);
        let (batch, buffer_percent) =
            if exhausted { (1, 100) } else { (self.batch_size.min(max).max(1), self.request_threshold_percent) };
        let hundredths = u64::from(buffer_percent) * u64::from(batch) + 100 * u64::from(demand);
        let batches = hundredths.div_ceil(100 * u64::from(batch));
        let size = narrow(batches.saturating_mul(u64::from(batch))).min(max);
        Target { demand, batch, buffer_percent, max, size }
    }
}

fn narrow(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
