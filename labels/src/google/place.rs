//! Where something stands on the picture.

use super::shapes::Polygon;

/// Corners in pixels, clockwise from the text's top left.
pub(super) type Quad = [[f32; 2]; 4];

/// The corners of a polygon within a picture of that size; none where it tells no place. A box that is not one of four corners
/// becomes the upright one around it.
pub(super) fn of(polygon: &Polygon, size: [f32; 2]) -> Option<Quad> {
    let (vertices, scale) = match polygon.vertices.is_empty() {
        false => (&polygon.vertices, [1.0, 1.0]),
        true => (&polygon.normalized_vertices, size),
    };
    // Letters at the edge are marked beyond it.
    let points: Vec<[f32; 2]> = vertices
        .iter()
        .map(|at| [(at.x * scale[0]).clamp(0.0, size[0]), (at.y * scale[1]).clamp(0.0, size[1])])
        .collect();
    let [least, most] = bounds(&points)?;
    if most[0] <= least[0] || most[1] <= least[1] {
        return None;
    }
    <Quad>::try_from(points).ok().or(Some([least, [most[0], least[1]], most, [least[0], most[1]]]))
}

/// The rectangle around some quads, turned as their texts run together.
pub(super) fn around(quads: &[Quad]) -> Option<Quad> {
    let along =
        quads.iter().fold([0.0, 0.0], |sum, quad| [sum[0] + quad[1][0] - quad[0][0], sum[1] + quad[1][1] - quad[0][1]]);
    let length = along[0].hypot(along[1]);
    let [x, y] = if length > f32::EPSILON { along.map(|part| part / length) } else { [1.0, 0.0] };
    let turned: Vec<[f32; 2]> =
        quads.iter().flatten().map(|at| [at[0] * x + at[1] * y, at[1] * x - at[0] * y]).collect();
    let [least, most] = bounds(&turned)?;
    let corners = [least, [most[0], least[1]], most, [least[0], most[1]]];
    Some(corners.map(|[u, v]| [u * x - v * y, u * y + v * x]))
}

fn bounds(points: &[[f32; 2]]) -> Option<[[f32; 2]; 2]> {
    let first = *points.first()?;
    Some(points.iter().fold([first, first], |[least, most], at| {
        [[least[0].min(at[0]), least[1].min(at[1])], [most[0].max(at[0]), most[1].max(at[1])]]
    }))
}
