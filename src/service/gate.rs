//! Tells whether the engine's code has been loaded: a page fetches it after its first code.
//!
//! Nothing parses, grounds, searches or replays before the gate is open. It is open from the start
//! wherever all code came in one piece.

use std::cell::RefCell;
use std::rc::Rc;

use crate::runtime::Watch;

/// Whether the engine's code is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EngineCode {
    /// It is loaded.
    #[default]
    Here,
    /// It is being fetched.
    Coming,
    /// It could not be fetched, and this is why. It may be fetched again.
    Missing(String),
}

type Watcher = Box<dyn Fn(&EngineCode)>;

/// Holds work back until the engine's code is loaded. It belongs in an [`Rc`]: the waiting jobs share it with
/// the platform that opens it.
#[derive(Default)]
pub struct Gate {
    code: Watch<EngineCode>,
    watchers: RefCell<Vec<Rc<Watcher>>>,
}

impl Gate {
    /// Whether the code is there.
    pub fn code(&self) -> EngineCode {
        self.code.with(EngineCode::clone)
    }

    /// Sets it, wakes all waiting jobs, and calls the watchers.
    pub fn set(&self, code: EngineCode) {
        if self.code.with(|known| *known == code) {
            return;
        }
        self.code.update(|known| *known = code);
        let watchers = self.watchers.borrow().clone();
        watchers.iter().for_each(|watcher| watcher(&self.code()));
    }

    /// Calls `watcher` with every change from now on.
    pub fn watch(&self, watcher: impl Fn(&EngineCode) + 'static) {
        self.watchers.borrow_mut().push(Rc::new(Box::new(watcher)));
    }

    /// Resolves once the code is there.
    pub async fn opened(&self) {
        self.code.until(|code| (*code == EngineCode::Here).then_some(())).await;
    }

    /// Resolves once the code is there, or could not be fetched.
    ///
    /// # Errors
    /// Why it could not be fetched.
    pub async fn settled(&self) -> Result<(), String> {
        let settled = |code: &EngineCode| match code {
            EngineCode::Coming => None,
            EngineCode::Here => Some(Ok(())),
            EngineCode::Missing(reason) => Some(Err(reason.clone())),
        };
        self.code.until(settled).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::FutureExt;

    use super::*;

    #[test]
    fn is_open_unless_told_otherwise() {
        assert_eq!(Gate::default().opened().now_or_never(), Some(()));
    }

    #[test]
    fn opens_when_the_code_is_there_and_tells_who_watches() {
        let gate = Gate::default();
        let told = Rc::new(Cell::new(0));
        let count = Rc::clone(&told);
        gate.set(EngineCode::Coming);
        gate.watch(move |_| count.set(count.get() + 1));
        assert_eq!(gate.opened().now_or_never(), None);
        assert_eq!(gate.settled().now_or_never(), None);
        gate.set(EngineCode::Missing("no network".into()));
        assert_eq!(gate.opened().now_or_never(), None);
        assert_eq!(gate.settled().now_or_never(), Some(Err("no network".into())));
        gate.set(EngineCode::Here);
        gate.set(EngineCode::Here);
        assert_eq!(gate.opened().now_or_never(), Some(()));
        assert_eq!(told.get(), 2);
    }
}
