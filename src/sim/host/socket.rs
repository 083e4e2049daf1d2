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

/// How far an attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    Waiting,
    Answered,
}

impl Sockets {
    pub fn listen(&mut self, protocol: Protocol, port: u16) {
        self.listening.insert((protocol, port), ());
    }

    pub fn listens(&self, protocol: Protocol, port: u16) -> bool {
        self.listening.contains_key(&(protocol, port))
    }

    /// Opens an attempt; only the newest few are kept, as a program closes its sockets.
    pub fn open(&mut self, tuple: Tuple) {
        const KEPT: usize = 64;
        if self.attempts.len() >= KEPT {
            self.attempts.clear();
        }
        self.attempts.insert(tuple, Attempt::Waiting);
    }

    /// The attempt that an arriving tuple answers.
    pub fn answered(&mut self, arriving: Tuple) -> bool {
        match self.attempts.get_mut(&arriving.reversed()) {
            Some(attempt) => {
                *attempt = Attempt::Answered;
                true
            }
            None => false,
        }
    }

    pub fn ephemeral_port(&mut self) -> u16 {
        const FIRST: u16 = 32_768;
        const LAST: u16 = 60_999;
        let port = self.next_port.clamp(FIRST, LAST);
        self.next_port = if port == LAST { FIRST } else { port + 1 };
        port
    }
}
