//! Style sheets that the first screen does without.

/// Has them fetched. The page marks them with a medium that no device has; `cargo xtask build` also takes their `rel`.
pub fn bring_late() {
    let document = gloo::utils::document();
    while let Ok(Some(link)) = document.query_selector("link[media='later']") {
        if link.remove_attribute("media").is_err() || link.set_attribute("rel", "stylesheet").is_err() {
            return;
        }
    }
}
