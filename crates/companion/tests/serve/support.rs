//! Starts the server and talks to it over raw sockets.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Time limit of operations that usually take milliseconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running `loopscope serve`, killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Option<Child>,
    out: BufReader<ChildStdout>,
    pub(crate) port: u16,
    /// The token, exchanged for the one-time code of the first printed address.
    pub(crate) token: String,
    folder: PathBuf,
}

/// The code in a line that `serve` prints, e.g. `http://127.0.0.1:8000/#c=0123…`.
fn code_of(line: &str) -> &str {
    let (_, code) = line.trim_end().split_once("/#c=").expect("a code");
    code
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&[], |_| {})
    }

    pub(crate) fn with(arguments: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        Self::of(
            Command::new(env!("CARGO_BIN_EXE_loopscope")),
            arguments,
            prepare,
        )
    }

    /// A server with a limit on its open files.
    pub(crate) fn with_descriptors(count: u32) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -n {count}; exec \"$0\" \"$@\"")]);
        shell.arg(env!("CARGO_BIN_EXE_loopscope"));
        Self::of(shell, &[], |_| {})
    }

    fn of(mut command: Command, arguments: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("loopscope-serve-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a new folder");
        command
            .arg("serve")
            .args(arguments)
            // Runs create their folders here, so a test can see leftovers.
            .env("TMPDIR", &folder)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        prepare(&mut command);
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut address = String::new();
        // The server prints its address when it listens.
        out.read_line(&mut address).expect("it says where it is");
        let (place, _) = address.split_once("/#").expect("a fragment");
        let (_, port) = place.rsplit_once(':').expect("a port");
        let mut server = Self {
            child: Some(child),
            out,
            port: port.parse().expect("a number"),
            token: String::new(),
            folder,
        };
        let answer = server.exchange(code_of(&address));
        let token = &answer.json()["token"];
        server.token = token.as_str().expect("a token").to_owned();
        server
    }

    /// Sends `POST /api/token` as the page does.
    pub(crate) fn exchange(&self, code: &str) -> Reply {
        let body = serde_json::json!({ "code": code }).to_string();
        let json = ("Content-Type", "application/json");
        self.ask("POST /api/token", &[json], &body)
    }

    /// The code of the next address that is printed.
    pub(crate) fn next_code(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("another address");
        code_of(&line).to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        stream
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Sends the bytes of one request unchanged and returns the response.
    pub(crate) fn say(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        // A server that refuses a request may close the connection before it has read everything.
        let _ = stream.write_all(request);
        Reply::read(stream)
    }

    /// Sends a request with the right `Host` header; the server closes the connection after it.
    pub(crate) fn ask(&self, head: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.say(self.request(head, headers, body).as_bytes())
    }

    pub(crate) fn request(&self, head: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut text = format!(
            "{head} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.host()
        );
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text + "\r\n" + body
    }

    /// The request `POST /api/verify` as the page sends it.
    pub(crate) fn verification(&self, script: &str, runtime: &str, more: &Value) -> String {
        let mut body = serde_json::json!({ "script": script, "runtime": runtime, "runs": 1 });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let authorization = format!("Bearer {}", self.token);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
        ];
        self.request("POST /api/verify", &headers, &body.to_string())
    }

    pub(crate) fn verify(&self, script: &str, runtime: &str) -> Reply {
        self.say(self.verification(script, runtime, &Value::Null).as_bytes())
    }

    /// Checks that the server still answers a normal request.
    #[track_caller]
    pub(crate) fn still_serves(&self) {
        assert_eq!(self.ask("GET /", &[], "").status, 200);
    }

    pub(crate) fn signal(&self, name: &str) {
        assert!(self.try_signal(name));
    }

    /// Returns false if the server has already ended.
    pub(crate) fn try_signal(&self, name: &str) -> bool {
        let mut kill = Command::new("kill");
        kill.args([name, &self.id().to_string()]);
        kill.status().expect("kill starts").success()
    }

    /// Waits for the server to end and returns its output and exit status.
    pub(crate) fn ended(mut self) -> Output {
        let child = self.child.take().expect("it runs");
        let mut output = child.wait_with_output().expect("it ends");
        self.out
            .read_to_end(&mut output.stdout)
            .expect("it has ended");
        output
    }

    /// The same, but keeps the folder, so that a test can look for leftover files.
    pub(crate) fn ended_keeping_folder(mut self) -> Output {
        let child = self.child.take().expect("it runs");
        self.folder = PathBuf::new();
        child.wait_with_output().expect("it ends")
    }

    /// The files that runs left in the folder for temporary files.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).expect("the folder is there");
        entries.flatten().map(|entry| entry.path()).collect()
    }

    /// The number of processes with that folder in their arguments, which only runs have.
    pub(crate) fn processes(&self) -> usize {
        let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
        let lines = processes.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        let folder = self.folder.to_string_lossy().into_owned();
        let of_run = |line: &Vec<u8>| String::from_utf8_lossy(line).contains(&folder);
        lines.filter(of_run).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            // Without `wait` the process would remain as a zombie.
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Polls until the condition holds; fails after a minute.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "never: {what}");
        std::thread::yield_now();
    }
}

/// A parsed response. Status 0 means that the connection was closed without one.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A response that breaks off is judged by its beginning.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        let chunked = head.contains("transfer-encoding: chunked");
        Self {
            status: status.unwrap_or(0),
            head: head.to_owned(),
            body: if chunked {
                unchunked(body)
            } else {
                body.to_owned()
            },
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The lines of a stream without heartbeats.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self
            .body
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"));
        lines
            .filter(|line: &Value| line["event"] != "alive")
            .collect()
    }

    pub(crate) fn events(&self) -> Vec<String> {
        let lines = self.lines();
        lines
            .iter()
            .map(|line| line["event"].as_str().expect("a word").to_owned())
            .collect()
    }
}

/// Decodes `LENGTH\r\nBYTES\r\n…`. The bodies are ASCII, so lengths are string indexes.
fn unchunked(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = text.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        whole.push_str(rest.get(..length).unwrap_or(rest));
        text = rest.get(length + 2..).unwrap_or_default();
    }
    whole
}
