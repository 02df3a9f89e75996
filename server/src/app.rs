//! The one thing that all requests share, and the routes.

use crate::{
    answer::Contract,
    bench,
    clock::Clock,
    config::Config,
    credentials::Credentials,
    edge, fusebill, gate,
    ledger::Ledger,
    maiascore,
    rate_limit::RateLimit,
    refusal::Refusal,
    session::Sessions,
    static_files::{self, StaticFiles},
    working::Working,
};
use axum::{
    Router,
    extract::Request,
    middleware::from_fn_with_state,
    response::Response,
    routing::{MethodRouter, get, post},
};
use std::sync::Arc;

/// What a request needs besides itself.
#[derive(Debug)]
pub struct App {
    /// What is owed and paid.
    pub ledger: Ledger,
    /// The calendar.
    pub clock: Clock,
    /// Who may ask.
    pub credentials: Credentials,
    /// How often.
    pub rate_limit: RateLimit,
    /// The keys that are being worked on.
    pub working: Arc<Working>,
    /// As started.
    pub config: Config,
    /// The demo and the package.
    pub files: Option<StaticFiles>,
}

/// How handlers hold it.
pub type Shared = Arc<App>;

impl App {
    /// Opens the ledger. `port` is the one that was bound.
    ///
    /// # Errors
    /// One sentence that says why this cannot be served.
    pub fn new(config: Config, port: u16) -> Result<Self, String> {
        let clock = Clock::new(config.today);
        let files = config.dist.as_deref().map(StaticFiles::new).transpose()?;
        let ledger = Ledger::open(&config.db, clock)?;
        let credentials = Credentials::new(&config, Sessions::new(port, ledger.session_key()));
        Ok(Self {
            ledger,
            clock,
            credentials,
            rate_limit: RateLimit::new(config.rate_limit),
            working: Arc::default(),
            config,
            files,
        })
    }

    /// All routes. A path with a slash at its end is the same route as without.
    pub fn router(self) -> Router {
        let app = Arc::new(self);
        let all = |routes: Vec<Route>| routes.into_iter().fold(Router::new(), both);
        all(api_routes())
            .route_layer(from_fn_with_state(Arc::clone(&app), gate::admit))
            .merge(all(open_routes()))
            .method_not_allowed_fallback(method_not_allowed)
            .fallback(static_files::serve)
            .layer(from_fn_with_state(Arc::clone(&app), edge::wrap))
            .with_state(app)
    }
}

type Route = (&'static str, MethodRouter<Shared>);

/// The routes that need credentials.
fn api_routes() -> Vec<Route> {
    vec![
        ("/v1/payments", post(fusebill::create)),
        ("/v1/payments/resolve", post(fusebill::resolve)),
        ("/v1/payments/{id}", get(fusebill::payment)),
        ("/v1/invoices/{id}", get(fusebill::invoice)),
        ("/v1/customers/{id}/invoiceSummaries", get(fusebill::invoice_summaries)),
        ("/v1/customers/{id}/paymentMethods/all", get(fusebill::payment_methods)),
        ("/v1/customers/{id}/paymentactivities", get(fusebill::payment_activities)),
        ("/payments", post(maiascore::create).get(maiascore::list)),
        ("/payments/resolve", post(maiascore::resolve)),
        ("/payments/{id}", get(maiascore::record)),
    ]
}

/// The routes that tell nobody's secrets.
fn open_routes() -> Vec<Route> {
    vec![("/healthz", get(healthz)), ("/openapi.json", get(openapi)), ("/bench/invoices", get(bench::invoices))]
}

/// The paths of all routes but the files, as `openapi.json` must describe them.
pub fn paths() -> impl Iterator<Item = &'static str> {
    api_routes().into_iter().chain(open_routes()).map(|(path, _)| path)
}

fn both(router: Router<Shared>, (path, methods): Route) -> Router<Shared> {
    router.route(path, methods.clone()).route(&format!("{path}/"), methods)
}

async fn healthz() -> Response {
    crate::answer::json(200, "{\"status\":\"ok\"}")
}

async fn openapi() -> Response {
    crate::answer::json(200, include_str!("../openapi.json"))
}

async fn method_not_allowed(request: Request) -> Response {
    Refusal::MethodNotAllowed.response(Contract::of(request.uri().path()))
}
