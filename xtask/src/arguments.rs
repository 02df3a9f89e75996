//! What was typed behind `cargo xtask`.

use std::str::FromStr;

use crate::failure::{Failure, Result};

/// The arguments that nobody has asked for yet. Each question takes its answer out; [`Arguments::finish`] refuses what is left.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// Takes the arguments as they came. `--port=8081` is the same as `--port 8081`.
    pub fn new(typed: impl Iterator<Item = String>) -> Self {
        let mut words = Vec::new();
        for word in typed {
            match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => words.extend([name.to_string(), value.to_string()]),
                _ => words.push(word),
            }
        }
        Self(words)
    }

    /// The command: the first word.
    pub fn command(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Whether a flag without a value was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let place = self.0.iter().position(|word| word == name);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// The value of a flag that has one.
    pub fn value<T: FromStr>(&mut self, name: &str, what: &str) -> Result<Option<T>> {
        let Some(place) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.0.remove(place);
        let value = (place < self.0.len()).then(|| self.0.remove(place));
        let parsed = value.as_deref().filter(|text| !text.starts_with("--")).and_then(|text| text.parse().ok());
        parsed.map(Some).ok_or_else(|| Failure::new(format!("{name} wants {what} behind it; `cargo xtask help` shows how.")))
    }

    /// What stands behind `--`: it is for the program that this one starts.
    pub fn after_dashes(&mut self) -> Vec<String> {
        let Some(place) = self.0.iter().position(|word| word == "--") else {
            return Vec::new();
        };
        let behind = self.0.split_off(place);
        behind.into_iter().skip(1).collect()
    }

    /// Refuses whatever no question asked for: a misspelt flag must not be passed over in silence.
    pub fn finish(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Failure::new(format!("`{word}` means nothing here; `cargo xtask help` lists what does."))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(String::from))
    }

    #[test]
    fn flags_and_values_come_in_any_order() {
        for line in ["serve --open --port 8081", "serve --port=8081 --open"] {
            let mut arguments = typed(line);
            assert_eq!(arguments.command().as_deref(), Some("serve"));
            assert_eq!(arguments.value::<u16>("--port", "a number").ok().flatten(), Some(8081));
            assert!(arguments.flag("--open"));
            assert!(arguments.finish().is_ok());
        }
    }

    #[test]
    fn what_follows_the_dashes_is_handed_on() {
        let mut arguments = typed("test --only browser -- keyboard");
        assert_eq!(arguments.after_dashes(), ["keyboard"]);
        assert_eq!(arguments.command().as_deref(), Some("test"));
    }

    #[test]
    fn what_is_missing_or_unknown_is_refused() {
        assert!(typed("--port").value::<u16>("--port", "a number").is_err());
        assert!(typed("--port 99999").value::<u16>("--port", "a number").is_err());
        assert!(typed("--db --open").value::<String>("--db", "a file").is_err());
        assert!(typed("--prot 8081").finish().is_err());
    }
}
