//! Files that are refused, with the reason.

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, symlink},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use tower_phone_auth::revocation::FileLog;

use super::{Folder, open, publish, read};

#[track_caller]
fn refused(path: impl AsRef<Path>) -> String {
    let error = FileLog::open(&path).unwrap_err();
    assert_eq!(error.setting(), "revocation_file");
    let text = error.to_string();
    assert!(text.contains(path.as_ref().to_str().unwrap()), "{text}");
    text
}

#[tokio::test]
async fn a_file_is_open_once() {
    let folder = Folder::new();
    let log = open(folder.log());
    let link = folder.join("link");
    symlink(folder.log(), &link).unwrap();
    for path in [folder.log(), folder.0.join("./revocations"), link] {
        let text = refused(path);
        assert!(text.contains("is open in another process"), "{text}");
        assert!(text.contains("RedisLog"), "{text}");
    }
    // The refused attempts changed nothing, and a clone is the same log.
    let clone = log.clone();
    publish(&log, "one").await.unwrap();
    assert_eq!(read(&clone).await, ["one"]);
    drop((log, clone));
    assert_eq!(read(&open(folder.log())).await, ["one"]);
}

#[test]
fn another_process_does_not_open_it() {
    let folder = Folder::new();
    let _log = open(folder.log());
    let child = child(&folder.log(), false);
    assert!(child.contains("is open in another process"), "{child}");
}

#[test]
fn a_file_of_another_kind_is_left_unchanged() {
    let folder = Folder::new();
    for content in [
        &b"SQLite format 3\0"[..],
        b"tower-phone-auth revocations 2\n9 x y\n",
        b"\n",
        &[0; 100],
    ] {
        fs::write(folder.log(), content).unwrap();
        let text = refused(folder.log());
        assert!(text.contains("is no revocation log"), "{text}");
        assert_eq!(fs::read(folder.log()).unwrap(), content);
    }
}

#[test]
fn a_path_that_cannot_be_a_file_is_refused_with_the_remedy() {
    let folder = Folder::new();
    fs::write(folder.join("file"), "").unwrap();
    for (path, remedy) in [
        (folder.join("missing/revocations"), "folder that exists"),
        (folder.join("file/revocations"), "folder that exists"),
        (folder.0.clone(), "the path of a file"),
        (folder.join(".."), "the path of a file"),
    ] {
        let text = refused(&path);
        assert!(text.contains(remedy), "{text}");
    }
}

/// File modes do not restrict the superuser, so the test then runs as another user in a child
/// process.
#[test]
fn a_folder_that_cannot_be_written_is_refused_with_the_remedy() {
    let folder = Folder::new();
    let locked = folder.join("locked");
    fs::create_dir(&locked).unwrap();
    let path = locked.join("revocations");
    drop(open(&path));
    for (name, mode) in [("revocations", 0o444), ("revocations.lock", 0o666)] {
        fs::set_permissions(locked.join(name), PermissionsExt::from_mode(mode)).unwrap();
    }
    fs::set_permissions(&locked, PermissionsExt::from_mode(0o555)).unwrap();
    for path in [path, locked.join("new")] {
        let said = child(&path, true);
        assert!(said.contains("Permission denied"), "{said}");
        assert!(
            said.contains("let this process write the file and its folder"),
            "{said}"
        );
    }
    fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Opens a path in a child process. With `lowers`, the child does not run as the superuser.
fn child(path: &Path, lowers: bool) -> String {
    let folder = Folder::new();
    fs::set_permissions(&folder.0, PermissionsExt::from_mode(0o755)).unwrap();
    let program = folder.join("tests");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let mut command = Command::new(&program);
    command
        .args([
            "--exact",
            "revocation::file::open::child_opens_it",
            "--nocapture",
        ])
        .env("REVOCATION_FILE_OF_CHILD", path)
        .current_dir(&folder.0);
    if lowers && fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The body of a child process. As a test of its own it does nothing.
#[test]
fn child_opens_it() {
    if let Some(path) = env::var_os("REVOCATION_FILE_OF_CHILD") {
        match FileLog::open(path) {
            Ok(_) => println!("opened"),
            Err(error) => println!("{error}"),
        }
    }
}
