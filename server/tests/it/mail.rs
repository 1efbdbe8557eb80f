//! The daily mail, taken by a mail server that speaks SMTP with STARTTLS and AUTH.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};

use serde_json::json;
use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use crate::{broker::certificates, cellar::Cellar, receiver::until};

/// What is read from and written to, with TLS or without.
pub(crate) trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

/// Takes mails of who signs in as `cellar` with `p@ss`, by TLS only; gives each with its envelope, a line each.
fn mail_server(folder: &Path) -> (u16, mpsc::Receiver<Vec<String>>) {
    let config = tls(folder);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("address").port();
    let (sender, mails) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if let Some(mail) = take(stream, &config)
                && sender.send(mail).is_err()
            {
                return;
            }
        }
    });
    (port, mails)
}

/// The server's side of TLS, with the certificate in a folder.
pub(crate) fn tls(folder: &Path) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(folder.join("server.pem")).expect("chain");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("chain");
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).expect("key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .expect("TLS");
    Arc::new(config)
}

/// One conversation.
fn take(stream: TcpStream, config: &Arc<ServerConfig>) -> Option<Vec<String>> {
    let mut plain = BufReader::new(stream);
    say(&mut plain, "220 mail.test\r\n");
    assert!(line(&mut plain)?.starts_with("EHLO "));
    say(&mut plain, "250-mail.test\r\n250-8BITMIME\r\n250 STARTTLS\r\n");
    if line(&mut plain)? != "STARTTLS" {
        return None;
    }
    say(&mut plain, "220 go on\r\n");
    let secure = ServerConnection::new(config.clone()).expect("TLS");
    let mut talk: BufReader<Box<dyn Both>> = BufReader::new(Box::new(StreamOwned::new(secure, plain.into_inner())));
    let mut mail = Vec::new();
    let mut signed_in = false;
    loop {
        let heard = line(&mut talk)?;
        let answer = match heard.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.test\r\n250 AUTH LOGIN PLAIN\r\n",
            // printf '\0cellar\0p@ss' | base64
            "AUTH" if heard == "AUTH PLAIN AGNlbGxhcgBwQHNz" => {
                signed_in = true;
                "235 welcome\r\n"
            }
            "AUTH" => "535 no\r\n",
            "MAIL" | "RCPT" if signed_in => {
                mail.push(heard);
                "250 ok\r\n"
            }
            "DATA" => {
                say(&mut talk, "354 go on\r\n");
                loop {
                    match line(&mut talk)? {
                        end if end == "." => break,
                        text => mail.push(text),
                    }
                }
                "250 taken as 1\r\n"
            }
            "QUIT" => {
                say(&mut talk, "221 bye\r\n");
                return Some(mail);
            }
            _ => "503 not now\r\n",
        };
        say(&mut talk, answer);
    }
}

fn say<T: Read + Write>(talk: &mut BufReader<T>, text: &str) {
    let _ = talk.get_mut().write_all(text.as_bytes());
    let _ = talk.get_mut().flush();
}

fn line<T: Read>(talk: &mut BufReader<T>) -> Option<String> {
    let mut line = String::new();
    talk.read_line(&mut line).ok().filter(|n| *n > 0)?;
    Some(line.trim_end().to_owned())
}

/// The text of a message in base64, as another program decodes it.
fn decoded(mail: &[String]) -> String {
    let body = mail.split(String::is_empty).nth(1).expect("a body").join("\n");
    let mut openssl = std::process::Command::new("openssl")
        .args(["base64", "-d"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("openssl");
    openssl.stdin.take().expect("stdin").write_all(format!("{body}\n").as_bytes()).expect("written");
    String::from_utf8(openssl.wait_with_output().expect("openssl").stdout).expect("UTF-8")
}

#[test]
fn a_day_is_told_in_one_mail_by_tls_and_a_password_never_without() {
    let folder = tempfile::tempdir().expect("folder");
    certificates(folder.path());
    let (port, mails) = mail_server(folder.path());
    let next = || mails.recv_timeout(Duration::from_secs(20)).expect("a mail within 20 s");
    let cellar = Cellar::demo();
    let url = format!("smtp://cellar:p%40ss@localhost:{port}");
    let ca = folder.path().join("ca.pem").display().to_string();
    let settings = [
        ("WINECELLAR_MAIL", url.as_str()),
        ("WINECELLAR_MAIL_FROM", "cellar@example.org"),
        ("WINECELLAR_MAIL_TO", "anna@example.org, ben@example.org"),
        ("WINECELLAR_TLS_CA", ca.as_str()),
        ("WINECELLAR_TELL_RETRY", "1"),
    ];
    let tested = cellar.command(&["tell", "test"]).envs(settings).output().expect("output");
    let told = String::from_utf8_lossy(&tested.stdout).into_owned();
    assert!(tested.status.success() && told.contains("taken as 1"), "{told}");
    let test = next();
    assert_eq!(
        test[..3],
        ["MAIL FROM:<cellar@example.org>", "RCPT TO:<anna@example.org>", "RCPT TO:<ben@example.org>"]
    );
    assert!(decoded(&test).starts_with("This is a test."));

    let served = cellar.serve_with(&settings);
    until("the target is named", || cellar.ok(&["tell", "status"]).contains("mail localhost"));
    let bottles = served.json("/api/v1/bottles?status=in_cellar&limit=3");
    let drink = |i: usize| {
        let request = json!({"kind": "issue", "bottle_id": bottles["items"][i]["bottle"]["id"], "reason": "drunk"});
        assert_eq!(served.post("/api/v1/movements", &request).status(), 201);
    };
    drink(0);
    until("it waits for its time", || cellar.ok(&["tell", "status"]).contains("1 wait"));
    assert!(mails.try_recv().is_err());
    // That nothing was told for long makes no news urgent.
    test_support::spoil(cellar.url(), "UPDATE targets SET delivered_at = '2026-01-01 00:00:00'");
    drink(1);
    until("it waits too", || cellar.ok(&["tell", "status"]).contains("2 wait"));
    assert!(mails.try_recv().is_err());
    // As if the first had happened yesterday before the time of the mail.
    let before = (chrono::Utc::now() - chrono::TimeDelta::hours(25)).format("%F %T");
    let first = "SELECT MIN(revision) FROM deliveries";
    test_support::spoil(cellar.url(), &format!("UPDATE events SET at = '{before}' WHERE revision = ({first})"));
    drink(2);
    let mail = next();
    assert!(mail.iter().any(|line| line == "Subject: Wine cellar: 3 came, left, moved"), "{mail:#?}");
    let text = decoded(&mail);
    assert!(text.starts_with("Came, left, moved") && text.matches("drunk").count() == 3, "{text}");
    until("all is told", || cellar.ok(&["tell", "status"]).contains(" 0 wait"));

    // A server whose authority is not known, and one without TLS.
    let no_ca = cellar.command(&["tell", "test"]).envs(settings).env("WINECELLAR_TLS_CA", "").output().expect("output");
    assert_eq!(no_ca.status.code(), Some(1));
    let plain = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = plain.local_addr().expect("address");
    let heard = std::thread::spawn(move || {
        let mut talk = BufReader::new(plain.accept().expect("a caller").0);
        say(&mut talk, "220 old\r\n");
        let hello = line(&mut talk);
        say(&mut talk, "250 AUTH PLAIN\r\n");
        (hello, line(&mut talk))
    });
    let url = format!("smtp://cellar:p%40ss@{address}");
    let refused =
        cellar.command(&["tell", "test"]).envs(settings).env("WINECELLAR_MAIL", &url).output().expect("output");
    assert!(String::from_utf8_lossy(&refused.stdout).contains("by TLS only"));
    assert!(matches!(heard.join().expect("heard"), (Some(_), None)), "no password was sent");
}
