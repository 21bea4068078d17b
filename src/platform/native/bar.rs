//! The bar of a batch, by indicatif: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::{Advance, Bar};

/// Times a second that it is drawn at most.
const HZ: u8 = 10;

/// The bar of a batch.
pub struct BatchBar(ProgressBar);

impl BatchBar {
    /// A bar for a batch file of so many bytes; `None` where that is not known.
    pub fn new(bytes: Option<u64>) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(HZ);
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{bar:24} {percent}% · {msg} · {eta} left",
            None => "{spinner} {msg} · {elapsed}",
        };
        // A template that is not understood leaves the usual one.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        Self(bar)
    }
}

impl Bar for BatchBar {
    fn show(&self, advance: Advance) {
        let seconds = self.0.elapsed().as_secs_f64();
        let rate = advance.answered as f64 / seconds.max(0.001);
        let Advance { answered, solved, .. } = advance;
        self.0.set_message(format!("{answered} answered, {solved} with a plan, {rate:.1} a second"));
        self.0.set_position(advance.bytes);
        self.0.tick();
    }

    fn skip_to(&self, bytes: u64) {
        self.0.set_position(bytes);
        self.0.reset_eta();
    }
}

impl Drop for BatchBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
