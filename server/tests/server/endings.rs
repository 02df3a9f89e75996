//! Tests how the program ends: by a signal, by a kill, without its ledger, without room on the disk.

use super::{
    bench::{Ask, Folder, Reply, payment},
    process::{PROGRAM, greeted, start},
};
use std::{io::Read, process::Command};

/// After the server has ended, a copy of the file is a copy of the whole ledger.
#[test]
fn an_ended_server_leaves_one_whole_file() {
    let folder = Folder::new();
    let mut running = start(&folder.path().join("ledger.sqlite"), &["--quiet"]);
    assert_eq!(running.pay("0123456789abcdef", "").status, 200);
    let list = Ask::new("GET", "/v1/customers/655080/invoiceSummaries").send_to(running.address);
    assert_eq!(list.status, 200);
    running.signal("-INT");
    assert!(running.child.wait().unwrap().success());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    let ours = files.iter().filter(|name| name.to_string_lossy() != "ledger.sqlite.session-key");
    assert_eq!(ours.collect::<Vec<_>>(), ["ledger.sqlite"]);
}

/// H7: what was begun when the signal came is answered, and only what was answered, or never begun, is not there.
#[test]
fn a_signal_under_load_leaves_no_request_unanswered() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut running = start(&db, &["--quiet", "--rate-limit", "0"]);
    let address = running.address;
    let clients: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(move || {
                let mut answered = 0;
                while let Some(reply) =
                    Ask::new("POST", "/v1/payments").body("application/json", payment(&[])).try_send_to(address)
                {
                    assert_eq!(reply.status, 200);
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(300));
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    let answered: i64 = clients.into_iter().map(|client| client.join().unwrap()).sum();
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, answered, "a payment for each answer, an answer for each payment");
    assert!(answered > 0);
}

/// The ledger of a running server is taken away: no answer out of another file, no payment into one, and the program ends.
#[cfg(unix)]
#[test]
fn removed_or_replaced_ledger_ends_the_server() {
    for is_replaced in [false, true] {
        let folder = Folder::new();
        let db = folder.path().join("ledger.sqlite");
        let mut running = start(&db, &["--quiet"]);
        assert_eq!(running.pay("0123456789abcdef", "").status, 200);
        let spare = folder.path().join("spare.sqlite");
        if is_replaced {
            drop(start(&spare, &["--quiet"]));
            std::fs::rename(&spare, &db).unwrap();
        } else {
            std::fs::remove_file(&db).unwrap();
        }
        let again = Ask::new("GET", "/v1/payments/7613586").try_send_to(running.address).map(|reply| reply.status);
        assert!(again.is_none_or(|status| status == 503), "{again:?}");
        let body = payment(&[]);
        let paid = Ask::new("POST", "/v1/payments").body("application/json", body).try_send_to(running.address);
        assert!(paid.is_none_or(|reply| reply.status == 503));
        assert!(!running.child.wait().unwrap().success(), "the exit code says that something is wrong");
        let mut words = String::new();
        running.child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        assert!(words.contains("the ledger's file was removed or replaced"), "{words}");
    }
}

/// Another program holds the file while the server is asked to end: it ends all the same.
#[test]
fn held_lock_keeps_no_server_from_ending() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut running = start(&db, &["--quiet"]);
    let other = rusqlite::Connection::open(&db).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let address = running.address;
    let clients: Vec<_> = (0..20)
        .map(|_| {
            std::thread::spawn(move || {
                Ask::new("POST", "/v1/payments").body("application/json", payment(&[])).try_send_to(address)
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(200));
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());
    for client in clients {
        let reply = client.join().unwrap();
        assert!(reply.as_ref().is_none_or(|reply| reply.status == 503), "{reply:?}");
    }
}

#[test]
fn acknowledged_payment_survives_a_kill() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let mut first = start(&db, &["--quiet"]);
    let records: Vec<Reply> = (0..5).map(|count| first.pay(&format!("acknowledged-key-{count}"), "")).collect();
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let second = start(&db, &["--quiet"]);
    for (count, record) in records.iter().enumerate() {
        let again = second.pay(&format!("acknowledged-key-{count}"), "");
        assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &record.body));
    }
}

/// H4: files may grow to a limit, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    drop(start(&db, &["--quiet"]));
    // Blocks of 512 bytes; the program ignores the signal with which the system would end it, and writing fails instead.
    let script =
        format!("trap '' XFSZ; ulimit -f 600; exec {PROGRAM} --demo --port 0 --quiet --today 2026-11-20 --db {}", db.display());
    let running = greeted(Command::new("sh").args(["-c", &script]));
    let note = format!("\"{}\"", "x".repeat(500));
    let mut records = Vec::new();
    let refused = (0..400).find_map(|count| {
        let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &format!("fills-the-disk-{count}"));
        let reply = ask.body("application/json", payment(&[("reference", &note)])).send_to(running.address);
        if reply.status == 200 {
            records.push(reply.json()["id"].as_i64().unwrap());
            return None;
        }
        Some(reply)
    });
    let refused = refused.expect("the disk is full at some time");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{}", refused.text());
    let ask = Ask::new("GET", &format!("/v1/payments/{}", records.last().unwrap()));
    assert_eq!(ask.send_to(running.address).status, 200, "stored records can still be read");
    drop(running);
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, records.len() as i64, "a payment for each record, and no other");
    assert!(!records.is_empty());
}

/// Strangers who say nothing hold every file that the program may open, and shut nobody out.
#[cfg(unix)]
#[test]
fn few_files_are_shared_out_among_connections() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    let script = format!("ulimit -n 160; exec {PROGRAM} --demo --port 0 --quiet --today 2026-11-20 --db {}", db.display());
    let running = greeted(Command::new("sh").args(["-c", &script]));
    let strangers: Vec<_> = (0..300).map(|_| std::net::TcpStream::connect(running.address).unwrap()).collect();
    for count in 0..3 {
        assert_eq!(running.pay(&format!("among-strangers-{count}"), "").status, 200);
    }
    drop(strangers);
}

#[cfg(feature = "faults")]
#[test]
fn a_process_that_dies_in_the_middle_leaves_all_or_nothing() {
    let folder = Folder::new();
    let db = folder.path().join("ledger.sqlite");
    for (point, is_there) in [("read", false), ("checked", false), ("inserted", false), ("settled", false), ("committed", true)] {
        let key = format!("dies-when-{point}-reached");
        let mut running = start(&db, &["--quiet"]);
        let (address, fault) = (running.address, format!("abort-{point}"));
        let client = std::thread::spawn({
            let key = key.clone();
            move || {
                let ask = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &key).with("X-Fault", &fault);
                ask.body("application/json", payment(&[])).send_to(address)
            }
        });
        assert!(client.join().is_err(), "the client gets no answer");
        assert!(!running.child.wait().unwrap().success());
        let ledger = rusqlite::Connection::open(&db).unwrap();
        let known: i64 = ledger.query_row("SELECT count(*) FROM attempts WHERE key = ?1", [&key], |row| row.get(0)).unwrap();
        assert_eq!(known == 1, is_there, "{point}");
        let again = start(&db, &["--quiet"]);
        let retry = Ask::new("POST", "/v1/payments").with("Idempotency-Key", &key).body("application/json", payment(&[]));
        let retry = retry.send_to(again.address);
        assert_eq!((retry.status, retry.header("idempotent-replayed").is_some()), (200, is_there), "{point}");
    }
    let ledger = rusqlite::Connection::open(&db).unwrap();
    let made: i64 = ledger.query_row("SELECT count(*) FROM payments WHERE id > 7613585", [], |row| row.get(0)).unwrap();
    assert_eq!(made, 5, "one payment for each key");
}
