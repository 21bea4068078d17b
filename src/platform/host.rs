//! A native host without the feature `native`: the engine is there, to be driven by whoever
//! depends on this crate. No clock, no storage, no command line.
