//! Taking over from the former system.

use std::path::PathBuf;

use clap::Args;

/// `takeover`
#[derive(Debug, Clone, Args)]
pub(crate) struct Takeover {
    /// Its database, mysql://USER:PASSWORD@HOST/NAME, or http://HOST:8000 for the API of the running system. Nothing there is changed
    #[arg(long, env = "WINECELLAR_FORMER", hide_env_values = true, hide_env = true, value_name = "URL")]
    pub(crate) from: String,
    /// What a table or column is called, where that is not found by itself: stock=TABLE, stock.qty=COLUMN; parts are stock,
    /// materials, movements; columns ref, bin, qty, description, reason, user, time
    #[arg(long = "name", value_name = "WHAT=NAME")]
    pub(crate) names: Vec<String>,
    /// Its data folder (Stock_vision/data): cells_polygons.json, shelf_rectified.jpg and pince_shelf.ini are looked for there
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Its bins: cells_polygons.json
    #[arg(long, value_name = "FILE")]
    pub(crate) cells: Option<PathBuf>,
    /// The straightened picture on which they are drawn: shelf_rectified.jpg
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// Its corners: pince_shelf.ini
    #[arg(long, value_name = "FILE")]
    pub(crate) ini: Option<PathBuf>,
    /// A picture of its camera as it comes, to which those corners belong
    #[arg(long, value_name = "FILE")]
    pub(crate) frame: Option<PathBuf>,
    /// Name of the rack that is made or drawn anew
    #[arg(long, default_value = "Rack", value_name = "NAME")]
    pub(crate) rack: String,
    /// Bottles that fit into a bin of which the file does not say it [default: as many as lie in the fullest]
    #[arg(long, value_name = "N")]
    pub(crate) capacity: Option<u32>,
    /// Currency of prices without one, such as EUR
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) preview: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
