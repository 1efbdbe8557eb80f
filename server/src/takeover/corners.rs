//! Four corners from an ini file: `tl = 148, 112`, `tl_x = 148` with `tl_y = 112`, `corners = [[148, 112], …]`, whatever the section
//! is called. The order of a list is top left, top right, bottom right, bottom left.

use plan::polygon::Point;

/// How the corners may be called, in their order.
const NAMES: [&[&str]; 4] = [
    &["tl", "topleft", "lefttop"],
    &["tr", "topright", "righttop"],
    &["br", "bottomright", "rightbottom"],
    &["bl", "bottomleft", "leftbottom"],
];

/// The corners in pixels; the error says what is missing.
pub(super) fn read(text: &str) -> Result<[Point; 4], String> {
    let mut corners: [[Option<f64>; 2]; 4] = [[None; 2]; 4];
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';', '['])) {
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let key: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let value = value.split([';', '#']).next().unwrap_or_default();
        let numbers = numbers(value);
        if numbers.len() == 8 && (key.contains("corner") || key.contains("point") || key.contains("roi")) {
            for (i, pair) in numbers.chunks(2).enumerate() {
                corners[i] = [Some(pair[0]), Some(pair[1])];
            }
            continue;
        }
        for (corner, names) in corners.iter_mut().zip(NAMES) {
            let ends = |suffix: &str| names.iter().any(|name| key.ends_with(&format!("{name}{suffix}")));
            match numbers.as_slice() {
                [x, y] if ends("") => *corner = [Some(*x), Some(*y)],
                [x] if ends("x") => corner[0] = Some(*x),
                [y] if ends("y") => corner[1] = Some(*y),
                _ => {}
            }
        }
    }
    let mut found = [[0.0; 2]; 4];
    for (i, corner) in corners.iter().enumerate() {
        let [Some(x), Some(y)] = corner else {
            return Err(format!(
                "the corner `{}` was not found; write such as `{} = 148, 112`",
                NAMES[i][0], NAMES[i][0]
            ));
        };
        found[i] = [*x, *y];
    }
    Ok(found)
}

fn numbers(text: &str) -> Vec<f64> {
    let part = |c: char| !(c.is_ascii_digit() || c == '.' || c == '-');
    text.split(part).filter_map(|word| word.parse().ok()).filter(|number: &f64| number.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: [Point; 4] = [[148.0, 112.0], [1786.5, 96.0], [1770.0, 972.0], [160.0, 950.0]];

    #[test]
    fn corners_are_read_however_they_are_written() {
        let by_name = "[corners]\n; as tapped\nTL = 148, 112\ntr=1786.5,96 ; right\nBR = (1770, 972)\nbl: 160 950\n";
        let by_axis = "tl_x=148\ntl_y=112\ntop_right_x=1786.5\ntop_right_y=96\nbr_x=1770\nbr_y=972\nbl_x=160\nbl_y=950";
        let list = "[roi]\ncorners = [[148, 112], [1786.5, 96], [1770, 972], [160, 950]]\n";
        for text in [by_name, by_axis, list] {
            assert_eq!(read(text), Ok(WANTED), "{text}");
        }
        assert!(read("tl = 1, 2\ntr = 3, 4\nbr = 5").is_err_and(|why| why.contains("`br`")));
    }
}
