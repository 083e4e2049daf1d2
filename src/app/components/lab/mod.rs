//! The lab: the drawing with its packet, the transport, what the packet carries, and why each step was decided so.

pub mod drawing;
pub mod fields;
pub mod fragments;
pub mod help;
pub mod hop_bar;
pub mod inspector;
pub mod motion;
pub mod outline;
pub mod packet;
pub mod shape;
pub mod stage;
pub mod table;
pub mod telling;
pub mod top_bar;
pub mod transport;
pub mod trust;
