//! Hardware addresses and arithmetic on IPv4 prefixes.

use ipnet::Ipv4Net;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// An Ethernet address.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    pub const BROADCAST: Mac = Mac([0xff; 6]);
    pub const ZERO: Mac = Mac([0; 6]);
    /// The address with which Azure's network answers every ARP request of a guest.
    /// Source: Azure/azure-container-networking `network/network_linux.go` (`virtualMacAddress`).
    pub const AZURE: Mac = Mac([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]);

    /// A locally administered unicast address, as the kernel makes for a veth or a bridge, out of 48 random bits.
    pub fn random(bits: u64) -> Self {
        let b = bits.to_be_bytes();
        Mac([(b[2] | 0x02) & 0xfe, b[3], b[4], b[5], b[6], b[7]])
    }

    /// Broadcast or multicast: the lowest bit of the first byte.
    pub const fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Mac {
    type Err = ();

    /// Six bytes of two hexadecimal digits with colons between.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|p| p.len() == 2).ok_or(())?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| ())?;
        }
        if parts.next().is_none() { Ok(Self(bytes)) } else { Err(()) }
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| D::Error::custom("expected a hardware address"))
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The `n`th address of a prefix, counted from its network address; `None` outside it.
pub fn nth_address(net: Ipv4Net, n: u32) -> Option<Ipv4Addr> {
    let address = Ipv4Addr::from(u32::from(net.network()).checked_add(n)?);
    net.contains(&address).then_some(address)
}

/// Number of addresses in a prefix (2^(32 - length)).
pub fn address_count(net: Ipv4Net) -> u64 {
    1 << (32 - u32::from(net.prefix_len()))
}

/// Whether two prefixes share an address.
pub fn overlaps(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}
