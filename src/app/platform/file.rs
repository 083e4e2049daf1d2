//! Files on a person's own disk.

use gloo::file::callbacks::{FileReader, read_as_text};
use gloo::file::{Blob, File, ObjectUrl};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlAnchorElement, HtmlInputElement};

/// Offers a text as a file to save. `false` where the page may not.
pub fn download(name: &str, text: &str) -> bool {
    let blob = Blob::new_with_options(text, Some("application/json"));
    let url = ObjectUrl::from(blob);
    let document = gloo::utils::document();
    let anchor = document.create_element("a").ok().and_then(|a| a.dyn_into::<HtmlAnchorElement>().ok());
    let Some(anchor) = anchor else { return false };
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser reads the file after this turn of its loop.
    gloo::timers::callback::Timeout::new(10_000, move || drop(url)).forget();
    true
}

/// Reads the file that a person picked in a file field, and empties the field, so that the same file can be picked
/// again. The reading ends when the reader that is returned is dropped.
pub fn read_picked(event: &Event, done: impl FnOnce(String, Option<String>) + 'static) -> Option<FileReader> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let file = File::from(input.files()?.get(0)?);
    let name = file.name();
    let reader = read_as_text(&file, move |text| done(name, text.ok()));
    input.set_value("");
    Some(reader)
}
