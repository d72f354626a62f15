//! `doctor` names what is there, and the command that gets the rest.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::process::{finish, loopscope, python};
use crate::transcript::empty_folder;

#[test]
fn what_is_missing_has_a_remedy() {
    let folder = empty_folder("doctor_missing");
    let mut command = loopscope(&folder);
    command
        .arg("doctor")
        .env("LOOPSCOPE_PYTHON", "no-such-python")
        .env("LOOPSCOPE_REDIS", "no-such-redis")
        .env("LOOPSCOPE_DATA", &folder)
        .env("PATH", &folder);
    let output = finish(command, Vec::new());
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(5), "{said}");
    for words in [
        "✗ Python: Python was not found: `no-such-python` does not start",
        "    apt-get install python3 (3.11 or newer)",
        "✗ FastAPI, uvicorn, httpx and Celery: not installed",
        "    loopscope setup python",
        "✗ Redis: redis-server is not installed",
        "✗ a browser: none was found in PATH (for serve)",
    ] {
        assert!(said.contains(words), "no {words}:\n{said}");
    }
}

#[test]
fn what_is_there_has_its_version_or_its_place() {
    let folder = empty_folder("doctor_there");
    let browser = folder.join("firefox");
    fs::write(&browser, "").expect("it can be written");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("and made executable");
    let mut command = loopscope(&folder);
    command
        .args(["doctor", "--format", "json"])
        .env("LOOPSCOPE_PYTHON", python())
        .env("LOOPSCOPE_DATA", &folder)
        .env("PATH", &folder);
    let output = finish(command, Vec::new());
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["schema"], "loopscope.doctor/1");
    let of = |name: &str| {
        let software = result["software"].as_array().expect("a list");
        let found = software.iter().find(|one| one["name"] == name);
        found.expect("it is examined").clone()
    };
    let python = of("python");
    assert_eq!(python["present"], true);
    assert!(python["detail"].as_str().expect("a text").starts_with("3."));
    assert_eq!(of("packages")["remedy"], "loopscope setup python");
    let place = of("browser")["detail"].as_str().expect("a text").to_owned();
    assert!(place.ends_with("firefox"), "{place}");
}
