//! One native test binary for the core.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod article;
mod azure;
mod capture;
mod cli;
mod cluster_check;
mod effective_routes;
mod fixture;
mod fuzz;
mod ipam_cns;
mod ipam_host_local;
mod ipam_node_cidr;
mod ipam_subnet;
mod kernel;
mod kubenet;
mod ledger;
mod longest_prefix;
mod nsg;
mod properties;
mod session;
mod shell;
mod text;
mod tidy;
mod trust;
mod view_address_map;
mod view_azure;
mod view_breaks;
mod view_chart;
mod view_form;
mod view_inspector;
mod view_inventory;
mod view_layout;
mod view_scene;
mod view_words;
mod vnet_check;
