//! Hosts of a simulated world as namespaces, built by the oracle's own code.
#![allow(dead_code, reason = "the oracle has use for the rest")]

#[path = "../../../oracle/linux/kernel/ebtables.rs"]
pub(crate) mod ebtables;
#[path = "../../../oracle/linux/kernel/fabric.rs"]
pub(crate) mod fabric;
#[path = "../../../oracle/linux/kernel/flows.rs"]
pub(crate) mod flows;
#[path = "../../../oracle/linux/kernel/guest.rs"]
pub(crate) mod guest;
#[path = "../../../oracle/linux/kernel/lookup.rs"]
pub(crate) mod lookup;
#[path = "../../../oracle/linux/kernel/netns.rs"]
pub(crate) mod netns;
#[path = "../../../oracle/linux/kernel/nsg.rs"]
pub(crate) mod nsg;
#[path = "../../../oracle/linux/kernel/rules.rs"]
pub(crate) mod rules;
#[path = "../../../oracle/linux/kernel/tables.rs"]
pub(crate) mod tables;
