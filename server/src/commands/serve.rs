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
use vision::source::SourceSpec;

use crate::{
    access::{ScreenTrust, desk::Desk, setup},
    cli::{Place, Serve},
    config::{self, DataDir},
    events,
    labels::Reading,
    memory,
    motion::{Motion, again, watcher},
    nas::fetch::Fetch,
    pick::Lights,
    router, shutdown, site,
    state::{self, AppState, Store},
    tell::{self, Plan},
    watch::{Look, Told},
    worker::{
        camera,
        lock::{self, ScanLock},
    },
};

/// Open connections get this long to end after a stop was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// Threads for what blocks, which is the database almost always: four read at a time, and each thread costs memory.
const THREADS: usize = 24;

/// A database that was away at the start is asked again after this long.
const AWAY_RETRY: Duration = Duration::from_secs(1);

/// Serves until asked to stop.
pub(crate) fn run(place: &Place, args: &Serve) -> anyhow::Result<()> {
    memory::settle();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        // journald and terminals both want lines; colours only for a terminal.
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stdout()))
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(THREADS)
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(serve(place, args));
    runtime.shutdown_timeout(GRACE);
    served
}

/// Keeps the server small for weeks; a millisecond or two each time.
async fn tidy() {
    let mut clock = tokio::time::interval(memory::TIDY_EVERY);
    loop {
        clock.tick().await;
        let _ = tokio::task::spawn_blocking(memory::tidy).await;
    }
}

async fn serve(place: &Place, args: &Serve) -> anyhow::Result<()> {
    let data = place.data();
    data.ensure()?;
    let db = place.open()?;
    let (stop, stopping) = watch::channel(false);
    let (sender, revision) = watch::channel(prepare(&db, stopping.clone()).await?);
    tokio::spawn(tidy());
    tokio::spawn(events::watch(db.clone(), sender, stopping.clone()));
    let (telling, stage) = watch::channel(String::new());
    tokio::spawn(events::watch_scan(data.lock(), telling, stopping.clone()));

    let site = site::find(args.site.as_deref().or(args.leptos_site_root.as_deref()));
    let hashes =
        site.as_ref().and_then(|folder| std::fs::read_to_string(folder.join("hash.txt")).ok()).unwrap_or_default();
    if site.is_none() {
        tracing::warn!(
            "the browser half is missing (`make site`, or set WINECELLAR_SITE): pages are served without it"
        );
    }
    let motion = Motion::new(&args.lanes);
    let mut plan = Plan::of(&args.tell);
    let lamps = args.lanes.lights.as_deref().filter(|path| !path.as_os_str().is_empty());
    let store = Store(db.clone());
    let (lights, dark) = Lights::start(lamps, &store, plan.publisher(), stopping.clone()).unwrap_or_else(|complaint| {
        plan.complaints.push(complaint);
        (Lights::none(), None)
    });
    let plan = Arc::new(plan);
    let reading = Reading::new(&args.labels, &data, args.tell.authority());
    let complaint = reading.complaint();
    if let Some(complaint) = &complaint {
        tracing::error!(complaint, "Google cannot read labels");
    }
    let look = Look {
        db: db.clone(),
        place: place.clone(),
        source: args.source.clone(),
        backups: args.backup_dir.clone().filter(|path| !path.as_os_str().is_empty()),
        motion: motion.clone(),
        told: Arc::new(Told {
            names: plan.names(),
            complaints: plan.complaints.iter().cloned().chain(complaint).collect(),
        }),
    };
    let photos = crate::labels::Photos::of(&data);
    if let Err(error) = photos.tidy() {
        tracing::warn!(%error, "old drafts of label photos are not thrown away");
    }
    let state = AppState {
        store,
        stage,
        app: app::ctx::AppCtx {
            db: db.clone(),
            catalogue: Default::default(),
            now: config::now,
            health: health(look.clone()),
            alarms: Default::default(),
            start_scan: scan_starter(place, args, &data),
            numbers: models::db::numbers::NumbersKeeper::default(),
            build_id: state::build_id(&hashes),
            revision,
            once: Arc::default(),
            snapshots: data.snapshots(),
            uploads: data.uploads(),
            photos: Arc::new(photos),
            listed: crate::labels::listed::typed,
            label_reader: reading.for_pages(),
            visitor: app::ctx::Visitor::default(),
        },
        public_url: args.tell.address.as_deref().filter(|url| !url.trim().is_empty()).map(Arc::from),
        data,
        look: look.clone(),
        nas: Fetch::new(place.nas().map(|nas| nas.path().to_path_buf())),
        motion: motion.clone(),
        lights,
        reading,
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
    tokio::spawn(watcher::run(motion.clone(), args.lanes.clone(), place.clone(), state.stopping.clone()));
    tokio::spawn(motion.run(state.app.start_scan.clone(), state.stopping.clone()));
    // A file shows the same once more.
    let still = matches!(state.data.source(args.source.as_deref()), Ok(SourceSpec::File(_)));
    let after = chrono::TimeDelta::seconds(if still { 0 } else { args.lanes.look_again.into() });
    let (start, revision) = (state.app.start_scan.clone(), state.app.revision.clone());
    tokio::spawn(again::run(db.clone(), after, start, revision, state.stopping.clone()));
    let (close, closing) = watch::channel(false);
    let mut told = tell::start(&state, plan, look, addr.port(), closing);
    tell_systemd();
    offer_setup(&db, addr);
    let stop_asked = async move {
        shutdown::asked().await;
        tracing::info!("stopping");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        let _ = stop.send(true);
        // Lamps may be told by way of the broker: that line is the last to be closed.
        tokio::spawn(async move {
            if let Some(dark) = dark {
                let _ = dark.await;
            }
            let _ = close.send(true);
        });
        // Whoever still holds a connection after the grace period is cut off.
        tokio::spawn(async {
            tokio::time::sleep(GRACE).await;
            std::process::exit(0);
        });
    };
    let service = router::build(state, site.as_deref()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop_asked).await.context("the server broke off")?;
    // What is lit goes dark, the broker hears a farewell, and another server need not wait for this one's targets.
    drop(tokio::time::timeout(GRACE, async { while told.join_next().await.is_some() {} }).await);
    Ok(())
}

/// Brings the tables up to date; gives the revision. A server (MariaDB) that is away does not keep this one from
/// starting: /readyz and the pages say so, and the tables are looked after as soon as it answers.
async fn prepare(db: &Db, mut stopping: watch::Receiver<bool>) -> anyhow::Result<i64> {
    let first = tokio::time::timeout(app::ctx::DEADLINE, tokio::task::spawn_blocking(migrate_with(db))).await;
    match first {
        Ok(done) => match done? {
            Err(DbError::Unavailable(why)) => tracing::error!(why, "the database is away; serving all the same"),
            done => return Ok(done?),
        },
        Err(_) => tracing::error!("the database does not answer; serving all the same"),
    }
    let db = db.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(AWAY_RETRY) => {}
                _ = stopping.changed() => return,
            }
            match tokio::task::spawn_blocking(migrate_with(&db)).await {
                Ok(Ok(_)) => return tracing::info!("the database is there"),
                Ok(Err(DbError::Unavailable(_))) => {}
                failed => tracing::error!(?failed, "the tables could not be brought up to date"),
            }
        }
    });
    Ok(0)
}

fn migrate_with(db: &Db) -> impl FnOnce() -> Result<i64, DbError> + Send + 'static {
    let db = db.clone();
    move || {
        let applied = config::migrate(&db)?;
        if applied > 0 {
            tracing::info!(applied, "database migrated");
        }
        db.read(meta::revision)
    }
}

/// Logs the link that makes the first admin, as soon as the database answers: nobody waits for that.
fn offer_setup(db: &Db, addr: SocketAddr) {
    let db = db.clone();
    tokio::task::spawn_blocking(move || {
        while let Err(error) = setup::offer(&db, addr) {
            tracing::warn!(%error, "whether there is an admin cannot be seen yet");
            std::thread::sleep(AWAY_RETRY);
        }
    });
}

/// READY=1 now, and WATCHDOG=1 as long as this process can work, where systemd asks for it.
fn tell_systemd() {
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let Some(interval) = sd_notify::watchdog_enabled() else { return };
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(interval / 2);
        loop {
            ticks.tick().await;
            // Not the database is asked: a restart of this process cures neither a server that is away nor a frozen
            // one. Threads that all hang do starve the watchdog.
            if tokio::task::spawn_blocking(|| ()).await.is_ok() {
                let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
            }
        }
    });
}

/// The lines of the health page.
fn health(look: Look) -> app::ctx::Health {
    Arc::new(move || {
        let look = look.clone();
        Box::pin(async move {
            let seen = tokio::task::spawn_blocking(move || look.now().facts()).await;
            seen.unwrap_or_else(|error| vec![app::ctx::Fact::fail("health", error.to_string(), "see the server's log")])
        })
    })
}

/// "Scan now": a child process, so that the model's memory is gone when the scan is; the same lock as everyone's.
fn scan_starter(place: &Place, args: &Serve, data: &DataDir) -> Arc<dyn Fn() -> Result<(), String> + Send + Sync> {
    let (place, source, data) = (place.clone(), args.source.clone(), data.clone());
    Arc::new(move || {
        // Which rack is scanned the child knows; that there is no camera at all is told at once.
        let named = data.source(source.as_deref());
        let spec = named.or_else(|error| camera::of_any(&place.open()?).ok_or(error));
        let spec = spec.map_err(|error| format!("{error:#}"))?;
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
