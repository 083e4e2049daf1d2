//! The Yew app. Only this module names Yew, web-sys, gloo and plotters.

pub mod components;
pub mod dom;
pub mod hooks;
pub mod late;
pub mod panels;
pub mod platform;
pub mod shell;
pub mod split;
pub mod start;
pub mod state;
pub mod terminal;
