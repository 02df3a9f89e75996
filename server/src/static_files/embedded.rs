//! Finds files in the program itself: the demo and the package of the build that made the program.

use super::names::{BENCH_PAGE, Encoding, is_plain};
use crate::hash;
use include_dir::Dir;
use std::{collections::HashMap, sync::Arc};

/// The files of `dist/` at the time of the build; only a program that is built with the feature `embed` holds them.
#[cfg(feature = "embed")]
static DIST: Dir<'static> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../dist");

/// Files within the program, by their paths, with their entity tags.
#[derive(Clone, Debug)]
pub struct Embedded {
    files: Arc<HashMap<String, (&'static [u8], String)>>,
}

impl Embedded {
    /// The demo and the package that the program holds; without the demo only the package, below `/pkg`.
    pub fn of_program(with_demo: bool) -> Option<Self> {
        #[cfg(feature = "embed")]
        return Some(Self::new(&DIST, if with_demo { "" } else { "pkg/" }));
        #[cfg(not(feature = "embed"))]
        {
            let _ = with_demo;
            None
        }
    }

    /// Serves the files of a directory whose paths begin with this.
    pub fn new(folder: &'static Dir<'static>, beginning: &str) -> Self {
        let mut files = HashMap::new();
        add(folder, beginning, &mut files);
        Self { files: Arc::new(files) }
    }

    pub(super) fn find(&self, path: &str) -> Option<String> {
        let names = path.trim_matches('/');
        if !names.is_empty() && !names.split('/').all(is_plain) {
            return None;
        }
        let page = if names.is_empty() { "index.html".to_owned() } else { format!("{names}/index.html") };
        let bench = || Some(format!("demo/{BENCH_PAGE}")).filter(|_| names == BENCH_PAGE);
        let plain = Some(names.to_owned()).filter(|_| !path.ends_with('/'));
        [Some(page), plain, bench()].into_iter().flatten().find(|name| self.files.contains_key(name))
    }

    /// The file, or its sibling of an encoding, with its entity tag.
    pub(super) fn sibling(&self, name: &str, encoding: Option<Encoding>) -> Option<(&'static [u8], String)> {
        self.files.get(&format!("{name}{}", encoding.map_or("", Encoding::suffix))).cloned()
    }
}

fn add(folder: &'static Dir<'static>, beginning: &str, files: &mut HashMap<String, (&'static [u8], String)>) {
    for file in folder.files() {
        if let Some(name) = file.path().to_str().filter(|name| name.starts_with(beginning)) {
            files.insert(name.to_owned(), (file.contents(), format!("\"{}\"", hash::short(file.contents()))));
        }
    }
    folder.dirs().for_each(|below| add(below, beginning, files));
}
