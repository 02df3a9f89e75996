//! Tests a lost answer to a commit between PostgreSQL and the server: the payment may be recorded or not, and its key tells.

use super::bench::{Ask, Bench, Folder, Reply, database, payment, schema};
use payment_form_server::ledger::postgres::DatabaseUrl;
use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// The fate of the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CommitFault {
    /// PostgreSQL never hears of it.
    Before,
    /// PostgreSQL commits, and nobody hears of it.
    After,
}

/// True where a piece of the conversation holds a commit, or the answer to one.
fn is_commit(piece: &[u8]) -> bool {
    piece.windows(7).any(|part| part == b"COMMIT\0")
}

/// Passes a connection on to PostgreSQL, until a commit is to be cut.
fn pass(client: UnixStream, database: &Path, cut: &Mutex<Option<CommitFault>>) {
    let server = UnixStream::connect(database).unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (mut answers, mut back) = (server, client);
    let silent = Arc::new(Mutex::new(false));
    let is_silent = Arc::clone(&silent);
    let backwards = std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = answers.read(&mut buffer) {
            if *is_silent.lock().unwrap() {
                // Answers are read up to the one of the cut commit, so that the commit is certainly done, and go nowhere.
                if is_commit(&buffer[..count]) {
                    break;
                }
            } else if back.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = back.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let fault = if is_commit(&buffer[..count]) { cut.lock().unwrap().take() } else { None };
        if fault == Some(CommitFault::Before) {
            break;
        }
        *silent.lock().unwrap() |= fault == Some(CommitFault::After);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
    let _ = backwards.join();
}

/// The address of the tests' database by way of a socket of our own; `None` where the database is reached over the network.
fn socket_proxy(folder: &Path, cut: &Arc<Mutex<Option<CommitFault>>>) -> Option<DatabaseUrl> {
    let address = schema(&database()?);
    let host = address.split_once('@')?.1.split('/').next()?;
    let socket = host.replace("%2F", "/");
    let real = PathBuf::from(&socket).join(".s.PGSQL.5432");
    if !socket.starts_with('/') || !real.exists() {
        return None;
    }
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let cut = Arc::clone(cut);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (real, cut) = (real.clone(), Arc::clone(&cut));
            std::thread::spawn(move || pass(client, &real, &cut));
        }
    });
    let ours = folder.to_str().unwrap().replace('/', "%2F");
    Some(DatabaseUrl::new(&address.replacen(host, &ours, 1)).unwrap())
}

#[test]
fn lost_commit_answer_is_500_and_the_key_tells_the_outcome() {
    let (folder, cut) = (Folder::new(), Arc::default());
    let Some(url) = socket_proxy(folder.path(), &cut) else {
        return println!("skipped: PAYMENT_FORM_TEST_DATABASE_URL names no PostgreSQL database behind a Unix socket");
    };
    let bench = Bench::over(Some(url), |_, _| ());
    let body = payment(&[]);
    let pay = |key: &str| -> Reply {
        Ask::new("POST", "/v1/payments").with("Idempotency-Key", key).body("application/json", &body).send(&bench)
    };
    let mut made = 0;
    for round in 0..4 {
        for fault in [CommitFault::After, CommitFault::Before] {
            let key = format!("lost-commit-{fault:?}-{round}");
            *cut.lock().unwrap() = Some(fault);
            let lost = pay(&key);
            assert_eq!(lost.status, 500, "{fault:?}: a 503 would say that nothing was done: {}", lost.text());
            let again = pay(&key);
            made += 1;
            assert_eq!(
                (again.status, again.header("idempotent-replayed").is_some()),
                (200, fault == CommitFault::After),
                "{fault:?}: {}",
                again.text()
            );
            assert_eq!(bench.made(), made, "{fault:?}");
        }
    }
}
