//! Plane geometry, as `plan` has it: polygons, and the homography between two quadrilaterals.

pub use plan::{
    frame_map::FrameMap,
    homography::Homography,
    polygon::{
        Point, area, bounds, contains, distance_to_outline, distance_to_segment, edges, inset, middle, rectangle,
    },
};
