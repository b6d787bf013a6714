//! The door: everything is in the library.

/// A run is short and makes many small values on two threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    opsgen::cli::main()
}
