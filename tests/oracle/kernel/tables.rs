//! Tables of real hosts.
