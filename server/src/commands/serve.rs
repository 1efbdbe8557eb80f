//! `winecellar serve`.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use models::db::{Db, DbError, meta};
use tokio::sync::watch;

use crate::{
    access::{ScreenTrust, desk::Desk, setup},
    cli::{Place, Serve},
    config::{self, DataDir},
    events, router, shutdown, site,
    state::{self, AppState, Store},
    worker::lock::{self, ScanLock},
};

/// Open connections get this long to end after a stop was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// Serves until asked to stop.
pub(crate) fn run(place: &Place, args: &Serve) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        // journald and terminals both want lines; colours only for a terminal.
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stdout()))
        .init();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    let served = runtime.block_on(serve(place, args));
    runtime.shutdown_timeout(GRACE);
    served
}

async fn serve(place: &Place, args: &Serve) -> anyhow::Result<()> {
    let data = place.data();
    data.ensure()?;
    let db = place.open()?;
    let applied = db.migrate()?;
    if applied > 0 {
        tracing::info!(applied, "database migrated");
    }
    let (stop, stopping) = watch::channel(false);
    let (sender, revision) = watch::channel(db.read(meta::revision)?);
    tokio::spawn(events::watch(db.clone(), sender, stopping.clone()));

    let site = site::find(args.site.as_deref().or(args.leptos_site_root.as_deref()));
    let hashes =
        site.as_ref().and_then(|folder| std::fs::read_to_string(folder.join("hash.txt")).ok()).unwrap_or_default();
    if site.is_none() {
        tracing::warn!(
            "the browser half is missing (`make site`, or set WINECELLAR_SITE): pages are served without it"
        );
    }
    let state = AppState {
        store: Store(db.clone()),
        revision,
        app: app::ctx::AppCtx {
            db: db.clone(),
            now: config::now,
            start_scan: scan_starter(place, args, &data),
            build_id: state::build_id(&hashes),
            visitor: app::ctx::Visitor::default(),
        },
        data,
        leptos: site::options(site.as_deref(), args.addr),
        desk: Desk::new(),
        screen: ScreenTrust(args.trust_loopback),
        stopping,
    };
    let listener = tokio::net::TcpListener::bind(args.addr).await.with_context(|| {
        format!("cannot listen on {}: is another program there? Set WINECELLAR_ADDR to a free address", args.addr)
    })?;
    let addr = listener.local_addr()?;
    tracing::info!(%addr, database = db.url_redacted(), "serving");
    setup::offer(&db, addr)?;
    tell_systemd(&db);
    let stop_asked = async move {
        shutdown::asked().await;
        tracing::info!("stopping");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        let _ = stop.send(true);
        // Whoever still holds a connection after the grace period is cut off.
        tokio::spawn(async {
            tokio::time::sleep(GRACE).await;
            std::process::exit(0);
        });
    };
    let service = router::build(state, site.as_deref()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop_asked).await.context("the server broke off")
}

/// READY=1 now, and WATCHDOG=1 as long as the database answers, where systemd asks for it.
fn tell_systemd(db: &Db) {
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let Some(interval) = sd_notify::watchdog_enabled() else { return };
    let db = db.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(interval / 2);
        loop {
            ticks.tick().await;
            let db = db.clone();
            // An answer, even "unavailable", shows that this process works; only a hang must starve the watchdog.
            let answered = tokio::task::spawn_blocking(move || {
                db.read(|conn| meta::revision(conn).map_err(DbError::from)).is_ok()
            })
            .await;
            if answered.is_ok() {
                let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
            }
        }
    });
}

/// "Scan now": a child process, so that the model's memory is gone when the scan is; the same lock as everyone's.
fn scan_starter(place: &Place, args: &Serve, data: &DataDir) -> Arc<dyn Fn() -> Result<(), String> + Send + Sync> {
    let (place, source, data) = (place.clone(), args.source.clone(), data.clone());
    Arc::new(move || {
        let spec = data.source(source.as_deref()).map_err(|error| format!("{error:#}"))?;
        // Asked first for a quick word to the person; the child takes the lock again and is the one that counts.
        drop(ScanLock::take(&data.lock()).map_err(|error| format!("{error:#}"))?);
        let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
        let mut command = Command::new(program);
        command
            .args(["stock", "run"])
            .env(lock::BY_SERVER, "1")
            .env("DATABASE_URL", place.url())
            .env("WINECELLAR_DATA_DIR", &place.data_dir)
            .stdin(Stdio::null());
        match source.as_deref() {
            Some(named) => command.env("WINECELLAR_SOURCE", named),
            None => command.env_remove("WINECELLAR_SOURCE"),
        };
        let mut child = command.spawn().map_err(|error| format!("cannot start the scan: {error}"))?;
        tracing::info!(source = %spec, "scan started");
        std::thread::spawn(move || match child.wait() {
            Ok(status) => tracing::info!(%status, "scan ended"),
            Err(error) => tracing::error!(%error, "the scan could not be waited for"),
        });
        Ok(())
    })
}
