//! The seam at which `cargo xtask build` cuts the wasm file in two.

use super::panels::{PANELS, Panels};

/// The file with the panels could not be fetched.
#[derive(Debug)]
pub struct NotFetched;

/// The panels, once their file is there.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(panels, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds the failure, to a copy that carries this attribute too")]
pub fn panels() -> Result<&'static Panels, NotFetched> {
    Ok(&PANELS)
}

/// The panels, which an app that was not cut in two has from the start.
#[cfg(not(feature = "split"))]
pub async fn panels() -> Result<&'static Panels, NotFetched> {
    std::future::ready(Ok(&PANELS)).await
}

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotFetched {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}
