//! What the command line takes and refuses.

use std::collections::BTreeMap;

use super::*;

/// Names and values.
type Variables = &'static [(&'static str, &'static str)];

/// Variables of a test.
struct Table(BTreeMap<&'static str, &'static str>);

impl Source for Table {
    fn var(&self, name: &str) -> Option<OsString> {
        self.0.get(name).map(OsString::from)
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().map(ToString::to_string).collect()
    }
}

fn parsed(line: &str, variables: &[(&'static str, &'static str)]) -> Result<Command, clap::Error> {
    let words = ["dsw-composer"].into_iter().chain(line.split_whitespace());
    let table = Table(variables.iter().copied().collect());
    parse(words.map(OsString::from), &table)
}

fn serve(line: &str, variables: &[(&'static str, &'static str)]) -> Serve {
    match parsed(line, variables) {
        Ok(Command::Serve(serve)) => *serve,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn serving_is_what_happens_without_a_command() {
    assert_eq!(serve("", &[]).port, 8080);
    assert_eq!(serve("--port 9000", &[]).port, 9000);
    assert_eq!(serve("serve --port=9001", &[]).port, 9001);
    assert!(!serve("", &[]).live);
    for line in ["--help", "-h", "--version", "help serve"] {
        let shown = parsed(line, &[]).expect_err("text to show");
        assert_eq!(shown.exit_code(), 0, "{line}");
        assert!(shown.to_string().len() > 10, "{line}");
    }
    assert!(matches!(parsed("check -", &[]), Ok(Command::Check(_))));
    assert!(matches!(parsed("schema", &[]), Ok(Command::Schema)));
}

#[test]
fn variables_stand_in_for_options_that_are_not_given() {
    let variables = [
        ("DSW_COMPOSER_PORT", "9000"),
        ("DSW_COMPOSER_LIVE", "true"),
        ("DSW_COMPOSER_TOKEN", "0"),
        ("DSW_COMPOSER_ALLOW_AUTHORITY", " a.example  b.example:1 "),
        ("DSW_COMPOSER_JOURNAL", "/a b/journal"),
        ("DSW_COMPOSER_LANGUAGE", ""),
        ("DSW_COMPOSER_FILES", "of no option"),
    ];
    let given = serve("", &variables);
    assert_eq!(given.port, 9000);
    assert!(given.live && !given.token);
    assert_eq!(given.allow_authority.len(), 2);
    assert_eq!(given.journal, Some("/a b/journal".into()));
    assert_eq!(given.language, None);
    // The command line wins.
    assert_eq!(serve("serve --port 1", &variables).port, 1);
    let one = serve("--allow-authority c.example", &variables);
    assert_eq!(one.allow_authority.len(), 1);
    // Options of another command are none of this one's.
    assert!(matches!(
        parsed("check --format json -", &[("DSW_COMPOSER_PORT", "x")]),
        Ok(Command::Check(Check {
            format: Format::Json,
            ..
        }))
    ));
    assert!(matches!(
        parsed("check -", &[("DSW_COMPOSER_FORMAT", "sarif")]),
        Ok(Command::Check(Check {
            format: Format::Sarif,
            ..
        }))
    ));
}

#[test]
fn mistakes_name_their_option() {
    let refused: &[(&str, Variables, &str)] = &[
        ("--prot 1", &[], "'--prot'"),
        ("srve", &[], "'srve'"),
        ("--port x", &[], "--port <PORT>"),
        ("--port 65536", &[], "--port <PORT>"),
        ("--port 1 --listen 127.0.0.1:1", &[], "--listen <IP:PORT>"),
        ("--listen localhost:80", &[], "--listen <IP:PORT>"),
        ("--listen 127.0.0.1", &[], "--listen <IP:PORT>"),
        ("--region cn-heyuan", &[], "--region <REGION>"),
        ("--language e!", &[], "--language <LANGUAGE>"),
        ("--max-connections 0", &[], "--max-connections <NUMBER>"),
        (
            "--allow-authority https://a.example",
            &[],
            "--allow-authority",
        ),
        ("--allow-authority *", &[], "--allow-authority"),
        ("--allow-authority u@a.example", &[], "--allow-authority"),
        (
            "--allow-authority a.example:99999",
            &[],
            "--allow-authority",
        ),
        ("--allow-origin *", &[], "--allow-origin"),
        ("--allow-origin null", &[], "--allow-origin"),
        ("--allow-origin https://a.example/", &[], "--allow-origin"),
        (
            "--allow-origin https://a.example:443",
            &[],
            "--allow-origin",
        ),
        ("--allow-origin http://a.example", &[], "--allow-origin"),
        ("--token --token-file t", &[], "--token"),
        ("--live --fault hang=5", &[], "--fault"),
        ("--fault nothing", &[], "--fault <FAULT>"),
        ("--live --state x", &[], "--state"),
        ("--live --sandbox-speed 2", &[], "--sandbox-speed"),
        ("--sandbox-speed 0", &[], "--sandbox-speed"),
        ("--sandbox-speed nan", &[], "--sandbox-speed"),
        ("--endpoint https://a.example", &[], "--live"),
        ("--live --endpoint http://a.example", &[], "--endpoint"),
        (
            "--live --endpoint http://127.0.0.1.a.example",
            &[],
            "--endpoint",
        ),
        ("--live --endpoint https://a.example/x", &[], "--endpoint"),
        ("--live --endpoint https://u:p@a.example", &[], "--endpoint"),
        ("--log-level loud", &[], "--log-level <LEVEL>"),
        ("--log xml", &[], "--log <FORMAT>"),
        ("check", &[], "<FILE>"),
        ("completions tcsh", &[], "<SHELL>"),
        ("", &[("DSW_COMPOSER_PORT", "x")], "DSW_COMPOSER_PORT: "),
        (
            "",
            &[("DSW_COMPOSER_LIVE", "yes")],
            "DSW_COMPOSER_LIVE takes true or false",
        ),
        (
            "--live",
            &[("DSW_COMPOSER_FAULT", "hang=5")],
            "'--fault <FAULT>'",
        ),
        (
            "",
            &[("DSW_COMPOSER_ALLOW_ORIGIN", "https://a.example *")],
            "DSW_COMPOSER_ALLOW_ORIGIN: ",
        ),
    ];
    for (line, variables, part) in refused {
        let error = parsed(line, variables).expect_err(line);
        let words = error.to_string();
        assert_eq!(error.exit_code(), 2, "{line}");
        assert!(words.contains(part), "{line} {variables:?}: {words}");
        assert!(
            words.starts_with("error: ") && !words.contains("error: error:"),
            "{words}"
        );
    }
}

#[test]
fn variables_of_no_option_are_known() {
    let table = Table(BTreeMap::from([
        ("DSW_COMPOSER_PORT", "1"),
        ("DSW_COMPOSER_PROT", "1"),
        ("HOME", "/"),
    ]));
    assert_eq!(strangers(&table), ["DSW_COMPOSER_PROT"]);
}

#[test]
fn the_command_line_is_consistent_and_explains_itself() {
    let mut program = Program::command();
    program.clone().debug_assert();
    for command in program.get_subcommands() {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            let help = argument
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                help.len() > 5,
                "{} {}",
                command.get_name(),
                argument.get_id()
            );
        }
    }
    for name in ["serve", "check"] {
        let command = program.find_subcommand_mut(name).expect("a command");
        let help = command.render_long_help().to_string();
        for part in ["Examples:", "Exit codes:", "  0  ", "  2  "] {
            assert!(help.contains(part), "{name}: {part}");
        }
    }
    for shell in Shell::value_variants() {
        let script = String::from_utf8(completions(*shell)).expect("text");
        assert!(script.contains("sandbox-speed"), "{shell}");
    }
}
