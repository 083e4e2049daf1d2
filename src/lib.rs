//! podhop: a teaching visualizer for the container networking of Azure Kubernetes Service.
//!
//! A scenario is data; a world is a value built from it; one engine moves frames through the world's own tables and
//! writes down every decision; views turn that record into plain data; components draw it. `ARCHITECTURE.md` has the
//! map and the invariants.

#![recursion_limit = "512"]

#[cfg(feature = "app")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod session;
pub mod shell;
pub mod sim;
pub mod text;
pub mod view;
