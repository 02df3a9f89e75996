//! Installs Debian packages for the parts of the test command that need one, where this program runs as root on Debian.

use std::path::Path;
use std::process::Command;

use crate::failure::Result;
use crate::program;
use crate::steps::Status;

/// Installs a package; `false` where this program may not, or where apt refuses. The caller then names the package to the person.
pub fn install(package: &str, status: &Status) -> Result<bool> {
    if !is_root_on_debian() {
        return Ok(false);
    }
    let mut installed = false;
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", package]] {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        installed = program::run(&mut command, "apt-get is missing.", |line| status.say(line))?.succeeded;
    }
    Ok(installed)
}

fn is_root_on_debian() -> bool {
    Path::new("/etc/debian_version").exists() && program::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}
