//! `cargo xtask bench gateway`: the gateway beside nginx and a service with the vendor's SDK, in one run.
//!
//! Servers run on one core, clients and the stand-in for the service on another.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::program::Profile;
use crate::project::Project;
use crate::report::Report;
use crate::terminal::{self, Step};
use crate::{page, process, program};

use super::figures::{Table, Wrk, criterion, median, named};
use super::tools::{self, Tools};

/// The access token of the measured gateway; live always has one.
const TOKEN: &str = "bench-bench-bench-bench-bench-bench-bench-bench";

/// A list that the page asks for.
const READ: &str = "/api/v1/workspaces?RegionId=cn-hangzhou&PageSize=20";

/// Connections that are open and idle.
const IDLE: u32 = 10_000;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Of each figure the one in the middle is taken.
    pub(crate) runs: u32,
    /// How long each run takes.
    pub(crate) seconds: u32,
    /// One of the parts alone, by its word in [`words`].
    pub(crate) only: Option<&'static str>,
}

/// A part of the measurements: the word that asks for it, what it measures, and how.
type Part = (
    &'static str,
    &'static str,
    fn(&Bench<'_>, &Report, &mut Table) -> Result<()>,
);

/// All parts, in the order in which they are measured.
const PARTS: [Part; 6] = [
    (
        "files",
        "Static files beside nginx",
        |bench, page, table| bench.files(page, table),
    ),
    ("reads", "Reads beside nginx", |bench, _, table| {
        bench.reads(table)
    }),
    (
        "creates",
        "Creates beside the vendor's SDK",
        |bench, _, table| bench.creates(table),
    ),
    ("memory", "Memory and start", |bench, _, table| {
        bench.memory(table)
    }),
    ("slow", "Slow clients", |bench, _, table| bench.slow(table)),
    ("judge", "Signing and judging", |bench, _, table| {
        bench.parts(table)
    }),
];

/// The words of all parts.
pub(crate) fn words() -> [&'static str; 6] {
    PARTS.map(|(word, ..)| word)
}

/// Measures everything and prints the table.
///
/// # Errors
///
/// When something can not be had, built or started.
pub(crate) fn run(project: &Project, amount: Amount) -> Result<()> {
    let report = page::build(project)?;
    let gateway = program::build(project, Profile::Server)?;
    let target = gateway.parent().map(Path::to_path_buf).unwrap_or_default();
    let tools = tools::ensure(project, &target)?;
    let folder = project.tools().join("bench/run");
    let fresh = || {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("token"), TOKEN)?;
        fs::write(folder.join(PLAIN), body("team", "vision"))?;
        fs::write(
            folder.join(MARKED),
            body("dsw-composer-submission", "{key}"),
        )
    };
    fresh().map_err(|error| Failure::io(&folder, &error))?;
    let bench = Bench {
        project,
        tools,
        gateway,
        folder,
        amount,
    };
    let mut table = Table::default();
    for (word, what, part) in PARTS {
        if amount.only.is_some_and(|only| only != word) {
            continue;
        }
        let step = Step::begin(what);
        part(&bench, &report, &mut table)?;
        step.done();
    }
    terminal::say(&format!("\n{}\n{}", table.text(), bench.tools.versions));
    Ok(())
}

/// Files of a body without a marker, as other clients send it, and of one with it, as the page does (rule 5 of create).
const PLAIN: &str = "plain.json";
const MARKED: &str = "marked.json";

/// A request of some 4 KiB with this label, with holes for what differs from create to create.
fn body(key: &str, value: &str) -> String {
    let variable = |n: u32| format!("\"VARIABLE_{n}\": \"{}\"", "value ".repeat(12));
    let variables: Vec<_> = (0..36).map(variable).collect();
    format!(
        "{{\"WorkspaceId\": \"40823\", \"InstanceName\": \"{{name}}\", \"EcsSpec\": \"ecs.c6.large\", \
         \"ImageId\": \"image-05cefd0be2exxxx\", \"Accessibility\": \"PRIVATE\", \
         \"Labels\": [{{\"Key\": \"{key}\", \"Value\": \"{value}\"}}], \
         \"Datasets\": [{{\"DatasetId\": \"d-xxxxxxxxxxxxxxxxxx\", \"MountPath\": \"/mnt/data\"}}], \
         \"EnvironmentVariables\": {{{}}}}}",
        variables.join(", ")
    )
}

struct Bench<'a> {
    project: &'a Project,
    tools: Tools,
    gateway: PathBuf,
    /// For files of a run.
    folder: PathBuf,
    amount: Amount,
}

/// A server that ends with this value.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already can not be ended again, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server, and waits until it accepts connections.
    fn start(command: &mut Command, port: u16) -> Result<Self> {
        let address = format!("127.0.0.1:{port}");
        let child = command
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| process::not_started(command, &error))?;
        let mut server = Self { child, address };
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(&server.address).is_err() {
            let ended = server.child.try_wait().ok().flatten();
            if ended.is_some() || Instant::now() > deadline {
                let what = command.get_args().nth(2).unwrap_or_default();
                return Err(Failure::new(format!("{} does not serve.", what.display())));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(server)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Resident memory in MiB.
    fn memory(&self) -> Result<f64> {
        let path = PathBuf::from(format!("/proc/{}/status", self.child.id()));
        let text = fs::read_to_string(&path).map_err(|error| Failure::io(&path, &error))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        let kilobytes =
            kilobytes.ok_or_else(|| Failure::new("The system does not tell memory."))?;
        Ok(kilobytes / 1024.0)
    }
}

impl Bench<'_> {
    /// nginx's page and its way to the stand-in, beside ours.
    fn files(&self, report: &Report, table: &mut Table) -> Result<()> {
        let nginx = self.nginx(None)?;
        let gateway = self.sandbox(&[])?;
        let largest = report
            .files
            .iter()
            .filter(|file| file.first)
            .max_by_key(|file| file.bytes);
        let largest = largest.map_or_else(String::new, |file| format!("/{}", file.name));
        for (what, path) in [
            ("index.html", "/"),
            ("the largest file, gzip", largest.as_str()),
        ] {
            let headers = ["Accept-Encoding: gzip"];
            let theirs = self.wrk(&nginx.url(path), &headers)?;
            let ours = self.wrk(&gateway.url(path), &headers)?;
            rates(table, what, ours, theirs, 0.7);
            table.row(
                &format!("{what}: p99"),
                &format!("{:.2} ms{}", ours.p99, wrongs(ours.errors)),
                &format!("{:.2} ms", theirs.p99),
                "at most 1.5 times",
                ours.p99 <= 1.5 * theirs.p99 && ours.errors == 0,
            );
        }
        Ok(())
    }

    fn reads(&self, table: &mut Table) -> Result<()> {
        let stub = self.stub()?;
        let nginx = self.nginx(Some(&stub))?;
        let gateway = self.live(&stub)?;
        let theirs = self.wrk(&nginx.url(READ), &[])?;
        let bearer = format!("Authorization: Bearer {TOKEN}");
        let ours = self.wrk(&gateway.url(READ), &[&bearer])?;
        rates(table, "reads", ours, theirs, 0.5);
        let seconds = self.amount.seconds.to_string();
        let paced = |server: &Server| {
            let url = server.url(READ);
            self.medians(|| self.client(&["pace", &url, "500", &seconds, TOKEN]))
        };
        let (direct, through) = (paced(&stub)?, paced(&gateway)?);
        let p99 = |figures: &BTreeMap<String, f64>| {
            figures.get("p99").copied().unwrap_or(f64::NAN) / 1000.0
        };
        let errors = through.get("errors").copied().unwrap_or(f64::NAN);
        table.row(
            "reads, 500 a second: p99",
            &format!("{:.2} ms", p99(&through)),
            &format!("{:.2} ms without", p99(&direct)),
            "2 ms more at most",
            p99(&through) - p99(&direct) <= 2.0 && errors == 0.0,
        );
        Ok(())
    }

    fn creates(&self, table: &mut Table) -> Result<()> {
        let stub = self.stub()?;
        let gateway = self.live(&stub)?;
        let service = self.fast_api(&stub)?;
        let seconds = self.amount.seconds.to_string();
        let body = |name: &str| self.folder.join(name).display().to_string();
        // So many that the processor has work while creates wait for the disk.
        let created = |server: &Server, body: &str| {
            let url = server.url("/api/v2/instances?RegionId=cn-hangzhou");
            self.medians(|| self.client(&["create", &url, body, "64", &seconds, TOKEN]))
        };
        let figure =
            |figures: &BTreeMap<String, f64>, name| figures.get(name).copied().unwrap_or(f64::NAN);
        let theirs = created(&service, &body(PLAIN))?;
        let there = figure(&theirs, "rate");
        // The service beside makes one call; with a marker the gateway looks first whether the instance is there.
        for (what, name, bar) in [
            ("creates a second, one call each", PLAIN, "at least 5 times"),
            ("creates a second, looked up first", MARKED, ""),
        ] {
            let ours = created(&gateway, &body(name))?;
            let here = figure(&ours, "rate");
            let is_clean = figure(&ours, "errors") == 0.0 && figure(&theirs, "errors") == 0.0;
            table.row(
                what,
                &format!("{here:.0} ({:.1} times)", here / there),
                &format!("{there:.0}"),
                bar,
                is_clean && (bar.is_empty() || here >= 5.0 * there),
            );
        }
        Ok(())
    }

    fn memory(&self, table: &mut Table) -> Result<()> {
        let begin = Instant::now();
        let gateway = self.sandbox(&["--max-connections", "20000"])?;
        let started = begin.elapsed().as_secs_f64() * 1000.0;
        table.row(
            "start",
            &format!("{started:.0} ms"),
            "",
            "200 ms",
            started <= 200.0,
        );
        self.client(&["pace", &gateway.url("/"), "100", "2"])?;
        let idle = gateway.memory()?;
        table.row(
            "memory, idle",
            &format!("{idle:.1} MiB"),
            "",
            "25 MiB",
            idle <= 25.0,
        );
        let count = IDLE.to_string();
        let mut holder = self.pinned("1", &self.tools.bench);
        holder.args(["hold", &gateway.url("/healthz"), &count]);
        let mut holder = holder
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| process::not_started(&holder, &error))?;
        let output = holder.stdout.take().map(BufReader::new);
        let lines = output
            .into_iter()
            .flat_map(|output| output.lines().map_while(std::result::Result::ok));
        let said = lines.take(2).collect::<Vec<_>>().join("\n");
        let held = named(&said).get("held").copied().unwrap_or_default();
        let loaded = gateway.memory();
        // It ends with its input.
        drop(holder.stdin.take());
        let ended = holder.wait();
        ended.map_err(|error| Failure::new(format!("The idle clients are lost: {error}.")))?;
        let loaded = loaded?;
        table.row(
            &format!("memory, {held:.0} idle connections"),
            &format!("{loaded:.1} MiB"),
            "",
            "200 MiB",
            loaded <= 200.0 && held >= f64::from(IDLE),
        );
        thread::sleep(Duration::from_mins(1));
        let after = gateway.memory()?;
        table.row(
            "memory, a minute after they left",
            &format!("{after:.1} MiB"),
            "",
            "25 MiB, as idle",
            after <= 25.0,
        );
        Ok(())
    }

    fn slow(&self, table: &mut Table) -> Result<()> {
        let gateway = self.sandbox(&[])?;
        let seconds = (self.amount.seconds + 6).to_string();
        let url = gateway.url("/healthz");
        let figures = self.medians(|| self.client(&["slow", &url, "200", "100", &seconds]))?;
        let figure = |name| figures.get(name).copied().unwrap_or(f64::NAN);
        let (p99, errors) = (figure("p99") / 1000.0, figure("errors"));
        table.row(
            "health check beside 200 slow clients: p99",
            &format!("{p99:.2} ms, {errors:.0} errors"),
            "",
            "100 ms, no errors",
            p99 <= 100.0 && errors == 0.0,
        );
        Ok(())
    }

    /// What criterion measures.
    fn parts(&self, table: &mut Table) -> Result<()> {
        for (bench, name, bar) in [
            ("sign", "sign a body of 4 KiB", 25.0),
            ("judge", "a body of", 50.0),
        ] {
            let mut cargo = process::command(self.project, "cargo");
            cargo
                .args(["bench", "--quiet", "--package", "dsw-gateway"])
                .args(["--features", "jemalloc"])
                .args(["--bench", bench, "--", name]);
            let (status, text) = process::output(&mut cargo, false)?;
            process::succeeded(status, &format!("Measuring `{bench}`"))?;
            let time = criterion(&text)
                .ok_or_else(|| Failure::new(format!("Criterion tells no time of `{bench}`.")))?;
            table.row(
                &format!("{bench} a body of 4 KiB"),
                &format!("{time:.1} µs"),
                "",
                &format!("{bar} µs"),
                time <= bar,
            );
        }
        Ok(())
    }

    /// A program on one core.
    fn pinned(&self, core: &str, program: impl AsRef<OsStr>) -> Command {
        let mut command = process::command(self.project, "taskset");
        command.args(["--cpu-list", core]).arg(program);
        command
    }

    fn stub(&self) -> Result<Server> {
        let port = free_port()?;
        Server::start(
            self.pinned("1", &self.tools.bench)
                .args(["stub", &port.to_string()]),
            port,
        )
    }

    /// The gateway with a sandbox.
    fn sandbox(&self, options: &[&str]) -> Result<Server> {
        let port = free_port()?;
        let mut command = self.pinned("0", &self.gateway);
        command.args(["serve", "--log-level", "error", "--port", &port.to_string()]);
        Server::start(command.args(options), port)
    }

    /// The gateway before this service.
    fn live(&self, service: &Server) -> Result<Server> {
        let port = free_port()?;
        let mut command = self.pinned("0", &self.gateway);
        command
            .args([
                "serve",
                "--live",
                "--log-level",
                "warn",
                "--port",
                &port.to_string(),
            ])
            .args(["--endpoint", &service.url("")])
            .arg("--token-file")
            .arg(self.folder.join("token"))
            .arg("--journal")
            .arg(self.folder.join("journal.sqlite"))
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "bench")
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "bench");
        Server::start(&mut command, port)
    }

    /// nginx as one process, which is its own worker: the page, and before a service its API.
    fn nginx(&self, service: Option<&Server>) -> Result<Server> {
        let port = free_port()?;
        let (folder, page) = (
            self.folder.display(),
            self.project.dist().display().to_string(),
        );
        let (upstream, location) = match service {
            Some(Server { address, .. }) => (
                format!(
                    "upstream service {{ server {address}; keepalive 64; keepalive_requests 100000000; }}"
                ),
                "location /api/ { proxy_pass http://service; proxy_http_version 1.1; \
                 proxy_set_header Connection \"\"; }",
            ),
            None => (String::new(), ""),
        };
        let text = format!(
            "master_process off;\ndaemon off;\npid {folder}/nginx.pid;\nerror_log stderr crit;\n\
             events {{ worker_connections 4096; }}\n\
             http {{\naccess_log off; sendfile on; tcp_nopush on; gzip_static on; open_file_cache max=100;\n\
             keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n\
             fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n\
             types {{ text/html html; text/javascript js; text/css css; application/wasm wasm; }}\n\
             {upstream}\nserver {{ listen 127.0.0.1:{port}; root {page}; {location} }}\n}}\n"
        );
        let file = self.folder.join("nginx.conf");
        fs::write(&file, text).map_err(|error| Failure::io(&file, &error))?;
        Server::start(
            self.pinned("0", &self.tools.nginx).arg("-c").arg(&file),
            port,
        )
    }

    fn fast_api(&self, service: &Server) -> Result<Server> {
        let port = free_port()?;
        let mut command = self.pinned("0", &self.tools.python);
        command
            .args([
                "-m",
                "uvicorn",
                "create_service:app",
                "--no-access-log",
                "--log-level",
                "warning",
            ])
            .args(["--port", &port.to_string()])
            .arg("--app-dir")
            .arg(self.project.root().join("xtask/bench"))
            .env("STUB", &service.address)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Server::start(&mut command, port)
    }

    /// The median of each figure of wrk.
    fn wrk(&self, url: &str, headers: &[&str]) -> Result<Wrk> {
        let once = || {
            let mut wrk = self.pinned("1", "wrk");
            wrk.args(["--threads", "1", "--connections", "32", "--latency"])
                .arg(format!("--duration={}s", self.amount.seconds));
            for header in headers {
                wrk.args(["--header", header]);
            }
            let (status, text) = process::output(wrk.arg(url), false)?;
            process::succeeded(status, "wrk")?;
            Wrk::parse(&text).ok_or_else(|| Failure::new(format!("wrk says:\n{text}")))
        };
        let runs = (0..self.amount.runs)
            .map(|_| once())
            .collect::<Result<Vec<_>>>()?;
        Ok(Wrk {
            rate: median(runs.iter().map(|run| run.rate).collect()),
            p99: median(runs.iter().map(|run| run.p99).collect()),
            errors: runs.iter().map(|run| run.errors).sum(),
        })
    }

    /// What our own client prints.
    fn client(&self, words: &[&str]) -> Result<BTreeMap<String, f64>> {
        let mut client = self.pinned("1", &self.tools.bench);
        let (status, text) = process::output(client.args(words), false)?;
        process::succeeded(status, &format!("`bench {}`", words[0]))?;
        Ok(named(&text))
    }

    /// The median of each figure; of errors all.
    fn medians(
        &self,
        once: impl Fn() -> Result<BTreeMap<String, f64>>,
    ) -> Result<BTreeMap<String, f64>> {
        let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for _ in 0..self.amount.runs {
            for (name, figure) in once()? {
                all.entry(name).or_default().push(figure);
            }
        }
        let middle = |(name, figures): (String, Vec<f64>)| match name.as_str() {
            "errors" => (name, figures.iter().sum()),
            _ => (name, median(figures)),
        };
        Ok(all.into_iter().map(middle).collect())
    }
}

fn rates(table: &mut Table, what: &str, ours: Wrk, theirs: Wrk, bar: f64) {
    table.row(
        &format!("{what}: requests a second"),
        &format!(
            "{:.0} ({:.2} times){}",
            ours.rate,
            ours.rate / theirs.rate,
            wrongs(ours.errors)
        ),
        &format!("{:.0}{}", theirs.rate, wrongs(theirs.errors)),
        &format!("at least {bar} times"),
        ours.rate >= bar * theirs.rate && ours.errors == 0 && theirs.errors == 0,
    );
}

fn wrongs(errors: u64) -> String {
    if errors == 0 {
        String::new()
    } else {
        format!(", {errors} errors")
    }
}

/// A port that nobody listens at.
fn free_port() -> Result<u16> {
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let port = port.map_err(|error| Failure::new(format!("There is no free port: {error}.")))?;
    Ok(port.port())
}
