//! How the program starts and stops: the matrix of S01 and S02, seen from outside.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// What must be in nothing that the program writes (S10).
const SECRET: &str = "marker-secret-30-letters-long0";

/// How long the program may take to start, or to say that it can not.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program. It is ended with this value.
struct Program {
    child: Child,
    /// What it said where it is.
    greeting: String,
}

impl Program {
    /// Starts it in a folder, which also is its home, and waits until it serves.
    fn start(options: &[&str], folder: &Path, variables: &[(&str, &str)]) -> Self {
        let program = Self::of(&mut command(options, folder, variables));
        program.unwrap_or_else(|| panic!("{options:?} did not start"))
    }

    /// Starts a command, and waits until it serves, if it does.
    fn of(command: &mut Command) -> Option<Self> {
        let mut child = command.spawn().ok()?;
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            if output.read_line(&mut line).is_ok() {
                let _ = tell.send(line);
            }
        });
        let greeting = told.recv_timeout(PATIENCE).unwrap_or_default();
        let program = Self { child, greeting };
        program
            .greeting
            .starts_with("DSW Composer (")
            .then_some(program)
    }

    fn address(&self) -> &str {
        let (_, rest) = self.greeting.split_once("http://").unwrap();
        rest.split(['/', ',']).next().unwrap().trim()
    }

    fn token(&self) -> Option<&str> {
        self.greeting
            .split_once("#token=")
            .map(|(_, token)| token.trim())
    }

    /// Asks for a path and returns the whole answer.
    fn get(&self, path: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let host = self.address();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal and waits for the end: how it ended, and what it logged.
    fn stop(mut self, signal: &str) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (status, log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(options: &[&str], folder: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dsw-composer"));
    command
        .args(options)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        // Nobody asks the metadata service of the machine that tests run on.
        .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a program that is not to start: its code, and what it says.
fn refused(options: &[&str], folder: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut child = command(options, folder, variables).spawn().unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty(), "{options:?} says that it serves");
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Local addresses that a process listens at.
#[cfg(target_os = "linux")]
fn listening(process: u32) -> Vec<String> {
    let open: Vec<_> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter_map(|link| {
            let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let mut addresses = Vec::new();
    for table in ["tcp", "tcp6"] {
        let table = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default();
        for line in table.lines().skip(1) {
            let columns: Vec<_> = line.split_whitespace().collect();
            // State 0A is LISTEN.
            if columns[3] == "0A" && open.iter().any(|inode| inode == columns[9]) {
                let (address, _) = columns[1].split_once(':').unwrap();
                addresses.push(address.to_owned());
            }
        }
    }
    addresses
}

#[test]
#[cfg(target_os = "linux")]
fn s01_by_itself_it_listens_on_loopback_alone() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(&["--port", "0"], folder.path(), &[]);
    let addresses = listening(program.child.id());
    assert!(!addresses.is_empty());
    for address in addresses {
        // 127.0.0.1 and ::1, as the kernel writes them.
        let is_loopback = ["0100007F", "00000000000000000000000001000000"].contains(&&*address);
        assert!(is_loopback, "{address}");
    }
}

#[test]
fn s01_other_addresses_need_hosts_and_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let open = ["--listen", "0.0.0.0:0"];
    let host = ["--allow-authority", "composer.example"];
    for (more, part) in [
        (&[][..], "--allow-authority"),
        (&["--token"], "--allow-authority"),
        (&host, "--token"),
    ] {
        let options = [&open[..], more].concat();
        let (code, words) = refused(&options, folder.path(), &[]);
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains(part), "{options:?}: {words}");
    }
    let options = [&open[..], &host, &["--token"]].concat();
    let program = Program::start(&options, folder.path(), &[]);
    assert!(program.greeting.contains("http://composer.example/#token="));
}

#[test]
fn s02_without_credentials_live_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let (code, words) = refused(&["--live", "--port", "0"], folder.path(), &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("--live needs credentials"), "{words}");
    // Half a key is none.
    let half = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")];
    let (code, words) = refused(&["--live", "--port", "0"], folder.path(), &half);
    assert_eq!(code, Some(1), "{words}");
}

#[test]
fn s02_a_sandbox_never_reads_credentials() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever opens a pipe waits until somebody writes, so a program that reads these would not start.
    for file in [".aliyun/config.json", ".alibabacloud/credentials"] {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg(&file)
                .status()
                .unwrap()
                .success()
        );
    }
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
    ];
    let program = Program::start(&["--port", "0"], folder.path(), &variables);
    assert!(
        program
            .greeting
            .starts_with("DSW Composer (sandbox) is at http://127.0.0.1:")
    );
    let answer = program.get("/api/v1/workspaces?RegionId=cn-hangzhou", "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("x-gateway-mode: sandbox\r\n"),
        "{answer}"
    );
    let (status, log) = program.stop("-TERM");
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(
        !log.contains(SECRET) && !log.contains("credentials"),
        "{log}"
    );
}

/// The program under a tracer, and the names that it has asked the system for, call by call. Nothing without `strace`.
fn traced(folder: &Path) -> Option<(Program, impl Fn() -> Vec<String>)> {
    let file = folder.join("trace");
    let options = ["serve", "--port", "0", "--page", "page"];
    let plain = command(&options, folder, &[]);
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-e", "trace=%file", "-o"])
        .arg(&file)
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH")?)
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let program = Program::of(&mut traced)?;
    let calls = move || {
        let text = fs::read_to_string(&file).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    Some((program, calls))
}

/// S02, S14: of files a sandbox opens its page alone, and that before it serves; no name that a request sends reaches
/// the file system.
#[cfg(target_os = "linux")]
#[test]
fn s02_s14_what_is_opened_is_the_page_alone() {
    let folder = tempfile::tempdir().unwrap();
    for file in [
        ".aliyun/config.json",
        ".alibabacloud/credentials",
        "page/index.html",
        "page/assets/a-0123456789abcdef.js",
    ] {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, SECRET).unwrap();
    }
    let Some((program, calls)) = traced(folder.path()) else {
        #[expect(clippy::print_stderr, reason = "who runs it has to know")]
        {
            eprintln!("not tested: strace is not here, or may not trace");
        }
        return;
    };
    let read = "/api/v1/workspaces?RegionId=cn-hangzhou";
    assert!(program.get(read, "").starts_with("HTTP/1.1 200 "));
    let at_start = calls();
    let names = |calls: &[String], name: &str| calls.iter().any(|call| call.contains(name));
    assert!(names(&at_start, "index.html"), "the trace sees the page");
    for path in [
        "/",
        "/assets/a-0123456789abcdef.js",
        "/assets/other.js",
        "/.aliyun/config.json",
        "/../.aliyun/config.json",
        "/%2e%2e/.aliyun/config.json",
        "/..%2f.aliyun%2fconfig.json",
        "//etc/passwd",
        "/a/../../etc/passwd",
        read,
        "/healthz",
        "/readyz",
    ] {
        let answer = program.get(path, "");
        assert!(answer.starts_with("HTTP/1.1 "), "{path}");
    }
    let all = calls();
    // A thread that begins may look at how many processors there are.
    let of_system = |call: &String| call.contains("\"/sys/") || call.contains("\"/proc/");
    let later: Vec<_> = all[at_start.len()..]
        .iter()
        .filter(|call| !of_system(call))
        .collect();
    assert!(later.is_empty(), "{later:#?}");
    for name in [".aliyun", ".alibabacloud", "passwd"] {
        assert!(!names(&all, name), "{name}");
    }
    // The tracer ends with the program, whose id begins each line.
    let id = all[0].split(' ').next().unwrap();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
}

/// A service that answers each request with an empty list and passes on what it was sent.
fn service() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") && lines.read_line(&mut head).unwrap() > 0 {}
            let body = r#"{"TotalCount":0,"Workspaces":[]}"#;
            let answer = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
            if tell.send(head).is_err() {
                return;
            }
        }
    });
    (address, told)
}

#[test]
fn s02_s04_s10_live_signs_forwards_and_asks_for_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let (endpoint, told) = service();
    let options = ["--live", "--port", "0", "--endpoint", &endpoint];
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "marker-key-id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
        ("DSW_COMPOSER_LOG_LEVEL", "debug"),
    ];
    let program = Program::start(&options, folder.path(), &variables);
    assert!(
        program
            .greeting
            .starts_with("DSW Composer (live) is at http://127.0.0.1:")
    );
    let token = program.token().unwrap().to_owned();
    assert_eq!(token.len(), 43);
    let path = "/api/v1/workspaces?RegionId=cn-hangzhou";
    for wrong in ["", "Authorization: Bearer wrong\r\n"] {
        let answer = program.get(path, wrong);
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert!(told.try_recv().is_err(), "nothing was forwarded");
    let answer = program.get(path, &format!("Authorization: Bearer {token}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("x-gateway-mode: live\r\n"),
        "{answer}"
    );
    let head = told
        .recv_timeout(Duration::from_secs(5))
        .unwrap()
        .to_ascii_lowercase();
    assert!(head.starts_with("get /api/v1/workspaces"), "{head}");
    assert!(
        head.contains("authorization: acs3-hmac-sha256 credential=marker-key-id,"),
        "{head}"
    );
    assert!(
        !head.contains(&token.to_ascii_lowercase()),
        "S08: the token goes no further: {head}"
    );
    let journal = folder
        .path()
        .join(".local/state/dsw-composer/journal.sqlite");
    assert!(journal.is_file(), "the journal is in the state folder");
    let (status, log) = program.stop("-INT");
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("credentials obtained"), "{log}");
    assert!(!log.contains(SECRET) && !log.contains(&token), "{log}");
}

#[test]
fn s04_the_token_of_a_file_is_not_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let token = "t".repeat(43);
    fs::write(folder.path().join("token"), &token).unwrap();
    let options = ["--port", "0", "--token-file", "token"];
    let program = Program::start(&options, folder.path(), &[]);
    assert!(!program.greeting.contains(&token), "{}", program.greeting);
    let path = "/api/v1/workspaces?RegionId=cn-hangzhou";
    assert!(program.get(path, "").starts_with("HTTP/1.1 401 "));
    let right = format!("Authorization: Bearer {token}\r\n");
    assert!(program.get(path, &right).starts_with("HTTP/1.1 200 "));
}

#[test]
fn an_address_in_use_is_told_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let (code, words) = refused(&["--port", &port], folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(
        words.contains(&format!("cannot listen at 127.0.0.1:{port}")),
        "{words}"
    );
    assert!(words.contains("choose another with --port"), "{words}");
}

#[test]
fn what_can_not_be_kept_is_told_before_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("text"), "text").unwrap();
    for (option, value) in [
        ("--state", "text"),
        ("--state", "no/such/folder"),
        ("--journal", "text/journal"),
        ("--journal", "text"),
        ("--page", "no-such-folder"),
    ] {
        let (code, words) = refused(&["--port", "0", option, value], folder.path(), &[]);
        assert_eq!(code, Some(1), "{option} {value}: {words}");
        assert!(
            words.contains(&format!("dsw-composer: {option}")),
            "{option} {value}: {words}"
        );
    }
}

#[test]
fn q3_it_starts_soon_and_serves_the_page_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("index.html"),
        "<!doctype html><title>Own page</title>",
    )
    .unwrap();
    let begin = Instant::now();
    let program = Program::start(&["--port", "0", "--page", "."], folder.path(), &[]);
    let took = begin.elapsed();
    // The figure is 200 ms for a release build on a quiet machine.
    assert!(took < Duration::from_secs(2), "{took:?}");
    let answer = program.get("/", "");
    assert!(answer.contains("Own page"), "{answer}");
}

#[test]
fn state_and_journal_of_a_sandbox_outlive_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--port", "0", "--state", "state.json"];
    let program = Program::start(&options, folder.path(), &[]);
    let (status, log) = program.stop("-TERM");
    assert_eq!(status.code(), Some(0), "{log}");
    for file in ["state.json", "state.json.journal"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    Program::start(&options, folder.path(), &[]);
}

#[test]
fn variables_of_no_option_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(
        &["--port", "0"],
        folder.path(),
        &[("DSW_COMPOSER_PROT", "1")],
    );
    let (_, log) = program.stop("-TERM");
    let warned = log
        .lines()
        .any(|line| line.contains("WARN") && line.contains("DSW_COMPOSER_PROT"));
    assert!(warned, "{log}");
}

#[test]
fn s23_a_broken_policy_keeps_the_program_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    fs::write(&file, "{\"version\": 1,\n \"machine\": {}}").unwrap();
    let named = file.to_str().unwrap();
    for (options, variables) in [
        (&["--port", "0", "--policy", named][..], &[][..]),
        (&["--port", "0"], &[("DSW_COMPOSER_POLICY", named)]),
    ] {
        let (code, words) = refused(options, folder.path(), variables);
        assert_eq!(code, Some(2), "{words}");
        assert!(
            words.contains("policy.json: Line 2, column 2 (/machine): "),
            "{words}"
        );
    }
    // Beside the page of a gateway it would look as if it held.
    let text = r#"{"version": 1, "regions": {"allowed": ["cn-hangzhou"]}}"#;
    fs::write(&file, text).unwrap();
    fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
    let page = ["--port", "0", "--page", folder.path().to_str().unwrap()];
    let (code, words) = refused(&page, folder.path(), &[]);
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("name it with --policy"), "{words}");
    let program = Program::start(
        &[&page[..], &["--policy", named]].concat(),
        folder.path(),
        &[],
    );
    let answer = program.get("/policy.json", "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with(text), "{answer}");
    drop(program);
    // The one that a page comes with asks nothing, and is not meant.
    fs::write(&file, r#"{"version": 1}"#).unwrap();
    let program = Program::start(&page, folder.path(), &[]);
    let answer = program.get("/policy.json", "");
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
}
