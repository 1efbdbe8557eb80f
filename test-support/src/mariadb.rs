//! A throwaway MariaDB server: one for each test process, gone when the process is.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::{Connection, MysqlConnection, connection::SimpleConnection};

pub(crate) const CURE: &str =
    "Install it by `apt-get install mariadb-server`, or set WINECELLAR_SKIP_MARIADB=1 to test on SQLite only.";

/// A running server. `_guard` holds the pipe that keeps it alive: when this process ends, however it ends, the pipe
/// closes and the shell at its other end kills the server and removes its folder.
struct Server {
    port: u16,
    _guard: Child,
}

/// Makes an empty database; returns its URL.
pub(crate) fn fresh_database() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let port = SERVER.get_or_init(start).port;
    let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
    connect(port)
        .and_then(|mut conn| conn.batch_execute(&format!("CREATE DATABASE {name}")).map_err(|error| error.to_string()))
        .unwrap_or_else(|error| panic!("no new database in the throwaway MariaDB: {error}"));
    format!("mysql://root@127.0.0.1:{port}/{name}")
}

pub(crate) fn connect(port: u16) -> Result<MysqlConnection, String> {
    MysqlConnection::establish(&format!("mysql://root@127.0.0.1:{port}/")).map_err(|error| error.to_string())
}

fn start() -> Server {
    let folder = tempfile::Builder::new().prefix("winecellar-mariadb-").tempdir();
    // Kept: the shell below removes it.
    let folder = folder.unwrap_or_else(|error| panic!("no temporary folder: {error}")).keep();
    install(&folder);
    let port = free_port();
    let at = |name: &str| folder.join(name).display().to_string();
    // Ctrl-C reaches the whole group: the shell must outlive it to clear up.
    let guard = Command::new("sh")
        .args(["-c", "trap '' INT; folder=$1; shift; \"$@\" & cat; kill -9 $!; wait; rm -rf \"$folder\"", "sh"])
        .arg(&folder)
        .args(["/usr/sbin/mariadbd", "--no-defaults", "--user=root", "--bind-address=127.0.0.1", "--skip-grant-tables"])
        .args(["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"])
        .arg(format!("--port={port}"))
        .arg(format!("--datadir={}", at("data")))
        .arg(format!("--socket={}", at("sock")))
        .arg(format!("--pid-file={}", at("pid")))
        .arg(format!("--log-error={}", at("log")))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("mariadbd does not start: {error}. {CURE}"));
    wait_until_ready(port, &folder);
    Server { port, _guard: guard }
}

/// Makes the system tables.
pub(crate) fn install(folder: &Path) {
    let done = Command::new("mariadb-install-db")
        .args(["--no-defaults", "--user=root", "--auth-root-authentication-method=normal", "--skip-test-db", "--force"])
        .arg(format!("--datadir={}", folder.join("data").display()))
        .output()
        .unwrap_or_else(|error| panic!("MariaDB is not installed (mariadb-install-db: {error}). {CURE}"));
    assert!(done.status.success(), "mariadb-install-db failed: {}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no free port: {error}"));
    listener.local_addr().unwrap_or_else(|error| panic!("no free port: {error}")).port()
}

pub(crate) fn wait_until_ready(port: u16, folder: &Path) {
    let begin = Instant::now();
    while let Err(error) = connect(port) {
        if begin.elapsed() > Duration::from_secs(60) {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("the throwaway MariaDB did not answer within 60 s: {error}\n{log}\n{CURE}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
