//! Reads an ONNX graph into layers: Conv (one group or depthwise), Relu, LeakyRelu, Clip, Sigmoid, HardSwish, Add, Mul,
//! Resize (whole factors, nearest), Concat of channels, MaxPool, GlobalAveragePool, Flatten, Gemm, Softmax, Identity.

use std::collections::HashMap;

use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};

use super::conv::{Conv, Plan};
use super::layers::{Dense, MaxPool, Pointwise};

/// What a step computes.
pub(super) enum Layer {
    Conv(Conv),
    Pointwise(Pointwise),
    Add,
    Multiply,
    Enlarge([usize; 2]),
    Join,
    MaxPool(MaxPool),
    Mean,
    Flat,
    Dense(Dense),
    Softmax,
}

/// A layer with the numbers of what it reads and writes; 0 is the network's input.
pub(super) struct Step {
    pub(super) layer: Layer,
    pub(super) inputs: Vec<usize>,
    pub(super) output: usize,
}

/// A network as a list of layers.
pub(super) struct Graph {
    pub(super) steps: Vec<Step>,
    pub(super) outputs: Vec<usize>,
    /// How often each value is read; outputs once more, so that they stay.
    pub(super) uses: Vec<usize>,
    /// Values that are a list and no picture.
    pub(super) flat: Vec<usize>,
}

/// Constants of the file by name.
struct Weights<'a>(HashMap<&'a str, &'a TensorProto>);

impl Graph {
    /// None for anything that is not known here.
    pub(super) fn read(model: &ModelProto) -> Option<Self> {
        let graph = model.graph.as_ref()?;
        let mut weights = Weights(graph.initializer.iter().map(|t| (t.name.as_str(), t)).collect());
        for node in graph.node.iter().filter(|node| node.op_type == "Constant") {
            weights.0.insert(node.output.first()?, node.attribute.iter().find_map(|a| a.t.as_ref())?);
        }
        let mut inputs = graph.input.iter().filter(|input| !weights.0.contains_key(input.name.as_str()));
        let mut numbers: HashMap<&str, usize> = HashMap::from([(inputs.next()?.name.as_str(), 0)]);
        if inputs.next().is_some() {
            return None;
        }
        let read_once = read_once(graph);
        let mut read = Self { steps: Vec::new(), outputs: Vec::new(), uses: Vec::new(), flat: Vec::new() };
        let mut next = 1;
        for node in graph.node.iter().filter(|node| node.op_type != "Constant") {
            let [output] = &node.output[..] else { return None };
            let from = *numbers.get(node.input.first()?.as_str())?;
            if node.op_type == "Identity" {
                numbers.insert(output, from);
                continue;
            }
            let layer = layer(node, &weights)?;
            // What follows a convolution alone is done with it.
            if let (Layer::Pointwise(kind), Some(last)) = (&layer, read.steps.last_mut())
                && let Layer::Conv(conv) = &mut last.layer
                && last.output == from
                && conv.then == Pointwise::Same
                && read_once.get(node.input.first()?.as_str()) == Some(&true)
            {
                conv.then = *kind;
                numbers.insert(output, from);
                continue;
            }
            let reads = match layer {
                Layer::Add | Layer::Multiply => 2,
                Layer::Join => node.input.len(),
                _ => 1,
            };
            let inputs: Option<Vec<usize>> =
                node.input.iter().take(reads).map(|name| numbers.get(name.as_str()).copied()).collect();
            let inputs = inputs.filter(|inputs| inputs.len() == reads)?;
            let list = matches!(layer, Layer::Flat | Layer::Dense(_))
                || matches!(layer, Layer::Softmax | Layer::Pointwise(_)) && read.flat.contains(&from);
            // A softmax over channels of a picture is another thing.
            if matches!(layer, Layer::Softmax) && !list {
                return None;
            }
            if list {
                read.flat.push(next);
            }
            numbers.insert(output, next);
            read.steps.push(Step { layer, inputs, output: next });
            next += 1;
        }
        let outputs: Option<Vec<usize>> =
            graph.output.iter().map(|output| numbers.get(output.name.as_str()).copied()).collect();
        read.outputs = outputs?;
        read.uses = vec![0; next];
        read.steps.iter().flat_map(|step| &step.inputs).chain(&read.outputs).for_each(|i| read.uses[*i] += 1);
        Some(read)
    }
}

/// Whether each value is read once only, by whatever name. ONNX lists nodes after those that they read.
fn read_once(graph: &GraphProto) -> HashMap<&str, bool> {
    let mut origin: HashMap<&str, &str> = HashMap::new();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for node in &graph.node {
        for name in &node.input {
            let name = origin.get(name.as_str()).copied().unwrap_or(name);
            match (node.op_type.as_str(), node.output.first()) {
                ("Identity", Some(other)) => drop(origin.insert(other, name)),
                _ => *count.entry(name).or_insert(0) += 1,
            }
        }
    }
    for output in &graph.output {
        *count.entry(origin.get(output.name.as_str()).copied().unwrap_or(&output.name)).or_insert(0) += 1;
    }
    let names = graph.node.iter().flat_map(|node| &node.output).map(String::as_str);
    names.map(|name| (name, count.get(origin.get(name).copied().unwrap_or(name)) == Some(&1))).collect()
}

fn layer(node: &NodeProto, weights: &Weights<'_>) -> Option<Layer> {
    Some(match node.op_type.as_str() {
        "Conv" => Layer::Conv(conv(node, weights)?),
        "Relu" => Layer::Pointwise(Pointwise::Clip(0.0, f32::INFINITY)),
        "LeakyRelu" => Layer::Pointwise(Pointwise::Leaky(attribute(node, "alpha").map_or(0.01, |a| a.f))),
        "Clip" => {
            let bound = |i: usize, none: f32| match node.input.get(i).map(String::as_str) {
                None | Some("") => Some(none),
                Some(name) => weights.floats(name)?.first().copied(),
            };
            Layer::Pointwise(Pointwise::Clip(bound(1, f32::NEG_INFINITY)?, bound(2, f32::INFINITY)?))
        }
        "Sigmoid" => Layer::Pointwise(Pointwise::Sigmoid),
        "HardSwish" => Layer::Pointwise(Pointwise::HardSwish),
        "Add" => Layer::Add,
        "Mul" => Layer::Multiply,
        "Resize" => Layer::Enlarge(enlargement(node, weights)?),
        "Concat" if attribute(node, "axis")?.i == 1 => Layer::Join,
        "MaxPool"
            if words(node) && ones(node, "dilations") && attribute(node, "ceil_mode").is_none_or(|a| a.i == 0) =>
        {
            Layer::MaxPool(MaxPool {
                kernel: pair(node, "kernel_shape", None)?,
                stride: pair(node, "strides", Some(1))?,
                pads: pads(node)?,
            })
        }
        "GlobalAveragePool" => Layer::Mean,
        "Flatten" if attribute(node, "axis").is_none_or(|a| a.i == 1) => Layer::Flat,
        "Gemm" => Layer::Dense(dense(node, weights)?),
        "Softmax" => Layer::Softmax,
        _ => return None,
    })
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name == name)
}

/// Whether padding is given in numbers.
fn words(node: &NodeProto) -> bool {
    attribute(node, "auto_pad").is_none_or(|a| a.s.is_empty() || a.s == b"NOTSET")
}

fn ones(node: &NodeProto, name: &str) -> bool {
    attribute(node, name).is_none_or(|a| a.ints.iter().all(|n| *n == 1))
}

fn pair(node: &NodeProto, name: &str, none: Option<usize>) -> Option<[usize; 2]> {
    match attribute(node, name) {
        None => none.map(|n| [n; 2]),
        Some(a) => match a.ints[..] {
            [y, x] if y > 0 && x > 0 && y < 256 && x < 256 => Some([y as usize, x as usize]),
            _ => None,
        },
    }
}

fn pads(node: &NodeProto) -> Option<[usize; 4]> {
    match attribute(node, "pads") {
        None => Some([0; 4]),
        Some(a) if a.ints.len() == 4 && a.ints.iter().all(|n| (0..256).contains(n)) => {
            Some([0, 1, 2, 3].map(|i| a.ints[i] as usize))
        }
        Some(_) => None,
    }
}

fn conv(node: &NodeProto, weights: &Weights<'_>) -> Option<Conv> {
    let tensor = weights.0.get(node.input.get(1)?.as_str())?;
    let &[outputs, inputs, height, width] = &tensor.dims[..] else { return None };
    if !words(node) || !ones(node, "dilations") {
        return None;
    }
    let shape = [outputs, inputs, height, width].map(|n| usize::try_from(n).unwrap_or(0));
    let groups = attribute(node, "group").map_or(1, |a| a.i);
    let bias = match node.input.get(2).map(String::as_str) {
        None | Some("") => None,
        Some(name) => Some(weights.floats(name)?),
    };
    let plan = Plan {
        shape,
        groups: usize::try_from(groups).ok()?,
        stride: pair(node, "strides", Some(1))?,
        pads: pads(node)?,
    };
    Conv::new(&plan, &weights.floats(&tensor.name)?, bias)
}

fn dense(node: &NodeProto, weights: &Weights<'_>) -> Option<Dense> {
    let tensor = weights.0.get(node.input.get(1)?.as_str())?;
    let &[rows, columns] = &tensor.dims[..] else { return None };
    let [rows, columns] = [rows, columns].map(|n| usize::try_from(n).unwrap_or(0));
    let is_one = |name: &str| attribute(node, name).is_none_or(|a| a.f == 1.0);
    if !is_one("alpha") || !is_one("beta") || attribute(node, "transA").is_some_and(|a| a.i != 0) {
        return None;
    }
    let values = weights.floats(&tensor.name)?;
    if values.len() != rows * columns {
        return None;
    }
    let turned = attribute(node, "transB").is_some_and(|a| a.i != 0);
    let (outputs, weights_of) = if turned {
        (rows, values)
    } else {
        (columns, (0..rows * columns).map(|i| values[i % rows * columns + i / rows]).collect())
    };
    let bias = match node.input.get(2).map(String::as_str) {
        None | Some("") => vec![0.0; outputs],
        Some(name) => weights.floats(name)?,
    };
    (bias.len() == outputs).then_some(Dense { weights: weights_of, bias })
}

/// Whole factors of a nearest-neighbour enlargement.
fn enlargement(node: &NodeProto, weights: &Weights<'_>) -> Option<[usize; 2]> {
    let word = |name: &str, none: &str| {
        attribute(node, name).map_or(none.to_owned(), |a| String::from_utf8_lossy(&a.s).into_owned())
    };
    let nearest = word("mode", "nearest") == "nearest"
        && word("coordinate_transformation_mode", "half_pixel") == "asymmetric"
        && word("nearest_mode", "round_prefer_floor") == "floor";
    let sizes = node.input.get(3).is_some_and(|name| !name.is_empty());
    let scales = weights.floats(node.input.get(2)?)?;
    match scales[..] {
        [1.0, 1.0, y, x]
            if nearest && !sizes && [y, x].iter().all(|f| (1.0..=16.0).contains(f) && f.fract() == 0.0) =>
        {
            Some([y as usize, x as usize])
        }
        _ => None,
    }
}

impl Weights<'_> {
    /// The values of a constant of 32-bit floats.
    fn floats(&self, name: &str) -> Option<Vec<f32>> {
        /// The number by which ONNX means f32.
        const FLOAT: i32 = 1;
        let tensor = self.0.get(name)?;
        if tensor.data_type != FLOAT {
            return None;
        }
        let volume = tensor.dims.iter().try_fold(1usize, |all, n| all.checked_mul(usize::try_from(*n).ok()?))?;
        let values: Vec<f32> = if tensor.raw_data.is_empty() {
            tensor.float_data.clone()
        } else {
            let words = tensor.raw_data.chunks_exact(4);
            words.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        };
        (values.len() == volume).then_some(values)
    }
}
