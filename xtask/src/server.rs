//! Serves the built page from plain files, as a host without a gateway does.

use std::io::BufReader;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use crate::failure::{Failure, Result};
use crate::http::{self, Response, Trouble};
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
pub(crate) fn run(listener: &TcpListener, site: Site) {
    let site = Arc::new(site);
    for connection in listener.incoming().flatten() {
        let site = Arc::clone(&site);
        // One thread for each connection: there is one visitor.
        thread::spawn(move || talk(&connection, &site));
    }
}

/// Answers one visitor's requests, one after another.
fn talk(connection: &TcpStream, site: &Site) {
    let _ = connection.set_read_timeout(Some(IDLE));
    let _ = connection.set_nodelay(true);
    let mut reader = BufReader::new(connection);
    let mut writer = connection;
    loop {
        match http::read(&mut reader) {
            Ok(request) => {
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
