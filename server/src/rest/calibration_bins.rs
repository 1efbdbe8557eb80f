//! The bins of a calibration: worked out from a lattice, counted in, read from a mask.

use std::collections::BTreeMap;

use axum::{body::Bytes, extract::State};
use models::{
    bin::{Bin, Point},
    calibration::{PlacedBin, keep_names},
    db::racks,
    ids::{BinId, RackId},
    rack_plan,
};
use plan::lattice::{
    Fitted,
    naming::{From as NamedFrom, Style, name_cells},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vision::{calibrate::mask, detect::BinReading, layout::BinShape};

use super::calibration::{Parting, Pose};
use crate::{
    access::Caller,
    calibrate::{MOST_BINS, Pictures, must_calibrate, with_picture},
    extract::{ApiJson, ApiQuery},
    problem::Problem,
    state::AppState,
    worker::lessons::Lessons,
};

/// Which bins are wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellsQuestion {
    /// Width and height of the straightened picture, 16 to 4096.
    #[schema(min_items = 2, max_items = 2)]
    rectified: [u32; 2],
    /// How the rack is parted.
    parting: Parting,
    /// Where its lattice lies; none: over the whole picture.
    #[serde(default)]
    fitted: Option<Fitted>,
    /// How names look.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(numbers|letters)$")]
    style: Style,
    /// Where counting begins.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(top|bottom)_(left|right)$")]
    from: NamedFrom,
    /// What stands before each name, up to 16 of A-Z a-z 0-9 _ -.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9_-]{0,16}$")]
    prefix: String,
    /// A rack whose bins keep their names where they are drawn again.
    #[serde(default)]
    keep: Option<RackId>,
    /// Bottles in one bin, 1 to 200. Without it and `bottle_mm` bins that keep their names keep their room, and others get what most of
    /// those have.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    capacity: Option<i32>,
    /// Diameter of a bottle in millimetres, 20 to 200: as many as fit; `width_mm` must be known.
    #[serde(default)]
    #[schema(minimum = 20, maximum = 200, example = 76.0)]
    bottle_mm: Option<f64>,
    /// Width between the rack's corners in millimetres.
    #[serde(default)]
    #[schema(minimum = 10, maximum = 100_000)]
    width_mm: Option<f64>,
    /// Height between them; none: a millimetre is as high as it is wide.
    #[serde(default)]
    #[schema(minimum = 10, maximum = 100_000)]
    height_mm: Option<f64>,
    /// Bottles that lie one behind the other, 1 to 4, for `bottle_mm`.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4)]
    depth: Option<i32>,
}

/// The bins of a lattice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cells {
    /// Row by row.
    bins: Vec<PlacedBin>,
    /// Where the lines are, for those who drag them.
    fitted: Fitted,
}

/// Works out the bins of a lattice: outlines, names and how many bottles fit.
#[utoipa::path(post, path = "/calibration/cells", tag = "calibration", operation_id = "calibration_cells", request_body = CellsQuestion, responses((status = 200, body = Cells), (status = 404, description = "There is no rack `keep`", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn cells(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<CellsQuestion>,
) -> Result<ApiJson<Cells>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let before = match asked.keep.clone() {
        None => None,
        Some(rack) => Some(
            state
                .store
                .read(move |conn| {
                    let rack = racks::rack_get(conn, &rack)?;
                    let bins = racks::bins_of(conn, &rack.id)?;
                    let size = [f64::from(rack.facts.rectified_width), f64::from(rack.facts.rectified_height)];
                    Ok(Before { bins, size })
                })
                .await?,
        ),
    };
    with_picture(move || work_out(&asked, before)).await.map(ApiJson)
}

/// Bins of before with the size of the picture they were drawn on.
struct Before {
    bins: Vec<Bin>,
    size: Point,
}

impl Before {
    /// The room that most of them have.
    fn usual(&self) -> Option<i32> {
        let mut times: BTreeMap<i32, usize> = BTreeMap::new();
        self.bins.iter().for_each(|bin| *times.entry(bin.capacity).or_default() += 1);
        times.into_iter().max_by_key(|(_, times)| *times).map(|(capacity, _)| capacity)
    }
}

fn work_out(asked: &CellsQuestion, before: Option<Before>) -> Result<Cells, Problem> {
    rack_plan::check_prefix(&asked.prefix)?;
    check_room(asked)?;
    if asked.rectified.iter().any(|side| !(16..=4096).contains(side)) {
        return Err(Problem::field("rectified", "each side has 16 to 4096 pixels"));
    }
    let lattice = asked.parting.lattice(asked.rectified)?;
    let size = [lattice.width, lattice.height];
    let mut fitted = asked.fitted.clone().unwrap_or(Fitted {
        corners: plan::polygon::rectangle(size[0], size[1]),
        across: Vec::new(),
        down: Vec::new(),
    });
    let mut cells = lattice.cells_in(&fitted).map_err(models::error::RuleError::from)?;
    if cells.len() > MOST_BINS {
        return Err(Problem::field("parting", format!("gives {} bins; {MOST_BINS} are allowed", cells.len())));
    }
    let [across, down] = lattice.lines();
    for (own, rule) in [(&mut fitted.across, across), (&mut fitted.down, down)] {
        if own.is_empty() {
            *own = rule;
        }
    }
    name_cells(&mut cells, asked.style, asked.from, &asked.prefix);
    let mut named: Vec<(BinId, Vec<Point>)> = cells.into_iter().map(|cell| (BinId(cell.name), cell.outline)).collect();
    if let Some(before) = &before {
        let old: Vec<(BinId, Vec<Point>)> =
            before.bins.iter().map(|bin| (bin.id.clone(), bin.polygon.clone())).collect();
        keep_names(&old, before.size, &mut named, size);
    }
    let usual = before.as_ref().and_then(Before::usual).unwrap_or(1);
    let known = |id: &BinId| before.as_ref()?.bins.iter().find(|bin| bin.id == *id).map(|bin| bin.capacity);
    let bins = named.into_iter().map(|(id, polygon)| {
        let capacity = room(asked, &polygon, size)?.or_else(|| known(&id)).unwrap_or(usual);
        Ok(PlacedBin { id, polygon, capacity, enabled: true })
    });
    Ok(Cells { bins: bins.collect::<Result<_, Problem>>()?, fitted })
}

/// What is asked of the room must be possible, also where it is not needed.
fn check_room(asked: &CellsQuestion) -> Result<(), Problem> {
    if let Some(n) = asked.capacity.filter(|n| !(1..=200).contains(n)) {
        return Err(Problem::field("capacity", format!("is {n}; 1 to 200 bottles are allowed")));
    }
    if let Some(mm) = asked.bottle_mm.filter(|mm| !(20.0..=200.0).contains(mm)) {
        return Err(Problem::field("bottle_mm", format!("is {mm}; a bottle is 20 to 200 millimetres thick")));
    }
    for (field, side) in [("width_mm", asked.width_mm), ("height_mm", asked.height_mm)] {
        if let Some(mm) = side.filter(|mm| !(10.0..=100_000.0).contains(mm)) {
            return Err(Problem::field(field, format!("is {mm}; a rack has 10 to 100000 millimetres")));
        }
    }
    if let Some(depth) = asked.depth.filter(|depth| !(1..=4).contains(depth)) {
        return Err(Problem::field("depth", format!("is {depth}; 1 to 4 bottles lie one behind the other")));
    }
    Ok(())
}

/// How many bottles fit into a bin, where that is asked for.
fn room(asked: &CellsQuestion, polygon: &[Point], size: Point) -> Result<Option<i32>, Problem> {
    let Some(diameter) = asked.bottle_mm else { return Ok(asked.capacity) };
    let width = asked.width_mm.ok_or_else(|| {
        Problem::field(
            "width_mm",
            "is missing: how many bottles fit depends on how wide the rack is, 10 to 100000 millimetres",
        )
    })?;
    let across = width / size[0];
    let scale = [across, asked.height_mm.map_or(across, |height| height / size[1])];
    let scaled: Vec<Point> = polygon.iter().map(|p| [p[0] * scale[0], p[1] * scale[1]]).collect();
    let fit = i32::try_from(plan::packing::capacity(&scaled, diameter / 2.0)).unwrap_or(200);
    // The smallest bin that is drawn is there for a bottle, also one that is thinner than the usual.
    Ok(Some(fit.max(1).saturating_mul(asked.depth.unwrap_or(1)).min(200)))
}

/// Where the rack and its bins are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountQuestion {
    /// The pose.
    pose: Pose,
    /// The bins, up to 500; those that are not in use are passed over.
    #[schema(max_items = 500)]
    bins: Vec<PlacedBin>,
    /// The rack whose answers have taught how to count, if there are any.
    #[serde(default)]
    rack: Option<RackId>,
}

/// What is seen in a bin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenBin {
    /// The bin.
    bin: BinId,
    /// Bottle ends; none = no opinion.
    count: Option<u32>,
    /// Confidence, 0 to 1.
    confidence: f64,
    /// Why a person should look.
    needs_look: Option<String>,
    /// How many bottles fit, as thick as those that are seen in the picture; none where too few are.
    fits: Option<u32>,
    /// Each end, three numbers: middle and radius in pixels of the straightened picture.
    #[schema(value_type = Vec<serde_json::Value>)]
    ends: Vec<[f64; 3]>,
}

/// Counts the bottles in bins that are being drawn, as a scan would.
#[utoipa::path(post, path = "/calibration/count", tag = "calibration", operation_id = "calibration_count", request_body = CountQuestion, responses((status = 200, body = Vec<SeenBin>)))]
pub(crate) async fn count(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<CountQuestion>,
) -> Result<ApiJson<Vec<SeenBin>>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let (pictures, place) = (Pictures::of(&state.data), state.look.place.clone());
    if asked.bins.len() > MOST_BINS {
        return Err(Problem::field("bins", format!("are more than {MOST_BINS}: a camera sees no more in one rack")));
    }
    let work = move || {
        let image = pictures.draft(&asked.pose.picture)?;
        let used = asked.bins.iter().filter(|bin| bin.enabled);
        let layout = asked.pose.layout(&image, used.map(BinShape::from).collect())?;
        let broken = |error: anyhow::Error| Problem::unavailable(format!("the counting model does not run: {error:#}"));
        let mut detector = place.detector().map_err(broken)?;
        if let Some(rack) = &asked.rack {
            Lessons::of(&place.data(), rack).apply(&mut detector);
        }
        let map = vision::geometry::FrameMap::new(&layout, layout.frame).map_err(models::error::RuleError::from)?;
        let seen = detector.read_through(&image, &|p| map.map(p), &layout.bins);
        let fits = fits(&seen, &layout.bins);
        Ok(seen.into_iter().zip(fits).collect::<Vec<_>>())
    };
    let tenth = |v: f64| (v * 10.0).round() / 10.0;
    let seen = with_picture(work).await?.into_iter().map(|(reading, fits)| SeenBin {
        fits,
        bin: BinId(reading.id),
        count: reading.count,
        confidence: (reading.confidence * 1000.0).round() / 1000.0,
        needs_look: reading.needs_look,
        ends: reading.ends.iter().map(|end| [tenth(end.x), tenth(end.y), tenth(end.r)]).collect(),
    });
    Ok(ApiJson(seen.collect()))
}

/// Ends by which is told how thick a bottle is; fewer may be capsules alone.
const ENOUGH_ENDS: usize = 3;

/// How many bottles fit into each bin, by the ends that are seen: the upper quarter of them are bases, which are as thick as the bottle.
fn fits(seen: &[BinReading], bins: &[BinShape]) -> Vec<Option<u32>> {
    let mut radii: Vec<f64> = seen.iter().flat_map(|reading| &reading.ends).map(|end| end.r).collect();
    if radii.len() < ENOUGH_ENDS {
        return vec![None; bins.len()];
    }
    radii.sort_by(f64::total_cmp);
    let radius = radii[radii.len() * 3 / 4];
    bins.iter().map(|bin| Some(plan::packing::capacity(&bin.polygon, radius)).filter(|n| *n > 0)).collect()
}

/// To which size outlines are brought.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MaskQuery {
    /// Width of the straightened picture that the outlines are for; the mask's own when absent.
    #[param(minimum = 16, maximum = 4096)]
    width: Option<u32>,
    /// Its height.
    #[param(minimum = 16, maximum = 4096)]
    height: Option<u32>,
}

/// Reads bins from a picture on which blue lines were painted over the boards. The body is the picture.
#[utoipa::path(post, path = "/calibration/mask", tag = "calibration", operation_id = "calibration_mask", params(MaskQuery), request_body(content = String, content_type = "image/png", description = "The file"), responses(
    (status = 200, body = Vec<PlacedBin>),
    (status = 413, description = "The file is larger than 32 MiB")
))]
pub(crate) async fn read_mask(
    State(state): State<AppState>,
    caller: Caller,
    ApiQuery(query): ApiQuery<MaskQuery>,
    body: Bytes,
) -> Result<ApiJson<Vec<PlacedBin>>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let side = |field: &str, asked: Option<u32>| match asked {
        Some(n) if !(16..=4096).contains(&n) => Err(Problem::field(field, "is not 16 to 4096 pixels")),
        asked => Ok(asked),
    };
    let (width, height) = (side("width", query.width)?, side("height", query.height)?);
    let work = move || {
        let picture = Pictures::decode(&body)?;
        let found = mask::bins(&picture).map_err(|why| Problem::field("picture", why.to_string()))?;
        let scale = [
            f64::from(width.unwrap_or(picture.width())) / f64::from(picture.width()),
            f64::from(height.unwrap_or(picture.height())) / f64::from(picture.height()),
        ];
        let placed = found.into_iter().map(|bin| PlacedBin {
            id: BinId(bin.id),
            polygon: bin.polygon.iter().map(|p| [p[0] * scale[0], p[1] * scale[1]]).collect(),
            capacity: 1,
            enabled: true,
        });
        Ok(placed.collect())
    };
    with_picture(work).await.map(ApiJson)
}
