//! Looks through a model file before anything of it is computed: a counting network needs little, and what asks for
//! more is a mistake or means harm.
//!
//! Libraries compute on constants while they load, so a file of a few bytes can ask for terabytes. Therefore what
//! depends on constants alone may only be small, and operators whose result has a size that the file's numbers decide
//! (Expand, Tile, Range, ConstantOfShape, loops) are refused altogether.

use std::collections::HashMap;
use std::io::Cursor;

use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};
use tract_onnx::prelude::Framework;

use super::engine::{ModelError, guarded};

/// Largest file: far above any detector that a small box runs in reasonable time.
pub(super) const MOST_BYTES: usize = 48 << 20;
const MOST_NODES: usize = 3000;
/// Values in one result that is computed from constants alone, such as a grid of anchor points.
const MOST_CONSTANT: usize = 1 << 20;
/// Longest kernel, stride, padding and enlargement: each multiplies the size of what follows.
const LONGEST: f64 = 64.0;

/// Operators of plain, residual and YOLO networks.
const OPERATORS: &[&str] = &[
    "Abs",
    "Add",
    "ArgMax",
    "AveragePool",
    "BatchNormalization",
    "Cast",
    "Ceil",
    "Clip",
    "Concat",
    "Constant",
    "Conv",
    "ConvTranspose",
    "Div",
    "Dropout",
    "Elu",
    "Erf",
    "Exp",
    "Flatten",
    "Floor",
    "Gather",
    "Gelu",
    "Gemm",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "HardSigmoid",
    "HardSwish",
    "Identity",
    "InstanceNormalization",
    "LayerNormalization",
    "LeakyRelu",
    "Log",
    "MatMul",
    "Max",
    "MaxPool",
    "Min",
    "Mish",
    "Mul",
    "Neg",
    "PRelu",
    "Pad",
    "Pow",
    "ReduceMax",
    "ReduceMean",
    "ReduceSum",
    "Relu",
    "Reshape",
    "Resize",
    "Shape",
    "Sigmoid",
    "Slice",
    "Softmax",
    "Softplus",
    "Split",
    "Sqrt",
    "Squeeze",
    "Sub",
    "Sum",
    "Tanh",
    "Transpose",
    "Unsqueeze",
    "Upsample",
];

fn refused(problem: impl Into<String>) -> ModelError {
    ModelError::Refused(problem.into())
}

/// Parses a file and refuses what no counting network needs.
pub(super) fn vetted(onnx: &[u8]) -> Result<ModelProto, ModelError> {
    if onnx.len() > MOST_BYTES {
        let mib = onnx.len() >> 20;
        return Err(refused(format!("it has {mib} MiB, {} are allowed: take a smaller network", MOST_BYTES >> 20)));
    }
    let model = parsed(onnx)?;
    let graph = model.graph.as_ref().ok_or_else(|| ModelError::Load("it is no ONNX file: there is no graph".into()))?;
    if let Some(domain) =
        model.opset_import.iter().map(|set| &set.domain).find(|d| !matches!(d.as_str(), "" | "ai.onnx"))
    {
        return Err(refused(format!("it uses operators of `{}`: export with the standard ones", short(domain))));
    }
    graph_is_modest(graph)?;
    Ok(model)
}

/// Parses a file that is known to be good.
pub(super) fn parsed(onnx: &[u8]) -> Result<ModelProto, ModelError> {
    guarded(|| {
        let read = tract_onnx::onnx().proto_model_for_read(&mut Cursor::new(onnx));
        read.map_err(|error| ModelError::Load(format!("it is no ONNX file: {}", short(&format!("{error:#}")))))
    })
}

fn graph_is_modest(graph: &GraphProto) -> Result<(), ModelError> {
    if graph.node.len() > MOST_NODES {
        return Err(refused(format!("it has {} nodes, {MOST_NODES} are allowed", graph.node.len())));
    }
    if !graph.sparse_initializer.is_empty() {
        return Err(refused("it has sparse weights: export them dense"));
    }
    // How many values each name that depends on constants alone stands for, at most.
    let mut constants: HashMap<&str, usize> = HashMap::new();
    for tensor in &graph.initializer {
        constants.insert(&tensor.name, tensor_is_whole(tensor)?);
    }
    // What it is made of is told first: how to export it otherwise follows from that.
    graph.node.iter().try_for_each(node_is_modest)?;
    for node in &graph.node {
        let size = constant_size(node, &constants)?;
        if let Some(size) = size {
            node.output.iter().for_each(|name| {
                constants.insert(name, size);
            });
        }
    }
    Ok(())
}

fn node_is_modest(node: &NodeProto) -> Result<(), ModelError> {
    let kind = node.op_type.as_str();
    if !OPERATORS.contains(&kind) || !matches!(node.domain.as_str(), "" | "ai.onnx") {
        return Err(refused(format!("a counting network has no need of the operator `{}`{}", short(kind), cure(kind))));
    }
    for attribute in &node.attribute {
        if attribute.g.is_some() || !attribute.graphs.is_empty() || attribute.sparse_tensor.is_some() {
            return Err(refused(format!("`{kind}` has a graph of its own: export without loops and branches")));
        }
        let lengths = ["kernel_shape", "strides", "dilations", "pads", "output_padding", "scales"];
        if lengths.contains(&attribute.name.as_str()) && !lengths_are_modest(attribute) {
            return Err(refused(format!("{} of `{kind}` must lie between 0 and {LONGEST}", attribute.name)));
        }
    }
    Ok(())
}

/// How the usual exporters leave such an operator out.
fn cure(kind: &str) -> &'static str {
    match kind {
        "Range" | "Expand" | "Tile" | "ConstantOfShape" => {
            ": export it for one fixed input size (ultralytics: `dynamic=False`)"
        }
        "NonMaxSuppression" | "TopK" | "NonZero" | "GatherND" | "GatherElements" | "ScatterND" => {
            ": export it without NMS (ultralytics: `nms=False`); what overlaps is left out here"
        }
        "QuantizeLinear" | "DequantizeLinear" | "DynamicQuantizeLinear" | "ConvInteger" | "MatMulInteger" => {
            ": export it in f32, not quantised"
        }
        _ => "",
    }
}

fn lengths_are_modest(attribute: &AttributeProto) -> bool {
    attribute.ints.iter().all(|n| (0..=LONGEST as i64).contains(n))
        && attribute.floats.iter().all(|f| (0.0..=LONGEST as f32).contains(f))
}

/// How many values a node's result may have, if it depends on constants alone.
fn constant_size(node: &NodeProto, constants: &HashMap<&str, usize>) -> Result<Option<usize>, ModelError> {
    let size = match node.op_type.as_str() {
        "Constant" => {
            let mut size = 1;
            for attribute in &node.attribute {
                let listed = attribute.ints.len().max(attribute.floats.len());
                size = size.max(attribute.t.as_ref().map_or(Ok(listed), tensor_is_whole)?);
            }
            size
        }
        // The sides of a picture: a handful of numbers, whatever they are.
        "Shape" => 8,
        kind => {
            let inputs = node.input.iter().filter(|name| !name.is_empty());
            let sizes: Option<Vec<usize>> = inputs.map(|name| constants.get(name.as_str()).copied()).collect();
            let Some(sizes) = sizes.filter(|sizes| !sizes.is_empty()) else { return Ok(None) };
            match kind {
                "Cast" | "Identity" | "Reshape" | "Squeeze" | "Unsqueeze" | "Transpose" | "Slice" | "Floor"
                | "Ceil" | "Neg" | "Sqrt" | "Exp" | "Split" | "Flatten" => sizes[0],
                "Concat" => sizes.iter().fold(0usize, |sum, n| sum.saturating_add(*n)),
                // Two tables can span a larger one.
                "Add" | "Sub" | "Mul" | "Div" | "Gather" | "Pow" => {
                    sizes.iter().fold(1usize, |all, n| all.saturating_mul(*n))
                }
                other => return Err(refused(format!("`{other}` computes on constants: export with constant folding"))),
            }
        }
    };
    if size > MOST_CONSTANT && !matches!(node.op_type.as_str(), "Constant" | "Identity") {
        return Err(refused(format!("`{}` computes on {size} constants: export with constant folding", node.op_type)));
    }
    Ok(Some(size))
}

/// The number of values, if the file holds them all.
fn tensor_is_whole(tensor: &TensorProto) -> Result<usize, ModelError> {
    let name = short(&tensor.name);
    if tensor.data_location.unwrap_or(0) != 0 || !tensor.external_data.is_empty() {
        return Err(refused(format!("the weights `{name}` lie in another file: export everything into one")));
    }
    let volume = tensor.dims.iter().try_fold(1usize, |all, n| all.checked_mul(usize::try_from(*n).ok()?));
    let volume = volume.ok_or_else(|| refused(format!("the weights `{name}` have a senseless shape")))?;
    let held = tensor.raw_data.len()
        + tensor.float_data.len()
        + tensor.int32_data.len()
        + tensor.int64_data.len()
        + tensor.double_data.len()
        + tensor.uint64_data.len();
    // The smallest type has one byte a value.
    if volume > held || !tensor.string_data.is_empty() {
        return Err(refused(format!("the weights `{name}` claim {volume} values and hold fewer")));
    }
    Ok(volume)
}

/// A text of the file, shortened and without control characters, for messages.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}
