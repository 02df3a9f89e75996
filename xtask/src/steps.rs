//! Prints one line for each step of a command: its name, its present work, and its time.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::Result;

/// On a terminal the line is drawn again this often.
const REDRAW: Duration = Duration::from_millis(200);
/// In a log, a long step prints its state this often.
const REMIND: Duration = Duration::from_secs(15);

/// The present work of a step; a clone belongs to the same step.
#[derive(Clone, Default)]
pub struct Status(Arc<Mutex<String>>);

impl Status {
    /// Replaces what the step is busy with.
    pub fn say(&self, text: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text.into();
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs one step and prints its line. The work gives back a value and a note for the end of the line.
pub fn step<T>(name: &str, work: impl FnOnce(&Status) -> Result<(T, String)>) -> Result<T> {
    step_with(name, &Status::default(), work)
}

/// Like [`step`], for work whose status began to move before its line is drawn.
pub fn step_with<T>(name: &str, status: &Status, work: impl FnOnce(&Status) -> Result<(T, String)>) -> Result<T> {
    let started = Instant::now();
    let live = std::io::stdout().is_terminal();
    let (finished, wait) = channel::<()>();
    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            let pause = if live { REDRAW } else { REMIND };
            while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                draw(name, &status.text(), started, live);
            }
        });
        let result = work(status);
        drop(finished);
        result
    });
    if live {
        print!("\r\x1b[2K");
    }
    let note = match &result {
        Ok((_, note)) => note.as_str(),
        Err(_) => "FAILED",
    };
    println!("  {name:<24} {note:<44} {:>6.1} s", started.elapsed().as_secs_f32());
    result.map(|(value, _)| value)
}

fn draw(name: &str, status: &str, started: Instant, live: bool) {
    let status: String = status.chars().take(43).collect();
    let line = format!("  {name:<24} {status:<44} {:>6.1} s", started.elapsed().as_secs_f32());
    if live {
        print!("\r\x1b[2K{line}");
        // A terminal that is gone is no reason to stop the work.
        std::io::stdout().flush().unwrap_or(());
    } else {
        println!("{line} ...");
    }
}
