//! Messages to words. Only this module knows languages: every sentence is in `static/i18n/LANGUAGE/*.ftl`, in the
//! form of Project Fluent (<https://projectfluent.org>), where order and plural are the translator's.
//!
//! [`explain`](explain()) says why a step was decided as it was; [`outcome`](outcome()) how a probe ended;
//! [`error`](error()) why an action cannot be done.

mod args;
mod bundle;
mod command;
mod error;
mod explain;
mod fragment;
mod hop;
mod names;
mod outcome;
mod plural;
mod reasons;
mod resolve;
mod scene;
mod source;
pub mod trust;

pub use args::{Arg, Args};
pub use bundle::{Text, TextError};
pub use error::{error, file_error, peering_problem, replay_error, rule_problem, scenario_error, vnet_problem};
pub use explain::{Explanation, explain};
pub use fragment::{Fragment, plain};
pub use hop::{hop_gloss, hop_name, step_spoken};
pub use names::{target_label, target_name};
pub use outcome::outcome;
pub use reasons::{bridge_miss, fit, lost_effective_route, lost_route, nsg_fate, nsg_miss, rule_miss, skip};
pub use source::{Mark, Source};
