//! The letters that the recogniser can tell, cut down to those of labels: of 18,708 signs, most Chinese, some 400 stay.
//!
//! The last layer then has a fiftieth of its size, which saves a third of the time, and cannot mistake an ornament for
//! a Chinese sign.

use tract_onnx::pb::{ModelProto, TensorProto};

use crate::reader::ReadError;

/// Signs beyond the first Latin letters that stand on labels; the last four are Romanian.
const SIGNS: &str = "–—‘’“”•…€ȘșȚț";

/// Cuts the model's last layer in place; answers the letters by class, the first of which is the blank.
pub(super) fn narrow(model: &mut ModelProto) -> Result<Vec<String>, ReadError> {
    let refuse = |problem: &str| ReadError::Model(format!("the recogniser {problem}"));
    let property = model.metadata_props.iter().find(|property| property.key == "character");
    let text = property.ok_or_else(|| refuse("names no characters"))?.value.clone();
    let mut letters: Vec<String> = text.split('\n').map(str::to_owned).collect();
    letters.insert(0, String::new());
    letters.push(" ".into());
    let whole = letters.len();
    let wanted = |letter: &str| {
        let mut chars = letter.chars();
        matches!((chars.next(), chars.next()), (Some(c), None) if u32::from(c) < 0x180 || SIGNS.contains(c))
    };
    let kept: Vec<usize> = (0..whole).filter(|i| *i == 0 || wanted(&letters[*i])).collect();
    let graph = model.graph.as_mut().ok_or_else(|| refuse("has no graph"))?;
    let mut cut = 0;
    for tensor in &mut graph.initializer {
        if tensor.dims.last() == i64::try_from(whole).ok().as_ref() {
            columns(tensor, whole, &kept).ok_or_else(|| refuse("has a last layer of an unknown kind"))?;
            cut += 1;
        }
    }
    if cut != 2 {
        return Err(refuse("has a last layer that does not fit its characters"));
    }
    Ok(kept.into_iter().map(|i| std::mem::take(&mut letters[i])).collect())
}

/// Keeps some columns of a table of f32 values.
fn columns(tensor: &mut TensorProto, whole: usize, kept: &[usize]) -> Option<()> {
    const BYTES: usize = size_of::<f32>();
    if tensor.raw_data.is_empty() || tensor.raw_data.len() % (whole * BYTES) != 0 {
        return None;
    }
    let mut less = Vec::with_capacity(tensor.raw_data.len() / whole * kept.len());
    for row in tensor.raw_data.chunks_exact(whole * BYTES) {
        kept.iter().for_each(|i| less.extend_from_slice(&row[i * BYTES..(i + 1) * BYTES]));
    }
    tensor.raw_data = less;
    *tensor.dims.last_mut()? = i64::try_from(kept.len()).ok()?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_characters_is_refused() {
        let error = narrow(&mut ModelProto::default()).expect_err("refused");
        assert!(error.to_string().contains("names no characters"));
    }

    #[test]
    fn columns_are_kept_in_their_order() {
        let values: Vec<u8> = [0f32, 1.0, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let mut tensor = TensorProto { dims: vec![2, 3], raw_data: values, ..TensorProto::default() };
        columns(&mut tensor, 3, &[0, 2]).expect("fits");
        let left: Vec<f32> =
            tensor.raw_data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        assert_eq!((tensor.dims, left), (vec![2, 2], vec![0.0, 2.0, 3.0, 5.0]));
    }
}
