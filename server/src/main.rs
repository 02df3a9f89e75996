//! Starts the server: reads the command line, serves, and ends on Ctrl-C or SIGTERM.

use payment_form_server::{
    config::{Action, Config},
    ledger::copy,
    serve::Server,
    telemetry::{self, Log},
};
use std::{io::Write, process::ExitCode, time::Duration};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            // Standard error may be closed or full; the exit code tells the rest.
            telemetry::last_words(sentence);
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let parsed = Config::read(std::env::args().skip(1), |name| std::env::var(name).ok())?;
    let config = match parsed {
        Action::Serve(config) => config,
        Action::Backup(from, to) => return report_copy(copy::backup(&from, &to)?),
        Action::Restore(from, to) => return report_copy(copy::restore(&from, &to)?),
        Action::Print(text) => {
            let _ = write!(std::io::stdout(), "{text}");
            return Ok(());
        }
    };
    let log = Log::start(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The server cannot start its threads: {error}."))?;
    let ended = runtime.block_on(serve(*config));
    // A read that hangs must not hold the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    log.flush();
    ended
}

fn report_copy(rows: u64) -> Result<(), String> {
    let _ = writeln!(std::io::stdout(), "copied {rows} rows");
    Ok(())
}

async fn serve(config: Config) -> Result<(), String> {
    let mode = if config.demo {
        "development mode: this machine only, Bearer demo-token, Basic demo-key, the demo page signs itself in"
    } else {
        "with the configured credentials"
    };
    let stop = stop_signal()?;
    let server = Server::bind(config).await?;
    let mut out = std::io::stdout();
    // A failed write is ignored, because the line is for people only.
    let _ = writeln!(out, "payment-form-server is ready at http://{}/ ({mode})", server.address()).and_then(|()| out.flush());
    server.run(stop).await
}

/// Ready once the person or the system asks the server to end.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| format!("Signals cannot be listened for: {error}."));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready once the person asks the server to end.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        // Where Ctrl-C cannot be listened for, it ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
