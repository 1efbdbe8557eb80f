//! The first start: as long as nobody can administer, the log carries a one-time link that makes the first admin.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use models::db::{Db, users};

use super::secret;
use crate::config;

/// Makes a new link and logs it, when there is no admin. Older links open nothing any more.
pub(crate) fn offer(db: &Db, addr: SocketAddr) -> anyhow::Result<()> {
    if db.read(users::user_has_admin)? {
        return Ok(());
    }
    let token = secret::random()?;
    let hash = secret::fingerprint(&token);
    db.write(|conn| users::setup_link_insert(conn, &hash, config::now()))?;
    let host = SocketAddr::new(reachable(addr.ip()), addr.port());
    // A warning, so that it is seen at every usual log level: without an admin nobody but the kiosk gets in.
    tracing::warn!("there is no admin yet: within 24 hours open http://{host}/setup?token={token}");
    Ok(())
}

/// The address that others reach, where the server listens on all of them.
fn reachable(ip: IpAddr) -> IpAddr {
    if !ip.is_unspecified() {
        return ip;
    }
    let (ours, out) = if ip.is_ipv4() { ("0.0.0.0:0", "192.0.2.1:9") } else { ("[::]:0", "[2001:db8::1]:9") };
    // Connecting a UDP socket sends nothing; it only asks which of our addresses would be used.
    let local = UdpSocket::bind(ours).and_then(|socket| {
        socket.connect(out)?;
        socket.local_addr()
    });
    local.map_or(IpAddr::from([127, 0, 0, 1]), |local| local.ip())
}
