//! G01: at most one instance per key, and no outcome that is wrong, in any order of replies, losses, repeats and
//! restarts. `DSW_SCHEDULES` says how many orders are tried, and `DSW_SEED` from which on.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dsw_gateway::journal::Journal;
use dsw_gateway::operation::Operation;
use dsw_gateway::upstream::Step;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::client::{Told, app_with, check, in_time, marked, post, status};
use crate::service::{Fault, Play, Service};

/// Numbers that look random and come again with the same seed (splitmix64).
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this.
    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// Whether something happens that does so many times out of a hundred.
    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

/// What may go wrong with a call. A service that refuses for certain has done nothing.
fn play(dice: &mut Dice, creates: bool) -> Play {
    if dice.percent(50) {
        return Play::Well;
    }
    let refusals = [
        Fault::Says(400, r#"{"Code":"ValidationError"}"#),
        Fault::Says(403, r#"{"Code":"NoPermission"}"#),
        Fault::Says(400, r#"{"Code":"InvalidTimeStamp.Expired"}"#),
        Fault::NotSent(Step::Connect),
    ];
    let doubts = [
        Fault::Says(200, "{"),
        Fault::Says(200, r#"{"Success":true}"#),
        Fault::Says(302, ""),
        Fault::Says(400, r#"{"Code":"SignatureNonceUsed"}"#),
        Fault::Says(429, "{}"),
        Fault::Says(500, r#"{"Code":"InternalError"}"#),
        Fault::Says(503, "<html>"),
        Fault::Lost,
        Fault::Lost,
        Fault::Hang,
    ];
    let pick = |dice: &mut Dice, faults: &[Fault]| {
        let n = usize::try_from(dice.below(faults.len() as u64)).unwrap();
        faults[n].clone()
    };
    if dice.percent(if creates { 25 } else { 10 }) {
        Play::Instead(pick(dice, &refusals))
    } else if dice.percent(50) {
        Play::Instead(pick(dice, &doubts))
    } else {
        Play::DoneThen(pick(dice, &doubts))
    }
}

/// How a submission was settled: its state and the id of its instance.
type Settled = Option<(String, Value)>;

/// How each key was settled, as far as it was told.
#[derive(Debug, Default)]
struct History(HashMap<String, (String, Value)>);

impl History {
    /// What was told of a key so far.
    fn settled(&self, key: &str) -> Settled {
        self.0.get(key).cloned()
    }

    /// Takes note of what is told, and compares it with what is there, and with what was told before it was asked.
    fn note(&mut self, service: &Service, key: &str, name: &str, before: Settled, told: &Told) {
        let there = service.named(name);
        let submission = if told.body["submission"].is_object() {
            &told.body["submission"]
        } else {
            &told.body
        };
        let state = told.state().to_owned();
        let id = submission["instanceId"].clone();
        match &*state {
            "CONFIRMED" | "FOUND" => {
                assert_eq!(told.status, 200);
                assert_eq!(there, [id.as_str().unwrap()], "{key}: {told:?}");
            }
            "REJECTED" => assert!(there.is_empty(), "{key}: {told:?} with {there:?}"),
            "PREPARED" | "SENT" | "UNKNOWN" | "nothing" => {
                assert!(
                    told.code() != "NOT_SENT" || there.is_empty(),
                    "{key}: {told:?}"
                );
                assert!(there.len() <= 1, "{key}: {there:?}");
            }
            other => panic!("{other}: {told:?}"),
        }
        if state == "nothing" {
            return;
        }
        if let Some(before) = before {
            assert_eq!(
                (state.clone(), id.clone()),
                before,
                "{key}: once settled, always so"
            );
        }
        if matches!(&*state, "CONFIRMED" | "FOUND" | "REJECTED") {
            self.0.insert(key.to_owned(), (state, id));
        }
    }
}

fn schedule(seed: u64) {
    let mut dice = Dice(seed);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal");
    let service = Arc::new(Service {
        pace: Duration::from_millis(dice.below(300)),
        drops_labels: dice.percent(10),
        ..Service::default()
    });
    service
        .ignore_labels
        .store(dice.percent(10), Ordering::Relaxed);
    let keys: Vec<_> = (0..=dice.below(2))
        .map(|n| format!("key-{n}-of-schedule-{seed}"))
        .collect();
    let body = |n: usize, with_marker: bool| {
        let mut body = marked(&keys[n]);
        body["InstanceName"] = json!(format!("run_{n}"));
        if !with_marker {
            body["Labels"] = Value::Null;
        }
        body
    };
    let with_marker = dice.percent(80);
    let history = Arc::new(Mutex::new(History::default()));
    for _ in 0..=dice.below(3) {
        let mut plays = dice.clone();
        plays.next();
        let plays = Mutex::new(plays);
        service.plan(move |call| {
            play(
                &mut plays.lock().unwrap(),
                call.operation == Operation::CreateInstance,
            )
        });
        service
            .late
            .store(usize::try_from(dice.below(6)).unwrap(), Ordering::Relaxed);
        let lives = Duration::from_millis(if dice.percent(15) {
            40_000
        } else {
            dice.below(3_000)
        });
        in_time(async {
            let journal = Journal::open(&file, jiff::Timestamp::UNIX_EPOCH)
                .await
                .unwrap();
            let app = app_with(&service, journal);
            let clients = (0..3 + dice.below(5)).map(|_| {
                let n = usize::try_from(dice.below(keys.len() as u64)).unwrap();
                let (key, name, body) = (keys[n].clone(), format!("run_{n}"), body(n, with_marker));
                let comes = Duration::from_millis(dice.below(2_000));
                let stays = Duration::from_millis(if dice.percent(30) {
                    dice.below(500)
                } else {
                    60_000
                });
                let does = dice.below(10);
                let (app, service, history) =
                    (app.clone(), Arc::clone(&service), Arc::clone(&history));
                async move {
                    sleep(comes).await;
                    let before = history.lock().unwrap().settled(&key);
                    let asks = async {
                        match does {
                            0..6 => post(&app, &key, &body).await,
                            6..8 => check(&app, &key).await,
                            _ => status(&app, &key).await,
                        }
                    };
                    if let Ok(told) = timeout(stays, asks).await {
                        let mut history = history.lock().unwrap();
                        history.note(&service, &key, &name, before, &told);
                    }
                }
            });
            let clients: Vec<_> = clients.collect();
            let _ = timeout(lives, futures_util::future::join_all(clients)).await;
        });
    }
    end(&service, &file, &keys, &body, with_marker, &history);
}

/// In the end all is well, and each key is asked for once more.
fn end(
    service: &Arc<Service>,
    file: &Path,
    keys: &[String],
    body: &dyn Fn(usize, bool) -> Value,
    with_marker: bool,
    history: &Mutex<History>,
) {
    service.plan(|_| Play::Well);
    service.show_all();
    in_time(async {
        let journal = Journal::open(file, jiff::Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
        let app = app_with(service, journal);
        for (n, key) in keys.iter().enumerate() {
            let name = format!("run_{n}");
            for _ in 0..2 {
                let before = history.lock().unwrap().settled(key);
                let told = post(&app, key, &body(n, with_marker)).await;
                let mut history = history.lock().unwrap();
                history.note(service, key, &name, before, &told);
                let there = service.named(&name);
                assert!(there.len() <= 1, "{key}: {there:?}");
                if with_marker && !service.drops_labels && !there.is_empty() {
                    assert!(matches!(told.state(), "CONFIRMED" | "FOUND"), "{told:?}");
                }
            }
        }
    });
}

#[test]
fn g01_at_most_one_instance_and_never_a_wrong_outcome() {
    let number = |name, otherwise| {
        let set = std::env::var(name).ok();
        set.map_or(otherwise, |text: String| text.parse().unwrap())
    };
    let first: u64 = number("DSW_SEED", 1);
    let seeds = Mutex::new(first..first + number("DSW_SCHEDULES", 150));
    let next = || seeds.lock().unwrap().next();
    // Most of the time is spent waiting for time to pass.
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                while let Some(seed) = next() {
                    let ended = std::panic::catch_unwind(|| schedule(seed));
                    assert!(ended.is_ok(), "schedule {seed}");
                }
            });
        }
    });
}
