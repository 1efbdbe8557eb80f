//! The clock, the last scan, the last backup, and whether the server answers.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use chrono::TimeDelta;
use models::{
    Instant,
    db::{
        Db, DbError,
        movements::{MovementFilter, movement_list},
        scans::scan_last,
    },
    scan::{Scan, ScanStatus},
};

use super::{Check, within};
use crate::{
    backup::place,
    cli::{Doctor, Place},
    config,
};

const DEADLINE: Duration = Duration::from_secs(8);
/// A daily scan or backup that is older than this was missed.
const MISSED: TimeDelta = TimeDelta::hours(26);
/// Clocks of two machines may differ by this much.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

pub(super) fn checks(place: &Place, args: &Doctor) -> Vec<Check> {
    let now = config::now();
    let url = place.url();
    let known = within(DEADLINE, move || -> Result<_, DbError> {
        let db = Db::open_existing(&url)?;
        db.read(|conn| {
            let scan = scan_last(conn)?;
            let last = movement_list(conn, &MovementFilter::default(), None, 1)?.first().map(|movement| movement.at);
            Ok((scan, last))
        })
    });
    // A database that is away has its own line already.
    let (scan, last_movement) = known.and_then(Result::ok).unwrap_or_default();
    let latest = last_movement.into_iter().chain(scan.as_ref().map(|scan| scan.finished_at)).max();
    vec![
        clock(now, latest),
        time_zone(),
        last_scan(now, scan.as_ref()),
        last_backup(now, &args.backup_dir.clone().unwrap_or_else(|| place.data().backups())),
        port(&args.addr),
    ]
}

fn clock(now: Instant, latest: Option<Instant>) -> Check {
    let cure = "set the clock: `timedatectl set-ntp true`; a Raspberry Pi without network or battery forgets the time";
    let found = format!("{} UTC", now.format("%F %T"));
    if now.format("%Y%m%d%H%M%S").to_string() < Db::newest_stamp() {
        return Check::fail("clock", format!("{found} is before this program was made"), cure);
    }
    match latest.filter(|latest| *latest > now + AHEAD) {
        Some(latest) => {
            let found = format!("{found}, but the book has an entry of {}", latest.format("%F %T"));
            Check::fail("clock", found, cure)
        }
        None => Check::ok("clock", found),
    }
}

fn time_zone() -> Check {
    let link = std::fs::canonicalize("/etc/localtime").ok();
    let zone = link.as_deref().and_then(|path| path.strip_prefix("/usr/share/zoneinfo").ok()).map(Path::to_path_buf);
    match zone {
        Some(zone) => Check::ok("time zone", zone.display().to_string()),
        None => Check::warn(
            "time zone",
            "none is set, so UTC counts: the scan of 03:00 runs at 03:00 UTC",
            "`timedatectl set-timezone Europe/Berlin`, or where the cellar is",
        ),
    }
}

fn age(now: Instant, then: Instant) -> String {
    let age = now - then;
    if age >= TimeDelta::hours(48) {
        format!("{} days ago", age.num_days())
    } else {
        format!("{} h ago", age.num_hours())
    }
}

fn last_scan(now: Instant, scan: Option<&Scan>) -> Check {
    let cure = "`systemctl list-timers wine-inventory-stock.timer`; `journalctl -u wine-inventory-stock.service -n 50`";
    let Some(scan) = scan else {
        return Check::warn("last scan", "none yet", "press \"scan now\", or run `winecellar stock run`");
    };
    let found = format!("{}, {}: {}", age(now, scan.finished_at), scan.status.as_str(), scan.message);
    if now - scan.finished_at > MISSED || scan.status != ScanStatus::Ok {
        return Check::warn("last scan", found, cure);
    }
    Check::ok("last scan", found)
}

fn last_backup(now: Instant, folder: &Path) -> Check {
    let cure = "`systemctl enable --now wine-inventory-backup.timer`, or run `winecellar backup`";
    let owned = folder.to_path_buf();
    let Some(found) = within(DEADLINE, move || place::list(&owned)) else {
        return Check::fail(
            "last backup",
            format!("{} does not answer", folder.display()),
            "see that the disk is mounted",
        );
    };
    match found.ok().and_then(|mut all| all.pop()) {
        None => Check::warn("last backup", format!("none in {}", folder.display()), cure),
        Some(named) if now - named.at > MISSED => Check::warn("last backup", age(now, named.at), cure),
        Some(named) => Check::ok("last backup", format!("{}, {}", age(now, named.at), named.file())),
    }
}

/// Whether our server answers there; else whether it could.
fn port(addr: &str) -> Check {
    let name = "server";
    let Ok(mut addr) = config::address(addr) else {
        return Check::fail(name, format!("`{addr}` is no HOST:PORT"), "set WINECELLAR_ADDR to such as 0.0.0.0:8000");
    };
    let start = "`systemctl start winecellar-api.service`, or `winecellar serve`";
    let free = TcpListener::bind(addr).is_ok();
    if addr.ip().is_unspecified() {
        addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    match asked(addr) {
        Ok(answer) if answer.contains("\"status\":\"ok\"") => Check::ok(name, format!("answers at {addr}")),
        _ if free => Check::warn(name, format!("nobody listens at {addr}"), start),
        Ok(_) => Check::fail(
            name,
            format!("another program answers at {addr}"),
            "end it, or set WINECELLAR_ADDR to a free port (`ss -ltnp` names it)",
        ),
        Err(error) => Check::fail(
            name,
            format!("{addr} is taken and does not answer ({error})"),
            "`journalctl -u winecellar-api.service -n 100`; `systemctl restart winecellar-api.service`",
        ),
    }
}

fn asked(addr: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
