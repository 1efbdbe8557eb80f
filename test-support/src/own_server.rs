//! A MariaDB server that belongs to one test, which may freeze it, stop it and start it again.

use std::process::{Child, Command, Stdio};

use diesel::connection::SimpleConnection;
use tempfile::TempDir;

use crate::mariadb::{CURE, connect, free_port, install, wait_until_ready};

/// The server; killed when dropped, and when the thread that started it ends.
pub struct OwnServer {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl OwnServer {
    /// Starts one with an empty database. None when `WINECELLAR_SKIP_MARIADB=1`, which is said loudly.
    pub fn start() -> Option<Self> {
        if std::env::var("WINECELLAR_SKIP_MARIADB").is_ok_and(|value| value == "1") {
            eprintln!("!!! WINECELLAR_SKIP_MARIADB=1: NOT TESTED on MariaDB !!!");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("winecellar-own-mariadb-").tempdir();
        let folder = folder.unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        install(folder.path());
        let mut server = Self { folder, port: free_port(), child: None };
        server.start_again();
        connect(server.port)
            .and_then(|mut conn| conn.batch_execute("CREATE DATABASE cellar").map_err(|error| error.to_string()))
            .unwrap_or_else(|error| panic!("no database: {error}"));
        Some(server)
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/cellar", self.port)
    }

    /// Starts it where it was stopped.
    pub fn start_again(&mut self) {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "/usr/sbin/mariadbd", "--no-defaults", "--user=root", "--skip-grant-tables"])
            .args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-buffer-pool-size=32M"])
            .arg(format!("--port={}", self.port))
            .arg(format!("--datadir={}", at("data")))
            .arg(format!("--socket={}", at("sock")))
            .arg(format!("--pid-file={}", at("pid")))
            .arg(format!("--log-error={}", at("log")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("mariadbd does not start: {error}. {CURE}"));
        self.child = Some(child);
        wait_until_ready(self.port, self.folder.path());
    }

    /// Stops it in order; connections are refused from then on.
    pub fn stop(&mut self) {
        self.signal("TERM");
        if let Some(mut child) = self.child.take() {
            child.wait().unwrap_or_else(|error| panic!("mariadbd cannot be waited for: {error}"));
        }
    }

    /// Freezes it: connections are taken and never answered, as behind a cable that was pulled.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let Some(child) = &self.child else { return };
        let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "no {name} to mariadbd");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
