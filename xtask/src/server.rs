//! Serves the built page on this machine.

use std::io::BufReader;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use crate::failure::{Failure, Result};
use crate::http::{self, Response, Trouble};
use crate::project::Project;
use crate::report::Report;
use crate::site::Site;

/// How long a browser may leave a connection open without a word.
const IDLE: Duration = Duration::from_mins(1);

/// Takes a port on the loopback interface.
///
/// # Errors
///
/// When the port is in use or reserved.
pub(crate) fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let other = if port == u16::MAX { port - 1 } else { port + 1 };
        Failure::new(match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "Port {port} is in use: stop the program that holds it, or choose another with \
                 --port {other}."
            ),
            io::ErrorKind::PermissionDenied => {
                format!("Port {port} is reserved for the administrator: try --port 8080.")
            }
            _ => format!("Port {port} cannot be used ({error}): try --port {other}."),
        })
    })
}

/// The address of a listener, as a browser wants it.
///
/// # Errors
///
/// When the system does not say.
pub(crate) fn address(listener: &TcpListener) -> Result<String> {
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(format!("The server's address is unknown: {error}.")))?;
    Ok(format!("http://{address}"))
}

/// Answers requests until the program ends.
pub(crate) fn run(listener: &TcpListener, page: Page) {
    let page = Arc::new(page);
    for connection in listener.incoming().flatten() {
        let page = Arc::clone(&page);
        // One thread for each connection: there is one visitor.
        thread::spawn(move || talk(&connection, &page));
    }
}

/// The built page, which another build may replace while it is served.
#[derive(Debug)]
pub(crate) struct Page {
    dist: PathBuf,
    report: PathBuf,
    current: Mutex<(Option<SystemTime>, Arc<Site>)>,
}

impl Page {
    /// The page that was built last.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn load(project: &Project, report: &Report) -> Result<Self> {
        let path = Report::path(project);
        let site = Arc::new(Site::load(&project.dist(), report)?);
        Ok(Self {
            dist: project.dist(),
            current: Mutex::new((modified(&path), site)),
            report: path,
        })
    }

    /// The page as it is now. Until a build has finished, that is the one before.
    fn site(&self) -> Arc<Site> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let time = modified(&self.report);
        if time != current.0 {
            let newer =
                Report::load(&self.report).and_then(|report| Site::load(&self.dist, &report).ok());
            if let Some(site) = newer {
                *current = (time, Arc::new(site));
            }
        }
        Arc::clone(&current.1)
    }
}

fn modified(path: &PathBuf) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// Answers one visitor's requests, one after another.
fn talk(connection: &TcpStream, page: &Page) {
    let _ = connection.set_read_timeout(Some(IDLE));
    let _ = connection.set_nodelay(true);
    let mut reader = BufReader::new(connection);
    let mut writer = connection;
    loop {
        match http::read(&mut reader) {
            Ok(request) => {
                let site = page.site();
                let response = site.answer(&request);
                let with_body = request.method != "HEAD";
                let written = http::write(&mut writer, &response, with_body, request.keep_alive);
                if written.is_err() || !request.keep_alive {
                    return;
                }
            }
            Err(Trouble::Gone) => return,
            Err(Trouble::Malformed) => {
                let response = Response {
                    status: "400 Bad Request",
                    headers: Vec::new(),
                    body: b"",
                };
                let _ = http::write(&mut writer, &response, true, false);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_said_with_a_way_out() {
        let holder = listen(0).expect("a free port");
        let port = holder.local_addr().expect("bound").port();
        let message = listen(port).expect_err("taken").to_string();
        assert!(
            message.starts_with(&format!("Port {port} is in use")),
            "{message}"
        );
        assert!(message.contains("--port"), "{message}");
    }
}
