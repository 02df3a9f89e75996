//! Native tests of the core.

mod allocation;
mod allocation_laws;
mod allocation_model;
mod amount;
mod api_contract_fusebill;
mod api_contract_maiascore;
mod api_contracts;
mod api_draft;
mod api_fusebill;
mod api_fuzz;
mod api_hostile;
mod api_lists;
mod api_maiascore;
mod api_number;
mod api_outcome;
mod api_requests;
mod campaign;
mod check;
mod ledger;
mod receipt;
mod reference;
mod submission_form;
mod submission_rules;
mod submission_store;
mod submission_walk;
