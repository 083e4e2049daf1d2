//! Moves the script that Trunk writes into the page to a file, holds back the style sheets that come later, and makes
//! sure that nothing inline is left: the Content-Security-Policy would stop it.

use super::content_hash;
use crate::run::{Outcome, at, fail};
use std::fs;
use std::ops::Range;
use std::path::Path;

/// Rewrites `index.html` of the built app.
pub(crate) fn move_out(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let mut html = at(&page, fs::read_to_string(&page))?;
    while let Some(script) = find_inline(&html) {
        if !html[script.tag.clone()].contains("type=\"module\"") {
            return fail(format!("{}: inline script that is no module: {}", page.display(), &html[script.tag]));
        }
        let code = html[script.body].trim();
        let name = format!("boot-{}.js", content_hash(code.as_bytes()));
        let file = dist.join(&name);
        at(&file, fs::write(&file, format!("{code}\n")))?;
        html.replace_range(script.whole, &format!("<script type=\"module\" src=\"./{name}\"></script>"));
    }
    let html = later(&html);
    if let Some(what) = forbidden(&html) {
        return fail(format!("{}: {what} in the page, which the Content-Security-Policy stops", page.display()));
    }
    at(&page, fs::write(&page, html))
}

/// Takes what makes the browser fetch a style sheet from those that are for no medium: the app asks for them when the
/// first screen stands (`src/app/platform/styles.rs`).
fn later(html: &str) -> String {
    let link = |tag: &str| tag.contains("media=\"later\"");
    let parts = html.split_inclusive('>');
    parts
        .map(|tag| if link(tag) { tag.replace("rel=\"stylesheet\"", "rel=\"later\"") } else { tag.to_owned() })
        .collect()
}

struct Script {
    whole: Range<usize>,
    tag: Range<usize>,
    body: Range<usize>,
}

/// First script with code of its own; blocks of data such as JSON are none.
fn find_inline(html: &str) -> Option<Script> {
    let mut from = 0;
    while let Some(offset) = html[from..].find("<script") {
        let start = from + offset;
        let tag_end = start + html[start..].find('>')? + 1;
        let body_end = tag_end + html[tag_end..].find("</script>")?;
        let end = body_end + "</script>".len();
        let tag = &html[start..tag_end];
        let is_data = tag.contains("type=\"application/");
        if !tag.contains(" src=") && !is_data {
            return Some(Script { whole: start..end, tag: start..tag_end, body: tag_end..body_end });
        }
        from = end;
    }
    None
}

/// Other things that the policy stops, if there is one in the page.
fn forbidden(html: &str) -> Option<&'static str> {
    let attribute = |name: &str| html.contains(&format!(" {name}="));
    if html.contains("<style") {
        return Some("<style>");
    }
    if attribute("style") {
        return Some("a style attribute");
    }
    ["onload", "onerror", "onclick"].into_iter().find(|name| attribute(name)).map(|_| "an event handler attribute")
}

#[cfg(test)]
mod tests {
    use super::{find_inline, forbidden, later};

    #[test]
    fn finds_only_scripts_with_code() {
        let data = "<script src=\"a.js\"></script><script type=\"application/ld+json\">{}</script>";
        assert!(find_inline(data).is_none());
        let html = format!("{data}<script type=\"module\">go()</script>");
        let script = find_inline(&html).unwrap();
        assert_eq!(&html[script.body], "go()");
        assert_eq!(script.whole.end, html.len());
    }

    #[test]
    fn holds_back_what_is_for_no_medium() {
        let first = "<link rel=\"stylesheet\" href=\"a.css\">";
        let (held, then) = ("<link rel=\"stylesheet\" href=\"b.css\" media=\"later\">", "<p>text</p>");
        let expected = "<link rel=\"later\" href=\"b.css\" media=\"later\">";
        assert_eq!(later(&format!("{first}{held}{then}")), format!("{first}{expected}{then}"));
    }

    #[test]
    fn sees_inline_styles() {
        assert_eq!(forbidden("<p class=\"style\">"), None);
        assert_eq!(forbidden("<p style=\"color:red\">"), Some("a style attribute"));
        assert_eq!(forbidden("<style>p{}</style>"), Some("<style>"));
    }
}
