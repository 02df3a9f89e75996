//! Reads a file again whenever it changes: keys rotate and tokens are revoked without a restart.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// The parsed contents of a file. A file that is gone or cannot be read has none, because yesterday's keys and lists could let a thief in.
pub struct WatchedFile<T> {
    path: PathBuf,
    parse: fn(&[u8]) -> Result<T, String>,
    latest: Mutex<Option<(Version, Option<Arc<T>>)>>,
}

/// A file's version: its time, its length and, where the system has one, its inode number. A deployment may move a new file into
/// its place.
type Version = (SystemTime, u64, u64);

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

impl<T> WatchedFile<T> {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// One sentence for a person.
    pub fn open(path: &Path, parse: fn(&[u8]) -> Result<T, String>) -> Result<Self, String> {
        let file = Self { path: path.to_owned(), parse, latest: Mutex::default() };
        file.read()?;
        Ok(file)
    }

    /// The contents as they are now.
    pub fn get(&self) -> Option<Arc<T>> {
        let metadata = std::fs::metadata(&self.path).ok()?;
        let version = (metadata.modified().ok()?, metadata.len(), number(&metadata));
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, contents)) = latest.as_ref().filter(|(known, _)| *known == version) {
            return contents.clone();
        }
        let contents = self.read().inspect_err(|words| tracing::warn!(words, "a file of the configuration is unreadable")).ok();
        let contents = contents.map(Arc::new);
        *latest = Some((version, contents.clone()));
        contents
    }

    fn read(&self) -> Result<T, String> {
        let shown = self.path.display();
        let bytes = std::fs::read(&self.path).map_err(|error| format!("{shown} cannot be read: {error}."))?;
        (self.parse)(&bytes).map_err(|words| format!("{shown} {words}."))
    }
}
