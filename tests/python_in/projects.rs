//! Programs of several modules: names are followed across files, and nothing outside is needed.

use std::collections::BTreeMap;

use reader::{ModuleText, Options, Reading, read_project};
use texts::Language;

/// The modules of a text in which `@ app/db.py` begins a file.
fn modules(text: &str) -> BTreeMap<String, ModuleText> {
    let files = text.split("@ ").skip(1);
    files
        .map(|file| {
            let (file, text) = file.split_once('\n').unwrap_or((file, ""));
            let is_package = file.ends_with("__init__.py");
            let name = file.trim_end_matches(".py").trim_end_matches("/__init__");
            let module = ModuleText {
                file: file.to_owned(),
                text: text.to_owned(),
                is_package,
            };
            (name.replace('/', "."), module)
        })
        .collect()
}

fn read(text: &str, entry: &str) -> Reading {
    let (module, app) = entry.split_once(':').unwrap_or((entry, ""));
    let app = Some(app).filter(|app| !app.is_empty());
    let entries = [module.to_owned()];
    read_project(&mut modules(text), &entries, app, &Options::default())
}

/// The script, and the notes that are no assumed requests, e.g. `app/db.py:3: how long …`.
#[track_caller]
fn check(text: &str, entry: &str, script: &str, notes: &[&str]) {
    let reading = read(text, entry);
    assert_eq!(reading.script, script);
    let said: Vec<String> = reading
        .notes
        .iter()
        .filter(|note| note.kind.code() != "assumed_requests")
        .map(|note| {
            let (file, line) = reading.place_of(note);
            let text = note.kind.text(Language::En);
            format!("{}:{line}: {text}", file.unwrap_or_default())
        })
        .collect();
    assert_eq!(said, notes);
}

const SHOP: &str = "\
@ shop/__init__.py
@ shop/main.py
from fastapi import FastAPI
from shop.api import orders
from .api.users import router as users

def create_app():
    app = FastAPI()
    app.include_router(orders.router)
    app.include_router(users)
    return app

app = create_app()
@ shop/api/__init__.py
@ shop/api/deps.py
from typing import Annotated
from fastapi import Depends
from sqlalchemy.orm import Session
from ..db import get_db

SessionDep = Annotated[Session, Depends(get_db)]
@ shop/api/orders.py
from fastapi import APIRouter
from shop.api.deps import SessionDep
from shop import services

router = APIRouter()

@router.get(\"/orders\")
def orders(session: SessionDep):
    return session.execute(1)

@router.post(\"/pay\")
async def pay():
    await services.charge(1)
@ shop/api/users.py
from fastapi import APIRouter, Depends
from ..db import Repository

router = APIRouter()

@router.get(\"/users\")
async def users(repository: Repository = Depends()):
    return await repository.load()
@ shop/db.py
import time, asyncio

def get_db():
    time.sleep(0.01)
    yield None

class Repository:
    async def load(self):
        await asyncio.sleep(0.2)
@ shop/services.py
import httpx

async def charge(amount):
    async with httpx.AsyncClient() as client:
        await client.post(\"x\")
";

#[test]
fn names_are_followed_across_modules() {
    check(
        SHOP,
        "shop.main:app",
        "def get_db: block 10ms
async def load: await 200ms

async def charge:
    await 1s \"httpx.post\"  # ? shop/services.py:5

async def orders:
    thread get_db
    thread:
        block 100ms \"sqlalchemy.execute\"  # ? shop/api/orders.py:9

async def pay: call charge
async def users: thread (cpu 1ms) -> call load

run 3 orders
run 3 pay
run 3 users
",
        &[
            "shop/services.py:5: how long does `httpx.post` take? `await 1s` is assumed",
            "shop/api/orders.py:9: how long does `sqlalchemy.execute` take? `block 100ms` is assumed",
        ],
    );
}

#[test]
fn modules_that_import_each_other_are_followed_once() {
    let text = "\
@ a.py
import time
from b import work
def sleep():
    time.sleep(1)
@app.get(\"/\")
async def root():
    work()
@ b.py
import a
def work():
    a.sleep()
";
    check(
        text,
        "a",
        "def work: call sleep\ndef sleep: block 1s\nasync def root: call work\n\nrun 3 root\n",
        &[],
    );
}

#[test]
fn only_the_entry_is_run() {
    let text = "\
@ main.py
import other
import asyncio
async def main():
    await asyncio.sleep(1)
if __name__ == \"__main__\":
    asyncio.run(main())
@ other.py
import time
time.sleep(2)
if __name__ == \"__main__\":
    time.sleep(3)
";
    check(
        text,
        "main",
        "async def main: await 1s\n\nrun main\n",
        &["other.py:2: work before the first request is left out"],
    );
}

#[test]
fn an_application_that_a_function_makes_is_made() {
    let text = "\
@ app.py
from fastapi import FastAPI
import time
def make(path):
    app = FastAPI()
    add(app)
    return app
def add(app):
    app.add_api_route(\"/\", root)
async def root():
    time.sleep(1)
";
    check(
        text,
        "app:make",
        "async def root: block 1s\n\nrun 3 root\n",
        &[],
    );
    let missing = read(text, "app:application");
    assert!(
        missing
            .notes
            .iter()
            .any(|note| note.kind.code() == "no_app")
    );
}

#[test]
fn a_name_that_leads_in_a_circle_is_unknown() {
    let text = "@ a.py\nfrom b import x\nx()\n@ b.py\nfrom a import x\n";
    assert_eq!(read(text, "a").script, "");
}

#[test]
fn a_dependency_from_outside_of_the_project_is_said() {
    let text = "\
@ a.py
from elsewhere import get_user
from fastapi import Depends
import time
@app.get(\"/\")
async def root(user = Depends(get_user)):
    time.sleep(1)
";
    let said = "a.py:5: dependencies that the project does not define are left out: 1, the first is `get_user`";
    check(
        text,
        "a",
        "async def root: block 1s\n\nrun 3 root\n",
        &[said],
    );
}

#[test]
fn a_chain_of_many_modules_and_a_name_of_many_parts_are_bounded() {
    let mut modules = BTreeMap::new();
    for number in 0..2_500 {
        let text = format!("from m{} import f\ndef g(): f()\n", number + 1);
        modules.insert(
            format!("m{number}"),
            ModuleText {
                file: format!("m{number}.py"),
                text,
                is_package: false,
            },
        );
    }
    let entries = ["m0".to_owned()];
    let reading = read_project(&mut modules, &entries, None, &Options::default());
    assert!(
        reading
            .notes
            .iter()
            .any(|note| note.kind.code() == "too_much")
    );
    let long = format!("@ a.py\nimport {}b\n", "a.".repeat(100_000));
    assert_eq!(read(&long, "a").script, "");
}

#[test]
fn the_type_beside_a_dependency_is_that_of_its_value() {
    let text = "\
@ a.py
from typing import Annotated
from fastapi import Depends
from sqlalchemy.orm import Session
from outside import get_session

@app.get(\"/\")
def root(session: Annotated[Session, Depends(get_session)]):
    session.commit()
";
    check(
        text,
        "a",
        "def root:\n    block 100ms \"sqlalchemy.commit\"  # ? a.py:8\n\nrun 3 root\n",
        &[
            "a.py:8: how long does `sqlalchemy.commit` take? `block 100ms` is assumed",
            "a.py:7: dependencies that the project does not define are left out: 1, the first is `get_session`",
        ],
    );
}

#[test]
fn a_wait_that_other_code_ends_is_assumed() {
    let text = "\
@ a.py
import asyncio
ready = asyncio.Event()
jobs = asyncio.Queue(1)
slots = asyncio.Semaphore(2)

@app.get(\"/\")
async def root():
    await ready.wait()
    await slots.acquire()
    await jobs.put(1)

@app.websocket(\"/ws\")
async def ws():
    inbox = asyncio.Queue()
    while True:
        await inbox.get()
";
    check(
        text,
        "a",
        "async def root:
    await 1s \"ready.wait\"  # ? a.py:8

async def ws:
    repeat 3:  # ? a.py:15
        await 1s \"inbox.get\"  # ? a.py:16

run 3 root
run 3 ws
",
        &[
            "a.py:8: how long does `ready.wait` take? `await 1s` is assumed",
            "a.py:9: `slots.acquire` has no counterpart in a script; it is left out",
            "a.py:10: `jobs.put` has no counterpart in a script; it is left out",
            "a.py:15: how many repetitions? 3 are assumed",
            "a.py:16: how long does `inbox.get` take? `await 1s` is assumed",
        ],
    );
}

#[test]
fn a_handler_does_not_loop_without_end_or_keep_a_permit() {
    let text = "\
@ a.py
import asyncio
slots = asyncio.Semaphore(2)

@app.websocket(\"/ws\")
async def ws(socket):
    await slots.acquire()
    await asyncio.gather(listen(socket))

async def listen(socket):
    while True:
        await socket.receive_text()
        await asyncio.sleep(1)

@app.get(\"/\")
async def root():
    await slots.acquire()
    slots.release()
";
    let reading = read(text, "a");
    assert_eq!(
        reading.script,
        "async def ws: gather listen

async def listen:
    repeat 3:  # ? a.py:10
        await 1s \"socket.receive_text\"  # ? a.py:11
        await 1s

async def root: yield

run 3 ws
run 3 root
"
    );
    let dropped = reading
        .notes
        .iter()
        .filter(|note| note.kind.code() == "not_mapped");
    assert_eq!(dropped.count(), 2);
}

#[test]
fn a_lock_that_only_a_condition_keeps_from_being_taken_twice_is_left_out() {
    let text = "\
@ a.py
import asyncio
lock = asyncio.Lock()

async def query(held):
    if held:
        return
    async with lock:
        await asyncio.sleep(1)

@app.get(\"/\")
async def root():
    async with lock:
        await query(True)
";
    let reading = read(text, "a");
    assert_eq!(
        reading.script,
        "async def query: await 1s\nasync def root: call query\n\nrun 3 root\n"
    );
    assert!(
        reading
            .notes
            .iter()
            .any(|note| note.kind.code() == "not_mapped")
    );
}
