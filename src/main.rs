//! The command line.
fn main() -> std::process::ExitCode {
    planscope::platform::native::main()
}
