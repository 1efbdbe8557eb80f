//! A line to another machine: TCP, or TLS over it. Nothing of it waits for ever.

use std::{io::ErrorKind, path::Path};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::tls;

/// What both kinds of line can do.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connects; the error says to whom and why not.
pub(super) async fn connect(host: &str, port: u16) -> Result<TcpStream, String> {
    TcpStream::connect((host, port)).await.map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => format!(
            "{host}:{port} cannot be reached: the unit lets the server speak to the house's own networks only (systemctl edit \
             winecellar-api.service, [Service], IPAddressAllow=ADDRESS or any)"
        ),
        _ => format!("{host}:{port} cannot be reached: {error}"),
    })
}

/// Speaks TLS on a line from here on.
pub(super) async fn secured(stream: Box<dyn Stream>, host: &str, ca: Option<&Path>) -> Result<Box<dyn Stream>, String> {
    let config = tls::config(ca)?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("`{host}` is no name for TLS"))?;
    let stream = TlsConnector::from(config).connect(name, stream).await;
    Ok(Box::new(stream.map_err(|error| format!("TLS with {host} failed: {error}"))?))
}
