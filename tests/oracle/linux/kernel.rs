//! The real kernel: network namespaces, what is built in them, and what is seen in them.

pub(crate) mod capture;
pub(crate) mod ebtables;
pub(crate) mod fabric;
pub(crate) mod flows;
pub(crate) mod frame;
pub(crate) mod guest;
pub(crate) mod lab;
pub(crate) mod lookup;
pub(crate) mod netns;
pub(crate) mod nsg;
pub(crate) mod plugin;
pub(crate) mod probe;
pub(crate) mod rules;
pub(crate) mod tables;
