//! Takes pictures of every case of the gallery, for a person to look at (`cargo xtask screenshots`).

use crate::failure::{Failure, Result};
use crate::flags::Screenshots;
use crate::paths;
use crate::steps::step;
use crate::{browser, dist, npm, program};

/// Builds the form and the tests' server, and writes the pictures.
pub fn command(flags: &Screenshots) -> Result<()> {
    dist::build(false)?;
    let folder = flags.to.clone().unwrap_or_else(|| paths::target().join("screenshots"));
    step("screenshots", |status| {
        let mut command = browser::node("tests/browser/screenshots.mjs", status)?;
        command.arg(std::path::absolute(&folder).map_err(Failure::because("--to names no folder"))?).args(&flags.filter);
        let ended = program::run(&mut command, npm::NO_NODE, |line| status.say(line))?;
        if ended.succeeded {
            Ok(((), format!("in {}", paths::shown(&folder))))
        } else {
            Err(Failure::with_details("The pictures could not be taken; Node's words stand above.", ended.transcript))
        }
    })
}
