//! The promises Namesake makes, one module for each kind; a test's name is the sentence it promises.
//!
//! `NAMESAKE_BLESS=1 cargo test NAME` writes anew what a test compares with: golden results, and the parts of pages that
//! are written from the program.

mod support;
#[path = "../outside_data.rs"]
mod outside_data;

// The sources.
mod tidy;

// The same bytes, whatever makes them.
mod golden;
mod results;
mod engine;
mod runs;
mod sweeps;
mod infer;
mod webassembly;

// What the command line takes and refuses, and what the system does to it.
mod bad_input;
#[cfg(unix)]
mod outside;

// Every setting does what it says and nothing else.
mod knobs;
mod bank;
mod terms;

// The country and its files.
mod never_issued;
mod agencies;
mod namesakes;
mod full_names;

// What is measured.
mod causes;
mod claimed;
mod two_attributes;
mod statistics;
mod coverage;
mod shared_names;

// Files of others, matched.
mod labelled;
mod parquet;
mod reading;
mod misread;
mod lists;
mod unread;
mod foreign;
mod cut;
mod otherwise;
mod apart;
mod values;
mod dates;
mod cells;

// Pages, and their figures, which are those of runs.
mod book;
mod cases;
mod dependence;
mod families;
mod glossary;
mod pages;
mod reference;
mod teaching;
mod validation;
mod which_rate;
