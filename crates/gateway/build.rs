//! Embeds the page.
//!
//! `DSW_COMPOSER_PAGE` names the folder of the finished page, whose files have copies ending in `.br` and `.gz` beside
//! them where that makes them smaller; `cargo xtask build` sets it. Without it the program has a page that says how
//! to get the real one, so that a plain `cargo build` and `cargo test` work.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const VARIABLE: &str = "DSW_COMPOSER_PAGE";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let page = env::var_os(VARIABLE).filter(|value| !value.is_empty());
    let folder = page.map_or_else(|| PathBuf::from("src/assets/unbuilt"), PathBuf::from);
    let folder = fs::canonicalize(&folder).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("{VARIABLE}={}: {error}", folder.display()),
        )
    })?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    collect(&folder, "", &mut names)?;
    names.sort();
    if !names.iter().any(|name| name == "index.html") {
        let message = format!("{VARIABLE}={}: there is no index.html", folder.display());
        return Err(io::Error::other(message));
    }
    let embedded = |name: &str| {
        let path = folder.join(name).into_os_string().into_string();
        path.map(|path| format!("include_bytes!({path:?})"))
            .map_err(|_| io::Error::other(format!("{VARIABLE}: a path that is not UTF-8")))
    };
    let copy = |name: &str, ending: &str| {
        let name = format!("{name}{ending}");
        if names.contains(&name) {
            Ok(format!("Some({})", embedded(&name)?))
        } else {
            Ok::<_, io::Error>("None".to_owned())
        }
    };
    let mut table =
        "/// All files that were embedded.\npub(super) static FILES: &[super::Embedded] = &[\n"
            .to_owned();
    for name in &names {
        let ending = Path::new(name).extension();
        if ending.is_none_or(|ending| ending != "br" && ending != "gz") {
            let (plain, brotli, gzip) = (embedded(name)?, copy(name, ".br")?, copy(name, ".gz")?);
            let _ = writeln!(
                table,
                "    super::Embedded {{ path: {name:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},"
            );
        }
    }
    table.push_str("];\n");
    fs::write(out.join("page.rs"), table)
}

/// Names of all files below a folder, with slashes, but those that begin with a dot.
fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            io::Error::other(format!("{}: a name that is not UTF-8", name.display()))
        })?;
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
