//! The steps of a calibration: cameras, pictures, and what is proposed on them. Nothing here changes the book; that does
//! `calibrations`. The bins are worked out in `calibration_bins`.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use image::RgbImage;
use models::{
    bin::{Point, RackKind},
    rack_plan,
};
use plan::lattice::{Fitted, Lattice, Pattern};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vision::{
    calibrate::{corners, lattice, lens, sharpness, snap},
    layout::{BinShape, Layout, Lens},
    rectify,
};

use crate::{
    access::Caller,
    calibrate::{FoundCamera, Pictures, list, must_calibrate, shoot, with_picture},
    extract::ApiJson,
    problem::Problem,
    state::AppState,
    worker::{artifacts, camera},
};

/// The cameras that can be chosen.
#[utoipa::path(get, path = "/calibration/cameras", tag = "calibration", operation_id = "camera_list", responses((status = 200, body = Vec<FoundCamera>)))]
pub(crate) async fn cameras(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<ApiJson<Vec<FoundCamera>>, Problem> {
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
        state
            .data
            .source(state.look.source.as_deref())
            .map_err(|error| Problem::field("camera", format!("{error:#}")))?
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
    #[schema(value_type = [f64; 2], min_items = 2, max_items = 2)]
    point: Point,
    /// How far around a corner or edge is looked for, in pixels.
    #[schema(minimum = 2, maximum = 64)]
    reach: f64,
}

/// What the tap meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Snapped {
    /// The place.
    #[schema(value_type = [f64; 2], min_items = 2, max_items = 2)]
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

/// Four AprilTags to print (A4) and stick to the rack's corners, each with its dot on the corner: then the corners are found by themselves.
#[utoipa::path(get, path = "/calibration/tags.pdf", tag = "calibration", operation_id = "calibration_tags", responses(
    (status = 200, description = "The sheet", body = Vec<u8>, content_type = "application/pdf")
))]
pub(crate) async fn tag_sheet() -> Response {
    super::export::file("application/pdf", "apriltags.pdf", crate::tag_sheet::pdf())
}

/// Where the rack is in a picture.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pose {
    /// The picture's id.
    pub(super) picture: String,
    /// The rack's corners in its pixels: top left, top right, bottom right, bottom left.
    #[schema(value_type = Vec<[f64; 2]>, min_items = 4, max_items = 4)]
    corners: [Point; 4],
    /// Width and height of the straightened picture, 16 to 4096.
    #[serde(default = "usual_size")]
    #[schema(min_items = 2, max_items = 2)]
    rectified: [u32; 2],
    /// What the lens does.
    #[serde(default)]
    lens: Option<Lens>,
}

fn usual_size() -> [u32; 2] {
    [1600, 1200]
}

impl Pose {
    pub(super) fn layout(&self, image: &RgbImage, bins: Vec<BinShape>) -> Result<Layout, Problem> {
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
    pub(super) fn lattice(&self, size: [u32; 2]) -> Result<Lattice, Problem> {
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
