//! The pure core: a world, the engine that moves frames through it, and the record of what happened.

pub mod action;
pub mod addr;
pub mod arena;
pub mod capture;
pub mod cluster;
pub mod control;
pub mod engine;
pub mod fabric;
pub mod host;
pub mod hosts;
pub mod ids;
pub mod ipam;
pub mod json;
pub mod mode;
pub mod order;
pub mod ordered;
pub mod packet;
pub mod record;
pub mod rng;
pub mod scenario;
pub mod sorted;
pub mod time;
pub mod world;
