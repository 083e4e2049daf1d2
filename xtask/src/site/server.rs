//! A small server of static files on this machine alone, with the headers that a published copy should send too.

use crate::run::{Failure, Outcome};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";
/// A request line and headers longer than this are nobody's honest request.
const LONGEST_HEAD: u64 = 16 * 1024;

/// A server that has its port but answers nobody yet.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    folder: PathBuf,
    pub(crate) port: u16,
}

impl Server {
    /// Takes the first free port from `first` on; any free port for 0.
    pub(crate) fn bind(folder: &Path, first: u16) -> Outcome<Self> {
        let last = first.saturating_add(if first == 0 { 0 } else { 99 });
        let listener = (first..=last).find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
        let listener = listener.ok_or_else(|| Failure(format!("no free port from {first} to {last}")))?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, folder: folder.canonicalize()?, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    /// Answers until the process ends.
    pub(crate) fn run(self) {
        let folder: Arc<Path> = self.folder.into();
        for stream in self.listener.incoming().flatten() {
            let folder = Arc::clone(&folder);
            // A client that goes away in the middle is no concern of the server's.
            thread::spawn(move || drop(answer(stream, &folder)));
        }
    }
}

struct Reply {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Reply {
    fn problem(status: &'static str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: format!("{status}\n").into_bytes() }
    }
}

fn answer(mut stream: TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let line = read_head(&stream)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let reply = match method {
        "GET" | "HEAD" => find(folder, target),
        _ => Reply::problem("405 Method Not Allowed"),
    };
    write!(
        stream,
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Access-Control-Allow-Origin: *\r\n\r\n",
        reply.status,
        reply.kind,
        reply.body.len()
    )?;
    if method != "HEAD" {
        stream.write_all(&reply.body)?;
    }
    stream.flush()
}

/// Reads to the empty line that ends the request, and gives its first line.
fn read_head(stream: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream.take(LONGEST_HEAD));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::from("-");
    while !line.trim_end().is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
    }
    Ok(first.trim_end().to_owned())
}

fn find(folder: &Path, target: &str) -> Reply {
    let Some(mut path) = local_path(target).map(|path| folder.join(path)) else {
        return Reply::problem("400 Bad Request");
    };
    if path.is_dir() {
        path.push("index.html");
    }
    // Resolved, a link that leads out of the folder shows itself.
    let inside = path.canonicalize().ok().filter(|real| real.starts_with(folder));
    match inside.and_then(|real| fs::read(real).ok()) {
        Some(body) => Reply { status: "200 OK", kind: media_type(&path), body },
        None => Reply::problem("404 Not Found"),
    }
}

/// The path that a request names, relative to the folder; nothing if it would lead out of it.
fn local_path(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = PathBuf::from(decode(path)?);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !path.to_string_lossy().contains(['\\', '\0'])).then_some(path)
}

/// Undoes percent encoding.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { digit(rest.next()?)? * 16 + digit(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ftl" | "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{Server, find, local_path, media_type};
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::path::{Path, PathBuf};
    use std::thread;

    #[test]
    fn sends_the_headers() {
        let server = Server::bind(Path::new(env!("CARGO_MANIFEST_DIR")), 0).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        thread::spawn(|| server.run());
        stream.write_all(b"HEAD /Cargo.toml HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
        for header in ["Content-Security-Policy: default-src 'self';", "nosniff", "no-referrer"] {
            assert!(reply.contains(header), "{reply}");
        }
        assert!(reply.ends_with("\r\n\r\n"), "no body after HEAD");
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(local_path("/"), Some(PathBuf::new()));
        assert_eq!(local_path("/a/b%20c.js?v=1"), Some(PathBuf::from("a/b c.js")));
        for outside in ["/../a", "/a/../../b", "/%2e%2e/a", "//etc/passwd", "/..%5ca", "/%", "a", "/%00", "/%ff"] {
            assert_eq!(local_path(outside), None, "{outside}");
        }
    }

    #[test]
    fn finds_files_and_says_what_they_are() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().unwrap();
        assert_eq!(find(&folder, "/Cargo.toml").status, "200 OK");
        assert_eq!(find(&folder, "/none").status, "404 Not Found");
        assert_eq!(find(&folder, "/../Cargo.toml").status, "400 Bad Request");
        assert_eq!(media_type(Path::new("a_bg.wasm")), "application/wasm");
    }
}
