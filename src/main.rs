//! The `namesake` program.

// A full or closed standard error ends no work: what is said goes through `cli::output`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
