//! Whom TLS trusts: the authorities of this machine, and one of the owner's.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// So long what was read counts; then an authority that was added or taken away does.
const FRESH: Duration = Duration::from_secs(3600);

/// What was read last: for which file, and when.
static KEPT: Mutex<Option<(Option<PathBuf>, Instant, Arc<ClientConfig>)>> = Mutex::new(None);

/// The settings of a connection, read when one is first needed: a server that tells nobody reads none.
pub(super) fn config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, _, config)) = kept.as_ref().filter(|(of, at, _)| of.as_deref() == ca && at.elapsed() < FRESH) {
        return Ok(config.clone());
    }
    let config = read(ca)?;
    *kept = Some((ca.map(Path::to_path_buf), Instant::now(), config.clone()));
    Ok(config)
}

fn read(ca: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    if let Some(ca) = ca {
        let told = |why: &dyn std::fmt::Display| format!("WINECELLAR_TLS_CA {}: {why}", ca.display());
        let list = CertificateDer::pem_file_iter(ca).map_err(|error| told(&error))?;
        for one in list {
            roots.add(one.map_err(|error| told(&error))?).map_err(|error| told(&error))?;
        }
        if roots.is_empty() {
            return Err(told(&"holds no certificate"));
        }
    }
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this machine trusts no authority: install the package ca-certificates".to_owned());
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS does not work here: {error}"))?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
