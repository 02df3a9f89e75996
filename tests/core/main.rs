//! Runs the native tests of the core. Each file tests one subject.

mod api {
    pub mod contract_fusebill;
    pub mod contract_fusebill_more;
    pub mod contract_maiascore;
    pub mod contracts;
    pub mod decimal;
    pub mod draft;
    pub mod error_body;
    pub mod fusebill;
    pub mod fuzz;
    pub mod hostile;
    pub mod lists;
    pub mod maiascore;
    pub mod outcome;
    pub mod requests;
}
mod domain {
    pub mod allocation;
    pub mod allocation_laws;
    pub mod allocation_model;
    pub mod amount;
    pub mod amount_laws;
    pub mod campaign;
    pub mod cases;
    pub mod check;
    pub mod check_due_items;
    pub mod check_shares;
    pub mod ledger;
    pub mod money;
    pub mod pasted_amount;
    pub mod receipt;
    pub mod reference;
    pub mod typed_draft;
}
mod statement_feed {
    pub mod laws;
    pub mod page;
    pub mod press_rules;
    pub mod rules;
    pub mod script;
}
mod submission {
    pub mod attempts;
    pub mod duplicate;
    pub mod form;
    pub mod host_changes;
    pub mod responses;
    pub mod rules;
    pub mod scenarios;
    pub mod sentences;
    pub mod state_space;
    pub mod storage;
    pub mod stored_draft;
}
mod words {
    pub mod format;
    pub mod languages;
    pub mod locale;
    pub mod machine_text;
    pub mod sentences;
    mod snapshot;
}
mod docs;
mod file_graph;
mod layering;
mod prose;
#[path = "../random.rs"]
mod random;
mod signal_rules;
mod source_gates;
mod source_text;
mod stylesheet;
