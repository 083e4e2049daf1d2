//! Packet sockets: every frame at every interface of a namespace, with its direction.

use super::frame::Line;
use super::netns::Netns;
use nix::net::if_::if_indextoname;
use nix::sys::socket::sockopt::RcvBufForce;
use nix::sys::socket::{AddressFamily, LinkAddr, SockFlag, SockProtocol, SockType, recvfrom, setsockopt, socket};
use std::collections::BTreeMap;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

/// `PACKET_OUTGOING` of `packet(7)`.
const OUTGOING: u8 = 4;
/// Room for a packet that goes round until its TTL ends.
const BUFFER: usize = 8 << 20;
const LONGEST: usize = 65_536 + 14;

/// One frame at one interface.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) outgoing: bool,
    pub(crate) line: Line,
}

#[derive(Debug)]
pub(crate) struct Capture {
    socket: OwnedFd,
    /// Interface names by index.
    names: BTreeMap<usize, String>,
}

impl Capture {
    /// Begins to capture in a namespace whose interfaces are all there.
    pub(crate) fn begin(netns: &Netns) -> Self {
        let socket = netns.run(|| {
            let flags = SockFlag::SOCK_NONBLOCK;
            let socket = socket(AddressFamily::Packet, SockType::Raw, flags, SockProtocol::EthAll).unwrap();
            setsockopt(&socket, RcvBufForce, &BUFFER).unwrap();
            socket
        });
        let names = netns.run(|| {
            (1..400u32).filter_map(|i| Some((i as usize, if_indextoname(i).ok()?.into_string().ok()?))).collect()
        });
        Self { socket, names }
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// The frames that came since it was last asked, each with its interface.
    pub(crate) fn take(&self) -> Vec<(String, Seen)> {
        let mut all = Vec::new();
        let mut buffer = vec![0; LONGEST];
        while let Ok((length, from)) = recvfrom::<LinkAddr>(self.socket.as_raw_fd(), &mut buffer) {
            let Some(from) = from else { continue };
            let Some(line) = Line::read(&buffer[..length]) else { continue };
            let name = self.names.get(&from.ifindex()).cloned().unwrap_or_else(|| from.ifindex().to_string());
            all.push((name, Seen { outgoing: from.pkttype() == OUTGOING, line }));
        }
        all
    }
}
