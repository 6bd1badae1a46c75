//! What the clients do.

use std::fs;
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::client::{Client, Target, read_answer};
use crate::{Result, figure};

/// Threads that share the work of `pace`: at 500 requests a second each has 64 ms for one.
const PACERS: u32 = 32;

/// What became of some requests.
#[derive(Debug, Default)]
struct Tally {
    /// Answer times.
    times: Vec<Duration>,
    errors: usize,
}

/// Asks at fixed times, whether or not the answers before have come. Times count from when a request was due, so
/// that a server that stops answering is not spared.
pub(crate) fn pace(target: &Target, rate: u32, time: Duration) -> Result<()> {
    report(paced(target, rate, time))
}

fn paced(target: &Target, rate: u32, time: Duration) -> Tally {
    let request = format!("{}\r\n", target.head("GET"));
    let gap = Duration::from_secs(1) / rate;
    let start = Instant::now() + Duration::from_millis(100);
    let pacer = |first: u32| {
        let mut client = Client::new(target);
        let mut tally = Tally::default();
        let mut due = start + gap * first;
        while due < start + time {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            match client.ask(request.as_bytes()) {
                Ok(200) => tally.times.push(due.elapsed()),
                _ => tally.errors += 1,
            }
            due += gap * PACERS;
        }
        tally
    };
    thread::scope(|scope| {
        let pacers: Vec<_> = (0..PACERS).map(|n| scope.spawn(move || pacer(n))).collect();
        pacers.into_iter().fold(Tally::default(), |mut all, pacer| {
            let tally = pacer.join().expect("a pacer does not panic");
            all.times.extend(tally.times);
            all.errors += tally.errors;
            all
        })
    })
}

fn report(mut tally: Tally) -> Result<()> {
    tally.times.sort_unstable();
    let at = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a length is a place in it"
        )]
        let place = (tally.times.len() as f64 * share) as usize;
        tally
            .times
            .get(place.min(tally.times.len().saturating_sub(1)))
            .map_or(0, Duration::as_micros)
    };
    figure("answers", tally.times.len())?;
    figure("errors", tally.errors)?;
    figure("p50", at(0.5))?;
    figure("p99", at(0.99))?;
    figure("max", at(1.0))?;
    Ok(())
}

/// Creates one after another, each client with fresh keys. The body holds `{key}` where its label goes, as the page
/// makes it of the key, and `{name}` where its name goes.
pub(crate) fn create(target: &Target, body: &Path, clients: u32, time: Duration) -> Result<()> {
    let body = fs::read_to_string(body)?;
    let (created, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let start = Instant::now();
    // Another run asks for other keys.
    let run = std::process::id();
    thread::scope(|scope| {
        for client in 0..clients {
            let (body, created, refused) = (&body, &created, &refused);
            scope.spawn(move || {
                let mut connection = Client::new(target);
                for n in 0.. {
                    if start.elapsed() >= time {
                        return;
                    }
                    let key = format!("bench-{run:08}-{client:08}-{n:08}");
                    let marker = &hex::encode(Sha256::digest(&key))[..32];
                    let name = format!("b{run}_{client}_{n}");
                    let body = body.replace("{key}", marker).replace("{name}", &name);
                    let request = format!(
                        "{}Content-Type: application/json\r\nIdempotency-Key: {key}\r\n\
                         Content-Length: {}\r\n\r\n{body}",
                        target.head("POST"),
                        body.len()
                    );
                    match connection.ask(request.as_bytes()) {
                        Ok(200) => created.fetch_add(1, Ordering::Relaxed),
                        _ => refused.fetch_add(1, Ordering::Relaxed),
                    };
                }
            });
        }
    });
    let created = created.into_inner();
    figure("created", created)?;
    figure("errors", refused.into_inner())?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of seconds' requests is small"
    )]
    figure("rate", created as f64 / start.elapsed().as_secs_f64())?;
    Ok(())
}

/// Opens connections that each have asked once, and holds them until standard input ends.
pub(crate) fn hold(target: &Target, connections: usize) -> Result<()> {
    let request = format!("{}\r\n", target.head("GET"));
    let mut held = Vec::with_capacity(connections);
    let mut errors = 0;
    for _ in 0..connections {
        let mut stream = BufReader::new(target.connect()?);
        stream.get_mut().write_all(request.as_bytes())?;
        match read_answer(&mut stream) {
            // The buffer would weigh more than the connection.
            Ok((200, true)) => held.push(stream.into_inner()),
            _ => errors += 1,
        }
    }
    figure("held", held.len())?;
    figure("errors", errors)?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Like [`pace`], beside clients that never finish their request.
pub(crate) fn slow(target: &Target, clients: usize, rate: u32, time: Duration) -> Result<()> {
    let head = target.head("GET");
    let start = Instant::now();
    let slow = || {
        while start.elapsed() < time {
            let Ok(mut stream) = target.connect() else {
                continue;
            };
            let mut bytes = head.as_bytes().iter().chain(std::iter::repeat(&b'x'));
            let mut send = || stream.write_all(&[*bytes.next().expect("it has no end")]);
            // Until the server has had enough of it.
            while start.elapsed() < time && send().is_ok() {
                thread::sleep(Duration::from_secs(1));
            }
        }
    };
    let tally = thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(slow);
        }
        thread::sleep(Duration::from_secs(2));
        paced(target, rate, time.saturating_sub(Duration::from_secs(4)))
    });
    report(tally)
}
