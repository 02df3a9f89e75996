//! Runs other programs; their output is kept, and shown only when they fail.

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};

use crate::failure::{Failure, Result};

/// The result of a program that has ended.
pub struct ProgramRun {
    /// `true` if the exit code was 0.
    pub succeeded: bool,
    /// Every line of its standard output and standard error, in the order they came.
    pub transcript: String,
}

/// Runs a program to its end and hands on each line as it comes. `missing` is the sentence for when the program is not installed.
pub fn run(command: &mut Command, missing: &str, mut each_line: impl FnMut(&str)) -> Result<ProgramRun> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|reason| cannot_start(command, missing, &reason))?;
    let (lines, incoming) = channel();
    let readers = [
        child.stdout.take().map(|output| read_lines(output, lines.clone())),
        child.stderr.take().map(|output| read_lines(output, lines)),
    ];
    let mut transcript = String::new();
    for line in incoming {
        each_line(&line);
        transcript.push_str(&line);
        transcript.push('\n');
    }
    for reader in readers.into_iter().flatten() {
        // The reader cannot fail, because the loop above receives until it ends.
        reader.join().unwrap_or(());
    }
    let status = child.wait().map_err(Failure::because(format!("{} did not end", command.get_program().display())))?;
    Ok(ProgramRun { succeeded: status.success(), transcript })
}

/// Runs a program that shows its own progress; whether it ended with exit code 0.
pub fn show(command: &mut Command, missing: &str) -> Result<bool> {
    let status = command.stdin(Stdio::null()).status().map_err(|reason| cannot_start(command, missing, &reason))?;
    Ok(status.success())
}

/// The standard output of a short program, or nothing where it failed or is not installed.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}

/// `true` if a tool complains that it cannot reach the network.
pub fn tells_of_no_network(transcript: &str) -> bool {
    [
        "EAI_AGAIN",
        "ENOTFOUND",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "ENETUNREACH",
        "Could not resolve host",
        "could not resolve host",
        "dns error",
        "Could not connect to server",
        "Temporary failure",
        "failed to download",
        "could not download",
        "spurious network error",
        "error sending request",
    ]
    .iter()
    .any(|sign| transcript.contains(sign))
}

fn cannot_start(command: &Command, missing: &str, reason: &std::io::Error) -> Failure {
    if reason.kind() == ErrorKind::NotFound {
        Failure::new(missing)
    } else {
        Failure::new(format!("{} cannot be started: {reason}", command.get_program().display()))
    }
}

fn read_lines(output: impl Read + Send + 'static, lines: Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while matches!(output.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).trim_end().to_string();
            if lines.send(text).is_err() {
                return;
            }
            line.clear();
        }
    })
}
