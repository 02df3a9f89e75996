//! Writes the log: one line for a request, one for a committed payment, and no secrets.
//!
//! A thread of its own writes. A sink that is full, closed or not read never delays or loses an answer. Lines wait in a bounded queue; a full
//! queue drops and counts further lines.

use crate::metrics;
use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    time::{Duration, Instant},
};
use tracing_subscriber::fmt::MakeWriter;

/// The most lines that wait for a slow reader.
const LINES_MAX: usize = 8192;
/// The longest wait of the ending program for the last lines.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The form of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Time, level, words, `name=value`.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// The id of a request, as the header `X-Request-Id` names it to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The number of the payment that an answer records, for the request's line. A vendor's number may be any text.
#[derive(Clone, Debug)]
pub struct RecordedPayment(pub Option<String>);

/// The request that led to a recorded payment, and its start, for the log line.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The request; `None` where the server itself found a lost payment.
    pub request: Option<RequestId>,
    /// The moment at which the work began.
    pub since: Instant,
}

impl Cause {
    /// Begins work for a request, or for none.
    pub fn begin(request: Option<RequestId>) -> Self {
        Self { request, since: Instant::now() }
    }
}

/// Writes the line of a committed payment.
pub fn recorded(cause: &Cause, key: Option<&str>, payment: &str, status: u16) {
    metrics::recorded();
    tracing::info!(
        request = cause.request.as_ref().map_or("-", |request| &request.0),
        %payment,
        key = key.map(|key| crate::hash::short(key.as_bytes())).as_deref().unwrap_or("-"),
        status,
        ms = milliseconds(cause.since.elapsed()),
        "recorded"
    );
}

/// Writes that a member of the staff settled an attempt: by a payment of the vendor, or because there is none.
pub fn settled_by_hand(cause: &Cause, key: &str, payment: Option<&str>, principal: &str) {
    tracing::info!(
        request = cause.request.as_ref().map_or("-", |request| &request.0),
        principal = crate::hash::short(principal.as_bytes()),
        key = crate::hash::short(key.as_bytes()),
        payment = payment.map(tracing::field::display),
        "settled by hand"
    );
    if let Some(payment) = payment {
        recorded(cause, Some(key), payment, 200);
    }
}

/// Writes that the vendor contradicts the outcome of a settled attempt. Only people can mend this.
pub fn contradicted(key: &str, payment: Option<&str>, words: &str) {
    tracing::error!(key = crate::hash::short(key.as_bytes()), payment = payment.map(tracing::field::display), "{words}");
}

/// A duration as the log writes it.
pub fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

/// Writes the last words of the program to standard error. A sink that nobody reads would hold the program for ever, so it waits a moment only.
pub fn last_words(sentence: String) {
    let (done, wait) = sync_channel(1);
    std::thread::spawn(move || {
        let _ = writeln!(io::stderr(), "{sentence}");
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(FLUSH_TIMEOUT);
}

enum Message {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

/// The destination of the log.
#[derive(Clone, Debug)]
pub struct Log {
    queue: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

impl Log {
    /// Sends the program's log to standard error.
    pub fn start(format: Format) -> Self {
        let log = Self::over(io::stderr());
        let builder = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).with_target(false);
        // A second subscriber is a defect of the program; the first one goes on.
        let _ = match format {
            Format::Text => tracing::subscriber::set_global_default(builder.finish()),
            Format::Json => tracing::subscriber::set_global_default(builder.json().flatten_event(true).finish()),
        };
        log
    }

    fn over(sink: impl Write + Send + 'static) -> Self {
        let (queue, lines) = sync_channel(LINES_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        std::thread::spawn(move || write(sink, &lines, &counted));
        Self { queue, lost }
    }

    /// Waits a little until everything that was logged is written.
    pub fn flush(&self) {
        let (done, wait) = sync_channel(1);
        let deadline = Instant::now() + FLUSH_TIMEOUT;
        let mut message = Message::Flush(done);
        while let Err(TrySendError::Full(unsent)) = self.queue.try_send(message) {
            if Instant::now() > deadline {
                return;
            }
            message = unsent;
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = wait.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

/// An error of the sink loses a line and nothing else.
fn write(mut sink: impl Write, lines: &Receiver<Message>, lost: &AtomicU64) {
    while let Ok(message) = lines.recv() {
        match message {
            Message::Line(line) => {
                let _ = sink.write_all(&line);
                let count = lost.swap(0, Ordering::Relaxed);
                if count > 0 {
                    let _ = writeln!(sink, "{count} lines of the log are lost: its reader is too slow");
                }
            }
            Message::Flush(done) => {
                let _ = sink.flush();
                let _ = done.try_send(());
            }
        }
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(Message::Line(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, mpsc};

    /// A sink that takes nothing until it is told to, and then keeps everything.
    struct BlockedWriter {
        open: mpsc::Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for BlockedWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.open.recv();
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn unread_sink_blocks_nobody_and_counts_what_is_lost() {
        let (opener, open) = mpsc::channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let mut log = Log::over(BlockedWriter { open, written: Arc::clone(&written) });
        let count = LINES_MAX + 1000;
        for number in 0..count {
            log.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        drop(opener);
        log.flush();
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        let lost: usize = text
            .lines()
            .find_map(|line| line.strip_suffix(" lines of the log are lost: its reader is too slow"))
            .unwrap()
            .parse()
            .unwrap();
        let written = text.lines().filter(|line| line.parse::<usize>().is_ok()).count();
        assert_eq!(written + lost, count);
        assert!(lost >= 999, "{lost}");
    }

    #[test]
    fn broken_sink_is_ignored() {
        struct BrokenWriter;
        impl Write for BrokenWriter {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::StorageFull.into())
            }
        }
        let mut log = Log::over(BrokenWriter);
        for _ in 0..10 {
            log.write_all(b"line\n").unwrap();
        }
        log.flush();
    }
}
