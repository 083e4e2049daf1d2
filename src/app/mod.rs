//! The Yew app. Only this module names Yew, web-sys, gloo and plotters.

pub mod state;
