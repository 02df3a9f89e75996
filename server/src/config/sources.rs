//! Merges the sources of the options: the command line goes before the environment, and the environment before the configuration file.
//!
//! The three know the same names: `--rate-limit 600`, `PAYMENT_FORM_RATE_LIMIT=600`, and `rate-limit = 600` in a TOML file. An option that
//! stands in one source is not read from the next one, lists too.

use clap::{Arg, ArgAction};
use std::path::Path;
use toml::{Table, Value};

/// Options of which one takes the place of the other, whatever source it stands in.
const LEDGER_OPTIONS: [&str; 2] = ["db", "database-url-file"];

/// The arguments, with those of the environment and of the file before them.
///
/// # Errors
/// One sentence about the first thing that is wrong in the environment or in the file.
pub(super) fn merge<'a>(
    options: impl Iterator<Item = &'a Arg>,
    arguments: Vec<String>,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, String> {
    let options: Vec<&Arg> =
        options.filter(|option| option.get_long().is_some_and(|name| !matches!(name, "help" | "version"))).collect();
    let is_argument = |name: &str| arguments.iter().any(|argument| is_option(argument, name));
    let variable = |name: &str| environment(&variable_of(name));
    let file = config_file(&arguments).or_else(|| variable("config"));
    let table = file.as_deref().map(|file| read(Path::new(file), &options)).transpose()?.unwrap_or_default();
    let is_ledger_option = |name: &str| LEDGER_OPTIONS.contains(&name);
    let is_ledger_among_arguments = LEDGER_OPTIONS.iter().any(|name| is_argument(name));
    let is_ledger_among_variables =
        environment("DATABASE_URL").is_some() || LEDGER_OPTIONS.iter().any(|name| variable(name).is_some());
    let mut merged = Vec::new();
    for option in options {
        let name = option.get_long().unwrap_or_default();
        if name == "config" || is_argument(name) || (is_ledger_option(name) && is_ledger_among_arguments) {
            continue;
        }
        if let Some(text) = variable(name) {
            let values =
                if is_list(option) { text.split(',').map(|value| value.trim().to_owned()).collect() } else { vec![text] };
            add(&mut merged, option, values).map_err(|words| format!("{} {words}.", variable_of(name)))?;
        } else if let Some(value) = table.get(name).filter(|_| !(is_ledger_option(name) && is_ledger_among_variables)) {
            let fault = |words: String| format!("{}: {name} {words}.", file.as_deref().unwrap_or_default());
            add(&mut merged, option, texts(value, is_list(option)).map_err(fault)?).map_err(fault)?;
        }
    }
    merged.extend(arguments);
    Ok(merged)
}

/// The variable of an option.
fn variable_of(name: &str) -> String {
    format!("PAYMENT_FORM_{}", name.replace('-', "_").to_ascii_uppercase())
}

fn is_option(argument: &str, name: &str) -> bool {
    argument.strip_prefix("--").is_some_and(|argument| argument == name || argument.starts_with(&format!("{name}=")))
}

fn config_file(arguments: &[String]) -> Option<String> {
    let at = arguments.iter().position(|argument| is_option(argument, "config"))?;
    match arguments.get(at)?.split_once('=') {
        Some((_, file)) => Some(file.to_owned()),
        None => arguments.get(at + 1).cloned(),
    }
}

fn is_list(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append)
}

fn read(path: &Path, options: &[&Arg]) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let words: Vec<&str> = error.message().split_whitespace().collect();
        format!("{} is no TOML: {}.", path.display(), words.join(" "))
    })?;
    let is_known = |name: &String| name != "config" && options.iter().any(|option| option.get_long() == Some(name));
    match table.keys().find(|name| !is_known(name)) {
        Some(name) => Err(format!("{}: there is no option `{name}`; --help lists the options.", path.display())),
        None => Ok(table),
    }
}

/// The values of a key as the command line would spell them.
fn texts(value: &Value, is_list: bool) -> Result<Vec<String>, String> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Integer(number) => Ok(vec![number.to_string()]),
        Value::Boolean(truth) => Ok(vec![truth.to_string()]),
        Value::Datetime(day) => Ok(vec![day.to_string()]),
        Value::Array(values) if is_list => {
            values.iter().map(|value| texts(value, false)).collect::<Result<Vec<_>, _>>().map(|values| values.concat())
        }
        _ => Err("must be a text, a number, true or false".to_owned()),
    }
}

fn add(merged: &mut Vec<String>, option: &Arg, values: Vec<String>) -> Result<(), String> {
    let name = option.get_long().unwrap_or_default();
    if matches!(option.get_action(), ArgAction::SetTrue) {
        match values.concat().as_str() {
            "true" | "1" => merged.push(format!("--{name}")),
            "false" | "0" | "" => {}
            _ => return Err("must be true or false".to_owned()),
        }
        return Ok(());
    }
    merged.extend(values.into_iter().map(|value| format!("--{name}={value}")));
    Ok(())
}
