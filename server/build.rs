//! Lets cargo build the program again where the embedded files changed.

fn main() {
    let embeds = std::env::var_os("CARGO_FEATURE_EMBED").is_some();
    println!("cargo::rerun-if-changed={}", if embeds { "../dist" } else { "build.rs" });
}
