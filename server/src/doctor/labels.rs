//! Who reads labels, and whether that can work.

use labels::local::LocalReader;

use super::Check;
use crate::{
    cli::{Doctor, Place, Reads},
    config,
    labels::google::{Google, GoogleReader},
};

const NAME: &str = "labels";

pub(super) fn check(place: &Place, args: &Doctor) -> Check {
    match args.labels.reads {
        Reads::Local => local(args),
        Reads::Google => google(place, args),
        Reads::None => Check::ok(NAME, "are typed: WINECELLAR_LABEL_READER is none"),
    }
}

fn local(args: &Doctor) -> Check {
    let folders = config::shipped(args.label_models.folder.as_deref(), "labels");
    match LocalReader::find(&folders) {
        Some(folder) => Check::ok(NAME, format!("are read on this machine, by the models in {}", folder.display())),
        None => Check::warn(
            NAME,
            "are not read: the models are missing",
            "`make setup` in the sources fetches them; set WINECELLAR_LABEL_MODELS to their folder, or WINECELLAR_LABEL_READER=none",
        ),
    }
}

/// Signs in as a reading does; no photo is sent for that.
fn google(place: &Place, args: &Doctor) -> Check {
    let away = "see the setting or the service it names; until then the local reader reads, where its models are";
    let set = Google::of(&args.labels, &place.data(), args.tls.named());
    let looked = set.and_then(|google| {
        let found = google.look()?;
        let reader = GoogleReader::new(google).map_err(|error| format!("no runtime: {error}"))?;
        reader.sign_in()?;
        Ok((found, reader.google().key_is_open()))
    });
    match looked {
        Err(why) => Check::fail(NAME, format!("Google cannot read them: {why}"), away),
        Ok((found, true)) => Check::warn(
            NAME,
            format!("{found}, but everybody on this machine may read the key"),
            "chown root:winecellar and chmod 640 the file that GOOGLE_APPLICATION_CREDENTIALS names",
        ),
        Ok((found, false)) => Check::ok(NAME, found),
    }
}
