//! Reads and writes files, with a sentence for each failure.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::paths::shown;

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Failure::because(format!("{} cannot be read", shown(path))))
}

/// The text of a file.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Failure::because(format!("{} cannot be read", shown(path))))
}

/// The JSON value in a file.
pub fn read_json(path: &Path) -> Result<serde_json::Value> {
    serde_json::from_str(&read_text(path)?).map_err(Failure::because(format!("{} is not JSON", shown(path))))
}

/// Writes a file, and the directories above it.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    if let Some(parent) = path.parent() {
        create_directory(parent)?;
    }
    fs::write(path, contents).map_err(Failure::because(format!("{} cannot be written", shown(path))))
}

/// Copies a file, and makes the directories above its new place.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, read(from)?)
}

/// Makes a directory and those above it.
pub fn create_directory(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(Failure::because(format!("{} cannot be made", shown(path))))
}

/// Makes a directory that holds nothing, whatever was there before.
pub fn empty_directory(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(Failure::because(format!("{} cannot be removed", shown(path))))?;
    }
    create_directory(path)
}

/// Every file at or below a path, sorted, so that two runs see one order. A path that is not there holds no files.
pub fn below(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(if path.exists() { vec![path.to_path_buf()] } else { Vec::new() });
    }
    let unreadable = || format!("{} cannot be read", shown(path));
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(Failure::because(unreadable()))? {
        let entry = entry.map_err(Failure::because(unreadable()))?;
        found.extend(below(&entry.path())?);
    }
    found.sort();
    Ok(found)
}
