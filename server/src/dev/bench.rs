//! Generates the invoices of the benchmark page: the same as those of the other forms that it is compared with.

use crate::{
    error::ApiError,
    fusebill::wire::InvoiceSummary,
    query,
    response::{Answer, Contract},
    state::SharedState,
};
use axum::{
    extract::{Request, State},
    response::Response,
};
use rust_decimal::Decimal;

/// The most that are generated.
const COUNT_MAX: u32 = 100_000;
const FIRST_ID: i64 = 500_000;
/// The customer as whom the benchmark page pays.
const CUSTOMER: i64 = 655_080;

/// `GET /bench/invoices?n=N`: N open invoices in one page. In development mode only: it is work that anybody could ask for.
pub async fn invoices(State(app): State<SharedState>, request: Request) -> Response {
    if !app.config.demo {
        return ApiError::NotFound.response(Contract::Fusebill);
    }
    let count = query::pairs(&request).into_iter().find(|(name, _)| name == "n").map_or(Ok(10), |(_, value)| value.parse());
    match count {
        Ok(count) if count <= COUNT_MAX => {
            let generated = tokio::task::spawn_blocking(move || Answer::new(200, &generate(count))).await;
            generated.map_or_else(|_| ApiError::Internal.response(Contract::Fusebill), Answer::response)
        }
        _ => ApiError::malformed("n", format!("n is a number from 0 to {COUNT_MAX}.")).response(Contract::Fusebill),
    }
}

fn generate(count: u32) -> Vec<InvoiceSummary> {
    let mut state = 42.0_f64;
    (0..i64::from(count))
        .map(|index| {
            // JavaScript computes this generator in floats and loses digits; only the same loss gives the same invoices. No float
            // becomes an amount: what follows is whole.
            state = (state * 1_103_515_245.0 + 12_345.0) % 2_147_483_648.0;
            let whole = state as i64;
            let balance = Decimal::new(100 + whole % 50_000, 2);
            InvoiceSummary::generated(FIRST_ID + index, CUSTOMER, &day((whole >> 8) % 700), balance)
        })
        .collect()
}

/// The day so many days after New Year 2024.
fn day(days: i64) -> String {
    let start = time::Date::from_calendar_date(2024, time::Month::January, 1).unwrap_or(time::Date::MIN);
    let day = start.saturating_add(time::Duration::days(days));
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}
