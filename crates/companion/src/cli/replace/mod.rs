//! Atomic replacement of a file's content.
//!
//! The content goes to a [`fresh`] file, which takes the target's name once it is complete.
//! Permissions, owner and extended attributes are kept. If a fresh file cannot have them, e.g.
//! because the target has hard links, the target is overwritten [`in_place`].

mod attributes;
mod fresh;
mod in_place;

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::source::is_standard;
use fresh::Fresh;

pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    replace_target(path, write).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}

/// Fails if `output` is one of the `inputs`, even under another name, e.g. a symbolic link.
pub(crate) fn keep_inputs<'a>(
    output: Option<&Path>,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Failure> {
    let Some(output) = output.filter(|output| !is_standard(output)) else {
        return Ok(());
    };
    let mut inputs = inputs.into_iter().filter(|input| !is_standard(input));
    if inputs.any(|input| is_same_file(input, output)) {
        Err(Failure::OntoInput {
            path: output.to_owned(),
        })
    } else {
        Ok(())
    }
}

fn replace_target(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let target = behind_links(path)?;
    let existing = match fs::metadata(&target) {
        Ok(existing) => Some(existing),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(existing) = existing else {
        let mut fresh = Fresh::create(&target)?;
        write(fresh.file())?;
        return fresh.take_name(&target);
    };
    // E.g. `/dev/null`. A folder fails there with the system's error.
    if !existing.is_file() {
        return write_into(&target, write);
    }
    let Some(mut fresh) = equal_in_all_but_content(&target, &existing)? else {
        return in_place::overwrite_file(&target, write);
    };
    write(fresh.file())?;
    fresh.take_name(&target)
}

/// A fresh file with the attributes of the old one. `None` if that is impossible: the old file
/// has hard links, another user owns it, or its folder is read-only.
fn equal_in_all_but_content(target: &Path, existing: &Metadata) -> io::Result<Option<Fresh>> {
    if attributes::other_names(existing) > 0 {
        return Ok(None);
    }
    match Fresh::create_private(target) {
        Ok(mut fresh) => {
            // If `copy` fails, the fresh file is dropped and thereby removed.
            let is_equal = attributes::copy_attributes(target, existing, fresh.file()).is_ok();
            Ok(is_equal.then_some(fresh))
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}

/// Symbolic links to follow; Linux follows 40, too.
const LINKS_MAX: usize = 40;

/// The file behind symbolic links, so that the file is replaced and not the link. It need not
/// exist, so `canonicalize` does not serve.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS_MAX {
        let Ok(named) = fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("")).join(named);
    }
    // A cycle of links: `metadata` fails with the system's error, `ELOOP`.
    fs::metadata(&path).map(|_| path)
}

/// Writes to a device or a pipe, e.g. `/dev/stdout`, which cannot be replaced.
fn write_into(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(target)?;
    write(&mut file)
}

/// Whether both paths name the same regular file. False if one does not exist.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let (Ok(first), Ok(second)) = (fs::metadata(one), fs::metadata(other)) else {
        return false;
    };
    first.is_file() && attributes::is_same(&first, &second).unwrap_or_else(|| {
        matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn empty_folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("loopscope-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("the temporary folder can be written");
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is there").flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// A killed process cannot clean up. The folder has no unfinished file at any time, so
    /// nothing can be left behind.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_killed_command_leaves_no_unfinished_file_behind() {
        let folder = empty_folder("killed");
        let mut while_writing = Vec::new();
        for name in ["new.svg", "old.svg"] {
            let path = folder.join(name);
            if name == "old.svg" {
                fs::write(&path, "old").expect("it can be written");
            }
            replace(&path, |out| {
                out.write_all(b"half of")?;
                while_writing.push(names(&folder).join(" "));
                out.write_all(b" it")
            })
            .expect("it can be written");
            assert_eq!(
                fs::read_to_string(&path).expect("it is there"),
                "half of it"
            );
        }
        assert_eq!(while_writing, ["", "new.svg old.svg"]);
        assert_eq!(names(&folder), ["new.svg", "old.svg"]);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[test]
    fn a_private_file_is_never_readable_by_others_not_even_unfinished() {
        let folder = empty_folder("private");
        for fresh in [
            Fresh::create_private(&folder.join("a")),
            Fresh::create_named(&folder.join("a"), fresh::PRIVATE),
        ] {
            let mut fresh = fresh.expect("the folder can be written");
            let mode = fresh.file().metadata().expect("it is open").mode();
            assert_eq!(mode & 0o077, 0, "{mode:o}");
        }
        assert_eq!(names(&folder), Vec::<String>::new());
        let path = folder.join("a");
        fs::write(&path, "old").expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        replace(&path, |out| out.write_all(b"new")).expect("it can be written");
        let mode = fs::metadata(&path).expect("it is there").mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[test]
    fn a_file_of_two_names_stays_one_file() {
        let folder = empty_folder("two-names");
        let (one, other) = (folder.join("one"), folder.join("other"));
        fs::write(&one, "much longer than it will be").expect("it can be written");
        fs::hard_link(&one, &other).expect("it can be linked");
        for content in ["new", "newer and longer"] {
            replace(&one, |out| out.write_all(content.as_bytes())).expect("it can be written");
            let found = fs::read_to_string(&other).expect("it is there");
            assert_eq!(found, content);
        }
        assert_eq!(names(&folder), ["one", "other"]);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    /// The file that the child process of the next test writes.
    const CHILDS_FILE: &str = "LOOPSCOPE_TEST_CHILDS_FILE";

    /// Not a test of its own, but the child process of the next test: writes a named file until a
    /// signal ends it. In any other process there is nothing to do.
    #[test]
    fn writes_until_a_signal_arrives() {
        let Some(target) = std::env::var_os(CHILDS_FILE).map(PathBuf::from) else {
            return;
        };
        let _fresh = Fresh::create_named(&target, fresh::PRIVATE).expect("it can be written");
        fs::write(target, "ready").expect("it can be written");
        loop {
            std::thread::park();
        }
    }

    /// Shells then report 128 + the signal's number, e.g. 143 for SIGTERM.
    #[test]
    fn a_signal_removes_the_unfinished_file_and_ends_the_process() {
        use rustix::process::{Pid, Signal, kill_process};
        use std::os::unix::process::ExitStatusExt;
        use std::process::{Command, Stdio};

        for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15), (Signal::HUP, 1)] {
            let folder = empty_folder("signal");
            let target = folder.join("a");
            let mut command = Command::new(std::env::current_exe().expect("it runs"));
            let path = "cli::replace::tests::writes_until_a_signal_arrives";
            command.args(["--exact", path]).stdout(Stdio::null());
            let mut child = command
                .env(CHILDS_FILE, &target)
                .spawn()
                .expect("it starts");
            while !target.exists() {
                assert!(
                    child.try_wait().expect("it is ours").is_none(),
                    "it has ended"
                );
                std::thread::yield_now();
            }
            kill_process(Pid::from_child(&child), signal).expect("it is ours");
            let status = child.wait().expect("it is ours");
            assert_eq!(status.signal(), Some(number), "{status}");
            assert_eq!(names(&folder), ["a"]);
            fs::remove_dir_all(folder).expect("it is ours");
        }
    }

    #[test]
    fn a_failed_write_keeps_the_old_content() {
        let folder = empty_folder("failed");
        let (one, other) = (folder.join("one"), folder.join("other"));
        fs::write(&one, "old").expect("it can be written");
        let fail = |out: &mut dyn Write| {
            out.write_all(b"new")?;
            Err(io::Error::other("no more"))
        };
        replace(&one, fail).expect_err("it fails");
        fs::hard_link(&one, &other).expect("it can be linked");
        replace(&one, fail).expect_err("it fails");
        assert_eq!(fs::read_to_string(&other).expect("it is there"), "old");
        assert_eq!(names(&folder), ["one", "other"]);
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_yet_is_followed() {
        let folder = empty_folder("dangling");
        let link = folder.join("link");
        symlink("yet", &link).expect("the folder can be written");
        replace(&link, |out| out.write_all(b"new")).expect("it can be written");
        let kept = fs::symlink_metadata(&link).expect("it is there");
        assert!(kept.is_symlink());
        let found = fs::read_to_string(folder.join("yet")).expect("it is there");
        assert_eq!(found, "new");
        symlink("round", folder.join("round")).expect("the folder can be written");
        replace(&folder.join("round"), |_| Ok(())).expect_err("a circle");
        fs::remove_dir_all(folder).expect("it is ours");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn attributes_that_a_user_gave_stay() {
        use rustix::fs::{XattrFlags, getxattr, setxattr};

        let folder = empty_folder("attributes");
        let path = folder.join("a");
        fs::write(&path, "old").expect("it can be written");
        let name = "user.origin";
        if setxattr(&path, name, b"here", XattrFlags::empty()).is_err() {
            // A file system without attributes has none to lose.
            return;
        }
        replace(&path, |out| out.write_all(b"new")).expect("it can be written");
        let mut value = [0_u8; 8];
        let length = getxattr(&path, name, &mut value[..]).expect("it is there");
        assert_eq!(&value[..length], b"here");
        fs::remove_dir_all(folder).expect("it is ours");
    }
}
