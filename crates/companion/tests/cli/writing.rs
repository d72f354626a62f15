//! Output files: permissions and links are kept, input files are not overwritten, pictures are
//! valid.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::process::{finish, loopscope};
use crate::transcript::empty_folder;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = loopscope(folder);
    command.args(arguments);
    finish(command, Vec::new())
}

#[cfg(unix)]
#[test]
fn a_formatted_file_keeps_its_permissions_and_its_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = empty_folder("permissions");
    let (file, link) = (folder.join("a.loop"), folder.join("link.loop"));
    fs::write(&file, "a:cpu 3").expect("the folder can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink("a.loop", &link).expect("the folder can be written");
    assert!(run(&folder, &["fmt", "link.loop"]).status.success());
    let kept = fs::metadata(&file).expect("it is there");
    assert_eq!(kept.permissions().mode() & 0o777, 0o640);
    assert!(
        fs::symlink_metadata(&link)
            .expect("it is there")
            .is_symlink()
    );
    assert_eq!(
        fs::read_to_string(&file).expect("it is there"),
        "a: cpu 3s\n"
    );
}

#[test]
fn a_formatted_file_is_not_touched_again() {
    let folder = empty_folder("untouched");
    let file = folder.join("a.loop");
    fs::write(&file, "a: cpu 3s\n").expect("the folder can be written");
    let modified = || fs::metadata(&file).and_then(|file| file.modified());
    let before = modified().expect("it is there");
    assert!(run(&folder, &["fmt", "a.loop"]).status.success());
    assert_eq!(modified().expect("it is there"), before);
}

/// On a machine without fonts, the message says how to install one.
#[test]
fn a_png_is_drawn_or_its_font_is_asked_for() {
    let folder = empty_folder("png");
    fs::write(folder.join("a.loop"), "a: cpu 3\n").expect("the folder can be written");
    let output = run(&folder, &["draw", "a.loop", "-o", "a.png"]);
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => {
            let png = fs::read(folder.join("a.png")).expect("it was drawn");
            assert!(png.starts_with(b"\x89PNG\r\n"));
        }
        // 5: the machine lacks software, here a font.
        Some(5) => assert!(said.contains("apt install"), "{said}"),
        code => panic!("{code:?}: {said}"),
    }
}

#[test]
fn an_svg_follows_its_options() {
    let folder = empty_folder("svg");
    fs::write(folder.join("a.loop"), "a: cpu 3\n").expect("the folder can be written");
    let options = ["--width", "500", "--title", "A <title>", "--theme", "dark"];
    let arguments = [["draw", "a.loop", "-o", "a.svg"].as_slice(), &options].concat();
    assert!(run(&folder, &arguments).status.success());
    let svg = fs::read_to_string(folder.join("a.svg")).expect("it was drawn");
    assert!(svg.starts_with("<svg") && svg.contains("width=\"500\""));
    assert!(svg.contains("A &lt;title&gt;") && !svg.contains("prefers-color-scheme"));
}

#[test]
fn the_program_that_is_read_is_not_overwritten() {
    let folder = empty_folder("onto_input");
    let program = "import asyncio\nasync def main(): await asyncio.sleep(1)\nasyncio.run(main())\n";
    fs::write(folder.join("p.py"), program).expect("the folder can be written");
    fs::write(folder.join("a.svg"), "a: cpu 3\n").expect("the folder can be written");
    let commands: [&[&str]; 5] = [
        &["import", "p.py", "-o", "./p.py"],
        &["import", "a.svg", "--library", "p.py", "-o", "p.py"],
        &["draw", "a.svg", "-o", "a.svg"],
        &["export", "a.svg", "--to", "json", "-o", "a.svg"],
        &["sweep", "a.svg", "--vary", "cores 1..2", "--svg", "a.svg"],
    ];
    for command in commands {
        let output = run(&folder, command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("is also the input"), "{said}");
    }
    let kept = |name| fs::read_to_string(folder.join(name)).expect("it is there");
    assert_eq!(
        (kept("p.py").as_str(), kept("a.svg").as_str()),
        (program, "a: cpu 3\n")
    );
}

/// The user may write the file but not create a new file in its folder.
#[cfg(unix)]
#[test]
fn a_file_in_a_folder_that_is_read_only_can_be_formatted() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;

    /// The user `nobody` on most systems; any user except root works.
    const OTHER_USER: u32 = 65_534;
    let folder = empty_folder("read_only");
    let file = folder.join("a.loop");
    fs::write(&file, "a:cpu 3").expect("the folder can be written");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("it is ours");
    let mut command = loopscope(&folder);
    command.args(["fmt", "a.loop"]);
    // Root may write into any folder, so the command must run as another user.
    if fs::write(folder.join("probe"), "").is_ok() {
        chown(&file, Some(OTHER_USER), Some(OTHER_USER)).expect("root may");
        command.uid(OTHER_USER).gid(OTHER_USER);
    }
    let output = finish(command, Vec::new());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(
        fs::read_to_string(&file).expect("it is there"),
        "a: cpu 3s\n"
    );
    // Otherwise the next run of the test cannot delete the folder.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("it is ours");
}
