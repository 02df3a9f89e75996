//! Builds a payment entry form for people who owe invoices. The form shows the division of a payment over the invoices while the
//! person types, and checks everything that the server would check. It sends the payment under one key, so that it is made once,
//! and shows the record that came back, or every problem.
//!
//! With the feature `ui` (the default) this crate is the form, the Leptos component `ui::PaymentForm`; with `element` also the custom
//! element `<payment-form>` around it. Without it, it is the pure core that the form and a server share:
//!
//! ```
//! use payment_form::domain::{
//!     allocation::{Allocation, Plan},
//!     date::Date,
//!     invoice::{Invoice, InvoiceId},
//!     money::{Currency, Money},
//!     statement::Statement,
//! };
//! use rust_decimal::Decimal;
//! use std::sync::Arc;
//!
//! let usd = Currency::from_code("USD").ok_or("a currency")?;
//! let money = |cents| Money::new(Decimal::new(cents, 2), usd);
//! let invoice = |id, due, cents| -> Result<Invoice, Box<dyn std::error::Error>> {
//!     let id = InvoiceId::new(id).ok_or("a positive id")?;
//!     let balance = money(cents).map_err(|_| "an amount")?;
//!     Ok(Invoice { id, number: format!("INV-{id}"), due: Date::parse(due), issued: None, total: None, balance, credit: None })
//! };
//! let invoices = vec![invoice(2, "2026-10-14", 100_00)?, invoice(1, "2026-09-02", 210_00)?];
//! let statement = Arc::new(Statement::new(invoices, None).map_err(|_| "one currency, each invoice once")?);
//!
//! let allocation = Allocation::new(&statement, money(250_00).map_err(|_| "an amount")?, &Plan::default());
//! let shares: Vec<String> = allocation.shares().map(|(invoice, share)| format!("{} {}", invoice.number, share.plain())).collect();
//! assert_eq!(shares, ["INV-1 210.00", "INV-2 40.00"]);
//! assert_eq!(allocation.unallocated().plain(), "0.00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nouns
//! A person's **draft** (texts as typed) and a **statement** (open **invoices** and stored **methods**) are checked under the host's
//! **terms**. The answer is an **allocation**, and either a **payment** or every **problem** with it. A **plan** with its **pinned** shares
//! makes an allocation of **shares**. Only a payment can be encoded. One intent to pay is an **attempt**; each request of it is a **send**.
//! The **outcome** of an attempt is recorded (with a **receipt**), rejected, held or unknown.
//!
//! # Map
//! Each room names only those above it.
//!
//! | | |
//! | --- | --- |
//! | [`domain`] | payments and the rules that they must satisfy; no JSON, no page, no clock |
//! | [`api`] | the two APIs: payments to requests, answers to outcomes; no connection |
//! | [`submission`] | the machine that sends a payment once: events in, commands out |
//! | [`statement_feed`] | the machine that keeps the lists up to date and decides which balances a payment rests on |
//! | [`words`] | every sentence, and how amounts and days are written |
//! | `ui` | the form in Leptos; `ui/platform/transport.rs` is the only Rust file that opens a connection |
//! | `element` | the border to JavaScript |
//!
//! # Invariants
//! Shares and the unallocated rest sum to the amount, exactly. No float anywhere. `domain`, `api`, `submission` and `statement_feed` never panic
//! and do no I/O. A typed text is never rewritten. While an attempt is unresolved, no other key is made, and its bytes never
//! change. `tests/core/layering.rs` holds the rooms apart.

pub mod api;
pub mod domain;
#[cfg(feature = "element")]
pub mod element;
pub mod statement_feed;
pub mod submission;
#[cfg(feature = "ui")]
pub mod ui;
pub mod words;
