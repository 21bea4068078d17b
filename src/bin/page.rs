//! The page.

fn main() {
    planscope::platform::browser::mount::mount();
}
