//! Finds files in a directory, which a build may change while the server runs.

use super::names::{BENCH_PAGE, Encoding, is_plain};
use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// A directory that is served.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Serves this directory.
    ///
    /// # Errors
    /// One sentence when there is no such directory.
    pub fn new(root: &Path) -> Result<Self, String> {
        let found = root.canonicalize().ok().filter(|root| root.is_dir());
        let root = found.ok_or_else(|| format!("--dist {} is not a directory; `cargo xtask build` makes it.", root.display()))?;
        Ok(Self { root })
    }

    pub(super) fn find(&self, path: &str) -> Option<PathBuf> {
        let mut file = self.root.clone();
        let names = path.trim_matches('/');
        for name in names.split('/').filter(|_| !names.is_empty()) {
            if !is_plain(name) {
                return None;
            }
            file.push(name);
        }
        if file.is_dir() {
            file.push("index.html");
        } else if path.ends_with('/') {
            return None;
        }
        if names == BENCH_PAGE && !file.is_file() {
            file = self.root.join("demo").join(BENCH_PAGE);
        }
        let real = file.canonicalize().ok()?;
        (real.is_file() && real.starts_with(&self.root)).then_some(real)
    }
}

/// The compressed copy of a file that lies beside it, or without an encoding the file itself, and the entity tag.
pub(super) fn sibling(file: &Path, encoding: Option<Encoding>) -> Option<(PathBuf, String)> {
    let mut name = file.as_os_str().to_owned();
    name.push(encoding.map_or("", Encoding::suffix));
    let path = PathBuf::from(name);
    let metadata = path.metadata().ok()?;
    Some((path, entity_tag(&metadata, encoding)))
}

/// The entity tag of a file. It changes whenever the build writes the file again. Compressed copies are other bytes, so they have
/// other tags.
fn entity_tag(metadata: &Metadata, encoding: Option<Encoding>) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{:x}{}\"", modified.as_nanos(), metadata.len(), encoding.map_or("", Encoding::suffix))
}
