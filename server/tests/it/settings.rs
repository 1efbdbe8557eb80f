//! Settings in files: which counts, and what is said of those that cannot be used.

use std::fs;

use serde_json::Value;

use crate::cellar::Cellar;

/// A cellar with a folder of settings; its program takes nothing from the environment but that folder.
fn configured(env_file: &str, toml: Option<&str>) -> Cellar {
    let cellar = Cellar::empty();
    fs::write(cellar.path("shared.env"), env_file).expect("shared.env");
    if let Some(toml) = toml {
        fs::write(cellar.path("winecellar.toml"), toml).expect("winecellar.toml");
    }
    cellar
}

fn config(cellar: &Cellar, args: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = cellar.command(&[&["config"], args].concat());
    for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("WINECELLAR_") || key == "DATABASE_URL") {
        command.env_remove(key);
    }
    command.env_remove("DATABASE_URL").env_remove("WINECELLAR_DATA_DIR");
    command.env("WINECELLAR_SETTINGS", cellar.path("")).envs(environment.iter().copied());
    let output = command.output().expect("winecellar config");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("utf-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn setting(told: &str, key: &str) -> (String, String) {
    let told: Value = serde_json::from_str(told).expect("JSON");
    let all = told["settings"].as_array().expect("settings").clone();
    let one = all.iter().find(|one| one["key"] == key).expect("a known setting");
    (one["value"].as_str().unwrap_or("-").to_owned(), one["origin"].as_str().expect("origin").to_owned())
}

#[test]
fn the_command_line_counts_before_the_environment_before_shared_env_before_toml() {
    let env_file = "# a word\nWINECELLAR_ADDR=127.0.0.1:1111\nWINECELLAR_RACK=\"North wall\"\nWINECELLAR_DATA_DIR=/a\n";
    let cellar = configured(env_file, Some("addr = \"127.0.0.1:2222\"\nlearn = true\n[light]\nwait = 7\n"));
    let (code, told, _) = config(
        &cellar,
        &["--json", "--data-dir", "/b"],
        &[("WINECELLAR_ADDR", "127.0.0.1:3333"), ("WINECELLAR_RACK", "North wall")],
    );
    assert_eq!(code, 0, "{told}");
    let file = |name: &str, line: u32| format!("{} line {line}", cellar.path(name).display());
    let of = |key| setting(&told, key);
    assert_eq!(of("WINECELLAR_DATA_DIR"), ("/b".into(), "command line".into()));
    let instead = format!("environment, instead of {}", file("shared.env", 2));
    assert_eq!(of("WINECELLAR_ADDR"), ("127.0.0.1:3333".into(), instead));
    // As the units hand shared.env over: the line is the origin.
    assert_eq!(of("WINECELLAR_RACK"), ("North wall".into(), file("shared.env", 3)));
    assert_eq!(of("WINECELLAR_LEARN"), ("true".into(), file("winecellar.toml", 2)));
    assert_eq!(of("WINECELLAR_LIGHT_WAIT"), ("7".into(), file("winecellar.toml", 4)));
    assert_eq!(of("WINECELLAR_TRUST_LOOPBACK"), ("true".into(), "default".into()));
    assert_eq!(of("WINECELLAR_SOURCE"), ("-".into(), "not set".into()));
}

#[test]
fn secrets_are_not_shown() {
    let cellar = configured(
        "DATABASE_URL=mysql://wine:verysecret@nas/cellar\nWINECELLAR_SOURCE=rtsp://eye:verysecret@camera/1\nWINECELLAR_LIGHT_ON=http://home/hook/verysecret\n",
        None,
    );
    for args in [&["--json"][..], &[]] {
        let (code, told, said) = config(&cellar, args, &[]);
        assert_eq!(code, 0, "{told}{said}");
        assert!(!told.contains("verysecret") && !said.contains("verysecret"), "{told}{said}");
        assert!(told.contains("mysql://wine:***@nas"), "{told}");
    }
}

#[test]
fn what_cannot_be_used_is_named_with_its_line_and_its_cure() {
    let cellar = configured(
        "WINECELLAR_SORCE=v4l2:/dev/video0\nWINECELLAR_ADDR=here\nPINCE_RTSP_URL=rtsp://camera/1\nexport A=1\nWINECELLAR_LIGHT_WAIT=900\n\
         DATABASE_URL=postgres://x\n",
        Some("[light]\nwate = 3\n"),
    );
    let (code, told, _) = config(&cellar, &[], &[("WINECELLAR_FOO", "1")]);
    assert_eq!(code, 2, "{told}");
    for wanted in [
        "shared.env line 1: WINECELLAR_SORCE is no setting: is WINECELLAR_SOURCE meant?",
        "shared.env line 2: WINECELLAR_ADDR: ",
        "write HOST:PORT",
        "shared.env line 3: PINCE_RTSP_URL is a setting of the former system: write WINECELLAR_SOURCE=rtsp://",
        "shared.env line 4: `export A` is no name of a setting",
        "shared.env line 5: WINECELLAR_LIGHT_WAIT: ",
        "shared.env line 6: DATABASE_URL: it is neither",
        "winecellar.toml line 2: WINECELLAR_LIGHT_WATE is no setting: is WINECELLAR_LIGHT_WAIT meant?",
        "environment: WINECELLAR_FOO is no setting",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
}

#[test]
fn a_toml_file_that_is_none_stops_every_command_with_its_line() {
    let cellar = configured("", Some("learn = true\nlight\n"));
    let (code, told, said) = config(&cellar, &[], &[]);
    assert_eq!((code, told.as_str()), (2, ""), "{said}");
    assert!(said.contains("winecellar.toml line 2: this is no TOML"), "{said}");
}
