//! What is said of policies of teams: of what they find, and of what is wrong with the file itself.

use dsw_model::json;
use dsw_model::policy::{MAX_BYTES, MAX_WORDS, PolicyError, Problem, Wanted};
use dsw_model::rules::Diagnostic;

use crate::{fill, tr};

/// What a finding of a policy says: the team's own words, or what is allowed. The value that was refused is not in
/// it, so that it can be told anywhere.
pub(crate) fn message(found: &Diagnostic) -> String {
    let param = |name| found.param(name);
    let has = |name| found.params.iter().any(|(known, _)| *known == name);
    // The name of the present language: a catalogue translates that too.
    let own = [tr("en"), "en", "zh"].map(param);
    if let Some(own) = own.into_iter().find(|own| !own.is_empty()) {
        return own.to_owned();
    }
    if has("alias") {
        return fill(
            "Write this name as {}: your team has a rule for that field.",
            &[param("alias")],
        );
    }
    let key = param("key");
    match found.code {
        "P00" if has("lost") => {
            tr("Your team's policy could not be loaded: nothing can be created until it is.")
                .to_owned()
        }
        "P00" => fill(
            "Your team's policy is broken at line {}, column {}: nothing can be created until it is mended.",
            &[param("line"), param("column")],
        ),
        "P01" => fill(
            "Your team does not work in this region. It uses {}.",
            &[param("allowed")],
        ),
        "P02" => fill(
            "This is no workspace of your team. It uses {}.",
            &[param("allowed")],
        ),
        "P03" => fill(
            "Your team does not use this machine type. It uses {}.",
            &[param("allowed")],
        ),
        "P04" if param("none") == "ids" => {
            tr("Your team takes no images by ID. Enter the address of an image instead.").to_owned()
        }
        "P04" if param("none") == "registries" => {
            tr("Your team takes no images by address. Choose one by its ID instead.").to_owned()
        }
        "P04" if has("registries") => fill(
            "Your team takes no images from this address. It uses {}.",
            &[param("registries")],
        ),
        "P04" => fill(
            "Your team does not use this image. It uses {}.",
            &[param("ids")],
        ),
        "P05" if has("blank") => fill("Your team asks for a value of the label {}.", &[key]),
        "P05" if has("other") => fill(
            "Of the label {} your team uses these values: {}.",
            &[key, param("other")],
        ),
        "P05" if has("values") => fill(
            "Add the label {}, which your team asks for. Its values: {}.",
            &[key, param("values")],
        ),
        "P05" => fill("Add the label {}, which your team asks for.", &[key]),
        "P06" if has("blank") => fill("Your team asks for a value of the tag {}.", &[key]),
        "P06" if has("other") => fill(
            "Of the tag {} your team uses these values: {}.",
            &[key, param("other")],
        ),
        "P06" if has("values") => fill(
            "Add the tag {}, which your team asks for. Its values: {}.",
            &[key, param("values")],
        ),
        "P06" => fill("Add the tag {}, which your team asks for.", &[key]),
        "P07" => tr("Your team does not use this field. Clear it.").to_owned(),
        "P08" => fill("Your team has fixed this to {}.", &[param("value")]),
        "P09" => fill(
            "This machine costs {} an hour; the ceiling of your team is {}.",
            &[param("price"), param("ceiling")],
        ),
        "P10" => fill(
            "What this machine costs is unknown; the ceiling of your team is {} an hour.",
            &[param("ceiling")],
        ),
        _ => fill("Rule {} of your team's policy is broken.", &[found.code]),
    }
}

/// When a rule of policies is found, for who asks why.
pub fn when(code: &str) -> &'static str {
    match code {
        "P00" => tr("The file of the team's policy can not be read."),
        "P01" => tr("The region is not one that the team's policy allows."),
        "P02" => tr("The workspace is not one that the team's policy allows."),
        "P03" => tr("The machine type is not one that the team's policy allows."),
        "P04" => tr(
            "The image, or the registry that it comes from, is not one that the team's policy allows.",
        ),
        "P05" => tr("A label that the team's policy asks for is missing, or has another value."),
        "P06" => tr("A tag that the team's policy asks for is missing, or has another value."),
        "P07" => tr("A field that the team's policy leaves out has a value."),
        "P08" => tr("A field that the team's policy has fixed has another value, or none."),
        "P09" => tr("The machine costs more than the team's policy allows."),
        _ => {
            tr("The team's policy has a price ceiling, and the price of the machine is not known.")
        }
    }
}

/// Where a policy is broken, and what is to be done: `Line 3, column 5 (/machines/allow): …`.
pub fn policy_error(error: &PolicyError) -> String {
    let (line, column) = (error.line.to_string(), error.column.to_string());
    let problem = problem(&error.problem);
    if error.pointer.is_empty() {
        fill("Line {}, column {}: {}", &[&line, &column, &problem])
    } else {
        let values = [&line, &column, &*error.pointer, &problem];
        fill("Line {}, column {} ({}): {}", &values)
    }
}

fn problem(problem: &Problem) -> String {
    let text = match problem {
        Problem::TooLong => {
            return fill(
                "A policy has at most {} bytes; shorten it.",
                &[&MAX_BYTES.to_string()],
            );
        }
        Problem::Wordy => {
            return fill(
                "A message has at most {} characters; shorten it.",
                &[&MAX_WORDS.to_string()],
            );
        }
        Problem::Json(json::Problem::Duplicate { name, first }) => {
            return fill(
                "The name {} stands in line {} already; keep one of them.",
                &[name, &first.to_string()],
            );
        }
        Problem::Json(problem) => {
            let problem = crate::problem(&problem.to_string());
            return fill("This is not JSON: {}.", &[&problem]);
        }
        Problem::Unknown { near: Some(near) } => {
            return fill(
                "No policy has this member here; {} is meant, it seems.",
                &[near],
            );
        }
        Problem::Missing(name) => return fill("Add the member {}.", &[name]),
        Problem::Choice(choices) => return fill("Use one of {}.", &[choices]),
        Problem::Field { near: Some(near) } => {
            return fill("No field has this path; {} is meant, it seems.", &[near]);
        }
        Problem::Both(one, other) => {
            return fill(
                "A field is either {} or {}; keep one of them.",
                &[one, other],
            );
        }
        Problem::Inside(outer) => {
            return fill(
                "The policy hides a field and speaks of one inside it; take out this or {}.",
                &[outer],
            );
        }
        Problem::Refused(rule) => {
            return fill("Rule {} refuses this value; use another.", &[rule]);
        }
        Problem::Forbidden(rule) => {
            return fill(
                "The same policy does not allow this value (rule {}); change one of them.",
                &[rule],
            );
        }
        Problem::Needed(rule) => {
            return fill(
                "No request passes rule {} without this field; do not hide it.",
                &[rule],
            );
        }
        Problem::NotUtf8 => tr("This is not UTF-8 text; save the file as UTF-8."),
        Problem::Type(wanted) => match wanted {
            Wanted::Object => tr("Write an object here, in braces."),
            Wanted::Array => tr("Write a list here, in brackets."),
            Wanted::Text => tr("Write a text here, in quotes."),
            Wanted::Words => tr("Write a text here, or an object with en and zh."),
            Wanted::Number => tr("Write a number here, without quotes."),
            Wanted::Integer => tr("Write a whole number here, without quotes."),
            Wanted::True => tr("Write true here, or take the member out."),
            Wanted::Boolean => tr("Write true or false here."),
        },
        Problem::Unknown { near: None } => tr("No policy has this member here; take it out."),
        Problem::Version => tr("The version of the format is 1."),
        Problem::Empty => tr("Nothing is in here; fill it in, or take it out."),
        Problem::Twice => tr("This stands in the list already; keep one of them."),
        Problem::Spaces => tr("Leave out the spaces and line breaks."),
        Problem::Link => tr("A link begins with https:// and has no spaces."),
        Problem::Ceiling => tr("A ceiling is a number above 0, written like 12.5."),
        Problem::Currency => tr("A currency has three capital letters, such as CNY."),
        Problem::Field { near: None } => {
            tr("No field has this path; the reference page lists them all.")
        }
        Problem::NothingSaid => tr("Say what holds for the field: hidden, fixed or default."),
        Problem::Secret => tr("A policy can be read by everyone; a secret has no place in it."),
        Problem::NotSingle => {
            tr("Only a text, a number or a switch can be fixed; fix its parts instead.")
        }
        Problem::NoDefault => {
            tr("A field in rows, or an object, has no default; give one to its list or its parts.")
        }
        Problem::Labels => tr("Labels stay free: a create is found again by a label of its own."),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use dsw_model::path::Path;
    use dsw_model::policy::{Policy, RULES};
    use dsw_model::rules::{Diagnostic, Severity};

    use super::*;

    fn found(code: &'static str, params: &[(&'static str, &str)]) -> Diagnostic {
        let mut found = Diagnostic {
            code,
            severity: Severity::Error,
            paths: vec![Path::ROOT],
            params: Vec::new(),
            fix: None,
        };
        for (name, value) in params {
            found.with(name, value);
        }
        found
    }

    #[test]
    fn every_rule_has_words() {
        for rule in RULES {
            for text in [message(&found(rule, &[])), when(rule).to_owned()] {
                assert!(!text.contains(rule), "{rule}: {text}");
                assert!(text.ends_with('.'), "{rule}: {text}");
                assert!(text.len() <= 110, "{rule}: {text}");
            }
        }
        let whens: std::collections::BTreeSet<_> = RULES.iter().map(|rule| when(rule)).collect();
        assert_eq!(whens.len(), RULES.len(), "each its own");
    }

    #[test]
    fn the_teams_own_words_come_first_in_the_language_that_is_spoken() {
        let allowed = ("allowed", "ecs.g6.*");
        let said = |params: &[(&'static str, &str)]| message(&found("P03", params));
        assert_eq!(
            said(&[allowed]),
            "Your team does not use this machine type. It uses ecs.g6.*."
        );
        let (en, zh) = (("en", "Ask Li."), ("zh", "问李。"));
        assert_eq!(said(&[en, zh, allowed]), "Ask Li.");
        assert_eq!(said(&[zh, allowed]), "问李。");
        crate::speak("en\tzh\n".to_owned());
        assert_eq!(said(&[en, zh, allowed]), "问李。");
        assert_eq!(said(&[en, allowed]), "Ask Li.");
        crate::speak_english();
    }

    #[test]
    fn cases_of_a_rule_have_words_of_their_own() {
        for (code, params, words) in [
            (
                "P05",
                &[("key", "team")][..],
                "Add the label team, which your team asks for.",
            ),
            (
                "P05",
                &[("key", "team"), ("values", "a, b")],
                "Add the label team, which your team asks for. Its values: a, b.",
            ),
            (
                "P06",
                &[("key", "team"), ("blank", "")],
                "Your team asks for a value of the tag team.",
            ),
            (
                "P06",
                &[("key", "team"), ("other", "a")],
                "Of the tag team your team uses these values: a.",
            ),
            (
                "P04",
                &[("none", "registries")],
                "Your team takes no images by address. Choose one by its ID instead.",
            ),
            (
                "P07",
                &[("alias", "Driver")],
                "Write this name as Driver: your team has a rule for that field.",
            ),
            (
                "P09",
                &[("price", "12.71 CNY"), ("ceiling", "10.00 CNY")],
                "This machine costs 12.71 CNY an hour; the ceiling of your team is 10.00 CNY.",
            ),
        ] {
            assert_eq!(message(&found(code, params)), words);
        }
    }

    #[test]
    fn a_broken_policy_says_where_and_what_to_do() {
        for (text, words) in [
            (
                "",
                "Line 1, column 1: This is not JSON: the text ends too early.",
            ),
            (
                "{\"version\":1,\n\"machine\":{}}",
                "Line 2, column 1 (/machine): No policy has this member here; machines is meant, it seems.",
            ),
            (
                r#"{"version":1,"fields":{"Driver":{"fixed":"1","hidden":true}}}"#,
                "Line 1, column 34 (/fields/Driver/fixed): A field is either hidden or fixed; keep one of them.",
            ),
            (
                r#"{"version":1,"version":1}"#,
                "Line 1, column 14 (/version): The name version stands in line 1 already; keep one of them.",
            ),
        ] {
            let error = Policy::parse(text).expect_err(text);
            assert_eq!(policy_error(&error), words);
        }
    }
}
