//! The reference backend of `payment-form`: reads its command line, serves, and ends on Ctrl-C or SIGTERM.

use payment_form_server::{
    config::{Asked, Config, HELP},
    serve::Server,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let asked = Config::read(std::env::args().skip(1), |name| std::env::var(name).ok())?;
    let Asked::Serve(config) = asked else {
        println!("{HELP}");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("The server cannot start its threads: {error}."))?.block_on(serve(*config))
}

async fn serve(config: Config) -> Result<(), String> {
    let mode = if config.is_development() {
        "development mode: this machine only, Bearer demo-token, Basic demo-key, the demo page signs itself in"
    } else {
        "with the configured credentials"
    };
    let stop = stop_signal()?;
    let server = Server::bind(config).await?;
    println!("payment-form-server is ready at http://{}/ ({mode})", server.address());
    server.run(stop).await;
    Ok(())
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
