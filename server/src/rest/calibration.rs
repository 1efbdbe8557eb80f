//! The steps of a calibration: cameras, pictures, and what is proposed on them. Nothing here changes the book; that does
//! `calibrations`.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use image::RgbImage;
use models::{
    bin::{Point, RackKind},
    calibration::{PlacedBin, keep_names},
    db::racks,
    ids::{BinId, RackId},
    rack_plan,
};
use plan::lattice::{
    Fitted, Lattice, Pattern,
    naming::{From as NamedFrom, Style, name_cells},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vision::{
    calibrate::{corners, lattice, lens, mask, sharpness, snap},
    layout::{BinShape, Layout, Lens},
    rectify,
};

use crate::{
    access::Caller,
    calibrate::{FoundCamera, Pictures, list, must_calibrate, shoot, with_picture},
    extract::{ApiJson, ApiQuery},
    problem::Problem,
    state::AppState,
    worker::{artifacts, camera, lessons::Lessons},
};

/// The cameras that can be chosen.
#[utoipa::path(get, path = "/calibration/cameras", tag = "calibration", operation_id = "camera_list", responses((status = 200, body = Vec<FoundCamera>)))]
pub(crate) async fn cameras(State(state): State<AppState>, caller: Caller) -> Result<ApiJson<Vec<FoundCamera>>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    Ok(ApiJson(list().await))
}

/// A picture to draw on. It waits in the data folder; only the newest two dozen do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Draft {
    /// Its id, for the other steps; it is shown at `/media/calibration/{id}.jpg`.
    picture: String,
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// How sharp it is, 0 to 1: the number rises while the lens is turned into focus.
    sharpness: f64,
}

fn kept(pictures: &Pictures, image: &RgbImage) -> Result<Draft, Problem> {
    let sharp = (sharpness(image) * 1000.0).round() / 1000.0;
    Ok(Draft { picture: pictures.keep(image)?, width: image.width(), height: image.height(), sharpness: sharp })
}

/// Which camera.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shot {
    /// `v4l2:/dev/…`, `http://…`, `rtsp://…` without a password, the Pi's own, or empty for the one of the settings.
    #[serde(default)]
    #[schema(max_length = 500)]
    camera: String,
}

/// Takes a picture with a camera, to be drawn on.
#[utoipa::path(post, path = "/calibration/shots", tag = "calibration", operation_id = "calibration_shot", request_body = Shot, responses((status = 200, body = Draft)))]
pub(crate) async fn shot(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<Shot>,
) -> Result<ApiJson<Draft>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let text = asked.camera.trim().to_owned();
    let spec = if text.is_empty() {
        state.data.source(state.look.source.as_deref()).map_err(|error| Problem::field("camera", format!("{error:#}")))?
    } else {
        camera::check(&text).map_err(|why| Problem::field("camera", why))?
    };
    let image = shoot(spec, state.data.clone()).await?;
    let pictures = Pictures::of(&state.data);
    with_picture(move || kept(&pictures, &image)).await.map(ApiJson)
}

/// Takes a photo as the body, to be drawn on: JPEG, PNG or WebP, up to 32 MiB and 34 megapixels.
#[utoipa::path(post, path = "/calibration/pictures", tag = "calibration", operation_id = "calibration_picture", request_body(content = String, content_type = "image/jpeg", description = "The file"), responses(
    (status = 201, body = Draft),
    (status = 413, description = "The file is larger than 32 MiB")
))]
pub(crate) async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, ApiJson<Draft>), Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let draft = with_picture(move || kept(&pictures, &Pictures::decode(&body)?)).await?;
    Ok((StatusCode::CREATED, ApiJson(draft)))
}

/// A picture by its id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfPicture {
    /// Its id.
    picture: String,
}

/// Corners, where they are sure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundCorners {
    /// Top left, top right, bottom right, bottom left in pixels of the picture; none where nothing is sure.
    #[schema(value_type = Option<Vec<[f64; 2]>>)]
    corners: Option<[Point; 4]>,
    /// Why there are none.
    why: Option<String>,
}

/// Proposes the rack's corners, or says why not.
#[utoipa::path(post, path = "/calibration/corners", tag = "calibration", operation_id = "calibration_corners", request_body = OfPicture, responses((status = 200, body = FoundCorners)))]
pub(crate) async fn find_corners(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<OfPicture>,
) -> Result<ApiJson<FoundCorners>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let found = with_picture(move || Ok(corners::propose(&pictures.draft(&asked.picture)?))).await?;
    let why = found.as_ref().err().map(ToString::to_string);
    Ok(ApiJson(FoundCorners { corners: found.ok(), why }))
}

/// A tap.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tap {
    /// The picture's id.
    picture: String,
    /// Where, in its pixels.
    #[schema(value_type = [f64; 2])]
    point: Point,
    /// How far around a corner or edge is looked for, in pixels.
    #[schema(minimum = 2, maximum = 64)]
    reach: f64,
}

/// What the tap meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Snapped {
    /// The place.
    #[schema(value_type = [f64; 2])]
    point: Point,
    /// `corner`, `edge` or `nothing`.
    found: &'static str,
}

/// Moves a tap to the strongest corner or edge near it.
#[utoipa::path(post, path = "/calibration/snap", tag = "calibration", operation_id = "calibration_snap", request_body = Tap, responses((status = 200, body = Snapped)))]
pub(crate) async fn snap_to(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<Tap>,
) -> Result<ApiJson<Snapped>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let work = move || Ok(snap::snap(&pictures.draft(&asked.picture)?, asked.point, asked.reach));
    let (point, found) = with_picture(work).await?;
    let found = match found {
        snap::Found::Corner => "corner",
        snap::Found::Edge => "edge",
        snap::Found::Nothing => "nothing",
    };
    Ok(ApiJson(Snapped { point, found }))
}

/// Where the rack is in a picture.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pose {
    /// The picture's id.
    picture: String,
    /// The rack's corners in its pixels: top left, top right, bottom right, bottom left.
    #[schema(value_type = Vec<[f64; 2]>, min_items = 4, max_items = 4)]
    corners: [Point; 4],
    /// Width and height of the straightened picture, 16 to 4096.
    #[serde(default = "usual_size")]
    rectified: [u32; 2],
    /// What the lens does.
    #[serde(default)]
    lens: Option<Lens>,
}

fn usual_size() -> [u32; 2] {
    [1600, 1200]
}

impl Pose {
    fn layout(&self, image: &RgbImage, bins: Vec<BinShape>) -> Result<Layout, Problem> {
        if self.rectified.iter().any(|side| !(16..=4096).contains(side)) {
            return Err(Problem::field("rectified", "each side has 16 to 4096 pixels"));
        }
        let layout = Layout {
            corners: self.corners,
            frame: [image.width(), image.height()],
            rectified: self.rectified,
            lens: self.lens,
            size_mm: None,
            bins,
        };
        layout.validate().map_err(models::error::RuleError::from)?;
        Ok(layout)
    }

    fn straightened(&self, pictures: &Pictures) -> Result<RgbImage, Problem> {
        let image = pictures.draft(&self.picture)?;
        let layout = self.layout(&image, Vec::new())?;
        rectify::rectify(&image, &layout).map_err(|error| Problem::field("corners", error.to_string()))
    }
}

/// The straightened picture, as JPEG.
#[utoipa::path(post, path = "/calibration/rectified", tag = "calibration", operation_id = "calibration_rectified", request_body = Pose, responses((status = 200, content_type = "image/jpeg", body = String)))]
pub(crate) async fn rectified(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(pose): ApiJson<Pose>,
) -> Result<Response, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let work = move || {
        let picture = pose.straightened(&pictures)?;
        artifacts::jpeg(&picture).map_err(|error| Problem::field("picture", format!("{error:#}")))
    };
    let bytes = with_picture(work).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], bytes).into_response())
}

/// The lens, where lines bend.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundLens {
    /// What it does; none for one that keeps lines straight, as far as can be seen.
    lens: Option<Lens>,
    /// Why nothing can be said.
    why: Option<String>,
}

/// Fits the lens to the rack's sides, which are straight.
#[utoipa::path(post, path = "/calibration/lens", tag = "calibration", operation_id = "calibration_lens", request_body = Pose, responses((status = 200, body = FoundLens)))]
pub(crate) async fn find_lens(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(pose): ApiJson<Pose>,
) -> Result<ApiJson<FoundLens>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let found = with_picture(move || {
        let image = pictures.draft(&pose.picture)?;
        pose.layout(&image, Vec::new())?;
        Ok(lens::fit(&image, &pose.corners))
    });
    Ok(ApiJson(match found.await? {
        Ok(lens) => FoundLens { lens, why: None },
        Err(why) => FoundLens { lens: None, why: Some(why.to_string()) },
    }))
}

/// How a rack is parted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parting {
    /// Its kind.
    kind: RackKind,
    /// Rows, 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    rows: u32,
    /// Bins in the first row, 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    columns: u32,
    /// Whether every second row is shifted by half a bin.
    #[serde(default)]
    staggered: bool,
    /// Whether a diamond rack has the halves at its rim as bins too.
    #[serde(default)]
    rim: bool,
    /// Thickness of the boards as a share of a bin's shorter side, 0 to 0.3.
    #[serde(default = "usual_board")]
    #[schema(minimum = 0.0, maximum = 0.3)]
    board: f64,
}

fn usual_board() -> f64 {
    plan::lattice::USUAL_BOARD
}

impl Parting {
    fn lattice(&self, size: [u32; 2]) -> Result<Lattice, Problem> {
        let pattern = rack_plan::pattern(self.kind)
            .ok_or_else(|| Problem::field("parting.kind", "of a free rack each bin is drawn by hand"))?;
        let [width, height] = size.map(f64::from);
        let Self { rows, columns, staggered, rim, board, .. } = *self;
        Ok(Lattice { pattern, rows, columns, staggered, rim, width, height, board })
    }

    fn of(lattice: &Lattice) -> Self {
        let kind = match lattice.pattern {
            Pattern::Open => RackKind::Bulk,
            Pattern::Grid => RackKind::Grid,
            Pattern::Shelf => RackKind::Shelf,
            Pattern::X => RackKind::X,
            Pattern::Diamond => RackKind::Diamond,
            Pattern::Hexagonal => RackKind::Hexagonal,
        };
        let Lattice { rows, columns, staggered, rim, board, .. } = *lattice;
        Self { kind, rows, columns, staggered, rim, board }
    }
}

/// A lattice, where one is sure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundLattice {
    /// How the rack is parted; none where nothing is sure.
    parting: Option<Parting>,
    /// Where its lines are seen.
    fitted: Option<Fitted>,
    /// Share of its boards that is seen, 0 to 1.
    seen: f64,
    /// Why there is none.
    why: Option<String>,
}

/// Where the rack is, and of which kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LatticeQuestion {
    /// The pose.
    pose: Pose,
    /// The kind of rack, where the person knows it; any otherwise.
    #[serde(default)]
    kind: Option<RackKind>,
}

/// Proposes how the rack is parted, or says why not.
#[utoipa::path(post, path = "/calibration/lattice", tag = "calibration", operation_id = "calibration_lattice", request_body = LatticeQuestion, responses((status = 200, body = FoundLattice)))]
pub(crate) async fn find_lattice(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<LatticeQuestion>,
) -> Result<ApiJson<FoundLattice>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let pictures = Pictures::of(&state.data);
    let only = asked.kind.and_then(rack_plan::pattern);
    let found = with_picture(move || Ok(lattice::propose(&asked.pose.straightened(&pictures)?, only))).await?;
    Ok(ApiJson(match found {
        Ok(found) => FoundLattice {
            parting: Some(Parting::of(&found.lattice)),
            fitted: Some(found.fitted),
            seen: (found.seen * 1000.0).round() / 1000.0,
            why: None,
        },
        Err(why) => FoundLattice { parting: None, fitted: None, seen: 0.0, why: Some(why.to_string()) },
    }))
}

/// Which bins are wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellsQuestion {
    /// Width and height of the straightened picture, 16 to 4096.
    rectified: [u32; 2],
    /// How the rack is parted.
    parting: Parting,
    /// Where its lattice lies; none: over the whole picture.
    #[serde(default)]
    fitted: Option<Fitted>,
    /// How names look.
    #[serde(default)]
    #[schema(inline)]
    style: Style,
    /// Where counting begins.
    #[serde(default)]
    #[schema(inline)]
    from: NamedFrom,
    /// What stands before each name, up to 16 of A-Z a-z 0-9 _ -.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9_-]{0,16}$")]
    prefix: String,
    /// A rack whose bins keep their names where they are drawn again.
    #[serde(default)]
    keep: Option<RackId>,
    /// Bottles in one bin, 1 to 200.
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
#[utoipa::path(post, path = "/calibration/cells", tag = "calibration", operation_id = "calibration_cells", request_body = CellsQuestion, responses((status = 200, body = Cells)))]
pub(crate) async fn cells(
    State(state): State<AppState>,
    caller: Caller,
    ApiJson(asked): ApiJson<CellsQuestion>,
) -> Result<ApiJson<Cells>, Problem> {
    must_calibrate(&caller, &state.store).await?;
    let before = match asked.keep.clone() {
        None => None,
        Some(rack) => Some(state.store.read(move |conn| {
            let rack = racks::rack_get(conn, &rack)?;
            let bins = racks::bin_list(conn)?.into_iter().filter(|bin| bin.rack_id == rack.id);
            let bins: Vec<(BinId, Vec<Point>)> = bins.map(|bin| (bin.id, bin.polygon)).collect();
            Ok((bins, [f64::from(rack.facts.rectified_width), f64::from(rack.facts.rectified_height)]))
        })
        .await?),
    };
    work_out(&asked, before).map(ApiJson)
}

/// Bins of before with the size of the picture they were drawn on.
type Before = (Vec<(BinId, Vec<Point>)>, Point);

fn work_out(asked: &CellsQuestion, before: Option<Before>) -> Result<Cells, Problem> {
    rack_plan::check_prefix(&asked.prefix)?;
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
    let [across, down] = lattice.lines();
    for (own, rule) in [(&mut fitted.across, across), (&mut fitted.down, down)] {
        if own.is_empty() {
            *own = rule;
        }
    }
    name_cells(&mut cells, asked.style, asked.from, &asked.prefix);
    let mut named: Vec<(BinId, Vec<Point>)> = cells.into_iter().map(|cell| (BinId(cell.name), cell.outline)).collect();
    if let Some((old, old_size)) = before {
        keep_names(&old, old_size, &mut named, size);
    }
    let bins = named.into_iter().map(|(id, polygon)| {
        let capacity = room(asked, &polygon, size)?;
        Ok(PlacedBin { id, polygon, capacity, enabled: true })
    });
    Ok(Cells { bins: bins.collect::<Result<_, Problem>>()?, fitted })
}

/// How many bottles fit into a bin.
fn room(asked: &CellsQuestion, polygon: &[Point], size: Point) -> Result<i32, Problem> {
    let Some(diameter) = asked.bottle_mm else {
        return match asked.capacity.unwrap_or(1) {
            n @ 1..=200 => Ok(n),
            n => Err(Problem::field("capacity", format!("is {n}; 1 to 200 bottles are allowed"))),
        };
    };
    if !(20.0..=200.0).contains(&diameter) {
        return Err(Problem::field("bottle_mm", format!("is {diameter}; a bottle is 20 to 200 millimetres thick")));
    }
    let width = asked.width_mm.filter(|mm| (10.0..=100_000.0).contains(mm));
    let width = width.ok_or_else(|| {
        Problem::field("width_mm", "is missing: how many bottles fit depends on how wide the rack is, 10 to 100000 millimetres")
    })?;
    let scale = width / size[0];
    let scaled: Vec<Point> = polygon.iter().map(|p| p.map(|v| v * scale)).collect();
    // The smallest bin that is drawn is there for a bottle, also one that is thinner than the usual.
    Ok(i32::try_from(plan::packing::capacity(&scaled, diameter / 2.0)).unwrap_or(200).clamp(1, 200))
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
    /// Each end: middle and radius in pixels of the straightened picture.
    #[schema(value_type = Vec<[f64; 3]>)]
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
    if asked.bins.len() > 500 {
        return Err(Problem::field("bins", "are more than 500: a camera sees no more in one rack"));
    }
    let work = move || {
        let image = pictures.draft(&asked.pose.picture)?;
        let used = asked.bins.into_iter().filter(|bin| bin.enabled);
        let bins = used.map(|bin| BinShape { id: bin.id.0, polygon: bin.polygon, capacity: bin.capacity.max(0).unsigned_abs() });
        let layout = asked.pose.layout(&image, bins.collect())?;
        let broken = |error: anyhow::Error| Problem::unavailable(format!("the counting model does not run: {error:#}"));
        let mut detector = place.detector().map_err(broken)?;
        if let Some(rack) = &asked.rack {
            Lessons::of(&place.data(), rack).apply(&mut detector);
        }
        let map = vision::geometry::FrameMap::new(&layout, layout.frame).map_err(models::error::RuleError::from)?;
        Ok(detector.read_through(&image, &|p| map.map(p), &layout.bins))
    };
    let tenth = |v: f64| (v * 10.0).round() / 10.0;
    let seen = with_picture(work).await?.into_iter().map(|reading| SeenBin {
        bin: BinId(reading.id),
        count: reading.count,
        confidence: (reading.confidence * 1000.0).round() / 1000.0,
        needs_look: reading.needs_look,
        ends: reading.ends.iter().map(|end| [tenth(end.x), tenth(end.y), tenth(end.r)]).collect(),
    });
    Ok(ApiJson(seen.collect()))
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
