//! The engine of the Lab: the core as a WebAssembly module.
//!
//! ```text
//! alloc(length) -> pointer   room for a call of so many bytes; write the call there
//! run() -> pointer           answers it: status u32, length u32, then so many bytes of UTF-8 text
//! ```
//!
//! Both integers are little-endian. Status 0 is an answer, 1 an error message. A call is JSON,
//! `{ "call": "open", "args": […] }`; calls and answers are those of `lab/page/engine.ts`, and `calls.rs` has them as types.
//! The answer stays where it is until the next `run`. The module imports one function from its host, which is told how
//! far a run has come: `page.progress(stage, done, total)`. There is no clock, no file and no randomness.

mod calls;
mod explained;
mod pairs;
mod session;

pub use calls::Engine;

use std::cell::RefCell;

/// Makes room for a call of `length` bytes and says where.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    CALL.with_borrow_mut(|call| {
        call.clear();
        call.resize(length, 0);
        call.as_mut_ptr()
    })
}

/// Answers the call that was written where [`alloc`] said.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> *const u8 {
    let answered = CALL.with_borrow(|call| ENGINE.with_borrow_mut(|engine| engine.answer(call, &host::progress)));
    let (status, text) = match answered {
        Ok(text) => (0_u32, text),
        Err(message) => (1, message),
    };
    let length = u32::try_from(text.len()).expect("an answer fits in the 4 GiB a module can address");
    ANSWER.with_borrow_mut(|answer| {
        answer.clear();
        answer.extend_from_slice(&status.to_le_bytes());
        answer.extend_from_slice(&length.to_le_bytes());
        answer.extend_from_slice(text.as_bytes());
        answer.as_ptr()
    })
}

/// Messages to the host of the module.
mod host {
    #[cfg(target_arch = "wasm32")]
    mod page {
        #[link(wasm_import_module = "page")]
        unsafe extern "C" {
            pub safe fn progress(stage: u32, done: f64, total: f64);
        }
    }

    /// Tells the page how far a stage has come: its number in `Stage` of `engine.ts`, what is done, and of how much.
    pub fn progress(stage: u32, done: u64, total: u64) {
        #[cfg(target_arch = "wasm32")]
        page::progress(stage, done as f64, total as f64);
        #[cfg(not(target_arch = "wasm32"))]
        let _ = (stage, done, total);
    }
}

// One call at a time, on one thread: a module's instance has no other. Holding the buffers here is what lets this file do
// without raw reads and writes of memory.
thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
    static CALL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
