//! `portreeve`, the program.

use std::process::ExitCode;

/// A call makes a hundred small allocations: with this one lists are a third faster than with that of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    portreeve::main()
}
