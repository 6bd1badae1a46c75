//! Texts with more than one thing in them: quantities, lists, scripts, keys, options, logins.

use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlTextAreaElement};

use crate::page::{Page, focused, key, paste, property, send, settle};

const MEMORY: &str = "RequestedResource.Memory";
const UNIT: &str = "RequestedResource.Memory-unit";
const RANGES: &str = "UserVpc.ExtendedCIDRs";
const NODES: &str = "AssignNodeSpec.NodeNames";
const SCRIPT: &str = "UserCommand.OnStart.Content";
const OPTIONS: &str = "Datasets[0].Options";
const VARIABLES: &str = "EnvironmentVariables";

fn memory(page: &Page) -> Value {
    page.body()["RequestedResource"]["Memory"].clone()
}

/// Whether an element is to be seen.
fn visible(element: &Element) -> bool {
    element.closest("[hidden]").expect("a selector").is_none()
}

#[wasm_bindgen_test]
async fn a_number_takes_the_unit_beside_it() {
    let page = Page::new();
    page.enter(MEMORY, "32").await;
    assert_eq!(memory(&page), "32Gi");
    page.enter(UNIT, "Mi").await;
    assert_eq!(memory(&page), "32Mi");
    assert_eq!(
        (page.value(MEMORY), page.value(UNIT)),
        ("32".into(), "Mi".into())
    );
    page.enter(MEMORY, "64").await;
    assert_eq!(memory(&page), "64Mi");
    page.enter(MEMORY, "").await;
    assert_eq!(page.body(), json!({}));
    assert_eq!(page.value(UNIT), "Gi");
}

#[wasm_bindgen_test]
async fn a_quantity_may_be_typed_with_its_unit() {
    let page = Page::new();
    for typed in ["3", "32", "32M", "32Mi"] {
        page.enter(MEMORY, typed).await;
    }
    assert_eq!(memory(&page), "32Mi");
    assert_eq!(
        (page.value(MEMORY), page.value(UNIT)),
        ("32".into(), "Mi".into())
    );
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.body(), json!({}), "typing is one step");
}

#[wasm_bindgen_test]
async fn what_is_no_quantity_stands_whole_and_stays() {
    let page = Page::with(r#"{"RequestedResource":{"Memory":"32GB","SharedMemory":"32"}}"#).await;
    assert_eq!(
        (page.value(MEMORY), page.value(UNIT)),
        ("32GB".into(), String::new())
    );
    assert_eq!(
        page.text(&format!("[id=\"{UNIT}\"] > [value=\"\"]")),
        "As typed"
    );
    let shared = "RequestedResource.SharedMemory";
    let unit = format!("{shared}-unit");
    assert_eq!(
        (page.value(shared), page.value(&unit)),
        ("32".into(), String::new())
    );
    assert_eq!(
        page.text(&format!("[id=\"{unit}\"] > [value=\"\"]")),
        "No unit"
    );
    page.enter(&unit, "Gi").await;
    page.enter(UNIT, "Gi").await;
    assert_eq!(
        page.body()["RequestedResource"],
        json!({"Memory": "32Gi", "SharedMemory": "32Gi"})
    );
    page.enter(MEMORY, "lots").await;
    page.enter(UNIT, "Mi").await;
    assert_eq!(memory(&page), "lots");
    assert_eq!(page.value(UNIT), "");
}

#[wasm_bindgen_test]
async fn several_ranges_are_pasted_as_rows_in_one_step() {
    let page = Page::new();
    page.add(RANGES).await;
    let row = page.control(&format!("{RANGES}[0]"));
    assert!(
        paste(&row, "10.0.0.0/8"),
        "one range is left to the browser"
    );
    assert!(!paste(&row, "10.0.0.0/8\n172.16.0.0/12, 192.168.0.0/16\n"));
    settle().await;
    let all = json!(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]);
    assert_eq!(page.body()["UserVpc"]["ExtendedCIDRs"], all);
    assert_eq!(focused(), format!("{RANGES}[2]"));
    assert!(!paste(&page.control(&format!("{RANGES}[0]")), "a,b"));
    settle().await;
    assert_eq!(page.body()["UserVpc"]["ExtendedCIDRs"][1], "a");
    assert_eq!(page.value(&format!("{RANGES}[0]")), "10.0.0.0/8");
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.body()["UserVpc"]["ExtendedCIDRs"], all);
}

#[wasm_bindgen_test]
async fn ranges_are_edited_as_text_and_back() {
    let page = Page::with(r#"{"UserVpc":{"ExtendedCIDRs":["10.0.0.0/8","172.16.0.0/12"]}}"#).await;
    let toggle = format!("[id=\"{RANGES}-as\"]");
    let text = format!("{RANGES}-text");
    assert_eq!(page.text(&toggle), "Edit as text");
    page.press(&toggle).await;
    assert_eq!(page.value(&text), "10.0.0.0/8\n172.16.0.0/12");
    page.enter(&text, "10.0.0.0/8\n\n10.1.0.0/16\n").await;
    assert_eq!(
        page.body()["UserVpc"]["ExtendedCIDRs"],
        json!(["10.0.0.0/8", "10.1.0.0/16"])
    );
    assert_eq!(
        page.value(&text),
        "10.0.0.0/8\n\n10.1.0.0/16\n",
        "what is typed stays"
    );
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.value(&text), "10.0.0.0/8\n172.16.0.0/12");
    page.enter(&text, "").await;
    assert_eq!(page.body(), json!({}));
    page.enter(&text, "1.0.0.0/8").await;
    page.press(&toggle).await;
    assert_eq!(page.value(&format!("{RANGES}[0]")), "1.0.0.0/8");
    assert!(visible(&page.one(&format!("[id=\"{RANGES}-add\"]"))));
}

#[wasm_bindgen_test]
async fn a_list_that_lines_cannot_hold_stays_in_rows() {
    for rows in [json!([5]), json!(["a,b"]), json!([" a"])] {
        let page = Page::with(&json!({"UserVpc": {"ExtendedCIDRs": rows}}).to_string()).await;
        assert!(
            !visible(&page.one(&format!("[id=\"{RANGES}-as\"]"))),
            "{rows}"
        );
        assert_eq!(page.body()["UserVpc"]["ExtendedCIDRs"], rows);
    }
}

#[wasm_bindgen_test]
async fn names_are_seen_and_deleted_one_by_one() {
    let page = Page::new();
    page.enter(NODES, "node-a").await;
    assert!(!visible(&page.one(".chips[aria-label=\"Use nodes\"]")));
    page.enter(NODES, "node-a, node-b,,node-c").await;
    let chips = || {
        let chips = page.all(".chips[aria-label=\"Use nodes\"] .mono");
        chips
            .iter()
            .filter_map(|chip| chip.text_content())
            .collect::<Vec<_>>()
    };
    assert_eq!(chips(), ["node-a", "node-b", "(empty)", "node-c"]);
    page.press_named("Delete (empty)").await;
    assert_eq!(page.value(NODES), "node-a, node-b,node-c");
    assert_eq!(focused(), format!("{NODES}-chip-2"));
    page.press_named("Delete node-c").await;
    page.press_named("Delete node-a").await;
    assert_eq!(page.body()["AssignNodeSpec"]["NodeNames"], " node-b");
    assert_eq!(focused(), NODES);
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.value(NODES), "node-a, node-b");
    assert!(!paste(&page.control(NODES), "x\ny\n"));
    settle().await;
    assert_eq!(page.value(NODES), "node-a,node-b,x,y");
}

#[wasm_bindgen_test]
async fn a_script_tells_its_size_and_keeps_its_line_ends() {
    let script = "a\r\nb\r\n";
    let page =
        Page::with(&json!({"UserCommand": {"OnStart": {"Content": script}}}).to_string()).await;
    let note = format!("[id=\"{SCRIPT}-note\"]");
    assert!(
        page.text(&note)
            .starts_with("2 lines, 6 bytes. 2 carriage returns kept.")
    );
    page.enter(SCRIPT, "a\nbc\n").await;
    assert_eq!(
        page.body()["UserCommand"]["OnStart"]["Content"],
        "a\r\nbc\r\n"
    );
    page.enter(SCRIPT, "echo").await;
    assert!(page.text(&note).starts_with("1 line, 4 bytes. Tab indents"));
    let described = page.control(SCRIPT).get_attribute("aria-describedby");
    assert!(described.is_some_and(|ids| ids.ends_with("-note")));
}

#[wasm_bindgen_test]
async fn the_tab_key_indents_a_script_and_escape_lets_it_go() {
    let page = Page::new();
    page.enter(SCRIPT, "if a\nb\nc").await;
    let element = page.control(SCRIPT);
    let area: HtmlTextAreaElement = element.clone().unchecked_into();
    area.focus().expect("it takes the focus");
    assert!(key(&element, "Tab"), "who passes by is not held");
    area.set_selection_range(5, 5).expect("a selection");
    assert!(key(&element, "ArrowLeft"));
    assert!(!key(&element, "Tab"), "the page takes the key");
    settle().await;
    assert_eq!(page.value(SCRIPT), "if a\n  b\nc");
    area.set_selection_range(7, 10).expect("a selection");
    assert!(!key(&element, "Tab"));
    settle().await;
    assert_eq!(
        page.body()["UserCommand"]["OnStart"]["Content"],
        "if a\n    b\n  c"
    );
    assert!(key(&element, "Escape"));
    assert!(key(&element, "Tab"), "Tab moves on after Escape");
}

#[wasm_bindgen_test]
async fn a_public_key_says_whose_it_is() {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let page = Page::with(r#"{"UserVpc":{"ForwardInfos":[{"Name":"ssh"}]}}"#).await;
    let name = "UserVpc.ForwardInfos[0].SSHPublicKey";
    let note = format!("[id=\"{name}-note\"]");
    page.enter(name, &format!("{KEY} me@home")).await;
    assert_eq!(page.text(&note), "ssh-ed25519, me@home");
    page.enter(name, &format!("{KEY}\n")).await;
    assert!(
        page.text(&note)
            .starts_with("ssh-ed25519, without a comment")
    );
    assert_eq!(
        page.value(name),
        format!("{KEY}\n"),
        "nothing is trimmed unasked"
    );
    page.press(&format!("{note} button")).await;
    assert_eq!(page.value(name), KEY);
    assert_eq!(focused(), name);
    page.enter(name, "ssh-ed25519 ?").await;
    assert_eq!(page.text(&note), "");
}

/// The names and values that are shown as rows.
fn rows(page: &Page) -> Vec<(String, String)> {
    let cells = page.all(&format!("[data-for=\"{OPTIONS}\"] input"));
    let texts: Vec<_> = cells
        .iter()
        .filter_map(|cell| property(cell, "value").as_string())
        .collect();
    texts
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

#[wasm_bindgen_test]
async fn options_are_edited_as_rows() {
    let options = r#"{ "b": "1", "a": "2" }"#;
    let page = Page::with(&json!({"Datasets": [{"Options": options}]}).to_string()).await;
    let sent = || page.body()["Datasets"][0]["Options"].clone();
    assert_eq!(
        rows(&page),
        [("b".into(), "1".into()), ("a".into(), "2".into())]
    );
    assert!(!visible(&page.control(OPTIONS)));
    assert_eq!(sent(), options, "what is not edited stays as it came");
    page.enter("Datasets[0].Options.1.Value", "\"3\"").await;
    assert_eq!(sent(), r#"{"b":"1","a":"\"3\""}"#);
    page.enter("Datasets[0].Options.1.Name", "b").await;
    assert_eq!(
        rows(&page).len(),
        2,
        "a name may stand twice while it is typed"
    );
    page.enter("Datasets[0].Options.1.Name", "bc").await;
    assert_eq!(sent(), r#"{"b":"1","bc":"\"3\""}"#);
    page.press(&format!("[id=\"{OPTIONS}-add\"]")).await;
    assert_eq!(focused(), "Datasets[0].Options.2.Name");
    page.press_named("Delete option 3").await;
    assert_eq!(focused(), "Datasets[0].Options.1.Name");
    page.press_named("Delete option 1").await;
    page.press_named("Delete option 1").await;
    assert_eq!(focused(), format!("{OPTIONS}-add"));
    assert_eq!(page.body(), json!({"Datasets": [{}]}));
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(sent(), r#"{"bc":"\"3\""}"#);
}

#[wasm_bindgen_test]
async fn options_are_edited_as_json_and_back() {
    let page = Page::with(r#"{"Datasets":[{"Options":"{\"a\":\"1\"}"}]}"#).await;
    let toggle = format!("[data-for=\"{OPTIONS}\"] + .line > [data-kind]");
    assert_eq!(page.text(&toggle), "Edit as JSON");
    page.press(&toggle).await;
    assert!(visible(&page.control(OPTIONS)));
    page.enter(OPTIONS, r#"{"a":1}"#).await;
    assert!(!visible(&page.one(&toggle)), "a number has no row");
    assert_eq!(page.body()["Datasets"][0]["Options"], r#"{"a":1}"#);
    page.enter(OPTIONS, r#"{"a":"1","b":"2"}"#).await;
    assert!(visible(&page.control(OPTIONS)), "typing JSON goes on");
    assert_eq!(page.text(&toggle), "Edit as rows");
    page.press(&toggle).await;
    assert_eq!(rows(&page).len(), 2);
    // What is no flat object any more falls back to JSON.
    page.import(r#"{"Datasets":[{"Options":"{\"a\":{}}"}]}"#)
        .await;
    assert!(visible(&page.control(OPTIONS)));
    assert_eq!(page.value(OPTIONS), r#"{"a":{}}"#);
}

#[wasm_bindgen_test]
async fn a_policy_begins_as_json() {
    let page = Page::with(
        r#"{"CredentialConfig":{"Configs":[{"Roles":[{"Policy":"{\"Version\":\"1\"}"}]}]}}"#,
    )
    .await;
    let name = "CredentialConfig.Configs[0].Roles[0].Policy";
    assert!(visible(&page.control(name)));
    page.press(&format!("[data-for=\"{name}\"] + .line > [data-kind]"))
        .await;
    assert_eq!(page.value(&format!("{name}.0.Name")), "Version");
}

#[wasm_bindgen_test]
async fn an_env_file_is_taken_in_as_one_step() {
    let page = Page::with(r#"{"EnvironmentVariables":{"A":"0","B":"2"}}"#).await;
    let before = page.body();
    let opens = "[aria-controls=\"EnvironmentVariables-env\"]";
    let text = "EnvironmentVariables-env-text";
    page.press(opens).await;
    assert_eq!(
        page.one(opens).get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    page.enter(text, "# x\nexport A=1\nC=\"3 4\"\nwhat").await;
    page.press("[id=\"EnvironmentVariables-env\"] button").await;
    assert_eq!(
        page.body(),
        json!({VARIABLES: {"A": "1", "B": "2", "C": "3 4"}})
    );
    let said = page.text("[id=\"EnvironmentVariables-env-msg\"]");
    assert!(
        said.starts_with("1 variable added, 1 updated.") && said.ends_with("line 4."),
        "{said}"
    );
    assert!(page.value(text).ends_with("what"), "what was skipped stays");
    page.enter(text, "D=5").await;
    page.press("[id=\"EnvironmentVariables-env\"] button").await;
    assert_eq!(page.said(), "1 variable added, 0 updated.");
    assert!(page.controls(text).is_empty(), "the place closes");
    page.press(".bar [aria-label=Undo]").await;
    page.press(".bar [aria-label=Undo]").await;
    assert_eq!(page.body(), before);
}

#[wasm_bindgen_test]
async fn a_login_is_built_from_user_and_password() {
    let page = Page::new();
    let opens = "[aria-controls=\"ImageAuth-login\"]";
    let build = "[id=\"ImageAuth-login\"] button";
    page.press(opens).await;
    page.enter("ImageAuth-user", "us:er").await;
    page.enter("ImageAuth-password", "pass").await;
    page.press(build).await;
    assert!(page.text("[id=\"ImageAuth-login-msg\"]").contains("colon"));
    assert_eq!(page.body(), json!({}));
    page.enter("ImageAuth-user", "user").await;
    page.enter("ImageAuth-password", "pass\u{e4}:").await;
    page.press(build).await;
    assert_eq!(page.value("ImageAuth"), "dXNlcjpwYXNzw6Q6");
    assert!(!page.messages("ImageAuth").contains("Base64"));
    assert!(
        page.controls("ImageAuth-password").is_empty(),
        "nothing is kept"
    );
    assert_eq!(focused(), "ImageAuth");
}

#[wasm_bindgen_test]
async fn the_working_directory_is_suggested_from_the_mounts() {
    let request = r#"{"Datasets":[{"DatasetId":"d-1","MountPath":"/mnt/a"},{"Uri":"oss://b/","MountPath":"/mnt/b"}]}"#;
    let page = Page::with(request).await;
    let options = || {
        let options = page.all("[id=\"WorkspaceSource-list\"] option");
        options
            .iter()
            .filter_map(|option| option.get_attribute("value"))
            .collect::<Vec<_>>()
    };
    send(&page.control("WorkspaceSource"), "focus");
    assert_eq!(options(), ["rootfsCloudDisk", "/mnt/a"]);
    page.enter("Datasets[0].MountPath", "/mnt/c").await;
    send(&page.control("WorkspaceSource"), "focus");
    assert_eq!(options(), ["rootfsCloudDisk", "/mnt/c"]);
}

#[wasm_bindgen_test]
async fn rows_of_tables_move() {
    let page = Page::with(
        r#"{"EnvironmentVariables":{"A":"1","B":"2"},"Labels":[{"Key":"a"},{"Key":"b"}]}"#,
    )
    .await;
    page.press_named("Move variable 2 up").await;
    assert!(page.preview().find("\"B\"") < page.preview().find("\"A\""));
    page.press_named("Move label 1 down").await;
    assert_eq!(page.body()["Labels"], json!([{"Key": "b"}, {"Key": "a"}]));
    assert_eq!(focused(), "Labels[1]-up");
}

#[wasm_bindgen_test]
async fn a_variable_that_looks_like_a_secret_is_hidden_until_asked_for() {
    let request = json!({
        VARIABLES: {"HF_TOKEN": "hunter2", "MODE": "open", "DB_PASSWORD": ""},
        "AccessRestrictionRules": {"TOKEN": "seen"},
    });
    let page = Page::with(&request.to_string()).await;
    let kind = |row: usize| {
        let control = page.control(&format!("{VARIABLES}[{row}].Value"));
        control.get_attribute("type").unwrap_or_default()
    };
    let row = |name: &str| {
        let at = (0..3).find(|row| page.value(&format!("{VARIABLES}[{row}].Key")) == name);
        at.expect("the variable has a row")
    };
    let shown = || page.preview();
    let (token, mode, empty) = (row("HF_TOKEN"), row("MODE"), row("DB_PASSWORD"));
    assert_eq!(
        [kind(token), kind(mode), kind(empty)],
        ["password", "text", "password"]
    );
    let hidden = "\"\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\"";
    assert!(!shown().contains("hunter2") && shown().contains(&format!("\"HF_TOKEN\": {hidden}")));
    for seen in [
        "\"MODE\": \"open\"",
        "\"DB_PASSWORD\": \"\"",
        "\"TOKEN\": \"seen\"",
    ] {
        assert!(shown().contains(seen), "{seen}");
    }

    // In the form, one by one.
    let toggle = format!(
        "button[aria-label=\"Show value of variable {}\"]",
        token + 1
    );
    page.press(&toggle).await;
    assert_eq!(kind(token), "text");
    assert_eq!(
        page.one(&toggle).get_attribute("aria-pressed").as_deref(),
        Some("true")
    );
    page.press(&toggle).await;
    assert_eq!(kind(token), "password");
    assert_eq!(
        page.value(&format!("{VARIABLES}[{token}].Value")),
        "hunter2"
    );
    assert!(!visible(&page.one(&format!(
        "button[aria-label=\"Show value of variable {}\"]",
        mode + 1
    ))));

    // It follows the name, and a value that is the id of an access key.
    page.enter(
        &format!("{VARIABLES}[{token}].Key"),
        "TOKENIZERS_PARALLELISM",
    )
    .await;
    assert_eq!(kind(token), "text");
    assert!(shown().contains("\"TOKENIZERS_PARALLELISM\": \"hunter2\""));
    page.enter(
        &format!("{VARIABLES}[{mode}].Value"),
        "LTAI5tABCDEFGHIJKLMNOPQR",
    )
    .await;
    assert_eq!(kind(mode), "password");
    assert!(!shown().contains("LTAI5t"));
    page.press(".output-foot [aria-pressed=false]").await;
    assert!(shown().contains("LTAI5t"));
}
