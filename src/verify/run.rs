//! Calls a tool and reads its answer.
//!
//! In: a tool, its files, the folder of the scaffold. Out: a verdict. Refuses an answer that shows nothing was read.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::Regex;

use super::{Tool, Verdict};

/// One command line, still with its placeholders filled for one file, one folder or all files.
struct Call {
    args: Vec<OsString>,
    /// What makes `{input}`, when the tool reads what another command prints.
    from: Vec<OsString>,
}

pub(super) fn verdict(tool: &Tool, rules: &[String], files: &[PathBuf], tree: &Path) -> Verdict {
    for program in [Some(&tool.program), tool.from.first()].into_iter().flatten() {
        if !on_path(program) {
            return Verdict::Absent { program: program.clone() };
        }
    }
    for call in calls(tool, rules, files) {
        if let Some(failure) = failure_of(tool, &call, tree) {
            return failure;
        }
    }
    Verdict::Passed
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn calls(tool: &Tool, rules: &[String], files: &[PathBuf]) -> Vec<Call> {
    let names = |placeholder: &str| tool.args.iter().chain(&tool.from).any(|arg| arg == placeholder);
    let mut groups: Vec<Vec<PathBuf>> = vec![files.to_vec()];
    if names("{file}") {
        groups = files.iter().map(|file| vec![file.clone()]).collect();
    } else if names("{dir}") {
        let mut folders: Vec<PathBuf> = files.iter().filter_map(|file| file.parent().map(Path::to_owned)).collect();
        folders.dedup();
        groups = folders.into_iter().map(|folder| vec![folder]).collect();
    }
    let params = if tool.params.is_empty() { vec![String::new()] } else { tool.params.clone() };
    let each = groups.iter().flat_map(|group| params.iter().map(move |param| (group, param)));
    each.map(|(group, param)| call(tool, rules, group, param)).collect()
}

fn call(tool: &Tool, rules: &[String], group: &[PathBuf], param: &str) -> Call {
    let fill = |arg: &String| -> Vec<OsString> {
        match arg.as_str() {
            "{files}" | "{file}" | "{dir}" => group.iter().map(|path| path.clone().into_os_string()).collect(),
            "{param}" => vec![param.into()],
            "{except}" if rules.is_empty() => Vec::new(),
            "{except}" => tool.except.iter().map(|arg| arg.replace("{rules}", &rules.join(",")).into()).collect(),
            _ => vec![arg.into()],
        }
    };
    Call { args: tool.args.iter().flat_map(fill).collect(), from: tool.from.iter().flat_map(fill).collect() }
}

fn failure_of(tool: &Tool, call: &Call, tree: &Path) -> Option<Verdict> {
    let mut args = call.args.clone();
    if let Some((program, source)) = call.from.split_first() {
        match produced(program, source, tree) {
            Ok(input) => args.iter_mut().filter(|arg| *arg == "{input}").for_each(|arg| *arg = input.clone().into()),
            Err(output) => return Some(Verdict::Failed { command: line(program, source), output }),
        }
    }
    let program = OsString::from(&tool.program);
    let command = line(&program, &args);
    let answer = output_of(&program, &args, tree);
    if !call.from.is_empty() {
        let _ = fs::remove_dir_all(folder_of(&call.from));
    }
    match answer {
        Ok((true, output)) => complaint(tool, &output).map(|why| Verdict::Failed { command, output: why }),
        Ok((false, output)) | Err(output) => Some(Verdict::Failed { command, output }),
    }
}

/// What is wrong with the output of a tool that exited 0.
fn complaint(tool: &Tool, output: &str) -> Option<String> {
    let matches = |pattern: &String| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(output));
    if tool.scanned.as_ref().is_some_and(|pattern| !matches(pattern)) {
        return Some(format!("{} exited 0 but shows no sign of having read anything\n{output}", tool.program));
    }
    tool.rejects.as_ref().is_some_and(matches).then(|| output.to_owned())
}

/// Runs a command and keeps its standard output in a file; its path.
fn produced(program: &OsString, args: &[OsString], tree: &Path) -> Result<PathBuf, String> {
    let made = Command::new(program).args(args).current_dir(tree).stdin(Stdio::null()).output();
    let made = made.map_err(|error| error.to_string())?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned());
    }
    // some tools only take a workflow for one where a repository keeps them
    let folder = folder_of(std::iter::once(program).chain(args)).join(".github/workflows");
    let path = folder.join("input.yaml");
    fs::create_dir_all(&folder).and_then(|()| fs::write(&path, made.stdout)).map_err(|error| error.to_string())?;
    Ok(path)
}

/// A folder of its own for what a command prints.
fn folder_of<'a>(words: impl IntoIterator<Item = &'a OsString>) -> PathBuf {
    std::env::temp_dir().join(format!("opsgen-verify-{}-{:x}", std::process::id(), fingerprint(words)))
}

/// Tells apart the inputs of one process.
fn fingerprint<'a>(words: impl IntoIterator<Item = &'a OsString>) -> u64 {
    let bytes = words.into_iter().flat_map(|arg| arg.as_encoded_bytes().iter().chain(&[0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn output_of(program: &OsString, args: &[OsString], tree: &Path) -> Result<(bool, String), String> {
    let output = Command::new(program).args(args).current_dir(tree).stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

fn line(program: &OsString, args: &[OsString]) -> String {
    let words = std::iter::once(program).chain(args).map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}
