//! Tells whether a step is up to date, by a hash of its inputs and outputs of the last run.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::{files, paths};

/// The inputs and outputs of a step. Contents decide, not times, so that a fresh checkout of the same files is the same.
pub struct Stamp {
    path: PathBuf,
    inputs: u64,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// Reads the inputs (files, or directories with all below them) of a step. `flags` is everything else that its result depends on.
    pub fn read(step: &str, inputs: &[PathBuf], flags: &str, outputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        flags.hash(&mut hasher);
        hash_files(inputs, &mut hasher)?;
        Ok(Self { path: paths::cache().join("stamps").join(step), inputs: hasher.finish(), outputs: outputs.to_vec() })
    }

    /// `true` if the step ran with these inputs and its outputs are unchanged.
    pub fn is_current(&self) -> Result<bool> {
        if !self.path.exists() || !self.outputs.iter().all(|output| output.exists()) {
            return Ok(false);
        }
        Ok(files::read_text(&self.path)? == self.text()?)
    }

    /// Remembers that the step ran; to be called when it has succeeded.
    pub fn save(&self) -> Result<()> {
        files::write(&self.path, self.text()?)
    }

    fn text(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        hash_files(&self.outputs, &mut hasher)?;
        Ok(format!("{:016x} {:016x}\n", self.inputs, hasher.finish()))
    }
}

fn hash_files(paths: &[PathBuf], hasher: &mut DefaultHasher) -> Result<()> {
    for path in paths {
        for file in files::below(path)? {
            name_within(path, &file).hash(hasher);
            files::read(&file)?.hash(hasher);
        }
    }
    Ok(())
}

/// A file's name within the tree is hashed, so that a renamed file is a change; the tree's own path is not.
fn name_within<'a>(directory: &Path, file: &'a Path) -> &'a Path {
    directory.parent().and_then(|parent| file.strip_prefix(parent).ok()).unwrap_or(file)
}
