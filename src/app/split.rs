//! The seam at which `cargo xtask build` cuts the wasm file.

use super::panels::{PANELS, Panels};
use super::terminal::{Commands, TERMINALS};

/// A file with a part of the app could not be fetched.
#[derive(Debug)]
pub struct NotFetched;

/// The panels, once their file is there.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(panels, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds the failure, to a copy that carries this attribute too")]
pub fn panels() -> Result<&'static Panels, NotFetched> {
    Ok(&PANELS)
}

/// The panels, which an app that was not cut has from the start.
#[cfg(not(feature = "split"))]
pub async fn panels() -> Result<&'static Panels, NotFetched> {
    std::future::ready(Ok(&PANELS)).await
}

/// The terminals, once their file is there.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(terminals, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds the failure, to a copy that carries this attribute too")]
pub fn terminals() -> Result<&'static Commands, NotFetched> {
    Ok(&TERMINALS)
}

/// The terminals, which an app that was not cut has from the start.
#[cfg(not(feature = "split"))]
pub async fn terminals() -> Result<&'static Commands, NotFetched> {
    std::future::ready(Ok(&TERMINALS)).await
}

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotFetched {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}
