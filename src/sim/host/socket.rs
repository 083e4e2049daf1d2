//! What listens on a host, and what it waits for.

use crate::sim::packet::{Protocol, Tuple};
use crate::sim::sorted::Sorted;

/// Listening ports and open attempts of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sockets {
    pub listening: Sorted<(Protocol, u16), ()>,
    /// Attempts of this host's programs by the tuple they sent.
    pub attempts: Sorted<Tuple, Attempt>,
    /// Next ephemeral port, from 32768. Source: Linux `ip_local_port_range`.
    next_port: u16,
}

/// One attempt of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// The TTL of the socket (`IP_TTL`): every packet that it sends has it.
    pub ttl: u8,
    pub answered: bool,
}

impl Sockets {
    pub fn listen(&mut self, protocol: Protocol, port: u16) {
        self.listening.insert((protocol, port), ());
    }

    pub fn listens(&self, protocol: Protocol, port: u16) -> bool {
        self.listening.contains_key(&(protocol, port))
    }

    /// Opens an attempt; only the newest few are kept, as a program closes its sockets.
    pub fn open(&mut self, tuple: Tuple, ttl: u8) {
        const KEPT: usize = 64;
        if self.attempts.len() >= KEPT {
            self.attempts.clear();
        }
        self.attempts.insert(tuple, Attempt { ttl, answered: false });
    }

    /// The attempt that an arriving tuple answers, noted as answered.
    pub fn answered(&mut self, arriving: Tuple) -> Option<Attempt> {
        let attempt = self.attempts.get_mut(&arriving.reversed())?;
        attempt.answered = true;
        Some(*attempt)
    }

    pub fn ephemeral_port(&mut self) -> u16 {
        const FIRST: u16 = 32_768;
        const LAST: u16 = 60_999;
        let port = self.next_port.clamp(FIRST, LAST);
        self.next_port = if port == LAST { FIRST } else { port + 1 };
        port
    }
}
