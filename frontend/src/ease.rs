//! Coming alive in pieces. To hydrate a page and to run all that it starts (its effects, what it asks of the server) is one long task
//! of the browser, most of it spent on compiling what is called for the first time; a finger would wait for its end. So what is
//! started meanwhile is held, and goes on afterwards a few at a time, in its order.

use std::{cell::RefCell, collections::VecDeque, time::Duration};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};

/// So many go on in one task.
const AT_ONCE: usize = 6;

thread_local! {
    /// What waits; none when nothing is held any more.
    static HELD: RefCell<Option<VecDeque<PinnedLocalFuture<()>>>> = const { RefCell::new(None) };
}

struct Ease;

impl CustomExecutor for Ease {
    fn spawn(&self, future: PinnedFuture<()>) {
        self.spawn_local(future);
    }

    fn spawn_local(&self, future: PinnedLocalFuture<()>) {
        let now = HELD.with_borrow_mut(|held| match held {
            Some(held) => {
                held.push_back(future);
                None
            }
            None => Some(future),
        });
        if let Some(now) = now {
            wasm_bindgen_futures::spawn_local(now);
        }
    }

    fn poll_local(&self) {}
}

/// From now on what is started waits.
pub(crate) fn hold() {
    // Refused only where there is one already, and then nothing is held.
    if Executor::init_custom_executor(Ease).is_ok() {
        HELD.set(Some(VecDeque::new()));
    }
}

/// Lets go on what waits, after the task of this call.
pub(crate) fn go_on() {
    leptos::prelude::set_timeout(some, Duration::ZERO);
}

fn some() {
    let (next, more): (Vec<_>, bool) = HELD.with_borrow_mut(|held| {
        let next = held.iter_mut().flat_map(|held| held.drain(..held.len().min(AT_ONCE))).collect();
        // What these start still comes after what waits.
        *held = held.take().filter(|held| !held.is_empty());
        (next, held.is_some())
    });
    next.into_iter().for_each(wasm_bindgen_futures::spawn_local);
    if more {
        go_on();
    }
}
