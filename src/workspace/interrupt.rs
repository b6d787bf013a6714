//! Signals that end a run: at once while nothing is being written, and at a good moment while something is.
//!
//! In: SIGINT, SIGTERM, SIGHUP. Out: exit 130, or a word to the transaction that it should stop.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// What the shell sees of an interrupted run.
pub const INTERRUPTED: i32 = 130;

#[derive(Default)]
struct Signals {
    /// Nothing is being written: a signal may end the program on the spot.
    calm: Arc<AtomicBool>,
    struck: Arc<AtomicBool>,
    /// How many transactions are on their way.
    writing: Mutex<usize>,
}

static SIGNALS: OnceLock<Signals> = OnceLock::new();

/// From here on a signal ends the program with 130, but never in the middle of a write.
pub fn catch() -> io::Result<()> {
    let signals = SIGNALS.get_or_init(Signals::default);
    signals.calm.store(true, Ordering::SeqCst);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        flag::register_conditional_shutdown(signal, INTERRUPTED, signals.calm.clone())?;
        flag::register(signal, signals.struck.clone())?;
    }
    Ok(())
}

/// A signal came while something was being written.
pub fn struck() -> bool {
    SIGNALS.get().is_some_and(|signals| signals.struck.load(Ordering::SeqCst))
}

/// While this lives, no signal ends the program.
pub struct Writing;

impl Writing {
    pub fn begin() -> Self {
        count(|writing| writing + 1);
        Self
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        count(|writing| writing - 1);
    }
}

fn count(change: impl Fn(usize) -> usize) {
    if let Some(signals) = SIGNALS.get() {
        let mut writing = signals.writing.lock().unwrap_or_else(PoisonError::into_inner);
        *writing = change(*writing);
        signals.calm.store(*writing == 0, Ordering::SeqCst);
    }
}
