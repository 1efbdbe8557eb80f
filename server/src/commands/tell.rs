//! `winecellar tell …`

use models::db::outbox;

use crate::{
    cli::{Place, Tell, TellCommand},
    config,
    exit::Ended,
    out,
    tell::Plan,
};

/// Tests the targets, tells how they are served, or sends again.
pub(crate) fn run(place: &Place, command: TellCommand) -> anyhow::Result<()> {
    match command {
        TellCommand::Test(args) => test(&args),
        TellCommand::Status => status(place),
        TellCommand::Retry { target } => {
            let db = place.open_migrated()?;
            known(&db, &target)?;
            // Not aside: a server that waits for the target is to see at once that it need not.
            let n = db.write(|conn| outbox::deliveries_revive(conn, &target, config::now()))?;
            out::line(format_args!("{target}: {n} are tried again"))
        }
        TellCommand::Forget { target } => {
            let db = place.open_migrated()?;
            known(&db, &target)?;
            db.write_aside(|conn| outbox::target_forget(conn, &target))?;
            out::line(format_args!("{target}: forgotten"))
        }
    }
}

fn test(args: &Tell) -> anyhow::Result<()> {
    let plan = Plan::of(args);
    for complaint in &plan.complaints {
        out::line(format_args!("WRONG  {complaint}"))?;
    }
    if plan.channels.is_empty() && plan.complaints.is_empty() {
        return Err(Ended::Usage("no target is set: see INTEGRATIONS.md".to_owned()).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut failed = plan.complaints.len();
    for channel in &plan.channels {
        match runtime.block_on(channel.test()) {
            Ok(answer) => out::line(format_args!("OK     {}: {answer}", channel.name()))?,
            Err(failure) => {
                failed += 1;
                out::line(format_args!("WRONG  {}: {}", channel.name(), failure.why()))?;
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} cannot be told; each is named above with the reason");
    Ok(())
}

fn status(place: &Place) -> anyhow::Result<()> {
    let db = place.open_migrated()?;
    for state in db.read(outbox::target_list)? {
        let time =
            |at: Option<models::Instant>| at.map_or("never".to_owned(), |at| format!("{} UTC", at.format("%F %T")));
        let mut line = format!(
            "{}: last delivery {}, {} wait, {} given up",
            state.name,
            time(state.delivered_at),
            state.waiting,
            state.dead
        );
        if let Some(why) = state.failure.as_ref().filter(|_| state.fails()) {
            line = format!("{line}; failed {}: {why}", time(state.failed_at));
        }
        out::line(line)?;
    }
    Ok(())
}

fn known(db: &models::db::Db, target: &str) -> anyhow::Result<()> {
    let names: Vec<String> = db.read(outbox::target_list)?.into_iter().map(|state| state.name).collect();
    let told = format!("there is no target `{target}`; there are: {}", names.join(", "));
    if names.iter().any(|name| name == target) { Ok(()) } else { Err(Ended::Usage(told).into()) }
}
