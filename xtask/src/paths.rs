//! Names the paths of the repository, the build directory and the commands' own files.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// Cargo's build directory. This program lies in `<target>/<profile>/`, so the answer holds wherever cargo was told to build.
pub fn target() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.parent()?.to_path_buf()))
        .unwrap_or_else(|| root().join("target"))
}

/// The directory of files that stay between two runs: stamps, and the files between the compiler and `dist/`.
pub fn cache() -> PathBuf {
    target().join("xtask")
}

/// The distributable files.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// A program that `npm ci` installed.
pub fn node_program(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}

/// A path as people read it: from the repository's root where it lies there.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
